"""Starting, pausing and stopping the clocks of a case. Nothing is saved here; actions do that."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from liuchi.engines.cases.jurisdictions import calendar_at
from liuchi.engines.cases.models import Assignment, Case, CaseClock, ClockKind, State
from liuchi.engines.cases.workflow import STEP_LIMITS
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.kernel.writes import build
from liuchi.ground.organisations.models import Organisation

_HUNDREDTH = Decimal("0.01")


def calendar_of(unit: Organisation | None, place_id: UUID | None = None) -> CalendarVersion:
    """Return the calendar version in force for a unit; that of the place where the unit has none of its own."""
    own = unit.calendar.code if unit is not None and unit.calendar is not None else None
    if own is None and place_id is not None:
        return calendar_at(place_id)
    return current_version(own) if own else current_version()


def opening_on(day: date, unit: Organisation | None, place_id: UUID) -> datetime:
    """Return when a unit's office opens on a day, or would on a day off."""
    calendar = work_calendar(calendar_of(unit, place_id))
    return datetime.combine(day, calendar.office_hours.intervals[0][0], calendar.timezone)


def limit_of(clock: CaseClock) -> Limit:
    """Return the limit that a clock measures, with what extensions added to it."""
    return _limit(str(clock.limit_value + clock.extension_value), clock.limit_unit)


@lru_cache(maxsize=4096)
def _limit(value: str, unit: str) -> Limit:
    return Limit(Decimal(value), Unit(unit))


def case_limit(case: Case) -> Limit:
    """Return the limit of the filing condition under which a case was filed.

    Raises:
        ValueError: when the case has no condition yet.
    """
    if case.condition is None:
        raise ValueError(f"{case.number} has no filing condition")
    return _limit(str(case.condition.limit_value), case.condition.limit_unit)


def step_limit(case: Case, state: str) -> Limit:
    """Return how long the step that begins in `state` may take."""
    return case_limit(case) if state == State.HANDLING else STEP_LIMITS[State(state)]


def start_clock(
    case: Case,
    kind: ClockKind,
    step: str,
    limit: Limit,
    at: datetime,
    *,
    unit: Organisation | None = None,
    assignment: Assignment | None = None,
    like: CaseClock | None = None,
) -> CaseClock:
    """Return a new running clock, unsaved; it goes on `like` an earlier one: with what that used up and was given."""
    clock = build(
        CaseClock,
        case_id=case.id,
        assignment_id=assignment.id if assignment else None,
        kind=kind,
        step=step,
        limit_value=limit.value,
        limit_unit=limit.unit.value,
        calendar_version_id=calendar_of(unit, case.place_id).id,
        started_at=at,
        running_since=at,
        consumed=like.consumed if like else 0,
        extension_value=like.extension_value if like else Decimal(0),
    )
    compute(clock)
    return clock


def compute(clock: CaseClock) -> None:
    """Set when a clock warns and when it is due, from its calendar version and what is used up.

    What a paused clock has used up stays used up; its deadline is the one it has if it goes on when it is to, or where
    it paused.

    Raises:
        ValueError: for a clock that has stopped: its deadline is history.
    """
    since = clock.running_since or clock.rests_until or clock.paused_at
    if since is None:
        raise ValueError("a clock that has stopped has no deadline to compute")
    calendar = work_calendar(clock.calendar_version_id)
    promised = calendar.promise(since, limit_of(clock), clock.consumed, started_at=clock.started_at)
    clock.due_at, clock.is_provisional, clock.warn_at = promised


def consumed_by(clock: CaseClock, at: datetime) -> int:
    """Return the microseconds of its limit that a clock has used up at a moment; none before it started."""
    if clock.running_since is None:
        return clock.consumed
    # Work told of later may have happened before the house heard of the case: no clock runs backwards.
    until = max(at, clock.running_since)
    calendar = work_calendar(clock.calendar_version_id)
    return clock.consumed + calendar.microseconds_between(clock.running_since, until, Unit(clock.limit_unit))


def pause_clock(clock: CaseClock, at: datetime, until: datetime | None = None) -> None:
    """Pause a running clock; with `until`, its deadline is the one it has if it goes on then."""
    clock.consumed = consumed_by(clock, at)
    clock.paused_at, clock.running_since, clock.rests_until = at, None, until
    if until is not None:
        compute(clock)


def extend_clock(clock: CaseClock, share: Decimal) -> None:
    """Add so much of its original limit to a clock that has not stopped."""
    clock.extension_value += (clock.limit_value * share).quantize(_HUNDREDTH)
    compute(clock)


def resume_clock(clock: CaseClock, at: datetime) -> None:
    """Let a paused clock run again with what is left of its limit."""
    clock.rested += _rested(clock, at)
    clock.running_since, clock.paused_at, clock.rests_until = at, None, None
    compute(clock)


def stop_clock(clock: CaseClock, at: datetime) -> None:
    """Stop a clock for good and judge it: overdue when its last running moment lies after its deadline."""
    clock.is_overdue = is_late(clock, at)
    clock.consumed = consumed_by(clock, at)
    clock.rested += _rested(clock, at)
    clock.stopped_at, clock.running_since, clock.paused_at, clock.rests_until = at, None, None, None


def go_on(clock: CaseClock) -> None:
    """Let a clock that was stopped by mistake run on as though it had not stopped, on its calendar as it is now.

    Raises:
        ValueError: when it has not stopped.
    """
    if clock.stopped_at is None:
        raise ValueError("only a clock that has stopped can go on")
    clock.running_since, clock.stopped_at, clock.is_overdue = clock.stopped_at, None, None
    clock.calendar_version = current_version(clock.calendar_version.calendar.code)
    compute(clock)


def _rested(clock: CaseClock, until: datetime) -> int:
    """Return the microseconds since a clock was paused; none for one that runs."""
    return max(until - clock.paused_at, timedelta(0)) // timedelta(microseconds=1) if clock.paused_at else 0


def is_late(clock: CaseClock, at: datetime) -> bool:
    """Tell whether a clock had passed its deadline at `at`, or when it paused; one that stopped has been judged.

    One that rests until a moment has, when nothing will be left of its limit by then.
    """
    if clock.is_overdue is not None:
        return clock.is_overdue
    return (clock.rests_until or clock.paused_at or at) > clock.due_at


def facts(case: Case, clocks: Mapping[ClockKind, CaseClock | None]) -> list[str]:
    """Copy onto the case what lists sort and colour by; return the names of the fields set."""
    promised, step = clocks.get(ClockKind.CASE), clocks.get(ClockKind.STEP)
    case.due_at = promised.due_at if promised else None
    case.is_provisional = bool(promised and promised.is_provisional)
    case.step_due_at = step.due_at if step else None
    case.step_warn_at = step.warn_at if step else None
    return ["due_at", "is_provisional", "step_due_at", "step_warn_at"]
