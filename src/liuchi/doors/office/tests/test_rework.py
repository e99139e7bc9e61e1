"""Work that has to be done again: the same unit, with everything of the first round before it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from liuchi.doors.office.tests.test_case import address
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases import tasks
from liuchi.engines.cases.actions.check import fail_check
from liuchi.engines.cases.actions.decide import grant_extension
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, extending, paused
from liuchi.ground.attachments.actions import keep_attachment
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.testing import photo
from liuchi.ground.kernel.clock import frozen_at

HOLDER = b"somebody else's browser"
LATER = MORNING + timedelta(days=6)


def _photos(world: World, name: str) -> Files:
    kept = keep_attachment(by=world.viewer("water"), prepared=prepare(photo((80, 60)), name), holder=HOLDER)
    return Files([kept.id], HOLDER)


def _extended(world: World) -> Case:
    case = extending(world)
    grant_extension(by=world.viewer("desk"), case_id=case.id, text="备件在途")
    return case


@pytest.mark.parametrize("before", [dispatched, _extended, paused])
def test_rework_when_sent_back_then_unit_and_checker_keep_photos_results_and_texts_of_every_round(
    world: World, before: Callable[[World], Case]
) -> None:
    with frozen_at(MORNING):
        case = before(world)
    with frozen_at(LATER):
        tasks.wake()
        water, checker = world.viewer("water"), world.viewer("checker")
        for number in ("一", "二"):
            hand_in_result(
                by=water,
                case_id=case.id,
                text=f"第{number}次答复",
                internal_text=f"第{number}次内部说明",
                files=_photos(world, f"处置{number}.jpg"),
            )
            fail_check(
                by=checker,
                case_id=case.id,
                reason="not_done",
                text=f"第{number}次核查未通过",
                files=_photos(world, f"核查{number}.jpg"),
            )
        at_unit = browser("water", "en").get(address(case)).content.decode()
        hand_in_result(by=water, case_id=case.id, text="第三次答复")
        at_check = browser("checker", "en").get(address(case)).content.decode()
        public = browser("", "en").get(f"/cases/{case.number}/").content.decode()

    assert (case_of(case.id).state, case_of(case.id).unit_id) == (State.CHECKING, world.water.id)
    for page in (at_unit, at_check):
        for number in ("一", "二"):
            for words in (f"第{number}次答复", f"第{number}次内部说明", f"第{number}次核查未通过"):
                assert words in page
        assert page.count("<img") >= 4
    assert "第一次答复" in public
    assert "第一次内部说明" not in public
    assert case.assignments.count() == 1
