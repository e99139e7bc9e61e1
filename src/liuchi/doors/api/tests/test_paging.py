"""Pages: so many rows, the next address begins behind the last one seen, whatever came or went."""

import pytest
from django.test import Client

from liuchi.doors.api.tests.asking import read, system
from liuchi.engines.cases.testing import World, closed, report

LISTS = ["/areas", "/classes", "/conditions", "/organisations", "/cases", "/cases/{}/moves", "/cases/{}/clocks"]
LISTS += ["/cases/{}/lines"]


@pytest.mark.parametrize("path", LISTS)
def test_list_when_read_in_pages_of_one_then_is_the_list(world: World, path: str) -> None:
    desk, case = system(world, "desk"), closed(world)
    for _count in range(2):
        report(world)
    address = path.format(case.number)
    whole = read(desk, address)

    rows, at = [], f"{address}?limit=1"
    while at:
        page = desk.get(f"/api/v1{at}")
        assert page.status_code == 200
        rows += page.json()["items"]
        at = (page.json()["next"] or "").removeprefix("/api/v1")

    assert len(rows) > 1
    assert (rows, whole["next"]) == (whole["items"], None)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "after=7", "after=W10", "after=%E7%A7%92", "fields=x"]
)
def test_page_when_asked_for_what_is_none_then_refused(world: World, query: str) -> None:
    desk = system(world, "desk")

    assert read(desk, f"/classes?{query}", 422)["code"] in {"invalid", "bad_cursor", "unknown_field"}


def test_units_when_looked_for_then_are_found_by_area_kind_and_name(world: World) -> None:
    desk = system(world, "desk")
    rows = read(desk, f"/organisations?kind=town&below={world.district.id}&fields=code")["items"]

    assert [row["code"] for row in rows] == ["town-1", "town-2"]
    assert [row["code"] for row in read(desk, "/organisations?q=供水&fields=code")["items"]] == ["water"]
    assert read(desk, f"/organisations?below={world.communities[0].id}")["items"] == []


def test_unit_when_read_then_says_what_stands_above_it_and_what_it_does(world: World) -> None:
    desk = system(world, "desk")
    address = f"/organisations/{world.water.id}"

    assert read(desk, f"{address}?fields=name,serves") == {"name": world.water.name, "serves": []}
    (duty,) = read(desk, f"{address}/duties")["items"]
    assert (duty["role"], duty["matters"]) == ("lead", ["component-0101"])
    assert read(desk, f"/organisations/{world.district.id}", 404)["code"] == "not_found"


def test_matter_when_asked_about_at_a_place_then_tells_who_leads_and_assists(world: World) -> None:
    desk: Client = system(world, "desk")

    found = read(desk, f"/duties/at?matter=component-0101&area={world.grids[0].id}")

    assert [(row["role"], row["name"]) for row in found["holders"]] == [
        ("lead", "大观区供水服务中心"),
        ("assist", "第一街道办事处"),
    ]
    assert found["taken_back"] == []
    assert read(desk, f"/duties/at?matter=component-0101&area={world.water.id}", 404)["code"] == "not_found"
