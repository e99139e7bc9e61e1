"""Several clocks at once: of a decision on a part, of parts while their case rests; and warnings when one moved."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from liuchi.engines.cases import tasks
from liuchi.engines.cases.actions.decide import end_pause, grant_extension, grant_pause
from liuchi.engines.cases.actions.handle import ask_extension, ask_pause
from liuchi.engines.cases.actions.support import answer_part, bring_in_unit, decline_part, reject_part, uphold_part
from liuchi.engines.cases.models import Assignment, Case, CaseClock, Supervision
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices.models import Notice

NOT_OURS: dict[str, Any] = {"reason": "not_our_duty", "text": "该处无路灯设施"}
HOUR = timedelta(hours=1)
#: A Thursday, and the Wednesday after the Mid-Autumn holidays, at eight.
BEGIN, WAKES = MORNING, MORNING + timedelta(days=6) - HOUR


def helped(world: World) -> tuple[Case, Assignment]:
    """Return a case in which the lamp workshop helps the water centre."""
    case = dispatched(world)
    bring_in_unit(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text="请断电配合")
    return case, Assignment.objects.get(case=case, role="support")


def let_rest(world: World, case: Case) -> None:
    """Let a case rest until eight o'clock in six days."""
    until = (BEGIN + timedelta(days=6)).date()
    ask_pause(by=world.viewer("water"), case_id=case.id, reason="weather", text="连日大雨", until=until)
    grant_pause(by=world.viewer("desk"), case_id=case.id)


def clock(part: Assignment, step: str = "support") -> CaseClock:
    return CaseClock.objects.get(assignment=part, step=step)


def warnings(world: World, template: str, who: str) -> int:
    return Notice.objects.filter(template=template, person_id=world.viewer(who).person_id).count()


@pytest.mark.parametrize("is_upheld", [True, False])
def test_decision_on_a_part_when_asked_for_then_it_has_two_working_hours_of_its_own(
    world: World, is_upheld: bool
) -> None:
    with frozen_at(BEGIN):
        case, part = helped(world)
        on_part: dict[str, Any] = {"case_id": case.id, "part_id": part.id}
        decline_part(by=world.viewer("lights"), **on_part, **NOT_OURS)
    deciding = clock(part, "disputed")
    assert (deciding.started_at, deciding.due_at) == (BEGIN, BEGIN + 2 * HOUR)
    assert clock(part).running_since == BEGIN

    with frozen_at(BEGIN + 2 * HOUR + timedelta(minutes=1)):
        supervise()
        assert [(act.step, act.unit_id, act.level) for act in Supervision.objects.filter(clock=deciding)] == [
            ("disputed", None, "reminder")
        ]
        if is_upheld:
            uphold_part(by=world.viewer("desk"), **on_part)
        else:
            reject_part(by=world.viewer("desk"), reason="on_the_list", text="清单第三条", **on_part)
        supervise()

    deciding.refresh_from_db()
    assert deciding.is_overdue
    assert Supervision.objects.get(clock=deciding).standing == "settled"
    assert warnings(world, "cases.supervision_reminder", "desk") == 1
    assert warnings(world, "cases.supervision_reminder", "lights") == 0
    assert clock(part).stopped_at == (BEGIN if is_upheld else None)
    assert case_of(case.id).state == "handling"


def test_parts_when_their_case_rests_then_they_rest_and_go_on_with_it(world: World) -> None:
    with frozen_at(BEGIN):
        case, part = helped(world)
        assert clock(part).due_at == BEGIN + timedelta(hours=6)  # four working hours, noon left out
    with frozen_at(BEGIN + HOUR):
        let_rest(world, case)
        resting = clock(part)
        assert (resting.running_since, resting.rests_until) == (None, WAKES)
        assert resting.due_at == WAKES + 3 * HOUR
        tasks.warn()
    with frozen_at(BEGIN + timedelta(days=4)):
        supervise()
        assert not Supervision.objects.exists()
    with frozen_at(WAKES + 5 * HOUR):
        tasks.wake()

        running = clock(part)
    assert (running.running_since, running.rests_until, running.due_at) == (WAKES, None, WAKES + 3 * HOUR)
    assert running.rested == (WAKES - BEGIN - HOUR) // timedelta(microseconds=1)


def test_part_when_brought_in_while_the_case_rests_then_it_begins_with_the_others(world: World) -> None:
    with frozen_at(BEGIN):
        case = dispatched(world)
        let_rest(world, case)
    with frozen_at(BEGIN + timedelta(days=1)):
        bring_in_unit(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text="请断电配合")
        part = Assignment.objects.get(case=case, role="support")
        assert clock(part).due_at == WAKES + 4 * HOUR
    with frozen_at(BEGIN + timedelta(days=2)):
        end_pause(by=world.viewer("desk"), case_id=case.id, text="雨停了")

        assert clock(part).running_since == BEGIN + timedelta(days=2)


def test_part_when_answered_while_the_case_rests_then_in_time(world: World) -> None:
    with frozen_at(BEGIN):
        case, part = helped(world)
        let_rest(world, case)
    with frozen_at(BEGIN + timedelta(days=3)):
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")

    stopped = clock(part)
    assert (stopped.is_overdue, stopped.consumed, stopped.rests_until) == (False, 0, None)
    assert stopped.rested == timedelta(days=3) // timedelta(microseconds=1)


def test_decision_on_a_part_when_the_case_rests_then_it_does_not_wait(world: World) -> None:
    with frozen_at(BEGIN):
        case, part = helped(world)
        decline_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, **NOT_OURS)
        let_rest(world, case)

    assert (clock(part, "disputed").running_since, clock(part).running_since) == (BEGIN, None)


def test_unit_when_its_deadline_moved_then_it_is_warned_of_the_new_one_too_once(world: World) -> None:
    def warn(at: datetime) -> int:
        with frozen_at(at):
            tasks.warn()
            tasks.warn()
        return warnings(world, "cases.due_soon", "water")

    with frozen_at(BEGIN):
        case = dispatched(world)
    assert warn(BEGIN + 5 * HOUR + timedelta(minutes=30)) == 1
    with frozen_at(BEGIN + 5 * HOUR + timedelta(minutes=40)):
        ask_extension(by=world.viewer("water"), case_id=case.id, reason="material", text="井盖需定制")
        grant_extension(by=world.viewer("desk"), case_id=case.id)

    assert warn(BEGIN + 6 * HOUR) == 1
    assert warn(BEGIN + timedelta(days=1)) == 2
    assert warn(BEGIN + timedelta(days=1, hours=1)) == 2
    assert Line.objects.filter(kind="case.deadlines_warned").count() == 2
    assert CaseClock.objects.get(case=case, step="handling").warned_due_at == case_of(case.id).step_due_at
