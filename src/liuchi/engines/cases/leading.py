"""Which of two cases about the same matter takes the other in."""

from datetime import datetime
from uuid import UUID

from liuchi.engines.cases.models import Case, State

#: Where a case stood that had been filed and promised when it was merged.
_PROMISED = frozenset({State.FILED, State.HANDLING})


def was_promised(case: Case) -> bool:
    """Tell whether a merged case had been filed, and so promised, when it was merged."""
    last = case.moves.filter(name="merge").order_by("id").last()
    return last is not None and last.from_state in _PROMISED


def comes_first(one: Case, other: Case) -> bool:
    """Tell which of two open cases was promised earlier, or reported earlier where neither is filed: `one`?"""
    if one.due_at is None or other.due_at is None:
        return one.due_at is not None if (one.due_at is None) != (other.due_at is None) else _age(one) <= _age(other)
    return (one.due_at, *_age(one)) <= (other.due_at, *_age(other))


def _age(case: Case) -> tuple[datetime, UUID]:
    return case.reported_at, case.id
