"""The worker supervises by the rules: what is overdue, at which level, once, and who is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from liuchi.engines.cases.actions.check import fail_check
from liuchi.engines.cases.actions.desk import file_case, refuse_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.actions.merging import merge_case
from liuchi.engines.cases.actions.support import bring_in_unit, decline_part, reject_part
from liuchi.engines.cases.models import Case, CaseClock, Level, Standing, Supervision
from liuchi.engines.cases.supervision.actions.by_rule import supervise_clock
from liuchi.engines.cases.supervision.due import due_clocks, overdue_clocks
from liuchi.engines.cases.supervision.tasks import SUPERVISOR, supervise
from liuchi.engines.cases.testing import MORNING, World, dispatched, filed, give_role, handed_in, report
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.notices.models import Notice
from liuchi.ground.territory import queries

pytestmark = pytest.mark.django_db

#: Thursday 2024-09-12 09:00 in China is MORNING; Saturday the 14th is a working day, 15 to 17 September are holidays.
THURSDAY_17, FRIDAY_17 = datetime(2024, 9, 12, 9, tzinfo=UTC), datetime(2024, 9, 13, 9, tzinfo=UTC)
SATURDAY_17, WEDNESDAY_17 = datetime(2024, 9, 14, 9, tzinfo=UTC), datetime(2024, 9, 18, 9, tzinfo=UTC)


def run_at(*moments: datetime) -> None:
    for moment in moments:
        with frozen_at(moment):
            supervise()


def levels(**narrowed: object) -> list[str]:
    return list(Supervision.objects.filter(**narrowed).order_by("id").values_list("level", flat=True))


def hours(first: datetime, last: datetime, every: int = 1) -> Sequence[datetime]:
    return [first + timedelta(hours=each) for each in range(0, int((last - first).total_seconds() // 3600) + 1, every)]


@pytest.fixture
def case(world: World) -> Case:
    """Return a case whose unit has four working hours: from 09:00 that Thursday until 15:00."""
    with frozen_at(MORNING):
        return dispatched(world)


def test_unit_when_its_limit_passes_then_reminded_then_ordered_then_carded(world: World, case: Case) -> None:
    due = CaseClock.objects.get(step="handling").due_at
    run_at(due)
    assert levels() == []
    run_at(due + timedelta(seconds=1))
    assert levels() == ["reminder"]

    run_at(*hours(due, WEDNESDAY_17 + timedelta(days=1)))

    assert levels() == ["reminder", "order", "yellow", "red"]
    rows = Supervision.objects.order_by("id")
    assert [row.standing for row in rows] == ["raised", "raised", "raised", "open"]
    assert {row.unit_id for row in rows} == {world.water.id}
    # Reminded at 15:00; ordered after a working day; no answer within one: yellow; none again: red.
    assert [row.issued_at.astimezone(UTC).day for row in rows] == [12, 13, 14, 18]


def test_unit_when_nothing_ran_for_days_then_it_is_reminded_first_and_has_its_time(world: World, case: Case) -> None:
    run_at(WEDNESDAY_17 + timedelta(days=9))
    assert levels() == ["reminder"]

    run_at(WEDNESDAY_17 + timedelta(days=9, minutes=10))
    assert levels() == ["reminder"]


def test_worker_when_it_runs_again_and_again_then_every_act_once(world: World, case: Case) -> None:
    run_at(*[FRIDAY_17] * 5)

    assert levels() == ["reminder"]
    assert Line.objects.filter(kind="case.supervised").count() == 1
    assert Notice.objects.filter(template="cases.supervision_reminder").count() == 1


def test_case_that_nobody_took_when_overdue_then_its_office_is_reminded(world: World) -> None:
    with frozen_at(MORNING):
        report(world)
        filed(world)

    run_at(THURSDAY_17)

    rows = {row.step: row for row in Supervision.objects.all()}
    assert rows.keys() == {"received", "filed"}
    assert {row.unit_id for row in rows.values()} == {None}
    told = dict(Notice.objects.values_list("person__accounts__username", "template"))
    assert told == {"desk": "cases.supervision_reminder", "dispatcher": "cases.supervision_reminder"}


@pytest.mark.parametrize("count", [1, 3])
def test_unit_when_many_cases_are_overdue_then_one_message(world: World, count: int) -> None:
    with frozen_at(MORNING):
        for grid in range(count):
            dispatched(world, grid=grid)

    run_at(THURSDAY_17)

    (notice,) = Notice.objects.filter(template="cases.supervision_reminder")
    assert notice.parameters == {"count": count}


def test_card_when_shown_then_those_above_are_told(world: World, case: Case) -> None:
    run_at(*hours(THURSDAY_17, WEDNESDAY_17 + timedelta(days=1)))

    above = Notice.objects.filter(template__endswith="_above").order_by("id")
    assert [(each.template, each.person_id) for each in above] == [
        ("cases.supervision_yellow_above", world.viewer("supervisor").person_id),
        ("cases.supervision_red_above", world.viewer("supervisor").person_id),
    ]


def test_supervision_when_the_step_is_taken_then_settled(world: World, case: Case) -> None:
    run_at(FRIDAY_17)
    with frozen_at(FRIDAY_17):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")

    run_at(FRIDAY_17 + timedelta(minutes=10))

    assert list(Supervision.objects.values_list("level", "standing")) == [("reminder", Standing.SETTLED)]


def test_rework_when_overdue_then_reminded_anew(world: World) -> None:
    with frozen_at(MORNING):
        case = handed_in(world)
    with frozen_at(MORNING + timedelta(minutes=20)):
        fail_check(by=world.viewer("checker"), case_id=case.id, reason="not_done", text="没有动")

    run_at(FRIDAY_17)

    assert levels(unit=world.water) == ["reminder"]


def test_unit_when_it_waits_for_a_decision_then_not_it_but_the_decider_is_urged(world: World, case: Case) -> None:
    with frozen_at(THURSDAY_17 - timedelta(hours=1)):
        decline_case(by=world.viewer("water"), case_id=case.id, reason="other_owner", text="通信公司")

    run_at(FRIDAY_17)

    assert list(Supervision.objects.filter(unit=None).values_list("step", "level")) == [("disputed", "reminder")]
    assert levels(unit=world.water) == []


def test_promise_when_no_step_is_late_then_card_for_those_who_coordinate(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
    late = WEDNESDAY_17 + timedelta(days=2)
    with frozen_at(late):
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id, reason="权责清单")

    run_at(late + timedelta(minutes=1))

    assert list(Supervision.objects.values_list("clock__kind", "level")) == [("case", "yellow")]
    assert levels(unit=None) == ["yellow"]
    assert set(Notice.objects.values_list("person__accounts__username", "template")) == {
        ("dispatcher", "cases.supervision_yellow"),
        ("supervisor", "cases.supervision_yellow_above"),
    }


def test_urgent_limit_when_over_then_marks_run_through_the_night(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world)
        file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[1].id)
        dispatch_case(by=world.viewer("dispatcher"), case_id=receipt.case_id, unit_id=world.water.id, reason="清单")

    run_at(*hours(MORNING, MORNING + timedelta(hours=12)))

    rows = list(Supervision.objects.order_by("id").values_list("level", "issued_at"))
    assert [(level, (at - MORNING) // timedelta(hours=1)) for level, at in rows] == [
        (Level.REMINDER, 3),
        (Level.ORDER, 5),
        (Level.YELLOW, 8),
        (Level.RED, 11),
    ]
    assert set(Notice.objects.filter(topic="cases.supervision").values_list("urgency", flat=True)) == {"urgent"}


def test_unit_that_helps_when_its_own_part_is_late_then_it_is_urged_unless_somebody_decides_on_it(
    world: World, case: Case
) -> None:
    with frozen_at(MORNING):
        text = "请配合断电"
        bring_in_unit(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text=text, days=1)
    part = case.assignments.get(unit=world.lights)
    with frozen_at(MORNING + timedelta(hours=1)):
        hand = {"by": world.viewer("lights"), "case_id": case.id, "part_id": part.id}
        decline_part(**hand, reason="not_our_duty", text="无电")  # type: ignore[arg-type]
    run_at(SATURDAY_17)
    assert levels(unit=world.lights) == []

    with frozen_at(SATURDAY_17):
        give_role("officer", "duty_officer", world.district)
        officer = world.viewer("officer")
        reject_part(by=officer, case_id=case.id, part_id=part.id, reason="on_the_list", text="清单有")
    run_at(SATURDAY_17 + timedelta(minutes=1))

    assert levels(unit=world.lights) == ["reminder"]


def test_merged_case_when_looked_at_then_its_supervision_has_ended(world: World, case: Case) -> None:
    with frozen_at(MORNING + timedelta(minutes=5)):
        later = dispatched(world)
    run_at(FRIDAY_17)
    with frozen_at(FRIDAY_17):
        merge_case(by=world.viewer("desk"), case_id=later.id, lead_id=case.id)
    run_at(FRIDAY_17 + timedelta(days=20))

    assert list(later.supervisions.values_list("level", "standing")) == [("reminder", "settled")]


def test_ended_case_when_looked_at_then_nothing(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world)
        refuse_case(by=world.viewer("desk"), case_id=receipt.case_id, reason="outside_duty", text="请找物业")

    run_at(WEDNESDAY_17)

    assert levels() == []


def test_action_when_somebody_without_the_power_calls_it_then_refused(world: World, case: Case) -> None:
    with frozen_at(FRIDAY_17):
        clock = overdue_clocks(FRIDAY_17).get()
        for who in (PUBLIC, world.viewer("desk"), world.viewer("water")):
            with pytest.raises(NotAllowed):
                supervise_clock(by=who, clock_id=clock.id)
        assert supervise_clock(by=SUPERVISOR, clock_id=clock.id) is not None
        assert supervise_clock(by=SUPERVISOR, clock_id=clock.id) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_when_more_is_overdue_then_two_queries(
    world: World,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    with frozen_at(MORNING):
        for grid in range(rows):
            dispatched(world, grid=grid)
    run_at(FRIDAY_17)

    queries.territory()
    assert list(due_clocks(FRIDAY_17)) == []
    with django_assert_num_queries(2):
        assert list(due_clocks(FRIDAY_17)) == []
