"""A rest until a date: asked for with evidence, granted by somebody else, ended by itself."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from liuchi.engines.cases import tasks
from liuchi.engines.cases.actions.check import fail_check
from liuchi.engines.cases.actions.decide import end_pause, grant_pause, refuse_pause
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause, hand_in_result, resume_case
from liuchi.engines.cases.actions.standards import recompute_deadlines
from liuchi.engines.cases.actions.waking import NotYet, wake_case
from liuchi.engines.cases.allowances import NoLongerAllowed
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Case, CaseClock, State
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.queries import standing, work_list
from liuchi.engines.cases.reasons import PAUSE_EVIDENCE, PAUSE_REASONS
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, dispatched, pausing
from liuchi.engines.cases.tests.machine import traces
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.calendars.actions import import_holidays
from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.calendars.holidays_file import NamedDay
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed

WORKER = System("cases")
#: An hour of four is used up at ten; what is left begins on Friday the 20th at eight, and ends at eleven.
TEN = MORNING + timedelta(hours=1)
DAYS = 8
AWAKE = MORNING + timedelta(days=DAYS, hours=-1)
DUE = AWAKE + timedelta(hours=3)


def running(case: Case) -> dict[str, CaseClock]:
    return {each.step: each for each in case.clocks.filter(stopped_at=None)}


def resting(world: World) -> Case:
    """Return a case that rests from ten o'clock, when an hour was used up."""
    with frozen_at(MORNING):
        case = pausing(world, days=DAYS)
    with frozen_at(TEN):
        grant_pause(by=world.viewer("desk"), case_id=case.id)
    return case_of(case.id)


def test_pause_when_granted_then_clocks_and_promise_rest_and_the_unit_keeps_the_case(world: World) -> None:
    case = resting(world)

    clocks = running(case)
    assert (case.state, case.unit_id, case.rests_until) == (State.PAUSED, world.water.id, AWAKE)
    assert clocks.keys() == {"case", "handling"}
    assert {(each.paused_at, each.rests_until, each.due_at) for each in clocks.values()} == {(TEN, AWAKE, DUE)}
    assert (case.due_at, case.step_due_at) == (DUE, AWAKE)
    assert case.assignments.filter(ended_at=None).count() == 1
    with frozen_at(MORNING + timedelta(days=4)):
        assert [each.id for each in work_list(world.viewer("water"), Filters()).cases] == [case.id]
        assert standing().overdue == 0
        assert work_list(world.viewer("desk"), Filters(scope="all", late="overdue")).cases == []


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1), timedelta(days=9)])
def test_pause_when_its_date_comes_then_the_worker_lets_it_go_on_once_however_late_it_looks(
    world: World, late: timedelta
) -> None:
    first, second = resting(world), resting(world)
    with frozen_at(AWAKE - timedelta(seconds=1)):
        tasks.wake()
        assert case_of(first.id).state == State.PAUSED

    with frozen_at(AWAKE + late):
        for _ in range(2):
            tasks.wake()

    for case in (first, second):
        assert (case_of(case.id).state, case_of(case.id).rests_until) == (State.HANDLING, None)
        assert case.moves.filter(name="wake").count() == 1
        assert {(each.running_since, each.due_at) for each in running(case).values()} == {(AWAKE, DUE)}
        assert {each.rested for each in running(case).values()} == {(AWAKE - TEN) // timedelta(microseconds=1)}


@pytest.mark.parametrize("who", ["water", "desk"])
def test_pause_when_ended_early_by_unit_or_desk_then_time_goes_on_at_once_and_the_worker_finds_nothing(
    world: World, who: str
) -> None:
    case, early = resting(world), MORNING + timedelta(days=1)
    with frozen_at(early):
        if who == "water":
            resume_case(by=world.viewer("water"), case_id=case.id)
        else:
            end_pause(by=world.viewer("desk"), case_id=case.id, text="材料已到")
    before = traces()
    with frozen_at(AWAKE):
        tasks.wake()

    assert traces() == before
    assert {(each.running_since, each.due_at) for each in running(case).values()} == {
        (early, early + timedelta(hours=3))
    }


def test_pause_when_the_result_comes_while_it_rests_then_it_is_taken_and_was_in_time(world: World) -> None:
    case = resting(world)
    with frozen_at(MORNING + timedelta(days=4)):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="材料提前到，已更换")

    handling = case.clocks.get(step="handling")
    assert case_of(case.id).state == State.CHECKING
    assert not handling.is_overdue
    assert timedelta(microseconds=handling.rested) == timedelta(days=4, hours=-1)
    assert running(case).keys() == {"case", "checking"}


