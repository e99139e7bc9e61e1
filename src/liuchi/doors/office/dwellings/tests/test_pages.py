"""The register of dwellings at the desk: what is shown to whom, and what can be written."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liuchi.doors.office.dwellings.tests.conftest import Homes
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, SINCE
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.actions.dwellings import NewEstate, import_estates
from liuchi.ground.territory.models import Building, Dwelling, Estate


@pytest.fixture(autouse=True)
def _this_morning() -> Iterator[None]:
    with frozen_at(MORNING):
        yield


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def _post(client: Client, path: str, **values: object) -> Any:
    return client.post(path, {key: str(value) for key, value in values.items()}, follow=True)


def test_estates_when_listed_then_each_tells_what_stands_in_it_and_who_lives_there(homes: Homes) -> None:
    page = browser("registrar", "en").get("/office/dwellings/")

    (row,) = page.context["rows"]
    assert (row.listed.buildings, row.listed.dwellings, row.lives.households, row.lives.people) == (1, 9, 1, 2)
    assert "某小区" in _text(page)
    for query, is_found in (
        ("?q=某", True),
        ("?q=无", False),
        ("?kind=hamlet", False),
        ("?kind=estate", True),
        (f"?area={homes.world.communities[0].id}", True),
        (f"?area={homes.world.communities[1].id}", False),
        ("?area=nonsense&after=%00", True),
    ):
        found = browser("registrar", "en").get(f"/office/dwellings/{query}")
        assert ("某小区" in _text(found)) is is_found, query


def test_list_when_it_has_one_or_three_rows_then_it_asks_as_often(homes: Homes) -> None:
    client, asked, community = browser("surveyor"), [], homes.world.communities[0].id
    for number in (1, 3):
        estates = [NewEstate(f"Y{n}", f"第{n}小区", community) for n in range(1, number)]
        import_estates(by=SETUP, estates=estates, valid_from=SINCE)
        client.get("/office/dwellings/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/office/dwellings/")
        asked.append((len(page.context["rows"]), len(queries)))

    (one, first), (three, second) = asked
    assert (one, three, second) == (1, 3, first)


def test_building_when_opened_then_every_room_stands_in_its_place(homes: Homes) -> None:
    page = browser("registrar", "en").get(f"/office/dwellings/buildings/{homes.building.id}/")

    picture = page.context["picture"]
    assert [(unit.number, unit.width) for unit in picture.units] == [("1", 2), ("2", 2)]
    assert [
        (floor.label, [cell.room.room for cell in floor.cells], [cell.room.room for cell in floor.loose])
        for floor in picture.floors
    ] == [
        ("3", ["301", "302", "301", "302"], []),
        ("2", ["201", "202", "201", "202"], []),
        ("1", [], ["1号门面"]),
    ]
    looks = {(cell.room.unit, cell.room.room): cell.look for floor in picture.floors for cell in floor.cells}
    assert (looks["1", "301"], looks["2", "301"], picture.floors[-1].loose[0].look) == ("lived", "vacant", "other")
    assert "2 people" in _text(page)


def test_room_when_opened_then_names_are_masked_and_only_for_who_may_see_people(homes: Homes) -> None:
    path = f"/office/dwellings/rooms/{homes.room.id}/"
    seen, hidden = (browser(name, "en").get(path) for name in ("registrar", "surveyor"))

    assert "H-001" in _text(seen)
    assert "欧*" in _text(seen)
    assert "欧阳" not in seen.content.decode()
    assert "某小区一期1栋1单元301室" in _text(seen)
    assert "1 households, 2 people" in _text(hidden)
    assert "H-001" not in _text(hidden)
    assert "欧" not in hidden.content.decode()


def test_pages_when_somebody_elses_then_not_found(homes: Homes) -> None:
    paths = [
        f"/office/dwellings/{homes.estate.id}/",
        f"/office/dwellings/buildings/{homes.building.id}/",
        f"/office/dwellings/rooms/{homes.room.id}/",
    ]

    for name, status in (("registrar", 200), ("far-registrar", 404), ("worker", 404), ("desk", 403)):
        assert [browser(name).get(path).status_code for path in paths] == [status] * 3, name
    assert browser("far-registrar", "en").get("/office/dwellings/").context["rows"] == []
    assert browser("worker").post(f"/office/dwellings/{homes.estate.id}/end/", {"on": "2024-09-12"}).status_code == 403


def test_estate_when_registered_at_the_desk_then_a_building_with_all_its_rooms_follows_in_one_step(
    homes: Homes,
) -> None:
    client, community = browser("registrar", "en"), homes.world.communities[0]

    page = _post(
        client, "/office/dwellings/new/", community=community.id, name="新村", kind="compound", street_address=""
    )
    estate = Estate.objects.get(name="新村")
    assert page.redirect_chain[-1][0] == f"/office/dwellings/{estate.id}/"
    assert (estate.code, estate.kind) == (f"{community.code}-001", "compound")
    page = _post(
        client,
        f"/office/dwellings/{estate.id}/building/",
        phase="",
        number="3",
        units=2,
        first_floor=2,
        last_floor=4,
        rooms=2,
        shops=3,
        facilities="电梯，二楼平台",
        position="117.010401, 30.502674",
        system="gcj02",
    )

    assert "3栋 is registered with 15 rooms." in _text(page)
    building = Building.objects.get(estate=estate)
    assert building.facilities == ["电梯", "二楼平台"]
    assert building.area == homes.world.grids[0]
    assert (round(building.longitude or 0, 3), round(building.latitude or 0, 3)) == (117.005, 30.505)
    assert Dwelling.objects.filter(building=building, use="shop").count() == 3
    assert Dwelling.objects.filter(building=building, unit="2", floor=4, room="402").exists()


def test_forms_when_something_is_wrong_then_they_say_so_and_keep_what_was_typed(homes: Homes) -> None:
    client = browser("registrar", "en")
    estate, building, room = (
        f"/office/dwellings/{homes.estate.id}/",
        f"/office/dwellings/buildings/{homes.building.id}/",
        f"/office/dwellings/rooms/{homes.room.id}/",
    )
    house = {"number": "8", "units": 1, "first_floor": 5, "last_floor": 4, "rooms": 2, "shops": 0}
    for path, values, status, said in (
        (f"{estate}building/", house, 422, "The last floor lies below the first one."),
        (f"{estate}building/", {**house, "first_floor": 1, "position": "x"}, 422, "Give longitude and latitude"),
        (f"{estate}building/", {**house, "first_floor": 1, "position": "117.025,30.505"}, 409, "outside the community"),
        (f"{estate}change/", {"name": "", "kind": "estate"}, 422, "Please fill this in."),
        (f"{estate}end/", {"on": "2024-01-01"}, 409, "give a later day"),
        (f"{building}room/", {"unit": "1", "floor": 0, "room": "9", "use": "home"}, 409, "there is no floor 0"),
        (f"{building}change/", {"facilities": "台" * 30}, 409, "at most 20 characters"),
        (f"{building}end/", {"on": ""}, 422, "required"),
        (f"{room}change/", {"use": "home", "floor_area_m2": "-1"}, 422, "greater than or equal"),
        (f"{room}end/", {"on": "2023-01-01"}, 409, "give a later day"),
    ):
        answer = client.post(path, {key: str(value) for key, value in values.items()})
        assert (answer.status_code, said in _text(answer)) == (status, True), (path, values)
    assert 'value="8"' in client.post(f"{estate}building/", {**house, "first_floor": 9}).content.decode()
    assert client.post(f"{estate}nonsense/").status_code == 404
    assert client.post(f"{building}nonsense/").status_code == 404
    assert client.post(f"{room}nonsense/").status_code == 404
    assert client.post("/office/dwellings/new/", {"name": "x"}).status_code == 422


def test_estate_when_sent_twice_then_registered_once(homes: Homes) -> None:
    client, community = browser("registrar", "en"), homes.estate.community
    sent = {"community": community.id, "name": "新村", "kind": "compound", "street_address": ""}

    answers = [client.post("/office/dwellings/new/", sent) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 422]
    assert "registered in this community already" in answers[1].content.decode()
    assert Estate.objects.filter(name="新村").count() == 1


def test_facts_when_corrected_and_ended_at_the_desk_then_one_line_each_tells_it(homes: Homes) -> None:
    client = browser("registrar", "en")
    building, room = f"/office/dwellings/buildings/{homes.building.id}/", f"/office/dwellings/rooms/{homes.room.id}/"

    _post(client, f"/office/dwellings/{homes.estate.id}/change/", name="某新村", kind="estate", street_address="x")
    _post(client, f"{building}room/", unit="2", floor=4, room="401", use="home", floor_area_m2="88.5")
    _post(client, f"{building}change/", facilities="电梯")
    _post(client, f"{room}change/", use="office", floor_area_m2="90")
    page = _post(client, f"{room}end/", on="2024-09-12")

    assert "The room has ended, but people are still registered in it." in _text(page)
    assert [line.kind for line in Line.objects.filter(kind__startswith="territory.").order_by("id")][-5:] == [
        "territory.estate_changed",
        "territory.dwellings_imported",
        "territory.building_changed",
        "territory.dwelling_changed",
        "territory.dwellings_retired",
    ]
    homes.building.refresh_from_db()
    assert (homes.building.facilities, homes.building.area) == (["电梯"], homes.world.grids[0])
    page = _post(client, f"{building}end/", on="2024-09-12")
    assert "1栋 has ended" in _text(page)
    page = _post(client, f"/office/dwellings/{homes.estate.id}/end/", on="2024-09-12")
    assert page.context["rows"] == []


def test_sheets_when_exported_then_the_list_of_estates_is_free_and_who_lives_where_asks_what_for(homes: Homes) -> None:
    client = browser("registrar")
    listed = client.get("/office/dwellings/?format=csv")
    content = b"".join(listed.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "某小区" in content

    question = client.get(f"/office/dwellings/{homes.estate.id}/?format=csv")
    assert question.templates[0].name == "ui/export.html"
    assert browser("worker").get(f"/office/dwellings/{homes.estate.id}/?format=csv").status_code == 404
