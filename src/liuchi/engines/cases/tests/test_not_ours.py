"""A unit says that a case is not its own: in time, once, and somebody else decides."""

from datetime import timedelta
from typing import Any

import pytest

from liuchi.engines.cases.actions.decide import reject_decline, uphold_decline
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.allowances import NoLongerAllowed, allowance, cleared_units
from liuchi.engines.cases.models import Assignment, Case, CaseClock, ClockKind, State
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, disputed, filed, give_role
from liuchi.engines.cases.tests.machine import traces
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed

SAID: dict[str, Any] = {"reason": "not_our_duty", "text": "不归我们管"}
KEPT: dict[str, Any] = {"reason": "on_the_list", "text": "权责清单第三条"}


def running(case: Case) -> dict[str, CaseClock]:
    return {each.step: each for each in case.clocks.filter(stopped_at=None)}


@pytest.mark.parametrize(("seconds", "allowed"), [(24 * 3600, True), (24 * 3600 + 1, False)])
def test_not_ours_when_said_within_24_hours_then_taken_else_refused(world: World, seconds: int, allowed: bool) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    before = traces()

    with frozen_at(MORNING + timedelta(seconds=seconds)):
        if allowed:
            decline_case(by=world.viewer("water"), case_id=case.id, **SAID)
        else:
            with pytest.raises(NoLongerAllowed, match="2024-09-13 09:00"):
                decline_case(by=world.viewer("water"), case_id=case.id, **SAID)

    assert (case_of(case.id).state == State.DISPUTED) is allowed
    assert (traces() == before) is not allowed


def test_not_ours_when_said_then_the_units_clock_and_the_promise_run_on_and_the_decision_has_its_own(
    world: World,
) -> None:
    with frozen_at(MORNING):
        case = disputed(world)

    clocks = running(case)
    assert clocks.keys() == {"case", "handling", "disputed"}
    assert {each.paused_at for each in clocks.values()} == {None}
    assert case.step_due_at == clocks["disputed"].due_at == MORNING + timedelta(hours=2)
    assert case.unit_id == world.water.id


def test_not_ours_when_rejected_then_the_same_clock_runs_on(world: World) -> None:
    with frozen_at(MORNING):
        case = disputed(world)
    before = running(case)["handling"]

    with frozen_at(MORNING + timedelta(hours=1)):
        reject_decline(by=world.viewer("desk"), case_id=case.id, **KEPT)

    after, case = running(case), case_of(case.id)
    assert after.keys() == {"case", "handling"}
    assert (after["handling"].id, after["handling"].running_since) == (before.id, MORNING)
    assert (case.state, case.unit_id, case.step_due_at) == (State.HANDLING, world.water.id, before.due_at)
    assert Assignment.objects.get(case=case).ended_at is None


def test_not_ours_when_upheld_late_then_the_unit_is_spared_and_the_dispatch_counts_as_wrong(world: World) -> None:
    with frozen_at(MORNING):
        case = disputed(world)

    with frozen_at(MORNING + timedelta(days=3)):
        uphold_decline(by=world.viewer("desk"), case_id=case.id, text="属通信公司")

    case, handling = case_of(case.id), CaseClock.objects.get(case=case, step=State.HANDLING)
    assert (case.state, case.unit) == (State.FILED, None)
    assert (handling.stopped_at, handling.is_overdue) == (MORNING, False)
    assert CaseClock.objects.get(case=case, step=State.DISPUTED).is_overdue
    assert Assignment.objects.get(case=case).outcome == "not_ours"
    line = Line.objects.get(kind="case.decline_upheld")
    assert line.data["dispatcher"] == str(world.viewer("dispatcher").id)
    assert (line.data["unit"], line.data["overdue"]) == (str(world.water.id), True)
    assert running(case).keys() == {"case", "filed"}


