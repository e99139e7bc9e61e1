"""Open questions after a split: previewed with numbers, listed to whoever keeps the areas, settled by page."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role, report
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.organisations import reactions
from liuchi.ground.organisations.actions.posts import open_post
from liuchi.ground.organisations.models import Post
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import Part, split_area
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.testing import box

TODAY, SINCE = MORNING.date(), date(2024, 3, 1)
PAGE = "/office/territory/questions/"


@pytest.fixture
def keeper(world: World) -> Client:
    """Give the browser of whoever keeps the areas of the first town."""
    with frozen_at(MORNING - timedelta(days=2)):
        give_role("surveyor", "surveyor", queries.territory().of_kind("town")[0])
    return browser("surveyor", "en")


def posts(world: World, *titles: str, grid: int = 0) -> list[Post]:
    area_id = world.grids[grid].id
    return [
        open_post(by=SETUP, organisation_id=world.water.id, title=title, area_id=area_id, on=SINCE) for title in titles
    ]


def split(world: World) -> tuple[Area, Area]:
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    with frozen_at(MORNING):
        west, east = split_area(by=SETUP, area_id=world.grids[0].id, parts=parts, on=TODAY)
        queries.forget()
        reactions.follow_areas(Line.objects.get(kind="territory.split"))
    return west, east


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_split_when_previewed_then_says_how_many_of_what_follow_where(world: World, keeper: Client) -> None:
    with frozen_at(MORNING):
        report(world)
        posts(world, "网格员")
        values = {"on": str(TODAY), "document": "", "start": "117.005,30.49", "end": "117.005,30.52"}
        shown = text(keeper.post(f"/office/territory/{world.grids[0].id}/split/", values))
        renamed = text(
            keeper.post(f"/office/territory/{world.grids[0].id}/rename/", {"on": str(TODAY), "name": "新网格"})
        )

    assert '<td>Open cases</td><td class="figure">1</td><td><div>1 goes where it lies' in shown
    assert "1: you will be asked where it goes on" in shown
    assert "1 stays with the area" in renamed
    assert Area.objects.get(id=world.grids[0].id).valid_to is None


def test_questions_when_settled_by_page_then_the_post_goes_on_and_nothing_is_open(world: World, keeper: Client) -> None:
    with frozen_at(MORNING):
        (post,) = posts(world, "网格员")
        assert "Nothing is open" in text(keeper.get(PAGE))
    _west, east = split(world)
    with frozen_at(MORNING):
        assert "网格员 · 供水中心" in text(keeper.get(PAGE))
        given = {"code": "organisations.posts", "row": str(post.id)}
        refused = keeper.post(PAGE, {**given, "area": str(world.grids[3].id)})
        assert (refused.status_code, "took its place" in text(refused)) == (422, True)
        assert keeper.post(PAGE, {**given, "area": ""}).status_code == 422
        made = keeper.post(PAGE, {**given, "area": str(east.id)}, follow=True)

        assert "Nothing is open" in text(made)
        assert Post.objects.get(title="网格员", valid_to=None).area == east
        again = keeper.post(PAGE, {**given, "area": str(east.id)})
        assert (again.status_code, "settled already" in text(again)) == (422, True)


def test_questions_when_somebody_keeps_other_areas_then_not_shown_and_not_settled(world: World) -> None:
    with frozen_at(MORNING - timedelta(days=2)):
        give_role("elsewhere", "surveyor", queries.territory().of_kind("town")[1])
    (post,) = posts(world, "网格员")
    west, _east = split(world)
    client = browser("elsewhere", "en")

    with frozen_at(MORNING):
        assert "网格员" not in text(client.get(PAGE))
        answer = client.post(PAGE, {"code": "organisations.posts", "row": str(post.id), "area": str(west.id)})

    assert answer.status_code == 403
    assert Post.objects.get(id=post.id).valid_to is None


def test_questions_when_there_are_three_then_no_more_queries_than_for_one(world: World, keeper: Client) -> None:
    with frozen_at(MORNING):
        posts(world, "甲")
    with frozen_at(MORNING):
        split(world)
        keeper.get(PAGE)
        with CaptureQueriesContext(connection) as one:
            keeper.get(PAGE)
    with guard.scope("maintenance", "tests"):
        Post.objects.bulk_create(
            Post(organisation=world.water, title=title, area=world.grids[0], valid_from=SINCE) for title in "乙丙"
        )
    with frozen_at(MORNING), CaptureQueriesContext(connection) as three:
        shown = text(keeper.get(PAGE))

    assert shown.count("<tr>") == 4
    assert len(one) == len(three)
