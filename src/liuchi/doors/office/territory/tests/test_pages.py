"""The pages about areas, as whoever keeps them and whoever only looks sees them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role, report
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import Part, redraw_boundary, rename_area, set_norm, split_area
from liuchi.ground.territory.models import Area, Boundary
from liuchi.ground.territory.testing import box

TODAY = MORNING.date()
YESTERDAY = TODAY - timedelta(days=1)
BASE = "/office/territory/"


@pytest.fixture
def keeper(world: World) -> Client:
    """Give the browser of whoever keeps the areas of the district."""
    with frozen_at(MORNING - timedelta(days=2)):
        give_role("surveyor", "surveyor", world.district)
    return browser("surveyor", "en")


def page(client: Client, path: str) -> str:
    with frozen_at(MORNING):
        answer = client.get(BASE + path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _split(world: World) -> list[Area]:
    with frozen_at(MORNING):
        made = split_area(
            by=SETUP,
            area_id=world.grids[0].id,
            parts=[Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))],
            on=TODAY,
            document="大网格〔2024〕3号",
        )
    queries.forget()
    return made


def test_areas_when_opened_then_stand_as_a_tree_with_what_is_in_them(world: World, keeper: Client) -> None:
    with frozen_at(MORNING):
        report(world)

    shown = page(keeper, "")

    assert "测试区" in shown
    assert "001001社区" in shown
    assert "8 grids" in shown
    assert "1 open case" in shown
    assert f'href="{BASE}boundaries/"' in shown


def test_areas_when_only_looked_at_then_nothing_offers_a_change(world: World) -> None:
    desk = browser("desk", "en")

    assert f'href="{BASE}boundaries/"' not in page(desk, "")
    shown = page(desk, f"{world.grids[0].id}/")
    assert "You may look here, not change." in shown
    assert f"{BASE}{world.grids[0].id}/rename/" not in shown
    assert desk.get(f"{BASE}{world.grids[0].id}/rename/").status_code == 403
    assert desk.get(f"{BASE}boundaries/").status_code == 403


def test_areas_when_searched_then_by_code_or_name_and_by_what_they_were_called(world: World, keeper: Client) -> None:
    with frozen_at(MORNING):
        rename_area(by=SETUP, area_id=world.communities[0].id, name="江畔社区", on=TODAY)
    queries.forget()

    assert "江畔社区" in page(keeper, "?q=江畔")
    assert world.grids[0].name in page(keeper, f"?q={world.grids[0].code}")
    former = page(keeper, "?q=001001社区")
    assert "Bore this code or name on another day" in former
    assert f"{BASE}{world.communities[0].id}/" in former
    assert "No area has this" in page(keeper, "?q=nowhere")


def test_areas_when_asked_as_of_yesterday_then_yesterdays_names(world: World, keeper: Client) -> None:
    _split(world)

    assert "9 grids" in page(keeper, "")
    shown = page(keeper, f"?on={YESTERDAY}")
    assert "8 grids" in shown
    assert f"As it stood on {YESTERDAY}" in shown
    assert "9 grids" in page(keeper, "?on=not-a-day")
    assert "No areas on this day" in page(keeper, "?on=1999-01-01")


def test_list_when_longer_than_a_page_then_goes_on_after_the_last_code(
    world: World, keeper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liuchi.doors.office.territory.views.areas.area_page.__defaults__", (3,))

    first = page(keeper, "?q=网格")

    assert "Next page" in first
    following = page(keeper, f"?q=网格&after={world.grids[2].code}")
    assert world.grids[3].code in following
    assert world.grids[0].code not in following


def test_area_when_shown_then_its_facts_its_past_and_its_map(world: World, keeper: Client) -> None:
    made = _split(world)
    ended, community = world.grids[0], world.communities[0]

    shown = page(keeper, f"{community.id}/")
    assert made[0].name in shown
    assert f"{BASE}{community.id}/duty-map/" in shown
    assert f"{BASE}{community.id}/split/" in shown
    old = page(keeper, f"{ended.id}/")
    assert "not in force on this day" in old
    assert made[1].name in old
    assert "大网格〔2024〕3号" in old
    assert f"{BASE}{ended.id}/split/" not in old
    before = page(keeper, f"{ended.id}/?on={YESTERDAY}")
    assert "not in force on this day" not in before
    new = page(keeper, f"{made[0].id}/")
    assert "Made from" in new
    assert ended.name in new


def test_map_when_asked_for_then_a_picture_with_names_and_no_script(world: World, keeper: Client) -> None:
    made = _split(world)
    path = f"{BASE}{world.communities[0].id}/map.svg"
    with frozen_at(MORNING):
        answer = keeper.get(path)
        numbered = keeper.get(path + "?names=numbers").content.decode()
        yesterday = keeper.get(f"{path}?on={YESTERDAY}").content.decode()

    assert answer["Content-Type"] == "image/svg+xml"
    assert f"{made[0].name}</text>" in answer.content.decode()
    assert ">3</text>" in numbered
    assert f"{world.grids[0].name}</text>" in yesterday
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "<script" not in numbered


def test_sheet_of_duties_when_printed_then_every_grid_with_room_for_who_is_responsible(
    world: World, keeper: Client
) -> None:
    shown = page(keeper, f"{world.communities[0].id}/duty-map/")

    assert "Grids and duties of" in shown
    assert world.grids[0].name in shown
    assert "names=numbers" in shown


def test_history_when_opened_then_the_newest_day_first_with_what_is_to_come(world: World, keeper: Client) -> None:
    assert "No area has changed yet" in page(keeper, "history/")
    _split(world)
    with frozen_at(MORNING):
        rename_area(by=SETUP, area_id=world.grids[4].id, name="将来", on=TODAY + timedelta(days=9))
    queries.forget()

    shown = page(keeper, "history/")

    assert shown.index("to come") < shown.index("大网格〔2024〕3号")
    assert "to come" in page(keeper, "history/?after=nonsense")


def test_boundaries_when_they_fit_then_it_says_so_and_otherwise_where_not(world: World, keeper: Client) -> None:
    assert "The boundaries fit" in page(keeper, "boundaries/")
    with frozen_at(MORNING):
        redraw_boundary(by=SETUP, shapes={world.grids[0].id: box(117.0, 30.5, 0.012)}, on=TODAY)
    queries.forget()

    shown = page(keeper, "boundaries/")
    assert "overlap" in shown
    assert world.grids[1].code in shown
    assert "km²" in shown or "m²" in shown
    assert world.grids[1].code not in page(keeper, "boundaries/?kind=missing")
    with frozen_at(MORNING):
        file = b"".join(keeper.get(f"{BASE}boundaries/?format=csv")).decode("utf-8-sig")
    assert world.grids[1].code in file


def test_sizes_when_opened_then_norms_and_a_form_that_keeps_what_was_typed(world: World, keeper: Client) -> None:
    shown = page(keeper, "sizes/")
    assert "300–500" in shown
    with frozen_at(MORNING):
        wrong = keeper.post(
            f"{BASE}sizes/norm/", {"kind": "grid", "least": "9", "most": "8", "on": TODAY, "document": "某文件"}
        )
        right = keeper.post(
            f"{BASE}sizes/norm/", {"kind": "grid", "least": "8", "most": "90", "on": TODAY, "document": "某文件"}
        )

    assert wrong.status_code == 422
    assert "某文件" in wrong.content.decode()
    assert right.status_code == 302
    assert "8–90" in page(keeper, "sizes/")


@pytest.mark.parametrize("path", ["", "history/", "sizes/", "?q=网格"])
def test_page_when_there_is_more_to_show_then_no_more_questions_are_asked(
    world: World, keeper: Client, path: str
) -> None:
    def asked() -> int:
        page(keeper, path)
        with CaptureQueriesContext(connection) as seen:
            page(keeper, path)
        return len(seen)

    few = asked()
    _split(world)
    with frozen_at(MORNING):
        set_norm(by=SETUP, kind="micro", least=1, most=2, document="文", on=TODAY)
    queries.territory()

    assert asked() <= few + 1


def test_area_when_nobody_knows_it_then_not_found(world: World, keeper: Client) -> None:
    for path in ("", "map.svg", "duty-map/", "rename/"):
        assert keeper.get(f"{BASE}{uuid4()}/{path}").status_code == 404
    assert keeper.get(f"{BASE}{world.grids[0].id}/fly/").status_code == 404
    assert Boundary.objects.exists()
