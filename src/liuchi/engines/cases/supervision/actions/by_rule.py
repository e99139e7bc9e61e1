"""What the worker does by the rules: supervise what is overdue, raise what nobody answered, settle, and tell."""

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from liuchi.engines.cases.clocks import calendar_of
from liuchi.engines.cases.models import CaseClock, Origin, Standing, Supervision
from liuchi.engines.cases.supervision.due import groundless, overdue_clocks, rule_due, unanswered
from liuchi.engines.cases.supervision.issuing import Urging, issue, locked_case
from liuchi.engines.cases.supervision.kinds import SETTLED, SUBJECT, TOLD
from liuchi.engines.cases.supervision.rules import BY_HAND, is_urgent, measures
from liuchi.engines.cases.supervision.telling import tell
from liuchi.ground.calendars.queries import work_calendar
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed

#: Supervisions settled with one action; and told of with one, so that people get one message for all of a run.
BATCH, TOLD_AT_ONCE = 500, 20_000


@action
def supervise_clock(*, by: Actor, clock_id: UUID) -> Supervision | None:
    """Urge whoever has an overdue step, at the level it has reached; None when there is nothing (more) to do.

    The case is locked and everything looked at again, so that two workers, or one that was killed, act once.
    """
    case = locked_case(CaseClock.objects.values_list("case_id", flat=True).get(id=clock_id))
    _require(by, case.place_id)
    now = house_clock.now()
    clock = overdue_clocks(now).select_related("assignment__unit").filter(id=clock_id).first()
    rule = rule_due(clock, clock.supervisions.order_by("id"), now) if clock is not None else None
    if clock is None or rule is None:
        return None
    unit = None
    if measures(clock) == "unit":
        unit = clock.assignment.unit if clock.assignment is not None else case.unit
    due = work_calendar(clock.calendar_version_id).due(now, rule.patience).at
    urging = Urging(rule.level, Origin.RULE, unit, clock.step, due, clock=clock, is_urgent=is_urgent(clock))
    return issue(case, urging, by=by, at=now)


@action
def raise_unanswered(*, by: Actor, supervision_id: UUID) -> Supervision | None:
    """Show a card for an order by hand that had no answer in time, a red one after the yellow; None if it has one."""
    case = locked_case(Supervision.objects.values_list("case_id", flat=True).get(id=supervision_id))
    _require(by, case.place_id)
    now = house_clock.now()
    last = unanswered(now).select_related("unit__calendar").filter(id=supervision_id).first()
    if last is None:
        return None
    rule = BY_HAND[last.is_urgent].after(last.level)
    if rule is None:
        return None
    due = work_calendar(calendar_of(last.unit)).due(now, rule.patience).at
    urging = Urging(rule.level, Origin.RULE, last.unit, last.step, due, follows=last, is_urgent=last.is_urgent)
    return issue(case, urging, by=by, at=now)


@action
def settle_supervisions(*, by: Actor) -> int:
    """End open supervisions that have lost their ground, at most `BATCH`; return how many.

    The case ended, the step was taken, the time was extended, or the unit has no part in it any more.
    """
    now = house_clock.now()
    rows = list(groundless(now).select_for_update(of=("self",), skip_locked=True)[:BATCH])
    if not rows:
        return 0
    Supervision.objects.filter(id__in=[row.id for row in rows]).update(
        standing=Standing.SETTLED, ended_at=now, version=F("version") + 1
    )
    _note(SETTLED, by, {"supervisions": len(rows)})
    return len(rows)


@action
def tell_of_supervisions(*, by: Actor) -> int:
    """Tell whom supervisions are for, and those above of cards: one message for each of them; return how many rows.

    At most `TOLD_AT_ONCE` rows are told of at once; each is told of once: mark and messages are one transaction.
    """
    rows = Supervision.objects.filter(told_at=None).select_related("case").order_by("id")
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:TOLD_AT_ONCE])
    if not found:
        return 0
    people = tell(found)
    Supervision.objects.filter(id__in=[row.id for row in found]).update(told_at=house_clock.now())
    _note(TOLD, by, {"supervisions": len(found), "people": people})
    return len(found)


def _require(by: Actor, place_id: UUID) -> None:
    if not by.allows("cases.supervise", place_id):
        raise NotAllowed(_("Supervising cases is not among what you may do here."))


def _note(kind: Kind, by: Actor, facts: dict[str, object]) -> None:
    record(kind=kind, by=by, subject_type=SUBJECT, subject_id=UUID(int=0), data=facts)
