"""Every deadline says what it follows from."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import override

from liuchi.engines.cases import tasks
from liuchi.engines.cases.actions.check import fail_check
from liuchi.engines.cases.actions.decide import grant_extension, grant_pause
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.explaining import Explanation, explain_deadline
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import clocks_of
from liuchi.engines.cases.testing import (
    MORNING,
    World,
    case_of,
    dispatched,
    extending,
    filed,
    handed_in,
    pausing,
    report,
)
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.kernel.clock import frozen_at

TEN = MORNING + timedelta(hours=1)


def explained(case: Case, now: object = MORNING) -> dict[str, Explanation]:
    running = clocks_of(case_of(case.id)).filter(stopped_at=None)
    return {each.step: explain_deadline(each, now) for each in running}  # type: ignore[arg-type]


def test_deadline_when_it_rested_then_the_sentence_says_limit_start_source_rest_and_calendar(
    world: World,
) -> None:
    with frozen_at(MORNING):
        case = pausing(world, days=8)
    with frozen_at(TEN):
        grant_pause(by=world.viewer("desk"), case_id=case.id)
    with frozen_at(MORNING + timedelta(days=8)):
        tasks.wake()
        found = explained(case, MORNING + timedelta(days=8))["handling"]

    with override("en"):
        said = found.sentence
    assert said == (
        "Due 2024-09-20 11:00 because: 4 working hours from 2024-09-12 09:00 (上水井盖)"
        f" · rested for 7 days 22 hours · calendar {found.calendar} 2024, version {found.version}."
    )
    assert found.limit == Limit.parse("4 work_hour")
    assert (found.source, found.wording) == ("上水井盖", "破损")


def test_deadline_when_it_was_extended_and_rests_then_each_clock_says_so(world: World) -> None:
    with frozen_at(MORNING):
        case = extending(world)
        asked = explained(case)
        grant_extension(by=world.viewer("desk"), case_id=case.id)
        more = explained(case)

    assert asked.keys() == {"case", "handling", "extending"}
    assert asked["extending"].source == ""
    assert {each.extended for each in more.values()} == {Decimal(4)}
    with override("en"):
        assert "extended by 4 working hours" in more["case"].sentence


def test_deadline_when_it_rests_then_says_since_or_until_when_and_counts_the_rest_so_far(world: World) -> None:
    with frozen_at(MORNING):
        checking, resting = handed_in(world), pausing(world)
        grant_pause(by=world.viewer("desk"), case_id=resting.id)

    waits, rests = explained(checking, TEN)["case"], explained(resting, TEN)["case"]
    assert waits.rested == rests.rested == timedelta(hours=1)
    with override("en"):
        assert "rests since 2024-09-12 09:00" in waits.because
        assert "rests until 2024-09-17 08:00" in rests.because


def test_deadline_when_the_work_is_done_again_then_says_what_the_first_round_used_up(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    with frozen_at(TEN):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        fail_check(by=world.viewer("checker"), case_id=case.id, reason="not_done", text="没有换")

    found = explained(case, TEN)
    assert found["handling"].used_before == 1
    with override("en"):
        assert "1 working hours of it used up before" in found["handling"].because
    assert found["case"].used_before == 0


def test_deadline_when_the_limit_runs_through_nights_then_names_no_calendar(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world)
        file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[1].id)

    with override("en"):
        said = {step: each.because for step, each in explained(case_of(receipt.case_id)).items()}
    assert said["case"] == "2 hours round the clock from 2024-09-12 09:00 (上水井盖)"
    assert "calendar" in said["filed"]


def test_deadline_when_its_year_is_not_published_then_says_that_it_is_provisional(world: World) -> None:
    far = MORNING + timedelta(days=365 * 9)
    with frozen_at(far):
        case = filed(world)

    found = explained(case, far)["case"]
    with override("en"):
        assert found.is_provisional
        assert "provisional until that year's holidays are published" in found.sentence


def test_deadline_when_told_in_chinese_then_is_one_chinese_sentence(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)

    with override("zh-hans"):
        said = explained(case)["case"].sentence
    assert "2024-09-12 15:00" in said
    assert "4 个工作时" in said
