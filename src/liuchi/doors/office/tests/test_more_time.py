"""More time, asked for and decided on the case page, and told to the reporter."""

import pytest

from liuchi.doors.office.tests.test_case import address, offered
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import State
from liuchi.engines.cases.testing import World, case_of, dispatched, extending


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