def test_pause_when_the_work_is_done_again_then_the_second_round_has_what_was_left(world: World) -> None:
    case = resting(world)
    with frozen_at(AWAKE + timedelta(hours=1)):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        fail_check(by=world.viewer("checker"), case_id=case.id, reason="not_done", text="没有换")

    assert {each.due_at for each in running(case).values()} == {DUE}


def test_pause_when_already_late_then_stays_late(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    with frozen_at(MORNING + timedelta(hours=7)):
        ask_pause(
            by=world.viewer("water"), case_id=case.id, reason="weather", text="暴雨橙色预警", until=date(2024, 9, 20)
        )
        grant_pause(by=world.viewer("desk"), case_id=case.id)
        assert standing().overdue == 1
    with frozen_at(AWAKE):
        tasks.wake()
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")

    assert case.clocks.get(step="handling").is_overdue is True


def test_pause_when_it_rested_once_then_no_second_is_asked_for_but_one_refused_uses_nothing_up(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        for decide in (refuse_pause, grant_pause):
            _ask(world, case)
            decide(by=world.viewer("desk"), case_id=case.id, text="见意见")
        resume_case(by=world.viewer("water"), case_id=case.id)
        before = traces()
        with pytest.raises(NoLongerAllowed, match=r"rested once|挂账"):
            _ask(world, case)
        assert traces() == before
        ask_extension(by=world.viewer("water"), case_id=case.id, reason="material", text="仍未到货")

    assert case_of(case.id).state == State.EXTENDING


def _ask(world: World, case: Case, **values: Any) -> None:
    given: dict[str, Any] = {"reason": "material", "text": "已订货", "until": date(2024, 9, 20), **values}
    ask_pause(by=world.viewer("water"), case_id=case.id, **given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"until": date(2024, 9, 12)}, "until"),
        ({"until": date(2024, 9, 11)}, "until"),
        ({"until": date(2025, 9, 13)}, "until"),
        ({"reason": "tired"}, "reason"),
        ({"text": "  "}, "text"),
    ],
)
def test_pause_when_asked_for_without_a_day_ahead_reason_or_evidence_then_says_which(
    world: World, given: dict[str, Any], field: str
) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        with pytest.raises(Incomplete) as refused:
            _ask(world, case, **given)
        _ask(world, case, until=date(2025, 9, 12))

    assert refused.value.field == field


def test_reasons_when_a_pause_is_asked_for_then_each_says_what_evidence_it_wants() -> None:
    assert PAUSE_EVIDENCE.keys() == PAUSE_REASONS.keys() >= {"weather", "material"}


@pytest.mark.parametrize("username", ["water", "dispatcher", "checker", "other-desk", "many-hats"])
def test_pause_when_it_is_ones_own_or_not_ones_office_then_is_not_for_them_to_grant(
    world: World, many_hats: object, username: str
) -> None:
    with frozen_at(MORNING):
        case = pausing(world)

        with pytest.raises(NotAllowed):
            grant_pause(by=world.viewer(username), case_id=case.id)

        assert grant_pause(by=world.viewer("officer"), case_id=case.id).to_state == State.PAUSED


def test_pause_when_decided_after_its_date_then_can_only_be_refused(world: World) -> None:
    with frozen_at(MORNING):
        case = pausing(world, days=1)
    with frozen_at(MORNING + timedelta(days=1)):
        with pytest.raises(Incomplete):
            grant_pause(by=world.viewer("desk"), case_id=case.id)
        refuse_pause(by=world.viewer("desk"), case_id=case.id, text="日期已到")

    assert (case_of(case.id).state, case_of(case.id).rests_until) == (State.HANDLING, None)


def test_waking_when_too_early_or_by_anybody_else_then_is_refused_and_leaves_nothing(world: World) -> None:
    case = resting(world)
    before = traces()

    with frozen_at(AWAKE - timedelta(seconds=1)), pytest.raises(NotYet):
        wake_case(by=WORKER, case_id=case.id)
    with frozen_at(AWAKE), pytest.raises(NotAllowed):
        wake_case(by=world.viewer("desk"), case_id=case.id)
    assert traces() == before
    with frozen_at(AWAKE):
        wake_case(by=WORKER, case_id=case.id)
        with pytest.raises(MoveRefused):
            wake_case(by=WORKER, case_id=case.id)


def test_promise_when_it_rests_and_a_new_calendar_comes_then_follows_it(world: World) -> None:
    case = resting(world)
    with frozen_at(TEN):
        days = [NamedDay(date(2024, 9, 20), "停课停工", DayKind.OFF)]
        published = import_holidays(by=SETUP, days=days, source="测试")
        recompute_deadlines(by=SETUP, calendar="cn", number=published.version.number)

    assert {each.due_at for each in running(case).values()} == {datetime.fromisoformat("2024-09-23T11:00+08:00")}
    assert (case_of(case.id).due_at, case_of(case.id).step_due_at) == (DUE + timedelta(days=3), AWAKE)
