"""What the table of moves still allows with a case: how often a move may be made, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.engines.cases.clocks import calendar_of
from liuchi.engines.cases.models import NOT_OURS, Case, CaseMove
from liuchi.engines.cases.workflow import Bounds, Counted, Move
from liuchi.ground.calendars.queries import work_calendar
from liuchi.ground.kernel.errors import RuleBroken


class NoLongerAllowed(RuleBroken):
    """The table allows this move so often or so soon only, and that is used up; the message says which."""

    code = "no_longer_allowed"


@dataclass(frozen=True)
class Allowance:
    """How often a bounded move may still be made, and until when (None: whenever); `why_not` is empty if it may be."""

    left: int
    until: datetime | None
    why_not: str


def allowance(move: Move, case: Case, past: Iterable[CaseMove], now: datetime) -> Allowance | None:
    """Return what the table allows of `move` with a case whose history is `past`, oldest first; None: any number."""
    bounds = move.bounds
    if bounds is None:
        return None
    happened = list(past)
    left = bounds.times - sum(_counts(each, move, case) for each in happened)
    until = _until(bounds, case, happened)
    why_not = ""
    if left <= 0:
        why_not = str(bounds.spent)
    elif until is not None and now > until:
        why_not = _("“%(move)s” could be said until %(until)s; please handle the case, or ask for what you need.") % {
            "move": move.label,
            "until": f"{timezone.localtime(until):%Y-%m-%d %H:%M}",
        }
    return Allowance(max(left, 0), until, why_not)


def require_allowance(move: Move, case: Case, now: datetime) -> None:
    """Refuse a move that the table allows no more.

    Raises:
        NoLongerAllowed: it was made as often as it may be, or it is too late for it.
    """
    if move.bounds is None:
        return
    found = allowance(move, case, case.moves.order_by("id"), now)
    if found is not None and found.why_not:
        raise NoLongerAllowed(found.why_not)


def cleared_units(case: Case) -> set[UUID]:
    """Return the units of which it was decided, since the case was filed last, that it is not their own."""
    parts = case.assignments.filter(outcome=NOT_OURS, assigned_at__gte=case.filed_at or case.reported_at)
    return set(parts.order_by("id").values_list("unit_id", flat=True))


def _counts(made: CaseMove, move: Move, case: Case) -> bool:
    """Tell whether a move of the past counts among the times that `move` may be made."""
    by_unit = move.bounds is not None and move.bounds.counted == Counted.UNIT
    return made.name == move.name and (not by_unit or made.unit_id == case.unit_id)


def _until(bounds: Bounds, case: Case, past: Iterable[CaseMove]) -> datetime | None:
    """Return the last moment for a move that is bounded in time: so long after the dispatch to the unit that leads."""
    dispatched = [made.happened_at for made in past if made.name == "dispatch"]
    if bounds.within is None or not dispatched:
        return None
    return work_calendar(calendar_of(case.unit).id).due(dispatched[-1], bounds.within).at