def test_not_ours_when_said_a_second_time_then_refused_whatever_was_decided(world: World) -> None:
    dispatcher, desk = world.viewer("dispatcher"), world.viewer("desk")
    with frozen_at(MORNING):
        kept = disputed(world)
        reject_decline(by=desk, case_id=kept.id, **KEPT)
        upheld = disputed(world)
        uphold_decline(by=desk, case_id=upheld.id)
        dispatch_case(by=dispatcher, case_id=upheld.id, unit_id=world.lights.id)
        decline_case(by=world.viewer("lights"), case_id=upheld.id, **SAID)
        uphold_decline(by=desk, case_id=upheld.id)
        dispatch_case(by=dispatcher, case_id=upheld.id, unit_id=world.water.id, reason="区里协调确定")

        for case in (kept, upheld):
            before = traces()
            with pytest.raises(NoLongerAllowed, match=r"once|一次"):
                decline_case(by=world.viewer("water"), case_id=case.id, **SAID)
            assert traces() == before

    parts = Assignment.objects.filter(case=upheld).order_by("id").values_list("unit_id", "outcome")
    assert list(parts) == [(world.water.id, "not_ours"), (world.lights.id, "not_ours"), (world.water.id, "")]


def test_dispatch_when_to_a_unit_that_was_cleared_then_asks_why_until_the_case_is_filed_anew(world: World) -> None:
    dispatcher, desk = world.viewer("dispatcher"), world.viewer("desk")
    with frozen_at(MORNING):
        case = disputed(world)
        uphold_decline(by=desk, case_id=case.id)
        before = traces()

        with pytest.raises(Incomplete) as refused:
            dispatch_case(by=dispatcher, case_id=case.id, unit_id=world.water.id, reason=" ")

        assert (refused.value.field, traces()) == ("reason", before)
        assert cleared_units(case_of(case.id)) == {world.water.id}

    with frozen_at(MORNING + timedelta(hours=1)):
        return_to_desk(by=dispatcher, case_id=case.id, reason="wrong_condition", text="应为路灯")
        file_case(by=desk, case_id=case.id, condition_id=world.conditions[2].id)
        assert cleared_units(case_of(case.id)) == set()
        dispatch_case(by=dispatcher, case_id=case.id, unit_id=world.water.id)

    assert case_of(case.id).unit_id == world.water.id


def test_decision_when_it_would_be_ones_own_dispatch_then_somebody_else_has_to_decide(world: World) -> None:
    with frozen_at(MORNING):
        give_role("both", "desk", world.district)
        give_role("both", "dispatcher", world.district)
        give_role("officer", "duty_officer", world.district)
        case = filed(world)
        dispatch_case(by=world.viewer("both"), case_id=case.id, unit_id=world.water.id)
        decline_case(by=world.viewer("water"), case_id=case.id, **SAID)

        for decide, given in ((uphold_decline, {}), (reject_decline, KEPT)):
            with pytest.raises(NotAllowed, match=r"somebody else|他人"):
                decide(by=world.viewer("both"), case_id=case.id, **given)

        assert uphold_decline(by=world.viewer("officer"), case_id=case.id).to_state == State.FILED


def test_desk_when_a_case_came_back_twice_then_the_dispatcher_has_to_dispatch_it(world: World) -> None:
    given: dict[str, Any] = {"reason": "place_unclear", "text": "请核实地点"}
    dispatcher, desk = world.viewer("dispatcher"), world.viewer("desk")
    with frozen_at(MORNING):
        case = filed(world)
        for _ in range(2):
            return_to_desk(by=dispatcher, case_id=case.id, **given)
            file_case(by=desk, case_id=case.id, condition_id=world.conditions[0].id)
        before = traces()

        with pytest.raises(NoLongerAllowed):
            return_to_desk(by=dispatcher, case_id=case.id, **given)

    assert traces() == before
    assert case.clocks.filter(kind=ClockKind.CASE).count() == 3


def test_allowance_when_asked_for_then_says_how_often_until_when_and_why_not(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        past = list(case.moves.order_by("id"))

    fresh = allowance(MOVES["decline"], case, past, MORNING)
    late = allowance(MOVES["decline"], case, past, MORNING + timedelta(days=2))
    assert fresh is not None
    assert late is not None
    assert (fresh.left, fresh.until, fresh.why_not) == (1, MORNING + timedelta(hours=24), "")
    assert late.why_not
    assert allowance(MOVES["hand_in"], case, past, MORNING) is None


def test_result_when_handed_in_after_a_rejected_return_then_the_time_it_took_counts(world: World) -> None:
    with frozen_at(MORNING):
        case = disputed(world)
    with frozen_at(MORNING + timedelta(days=1)):
        reject_decline(by=world.viewer("desk"), case_id=case.id, **KEPT)
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")

    assert CaseClock.objects.get(case=case, step=State.HANDLING).is_overdue
