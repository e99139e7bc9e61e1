"""Changing areas by page: what a change would do is shown first, and what was typed survives a refusal."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role, report
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.testing import box

TODAY = MORNING.date()
BASE = "/office/territory/"


@pytest.fixture
def keeper(world: World) -> Client:
    """Give the browser of whoever keeps the areas of the first town."""
    with frozen_at(MORNING - timedelta(days=2)):
        give_role("surveyor", "surveyor", queries.territory().of_kind("town")[0])
    return browser("surveyor", "en")


def send(client: Client, area: Area, change: str, /, *, confirm: bool = False, **fields: Any) -> Any:
    values = {"on": str(TODAY), "document": "", **fields} | ({"confirm": "1"} if confirm else {})
    with frozen_at(MORNING):
        answer = client.post(f"{BASE}{area.id}/{change}/", values)
    queries.forget()
    return answer


def text(answer: Any) -> str:
    return str(answer.content.decode())


def lines() -> int:
    return Line.objects.filter(kind__startswith="territory.").count()


def test_rename_when_sent_then_shown_first_and_made_when_confirmed(world: World, keeper: Client) -> None:
    area, before = world.communities[0], lines()
    fields: dict[str, Any] = {"name": "江畔社区", "official_name": "江畔社区居民委员会", "label_kind": "社区"}

    shown = send(keeper, area, "rename", **fields)
    assert shown.status_code == 200
    assert "What it would do" in text(shown)
    assert "<strong>江畔社区</strong>" in text(shown)
    assert (lines(), Area.objects.get(id=area.id).name) == (before, area.name)

    made = send(keeper, area, "rename", confirm=True, **fields)
    assert (made.status_code, made["Location"]) == (302, f"{BASE}{area.id}/")
    assert (lines(), Area.objects.get(id=area.id).name) == (before + 1, "江畔社区")


@pytest.mark.parametrize("confirm", [False, True])
def test_change_when_refused_then_says_why_beside_the_field_and_keeps_what_was_typed(
    world: World, keeper: Client, confirm: bool
) -> None:
    area = world.grids[0]

    answer = send(keeper, area, "recode", confirm=confirm, code="12345", document="某文件")

    assert answer.status_code == 422
    assert 'id="id_code_error"' in text(answer)
    assert 'value="12345"' in text(answer)
    assert "某文件" in text(answer)


def test_change_when_the_day_is_none_or_too_early_then_refused(world: World, keeper: Client) -> None:
    assert "year-month-day" in text(send(keeper, world.grids[0], "rename", name="x", on="soon"))
    early = send(keeper, world.grids[0], "rename", name="x", on="2020-01-01")
    assert early.status_code == 422
    assert "No areas" not in text(early)


def test_recode_when_shown_then_every_code_that_follows(world: World, keeper: Client) -> None:
    answer = send(keeper, world.communities[0], "recode", code="990803001009", below="on")

    for code in ("990803001009", "990803001009001", "990803001009002"):
        assert f"<strong>{code}</strong>" in text(answer)
    one = send(keeper, world.communities[0], "recode", code="990803001009")
    assert "990803001009001" not in text(one)


def test_move_when_confirmed_then_under_the_other_manager(world: World, keeper: Client) -> None:
    grid, other = world.grids[0], world.communities[1]

    assert str(other.id) in text(keeper.get(f"{BASE}{grid.id}/move/"))
    assert send(keeper, grid, "move", confirm=True, manager=str(other.id)).status_code == 302

    known = queries.territory().area(grid.id)
    assert (known.management_parent_id, known.statistical_parent_id) == (other.id, world.communities[0].id)
    wider = send(keeper, grid, "move", confirm=True, manager=str(world.communities[3].id))
    assert wider.status_code == 403, "the other town is not this keeper's"


def test_split_when_shown_then_a_picture_and_what_goes_where(world: World, keeper: Client) -> None:
    with frozen_at(MORNING):
        report(world, longitude=117.002, latitude=30.505)
        report(world, longitude=117.008, latitude=30.505)
        report(world, longitude=117.0085, latitude=30.505)
        report(world, longitude=None, latitude=None, area_id=world.grids[0].id)
    line: dict[str, Any] = {"start": "117.005, 30.4", "end": "117.005，30.6"}

    shown = text(send(keeper, world.grids[0], "split", **line))

    assert "<svg" in shown
    assert "<style" not in shown
    for name in ("网格一", "网格二", "990803001001003", "990803001001004"):
        assert name in shown
    assert "Without a point on the map: 0 households, 1 open cases" in shown
    assert '<td class="figure">2</td>' in shown

    made = send(
        keeper, world.grids[0], "split", confirm=True, **line, **{"part-1-name": "西网格", "part-2-name": "东网格"}
    )
    assert made["Location"] == f"{BASE}{world.communities[0].id}/"
    found = queries.territory().locate(117.002, 30.505)
    assert found is not None
    assert found.name == "西网格"


def test_split_when_drawn_as_polygons_in_a_file_then_taken_with_their_names(world: World, keeper: Client) -> None:
    rows = [
        {"type": "Feature", "properties": {"name": f"第{n}格"}, "geometry": box(117.0 + n * 0.005, 30.5, 0.005)}
        for n in (0, 1)
    ]
    file = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": rows}).encode())
    file.name = "parts.geojson"

    shown = text(send(keeper, world.grids[0], "split", file=file))

    assert "第0格" in shown
    assert "FeatureCollection" in shown, "the file's text is in its field, so that confirming sends it again"


def test_split_when_it_does_not_tile_then_where_and_how_much(world: World, keeper: Client) -> None:
    rows = [box(117.0, 30.5, 0.004), box(117.005, 30.5, 0.005)]
    drawn = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": {}, "geometry": row} for row in rows],
        }
    )

    answer = send(keeper, world.grids[0], "split", confirm=True, geometry=drawn)

    assert answer.status_code == 422
    assert "Where it does not fit" in text(answer)
    assert "117.00450" in text(answer)
    assert lines() == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Give two points"),
        ({"start": "30.5, 117.0", "end": "117.0, 30.5"}, "exchanged"),
        ({"start": "here", "end": "117.0, 30.5"}, "Give longitude and latitude"),
        ({"geometry": "{}"}, "no GeoJSON"),
        ({"geometry": '{"type": "FeatureCollection", "features": []}'}, "no polygon"),
        ({"geometry": '{"type": "Point", "coordinates": [117, 30]}'}, "no GeoJSON"),
        ({"start": "110, 20", "end": "110, 21"}, "does not cut"),
    ],
)
def test_split_when_it_is_not_said_how_then_refused_in_words(
    world: World, keeper: Client, fields: dict[str, Any], told: str
) -> None:
    answer = send(keeper, world.grids[0], "split", **fields)

    assert answer.status_code == 422
    assert told in text(answer)


def test_merge_when_confirmed_then_the_new_area_is_shown(world: World, keeper: Client) -> None:
    one, two = world.grids[0], world.grids[1]
    fields: dict[str, Any] = {"areas": [str(two.id)], "name": "大网格", "code": ""}

    shown = text(send(keeper, one, "merge", **fields))
    assert "990803001001003" in shown
    assert shown.count("ends</span>") == 2

    made = send(keeper, one, "merge", confirm=True, **fields)
    [area] = [each for each in queries.territory().areas.values() if each.name == "大网格"]
    assert made["Location"] == f"{BASE}{area.id}/"


def test_merge_of_tomorrow_when_confirmed_then_the_area_of_today_is_shown(world: World, keeper: Client) -> None:
    fields: dict[str, Any] = {"areas": [str(world.grids[1].id)], "name": "大网格", "on": str(TODAY + timedelta(days=1))}

    assert "It takes effect by itself on" in text(send(keeper, world.grids[0], "merge", **fields))
    made = send(keeper, world.grids[0], "merge", confirm=True, **fields)

    assert made["Location"] == f"{BASE}{world.grids[0].id}/"


def test_redraw_when_two_neighbours_are_named_by_code_then_both_change(world: World, keeper: Client) -> None:
    shapes = {world.grids[0]: box(117, 30.5, 0.006), world.grids[1]: box(117.006, 30.5, 0.014)}
    drawn = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"code": area.code}, "geometry": shape}
                for area, shape in shapes.items()
            ],
        }
    )

    assert send(keeper, world.grids[0], "redraw", geometry=drawn).status_code == 200
    assert send(keeper, world.grids[0], "redraw", confirm=True, geometry=drawn).status_code == 302
    assert queries.territory().locate(117.008, 30.505) == world.grids[1]


def test_area_when_opened_below_and_closed_again_then_both_are_shown_first(world: World, keeper: Client) -> None:
    community = world.communities[0]
    fields: dict[str, Any] = {
        "kind": "special",
        "name": "商场",
        "geometry": json.dumps(box(117.001, 30.501, 0.002, 0.002)),
    }
    yesterday = str(TODAY - timedelta(days=1))

    assert f"{community.code}999" in text(send(keeper, community, "open", **fields, on=yesterday))
    assert send(keeper, community, "open", confirm=True, **fields, on=yesterday).status_code == 302
    special = queries.territory().special_at(117.002, 30.502)
    assert special is not None
    assert "ends</span>" in text(send(keeper, special, "close"))
    closed = send(keeper, special, "close", confirm=True)
    assert closed["Location"] == f"{BASE}{community.id}/"
    refused = send(keeper, world.grids[0], "close", confirm=True)
    assert refused.status_code == 422


@pytest.mark.parametrize("name", ["rename", "recode", "move", "redraw", "split", "merge", "open", "close"])
def test_form_when_opened_then_shows_the_ground_and_asks_for_a_day(world: World, keeper: Client, name: str) -> None:
    with frozen_at(MORNING):
        answer = keeper.get(f"{BASE}{world.grids[0].id}/{name}/")

    assert answer.status_code == 200
    assert f'value="{TODAY}"' in text(answer)
    assert "The ground as it is" in text(answer)


@pytest.mark.parametrize("name", ["rename", "recode", "move", "redraw", "split", "merge", "open", "close"])
def test_form_when_of_another_town_then_refused_and_nothing_written(world: World, keeper: Client, name: str) -> None:
    before = lines()

    assert keeper.get(f"{BASE}{world.grids[7].id}/{name}/").status_code == 403
    assert send(keeper, world.grids[7], name, confirm=True, name="x").status_code == 403
    assert lines() == before


CSV = "990803001,第1街道\n990803002,第2街道\n990803300,西乡\n"


def test_edition_when_sent_then_shown_first_and_the_file_is_not_asked_for_twice(world: World) -> None:
    with frozen_at(MORNING - timedelta(days=2)):
        give_role("surveyor", "surveyor", world.district)
    keeper = browser("surveyor", "en")
    file = io.BytesIO(CSV.encode())
    file.name = "core.csv"
    with frozen_at(MORNING):
        shown = keeper.post(f"{BASE}editions/", {"file": file, "is_complete": "on"})
        assert "西乡" in text(shown)
        assert "西乡" not in {area.name for area in Area.objects.all()}
        kept = shown.context["kept"]
        made = keeper.post(f"{BASE}editions/", {"kept": kept, "is_complete": "on", "confirm": "1"})
        queries.forget()
        again = keeper.post(f"{BASE}editions/", {"kept": kept, "is_complete": "on"})
    queries.forget()

    assert made["Location"] == f"{BASE}history/"
    assert "西乡" in {area.name for area in Area.objects.all()}
    assert "Nothing changes" in text(again)


def test_edition_when_there_is_no_file_or_it_was_tampered_with_or_is_none_then_refused(
    world: World, keeper: Client
) -> None:
    broken = io.BytesIO(b"\x00\xff\xfe")
    broken.name = "x.csv"
    with frozen_at(MORNING):
        answers = [keeper.post(f"{BASE}editions/", each) for each in ({}, {"kept": "x:y:z"}, {"file": broken})]

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert "Choose a file" in text(answers[0])


def test_edition_when_it_reaches_beyond_ones_own_areas_then_refused(world: World, keeper: Client) -> None:
    file = io.BytesIO(CSV.encode())
    file.name = "core.csv"
    with frozen_at(MORNING):
        kept = keeper.post(f"{BASE}editions/", {"file": file}).context["kept"]
        answer = keeper.post(f"{BASE}editions/", {"kept": kept, "confirm": "1"})

    assert answer.status_code == 403
