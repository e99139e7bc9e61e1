"""What the table of moves still allows with a case: how often a move may be made, and until when."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.engines.cases.clocks import calendar_of, extend_clock
from liuchi.engines.cases.models import NOT_OURS, Case, CaseClock, CaseMove, State
from liuchi.engines.cases.workflow import MOVES, PROMISING, Bounds, Counted, Move
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
    left = bounds.times - sum(_counts(each, move, bounds, case) for each in _counted(bounds, happened))
    until = _until(bounds, case, happened)
    why_not = ""
    if left <= 0:
        why_not = str(bounds.spent)
    elif until is not None and now > until:
        why_not = _("“%(move)s” was possible until %(until)s; please handle the case now.") % {
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


def due_if_extended(running: Iterable[CaseClock]) -> datetime | None:
    """Return when handling would be due if more time were granted now; None while no clock of handling runs."""
    handling = next((each for each in running if each.step == State.HANDLING and each.running_since), None)
    if handling is None:
        return None
    longer = copy(handling)
    extend_clock(longer, MOVES["grant_extension"].extends)
    return longer.due_at


def cleared_units(case: Case) -> set[UUID]:
    """Return the units of which it was decided, since the case was filed last, that it is not their own."""
    parts = case.assignments.filter(outcome=NOT_OURS, assigned_at__gte=case.filed_at or case.reported_at)
    return set(parts.order_by("id").values_list("unit_id", flat=True))


def _counted(bounds: Bounds, past: Sequence[CaseMove]) -> Sequence[CaseMove]:
    """Return the part of the history within which times are counted."""
    if bounds.counted != Counted.PROMISE:
        return past
    promised = [place for place, made in enumerate(past) if made.name in PROMISING]
    return past[promised[-1] :] if promised else ()


def _counts(made: CaseMove, move: Move, bounds: Bounds, case: Case) -> bool:
    """Tell whether a move of the past counts among the times that `move` may be made."""
    is_theirs = bounds.counted != Counted.UNIT or made.unit_id == case.unit_id
    return made.name == (bounds.move or move.name) and is_theirs


def _until(bounds: Bounds, case: Case, past: Iterable[CaseMove]) -> datetime | None:
    """Return the last moment for a move that is bounded in time: so long after the dispatch to the unit that leads.

    Where the unit has to be in time it is the end of its own limit, which the case shows while it handles.
    """
    if bounds.in_time:
        return case.step_due_at
    dispatched = [made.happened_at for made in past if made.name == "dispatch"]
    if bounds.within is None or not dispatched:
        return None
    return work_calendar(calendar_of(case.unit).id).due(dispatched[-1], bounds.within).at
