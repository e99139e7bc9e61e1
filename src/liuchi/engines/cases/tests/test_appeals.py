"""A time-out may be appealed once; somebody else decides; that it was late stays visible."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from liuchi.engines.cases.actions.appeal import appeal_timeout, reject_appeal, uphold_appeal
from liuchi.engines.cases.actions.check import fail_check, pass_check
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.appeals import AppealRefused, appealable, appeals_waiting
from liuchi.engines.cases.models import Appeal, Case, CaseClock, State
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.punctuality import Punctuality, punctuality, unit_of
from liuchi.engines.cases.testing import MORNING, World, case_of, closed, dispatched, disputed, give_role
from liuchi.engines.cases.tests.machine import traces
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, Stale

LATE = MORNING + timedelta(days=1)
SPAN: Any = {"since": MORNING, "until": MORNING + timedelta(days=30)}


def overdue(world: World, **values: object) -> Case:
    """Return a closed case that the water centre handled a day late."""
    with frozen_at(MORNING):
        case = dispatched(world, **values)
    with frozen_at(LATE):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        pass_check(by=world.viewer("checker"), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)
    return case_of(case.id)


def handling(case: Case) -> CaseClock:
    return case.clocks.get(step="handling")


def appeal(world: World, case: Case, **values: object) -> None:
    given = {"reason": "no_access", "text": "9月12日10时、14时两次到场，业主均不在", **values}
    with frozen_at(LATE):
        appeal_timeout(by=world.viewer("water"), clock_id=handling(case).id, **given)  # type: ignore[arg-type]


def test_appeal_when_upheld_then_it_stays_late_everywhere_and_is_left_out_of_the_rate_only(world: World) -> None:
    case, in_time = overdue(world), overdue_not(world)
    before = punctuality(world.viewer("desk"), **SPAN)
    appeal(world, case)
    with frozen_at(LATE):
        waits = list(appeals_waiting(world.viewer("desk")))
        uphold_appeal(by=world.viewer("desk"), clock_id=handling(case).id)

    assert before == Punctuality(counted=2, in_time=1, excused=0)
    assert before.rate == Decimal("50.0")
    assert [each.case_id for each in waits] == [case.id]
    assert list(appeals_waiting(world.viewer("desk"))) == []
    assert (handling(case).is_overdue, handling(case).excused) == (True, True)
    assert case.clocks.get(kind="case").is_overdue is True
    assert punctuality(world.viewer("desk"), **SPAN) == Punctuality(counted=1, in_time=1, excused=1)
    assert in_time.state == State.CLOSED


def overdue_not(world: World) -> Case:
    with frozen_at(MORNING):
        return closed(world)


def test_appeal_when_rejected_then_says_why_and_counts(world: World) -> None:
    case = overdue(world)
    appeal(world, case)
    with frozen_at(LATE):
        with pytest.raises(Incomplete):
            reject_appeal(by=world.viewer("desk"), clock_id=handling(case).id, text=" ")
        reject_appeal(by=world.viewer("desk"), clock_id=handling(case).id, text="未预约")

    assert (handling(case).is_overdue, handling(case).excused) == (True, False)
    assert punctuality(world.viewer("desk"), **SPAN) == Punctuality(counted=1, in_time=0, excused=0)
    assert Appeal.objects.get().is_upheld is False


def test_appeal_when_said_twice_or_decided_twice_then_is_heard_once(world: World) -> None:
    case = overdue(world)
    appeal(world, case)
    with pytest.raises(AppealRefused):
        appeal(world, case)
    with frozen_at(LATE):
        uphold_appeal(by=world.viewer("desk"), clock_id=handling(case).id)
        before = traces()
        for again in (uphold_appeal, reject_appeal):
            with pytest.raises(AppealRefused):
                again(by=world.viewer("desk"), clock_id=handling(case).id, text="再看")

    assert traces() == before
    assert appealable(world.viewer("water"), case) == []


def test_appeal_when_the_case_was_in_time_or_is_not_closed_then_refused(world: World) -> None:
    case = overdue_not(world)
    with pytest.raises(AppealRefused):
        appeal(world, case)
    with frozen_at(MORNING):
        waiting = dispatched(world)
    with frozen_at(LATE):
        hand_in_result(by=world.viewer("water"), case_id=waiting.id, text="已更换")
    with pytest.raises(AppealRefused):
        appeal(world, waiting)

    assert Appeal.objects.count() == 0


@pytest.mark.parametrize("username", ["lights", "desk", "dispatcher", "checker", "resident"])
def test_appeal_when_it_was_another_units_time_then_refused_and_nothing_is_left(world: World, username: str) -> None:
    case = overdue(world)
    before = traces()

    with frozen_at(LATE), pytest.raises(NotAllowed):
        appeal_timeout(by=world.viewer(username), clock_id=handling(case).id, reason="weather", text="暴雨")

    assert traces() == before
    assert appealable(world.viewer(username), case) == []


@pytest.mark.parametrize("username", ["water", "dispatcher", "checker", "other-desk", "many-hats"])
def test_appeal_when_it_is_ones_own_or_not_ones_office_then_is_not_for_them_to_decide(
    world: World, many_hats: object, username: str
) -> None:
    case = overdue(world)
    appeal(world, case)

    with frozen_at(LATE):
        with pytest.raises(NotAllowed):
            uphold_appeal(by=world.viewer(username), clock_id=handling(case).id)
        uphold_appeal(by=world.viewer("officer"), clock_id=handling(case).id)


def test_appeal_when_the_case_changed_meanwhile_then_says_so(world: World) -> None:
    case = overdue(world)
    appeal(world, case)

    with frozen_at(LATE), pytest.raises(Stale):
        uphold_appeal(by=world.viewer("desk"), clock_id=handling(case).id, version=case.version)


@pytest.mark.parametrize(("given", "field"), [({"reason": "x"}, "reason"), ({"text": " "}, "text")])
def test_appeal_when_without_reason_or_words_then_says_which(world: World, given: dict[str, str], field: str) -> None:
    case = overdue(world)

    with pytest.raises(Incomplete) as refused:
        appeal(world, case, **given)

    assert refused.value.field == field


def test_appeal_when_made_then_history_and_journal_tell_of_it_and_the_case_stays_closed(world: World) -> None:
    case = overdue(world, by=world.viewer("resident"))
    appeal(world, case)
    with frozen_at(LATE):
        reopen_case(by=world.viewer("resident"), case_id=case.id, text="又松了")
        uphold_appeal(by=world.viewer("desk"), clock_id=handling(case).id, text="情况属实")

    rows = list(case.moves.order_by("id").values_list("name", "from_state", "to_state"))[-3:]
    assert rows == [
        ("appeal", "closed", "closed"),
        ("reopen", "closed", "filed"),
        ("uphold_appeal", "filed", "filed"),
    ]
    assert case_of(case.id).version == case.moves.count() == Line.objects.filter(subject_id=case.id).count()
    assert "业主" not in str(list(Line.objects.values_list("data", flat=True)))


def test_work_when_done_again_late_then_each_round_is_a_time_out_of_the_same_unit(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    with frozen_at(LATE):
        for _ in range(2):
            hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
            if not case.moves.filter(name="fail_check").exists():
                fail_check(by=world.viewer("checker"), case_id=case.id, reason="not_done", text="没有换")
        pass_check(by=world.viewer("checker"), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)

    assert len(appealable(world.viewer("water"), case_of(case.id))) == 2
    assert {unit_of(each) for each in case.clocks.filter(step="handling")} == {world.water.id}
    assert {unit_of(each) for each in case.clocks.exclude(step="handling")} == {None}


def test_rate_when_the_case_was_not_the_units_own_then_does_not_count(world: World) -> None:
    with frozen_at(MORNING):
        case = disputed(world)
    with frozen_at(LATE):
        uphold_decline(by=world.viewer("desk"), case_id=case.id)

    assert punctuality(world.viewer("desk"), **SPAN) == Punctuality(0, 0, 0)
    assert punctuality(world.viewer("desk"), **SPAN).rate is None


def test_rate_when_looked_at_by_each_then_only_what_is_theirs_and_one_unit_alone(world: World) -> None:
    overdue(world)
    give_role("town-2-desk", "desk", world.communities[3])

    def rate(username: str, **more: object) -> tuple[int, int]:
        found = punctuality(world.viewer(username), **SPAN, **more)  # type: ignore[arg-type]
        return found.counted, found.in_time

    assert [rate(each) for each in ("desk", "water", "checker")] == [(1, 0)] * 3
    assert [rate(each) for each in ("lights", "other-desk", "town-2-desk", "resident")] == [(0, 0)] * 4
    assert rate("desk", unit_id=world.lights.id) == (0, 0)
    assert rate("desk", unit_id=world.water.id) == (1, 0)
