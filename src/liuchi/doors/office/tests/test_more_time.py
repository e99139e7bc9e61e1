"""More time, asked for and decided on the case page, and told to the reporter."""

import pytest

from liuchi.doors.office.tests.test_case import address, offered
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.handle import resume_case
from liuchi.engines.cases.models import State
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, extending, paused
from liuchi.ground.kernel.clock import frozen_at


def test_extension_when_asked_for_on_the_page_then_the_desk_reads_why_and_grants_it(world: World) -> None:
    case = dispatched(world)
    water, desk = browser("water", "en"), browser("desk", "en")

    asking = water.get(address(case)).content.decode()
    asked = water.post(address(case, "ask_extension"), {"reason": "material", "text": "井盖需定制"})
    page = desk.get(address(case)).content.decode()
    granted = desk.post(address(case, "grant_extension"), {"text": "需定制井盖"})
    public = browser("", "en").get(f"/cases/{case.number}/").content.decode()

    assert "it can be extended 2 times" in asking
    assert (asked.status_code, granted.status_code) == (302, 302)
    assert '<p class="words">井盖需定制</p>' in page
    assert "The unit's time limit then ends" in page
    assert case_of(case.id).state == State.HANDLING
    assert "extended by 4 working hours" in public
    assert "需定制井盖" in public
    assert "井盖需定制" not in public


@pytest.mark.parametrize(("words", "status"), [("", 422), ("已有备用井盖", 302)])
def test_extension_when_refused_then_asks_why(world: World, words: str, status: int) -> None:
    case = extending(world)

    assert browser("desk").post(address(case, "refuse_extension"), {"text": words}).status_code == status


def test_extension_when_asked_for_then_each_is_offered_their_own(world: World) -> None:
    case = extending(world)

    assert offered("desk", case) == ["grant_extension", "refuse_extension"]
    assert offered("water", case) == ["hand_in"]
    assert offered("dispatcher", case) == []


def test_pause_when_asked_for_with_a_photo_then_the_desk_reads_the_evidence_and_everybody_until_when(
    world: World,
) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        water, desk = browser("water", "en"), browser("desk", "en")
        wanted = {"reason": "weather", "text": "气象台暴雨橙色预警", "until": "2024-09-20"}

        asking = water.get(address(case)).content.decode()
        without = water.post(address(case, "ask_pause"), {**wanted, "until": "2024-09-12"})
        asked = water.post(address(case, "ask_pause"), wanted)
        page = desk.get(address(case)).content.decode()
        granted = desk.post(address(case, "grant_pause"), {"text": "雨停后施工"})
        public = browser("", "en").get(f"/cases/{case.number}/").content.decode()

    assert "which warning or forecast" in asking
    assert (without.status_code, asked.status_code, granted.status_code) == (409, 302, 302)
    assert "气象台暴雨橙色预警</textarea>" in without.content.decode()
    assert "The unit asks to let it rest until Sept. 20, 2024; the desk decides: The weather does not allow it" in page
    assert '<p class="words">气象台暴雨橙色预警</p>' in page
    assert "Handling rests until Sept. 20, 2024" in public
    assert "雨停后施工" in public
    assert "气象台" not in public


def test_pause_when_it_lasts_then_the_page_says_until_when_and_offers_to_go_on(world: World) -> None:
    with frozen_at(MORNING):
        case = paused(world)
        page = browser("water", "en").get(address(case)).content.decode()

        assert offered("water", case) == ["hand_in", "resume"]
        assert offered("desk", case) == ["end_pause"]
        ended = browser("desk").post(address(case, "end_pause"), {"text": "材料已到"})

    assert "rests until <time" in page
    assert "the promised date comes earlier too" in page
    assert ended.status_code == 302
    assert case_of(case.id).state == State.HANDLING


def test_pause_when_somebody_else_ended_it_meanwhile_then_the_page_says_what_changed(world: World) -> None:
    with frozen_at(MORNING):
        case = paused(world)
        version = case.version
        resume_case(by=world.viewer("water"), case_id=case.id)

        late = browser("desk", "en").post(address(case, "end_pause"), {"text": "材料已到", "version": version})

    assert late.status_code == 409
    assert "Somebody else changed this case meanwhile" in late.content.decode()
    assert "Handling goes on" in late.content.decode()
    assert "材料已到" in late.content.decode()
