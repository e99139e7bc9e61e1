"""What is due now: which clocks are over, and which level each has reached. Looks at how things stand, not at ticks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan  # type: ignore[import-untyped]

from liuchi.engines.cases.jurisdictions import of_district
from liuchi.engines.cases.models import (
    Assignment,
    CaseClock,
    ClockKind,
    Level,
    Standing,
    Supervision,
)
from liuchi.engines.cases.models.supervision import OPEN_STANDINGS
from liuchi.engines.cases.supervision.rules import LEVELS, Rule, ladder_of
from liuchi.engines.cases.supporting import DECIDING
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.calendars.queries import work_calendar

#: Clocks read with one statement.
BATCH: Final = 500


def overdue_clocks(now: datetime) -> QuerySet[CaseClock]:
    """Return running clocks that are overdue and of which somebody can take the step now, oldest deadline first.

    What was promised counts where no step shows that it is late. Cases of other jurisdictions are told, not worked on.
    """
    takeable = (
        Q(kind=ClockKind.STEP, assignment=None, step=F("case__state"))
        | Q(kind=ClockKind.STEP, assignment__isnull=False, assignment__ended_at=None)
        & (Q(assignment__declined_at=None) | Q(step=DECIDING))
        | Q(kind=ClockKind.CASE, case__step_due_at__gt=now)
    )
    rows = CaseClock.objects.filter(
        takeable, of_district("case__"), running_since__isnull=False, due_at__lt=now, case__ended_at=None
    )
    return rows.order_by("due_at", "id")


def due_clocks(now: datetime) -> Iterator[UUID]:
    """Yield the clocks that have reached a level nobody was told of, in batches; costs by overdue clocks alone."""
    acts = Prefetch("supervisions", Supervision.objects.order_by("id"))
    after: tuple[datetime, UUID] | None = None
    while True:
        rows = overdue_clocks(now).prefetch_related(acts)
        if after is not None:
            rows = rows.filter(TupleGreaterThan(Tuple("due_at", "id"), after))
        batch = list(rows[:BATCH])
        yield from (each.id for each in batch if rule_due(each, each.supervisions.all(), now) is not None)
        if len(batch) < BATCH:
            return
        after = (batch[-1].due_at, batch[-1].id)


def rule_due(clock: CaseClock, acts: Iterable[Supervision], now: datetime) -> Rule | None:
    """Return the rule by which an overdue clock is to be supervised now, given its acts so far; None: not yet, or done.

    One level at a time: a harder one comes when the one before has had its time, and was left without an answer or the
    clock is over by more than the harder one asks.
    """
    last = max(acts, key=lambda act: LEVELS.index(Level(act.level)), default=None)
    rule = ladder_of(clock).after(last.level if last is not None else None)
    if rule is None:
        return None
    if last is not None and now <= last.answer_due_at:
        return None
    if last is not None and last.standing == Standing.OPEN and last.level != Level.REMINDER:
        return rule
    return rule if _is_over(clock, rule.over, now) else None


def unanswered(now: datetime) -> QuerySet[Supervision]:
    """Return what was ordered by hand, or followed from it, and has had no answer in time, while the case goes on."""
    running = CaseClock.objects.filter(
        case=OuterRef("case"), kind=ClockKind.STEP, step=OuterRef("case__state"), running_since__isnull=False
    )
    return (
        Supervision.objects.filter(
            Exists(running),
            clock=None,
            standing=Standing.OPEN,
            level__in=(Level.ORDER, Level.YELLOW),
            answer_due_at__lt=now,
            case__ended_at=None,
        )
        .exclude(without_ground())
        .order_by("answer_due_at", "id")
    )


def without_ground(now: datetime | None = None) -> Q:
    """Return the condition that what a supervision urged has happened or can no longer be done by whom it was told.

    The case ended; the clock stopped or was given more time; by hand: the unit has no part any more, or the office's
    step is over.
    """
    part = Assignment.objects.filter(case=OuterRef("case"), unit=OuterRef("unit"), ended_at=None)
    gone = Q(case__ended_at__isnull=False) | Q(clock__stopped_at__isnull=False)
    gone |= Q(~Exists(part), clock=None, unit__isnull=False)
    gone |= Q(~Q(case__state=F("step")), clock=None, unit=None)
    if now is not None:
        gone |= Q(clock__due_at__gt=now)
    return gone


def groundless(now: datetime) -> QuerySet[Supervision]:
    """Return the open supervisions that have lost their ground (see `without_ground`), oldest first."""
    return Supervision.objects.filter(without_ground(now), standing__in=OPEN_STANDINGS).order_by("id")


def _is_over(clock: CaseClock, over: Limit | None, now: datetime) -> bool:
    """Tell whether a clock is over by more than `over`, on its own calendar."""
    if over is None:
        return now > clock.due_at
    return now > work_calendar(clock.calendar_version_id).due(clock.due_at, over).at
