"""More time: asked for in time, granted by somebody else, at most as often as the table says."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from liuchi.engines.cases.actions.check import fail_check, pass_check
from liuchi.engines.cases.actions.decide import grant_extension, refuse_extension
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import ask_extension, hand_in_result
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.actions.standards import recompute_deadlines
from liuchi.engines.cases.allowances import NoLongerAllowed, allowance, due_if_extended
from liuchi.engines.cases.models import Case, CaseClock, State
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, dispatched, extending, give_role
from liuchi.engines.cases.tests.machine import traces
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.calendars.actions import import_holidays
from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.calendars.holidays_file import NamedDay
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed

WHY: dict[str, Any] = {"reason": "material", "text": "井盖需定制"}
#: Four working hours from nine in the morning: until three in the afternoon, with the break at noon.
DUE = MORNING + timedelta(hours=6)
#: Eight working hours: until nine the next morning.
EXTENDED = MORNING + timedelta(hours=24)


def running(case: Case) -> dict[str, CaseClock]:
    return {each.step: each for each in case.clocks.filter(stopped_at=None)}


def ask(world: World, case: Case) -> None:
    ask_extension(by=world.viewer("water"), case_id=case.id, **WHY)


def grant(world: World, case: Case) -> None:
    grant_extension(by=world.viewer("desk"), case_id=case.id)


@pytest.mark.parametrize(("late", "allowed"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_extension_when_asked_for_before_time_out_then_taken_else_refused(
    world: World, late: timedelta, allowed: bool
) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    before = traces()

    with frozen_at(DUE + late):
        if allowed:
            ask(world, case)
        else:
            with pytest.raises(NoLongerAllowed, match="15:00"):
                ask(world, case)

    assert (case_of(case.id).state == State.EXTENDING) is allowed
    assert (traces() == before) is not allowed


def test_extension_when_asked_for_then_the_time_runs_on_and_the_unit_may_hand_in_all_the_same(world: World) -> None:
    with frozen_at(MORNING):
        case = extending(world)
        clocks = running(case)
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="提前修好了")

    assert clocks.keys() == {"case", "handling", "extending"}
    assert {each.paused_at for each in clocks.values()} == {None}
    assert (case.step_due_at, case.due_at) == (MORNING + timedelta(hours=2), DUE)
    assert running(case).keys() == {"case", "checking"}


def test_extension_when_granted_then_both_clocks_get_one_more_original_limit(world: World) -> None:
    with frozen_at(MORNING):
        case = extending(world)
        foreseen = due_if_extended(running(case).values())
    with frozen_at(MORNING + timedelta(hours=1)):
        grant(world, case)

    clocks, case = running(case), case_of(case.id)
    assert clocks.keys() == {"case", "handling"}
    assert {(each.limit_value, each.extension_value, each.started_at) for each in clocks.values()} == {
        (Decimal(4), Decimal(4), MORNING)
    }
    assert case.step_due_at == case.due_at == foreseen == EXTENDED


def test_extension_when_granted_twice_then_no_third_is_asked_for(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        for _ in range(2):
            ask(world, case)
            grant(world, case)
        before = traces()

        with pytest.raises(NoLongerAllowed, match=r"twice|两次"):
            ask(world, case)

    assert traces() == before
    assert running(case)["handling"].extension_value == 8


def test_extension_when_refused_then_the_date_stays_and_nothing_is_used_up(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        for _ in range(3):
            ask(world, case)
            refuse_extension(by=world.viewer("desk"), case_id=case.id, text="已有备用井盖")

        left = allowance(MOVES["ask_extension"], case_of(case.id), case.moves.order_by("id"), MORNING)

    assert left is not None
    assert (left.left, left.until, left.why_not) == (2, DUE, "")
    assert (case_of(case.id).state, case_of(case.id).due_at) == (State.HANDLING, DUE)


def test_extension_when_refused_without_words_then_says_so(world: World) -> None:
    with frozen_at(MORNING):
        case = extending(world)

        with pytest.raises(Incomplete) as refused:
            refuse_extension(by=world.viewer("desk"), case_id=case.id, text=" ")

    assert refused.value.field == "text"


@pytest.mark.parametrize("username", ["water", "dispatcher", "checker", "other-desk", "many-hats"])
def test_extension_when_it_is_ones_own_or_not_ones_office_then_is_not_for_them_to_grant(
    world: World, many_hats: object, username: str
) -> None:
    with frozen_at(MORNING):
        case = extending(world)

        with pytest.raises(NotAllowed):
            grant_extension(by=world.viewer(username), case_id=case.id)

        assert grant_extension(by=world.viewer("officer"), case_id=case.id).to_state == State.HANDLING


def test_extension_when_asked_for_by_one_who_sits_at_the_desk_too_then_somebody_else_grants_it(world: World) -> None:
    with frozen_at(MORNING):
        give_role("both", "handler", world.district, world.water)
        case = dispatched(world)
        ask_extension(by=world.viewer("both"), case_id=case.id, **WHY)
        give_role("both", "desk", world.district)

        with pytest.raises(NotAllowed):
            grant_extension(by=world.viewer("both", "own"), case_id=case.id)


def test_work_when_it_is_done_again_then_what_was_granted_still_counts(world: World) -> None:
    with frozen_at(MORNING):
        case = extending(world)
        grant(world, case)
    with frozen_at(MORNING + timedelta(hours=1)):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
    with frozen_at(MORNING + timedelta(hours=2)):
        fail_check(by=world.viewer("checker"), case_id=case.id, reason="not_done", text="没有换")

    clocks = running(case)
    assert {each.extension_value for each in clocks.values()} == {4}
    assert clocks["handling"].due_at == clocks["case"].due_at == EXTENDED + timedelta(hours=1)
    assert (clocks["case"].rested, clocks["handling"].rested) == (3600 * 10**6, 0)


def test_deadline_when_a_new_calendar_comes_then_what_was_granted_still_counts(world: World) -> None:
    with frozen_at(MORNING):
        case = extending(world)
        grant(world, case)
        days = [NamedDay(date(2024, 9, 12), "停课停工", DayKind.OFF)]
        published = import_holidays(by=SETUP, days=days, source="测试")
        recompute_deadlines(by=SETUP, calendar="cn", number=published.version.number)

    assert case_of(case.id).due_at == MORNING + timedelta(days=1, hours=9)


def test_promise_when_a_case_is_taken_up_again_then_may_be_extended_anew(world: World) -> None:
    resident = world.viewer("resident")
    with frozen_at(MORNING):
        case = dispatched(world, by=resident)
        for _ in range(2):
            ask(world, case)
            grant(world, case)
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        pass_check(by=world.viewer("checker"), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)
        reopen_case(by=resident, case_id=case.id, text="又松了")
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id)
        ask(world, case)

    assert case_of(case.id).state == State.EXTENDING
    assert {each.extension_value for each in running(case).values()} == {0}
