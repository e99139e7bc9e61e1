from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions.dwelling_changes import (
    RetiredTooEarly,
    change_building,
    change_dwelling,
    change_estate,
    retire_building,
    retire_dwelling,
    retire_estate,
)
from liuchi.ground.territory.actions.dwellings import (
    ImportedDwellings,
    NewBuilding,
    NewDwelling,
    NewEstate,
    import_estates,
)
from liuchi.ground.territory.dwellings import (
    EstateFilters,
    address_of,
    building_for,
    buildings_in,
    dwelling_for,
    dwellings_in,
    estate_for,
    estate_page,
    every_estate,
    find_dwelling,
    uses_by_building,
)
from liuchi.ground.territory.housing import DwellingsRefused
from liuchi.ground.territory.models import Area, Building, Dwelling, Estate
from liuchi.ground.territory.testing import SINCE, Clerk, small_territory

BY = System("tests")
POWERS = frozenset({"dwellings.see", "dwellings.manage"})
ROOMS = (
    NewDwelling("302", 3, "2单元"),
    NewDwelling("301室", 3, "2", floor_area_m2=Decimal("88.50")),
    NewDwelling("101", 1, "1", use="shop"),
    NewDwelling("B01", -1, "1", use="store"),
)
TEN = NewBuilding("10", "一期", longitude=117.005, latitude=30.505, facilities=("二楼平台", "电梯", "二楼平台"))
TWO = NewBuilding("2栋", "一期", longitude=117.015, latitude=30.505, dwellings=ROOMS)


@pytest.fixture
def areas(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Area]:
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    made = small_territory()
    queries.territory()
    return made


def _estate(areas: dict[str, Area], code: str = "GN", **values: object) -> NewEstate:
    given = {"name": "工农小区", "buildings": (TEN, TWO), **values}
    return NewEstate(code, community_id=areas["990803001001"].id, **given)  # type: ignore[arg-type]


def _import(*estates: NewEstate) -> ImportedDwellings:
    return import_estates(by=BY, estates=estates, valid_from=SINCE)


def _clerk(areas: dict[str, Area], code: str) -> Clerk:
    return Clerk(POWERS, areas[code].id)


def test_estate_when_imported_then_its_buildings_stand_in_the_grids_that_hold_them(areas: dict[str, Area]) -> None:
    assert _import(_estate(areas)) == ImportedDwellings(1, 2, 4)

    viewer = _clerk(areas, "990803")
    (listed,) = estate_page(viewer, EstateFilters()).rows
    assert (listed.estate.name, listed.buildings, listed.dwellings) == ("工农小区", 2, 4)
    two, ten = buildings_in(viewer, listed.estate.id)
    assert (str(two), two.area.code, two.facilities) == ("一期2栋", "990803001001002", [])
    assert (str(ten), ten.area.code, ten.facilities) == ("一期10栋", "990803001001001", ["二楼平台", "电梯"])
    rooms = list(dwellings_in(viewer, building_id=two.id))
    assert [(room.unit, room.floor, room.room, room.use) for room in rooms] == [
        ("1", -1, "B01", "store"),
        ("1", 1, "101", "shop"),
        ("2", 3, "301", "home"),
        ("2", 3, "302", "home"),
    ]
    assert [address_of(room) for room in rooms[2:]] == ["工农小区一期2栋2单元301室", "工农小区一期2栋2单元302室"]
    assert rooms[2].floor_area_m2 == Decimal("88.50")
    assert uses_by_building(viewer, [two.id, ten.id]) == {two.id: {"home": 2, "shop": 1, "store": 1}}
    line = Line.objects.get(kind="territory.dwellings_imported")
    assert line.data == {"estates": 1, "buildings": 2, "dwellings": 4}
    assert line.place_id == areas["990803001001"].id


def test_estate_when_imported_again_then_only_what_is_new_comes_in(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    lines = Line.objects.count()

    assert _import(_estate(areas), _estate(areas, code=" gn ")) == ImportedDwellings()
    assert Line.objects.count() == lines
    more = replace(TWO, number=" ２ ", dwellings=(*ROOMS, NewDwelling("303", 3, "2"), NewDwelling("303室", 3, "2单元")))
    assert _import(_estate(areas, buildings=(more,))) == ImportedDwellings(0, 0, 1)
    assert Line.objects.count() == lines + 1


def test_building_when_its_area_is_given_or_nothing_is_known_then_that_or_the_community_counts(
    areas: dict[str, Area],
) -> None:
    grid = areas["990803001001002"]
    buildings = (NewBuilding("1", area_id=grid.id), NewBuilding("2"), NewBuilding("3", longitude=100, latitude=30.5))

    _import(_estate(areas, buildings=buildings))

    found = Building.objects.order_by("number").values_list("area__code", flat=True)
    assert list(found) == [grid.code, "990803001001", "990803001001"]


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "no code": ({"code": " "}, "fill this in"),
    "no name": ({"name": ""}, "fill this in"),
    "kind": ({"kind": "castle"}, "castle is not one of"),
    "no number": ({"buildings": (NewBuilding(" "),)}, "fill this in"),
    "half a position": ({"buildings": (NewBuilding("1", longitude=117.0),)}, "a longitude and a latitude"),
    "no degrees": ({"buildings": (NewBuilding("1", longitude=30.5, latitude=117.0),)}, "not degrees"),
    "another community": ({"buildings": (NewBuilding("1", longitude=117.005, latitude=30.515),)}, "outside the comm"),
    "long facility": ({"buildings": (NewBuilding("1", facilities=("台" * 21,)),)}, "at most 20"),
    "no room": ({"buildings": (NewBuilding("1", dwellings=(NewDwelling("室", 1),)),)}, "fill this in"),
    "floor 0": ({"buildings": (NewBuilding("1", dwellings=(NewDwelling("1", 0),)),)}, "no floor 0"),
    "use": ({"buildings": (NewBuilding("1", dwellings=(NewDwelling("1", 1, use="moat"),)),)}, "moat is not one of"),
}


@pytest.mark.parametrize(("values", "why"), REFUSED.values(), ids=REFUSED)
def test_estate_when_something_cannot_be_then_the_whole_list_is_refused(
    areas: dict[str, Area], values: dict[str, object], why: str
) -> None:
    with pytest.raises(DwellingsRefused, match=why):
        _import(_estate(areas, code="OK"), _estate(areas, **values))  # type: ignore[arg-type]

    assert Estate.objects.count() == 0


def test_estates_when_somebody_elses_community_is_among_them_then_nothing_is_taken_in(areas: dict[str, Area]) -> None:
    clerk = _clerk(areas, "990803001001")
    theirs = replace(_estate(areas, code="X", buildings=()), community_id=areas["990803002001"].id)

    with pytest.raises(NotAllowed):
        import_estates(by=clerk, estates=[_estate(areas), theirs], valid_from=SINCE)
    assert Estate.objects.count() == 0
    assert import_estates(by=clerk, estates=[_estate(areas)], valid_from=SINCE).dwellings == 4


def test_register_when_somebody_else_looks_then_they_see_their_own_area_only(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    estate = Estate.objects.get()
    two = Building.objects.get(number="2栋")
    room = Dwelling.objects.filter(building=two).first()
    assert room is not None
    worker, other = _clerk(areas, "990803001001001"), _clerk(areas, "990803002")
    nobody = Clerk(frozenset(), areas["990803"].id)

    assert [row.number for row in buildings_in(worker, estate.id)] == ["10栋"]
    assert [(row.buildings, row.dwellings) for row in estate_page(worker, EstateFilters()).rows] == [(1, 0)]
    assert estate_for(worker, estate.id) == estate
    for stranger in (other, nobody):
        assert estate_page(stranger, EstateFilters()).rows == []
        assert list(buildings_in(stranger, estate.id)) == []
        assert list(dwellings_in(stranger, estate_id=estate.id)) == []
        assert uses_by_building(stranger, [two.id]) == {}
        assert find_dwelling(stranger, two.id, "2", "301") is None
        asks: list[Callable[[], object]] = [
            partial(estate_for, stranger, estate.id),
            partial(building_for, stranger, two.id),
            partial(dwelling_for, stranger, room.id),
        ]
        for ask in asks:
            with pytest.raises(NotFound):
                ask()
    seer = _clerk(areas, "990803001001")
    assert (building_for(seer, two.id), dwelling_for(seer, room.id)) == (two, room)
    found = find_dwelling(seer, two.id, "2单元", "301室")
    assert found is not None
    assert found.room == "301"


def test_list_when_narrowed_and_paged_then_each_estate_stands_on_one_page(areas: dict[str, Area]) -> None:
    far = areas["990803002001"].id
    _import(*(_estate(areas, code=f"E{n}", name=f"第{n}小区", buildings=(TEN,)) for n in range(5)))
    _import(replace(_estate(areas, code="S1", name="集贤路", kind="street", buildings=()), community_id=far))
    viewer = _clerk(areas, "990803")

    def codes(**values: object) -> list[str]:
        return [row.estate.code for row in every_estate(viewer, EstateFilters(**values))]  # type: ignore[arg-type]

    first = estate_page(viewer, EstateFilters(), 4)
    second = estate_page(viewer, EstateFilters(after=first.next_key), 4)
    assert [row.estate.code for row in (*first.rows, *second.rows)] == ["E0", "E1", "E2", "E3", "E4", "S1"]
    assert (first.next_key, second.next_key) == ("E3", "")
    assert codes(area_id=far) == ["S1"]
    assert codes(area_id=areas["990803001001001"].id) == ["E0", "E1", "E2", "E3", "E4"]
    assert codes(area_id=areas["990803001001002"].id) == []
    assert codes(kind="street") == codes(words="集贤") == codes(words="s1") == ["S1"]


@pytest.mark.parametrize("number", [1, 3])
def test_list_when_it_has_one_or_three_rows_then_it_asks_as_often(
    areas: dict[str, Area], django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    _import(*(_estate(areas, code=f"E{n}") for n in range(number)))
    viewer = _clerk(areas, "990803")

    with django_assert_num_queries(3):
        page = estate_page(viewer, EstateFilters())
    with django_assert_num_queries(1):
        list(dwellings_in(viewer, estate_id=page.rows[0].estate.id))


def test_facts_when_corrected_then_only_what_differs_is_told(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    estate, two, room = Estate.objects.get(), Building.objects.get(number="2栋"), Dwelling.objects.get(room="301")

    renamed = {"name": "工农新村", "kind": "estate", "street_address": "集贤北路1号"}
    used = {"use": "office", "floor_area_m2": room.floor_area_m2}

    for _twice in range(2):
        change_estate(by=BY, estate_id=estate.id, **renamed)
        change_building(by=BY, building_id=two.id, facilities=["充电桩"], longitude=117.005, latitude=30.505)
        change_dwelling(by=BY, dwelling_id=room.id, **used)  # type: ignore[arg-type]

    lines = {line.kind: line.data for line in Line.objects.filter(kind__endswith="_changed")}
    assert lines == {
        "territory.estate_changed": {"fields": ["name", "street_address"]},
        "territory.building_changed": {"fields": ["facilities", "area_id", "longitude"]},
        "territory.dwelling_changed": {"fields": ["use"]},
    }
    assert Line.objects.filter(kind__endswith="_changed").count() == 3
    two.refresh_from_db()
    assert (two.area.code, two.facilities) == ("990803001001001", ["充电桩"])
    with pytest.raises(DwellingsRefused, match="greater than 0"):
        change_dwelling(by=BY, dwelling_id=room.id, use="home", floor_area_m2=Decimal(0))
    with pytest.raises(DwellingsRefused, match="outside the community"):
        change_building(by=BY, building_id=two.id, facilities=[], area_id=areas["990803002001001"].id)


def test_dwelling_when_retired_then_it_stays_in_what_was_before(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    viewer, room, on = _clerk(areas, "990803"), Dwelling.objects.get(room="301"), date(2024, 6, 1)

    with pytest.raises(RetiredTooEarly, match="later day"):
        retire_dwelling(by=BY, dwelling_id=room.id, on=SINCE)
    retire_dwelling(by=BY, dwelling_id=room.id, on=on)

    assert room not in dwellings_in(viewer, building_id=room.building_id)
    assert room not in dwellings_in(viewer, building_id=room.building_id, on=on)
    assert room in dwellings_in(viewer, building_id=room.building_id, on=date(2024, 5, 31))
    assert dwelling_for(viewer, room.id).valid_to == on
    with pytest.raises(NotFound):
        retire_dwelling(by=BY, dwelling_id=room.id, on=on)
    assert _import(_estate(areas)) == ImportedDwellings(0, 0, 1)


def test_building_and_estate_when_retired_then_everything_in_them_ends_with_them(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    estate, two = Estate.objects.get(), Building.objects.get(number="2栋")

    retire_building(by=BY, building_id=two.id, on=date(2024, 6, 1))
    retire_estate(by=BY, estate_id=estate.id, on=date(2024, 7, 1))

    lines = [line.data for line in Line.objects.filter(kind="territory.dwellings_retired").order_by("id")]
    assert lines == [
        {"on": "2024-06-01", "buildings": 0, "dwellings": 4},
        {"on": "2024-07-01", "buildings": 1, "dwellings": 0},
    ]
    assert set(Dwelling.objects.values_list("valid_to", flat=True)) == {date(2024, 6, 1)}
    assert [row.number for row in buildings_in(_clerk(areas, "990803"), estate.id, SINCE)] == ["2栋", "10栋"]
    assert estate_page(_clerk(areas, "990803"), EstateFilters()).rows == []


def _attempts(by: Actor, estate_id: UUID, building_id: UUID, dwelling_id: UUID) -> list[Callable[[], object]]:
    day = date(2024, 6, 1)
    return [
        partial(change_estate, by=by, estate_id=estate_id, name="x", kind="estate", street_address=""),
        partial(change_building, by=by, building_id=building_id, facilities=[]),
        partial(change_dwelling, by=by, dwelling_id=dwelling_id, use="home", floor_area_m2=None),
        partial(retire_estate, by=by, estate_id=estate_id, on=day),
        partial(retire_building, by=by, building_id=building_id, on=day),
        partial(retire_dwelling, by=by, dwelling_id=dwelling_id, on=day),
    ]


def test_change_when_the_power_is_missing_or_there_is_no_such_thing_then_refused(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    known = (Estate.objects.get().id, Building.objects.get(number="2栋").id, Dwelling.objects.get(room="301").id)

    for attempt in _attempts(_clerk(areas, "990803002"), *known):
        with pytest.raises(NotAllowed):
            attempt()
    for attempt in _attempts(BY, uuid4(), uuid4(), uuid4()):
        with pytest.raises(NotFound):
            attempt()
    assert Line.objects.filter(kind__startswith="territory.").exclude(kind__contains="import").count() == 0


def _broken(estate: Estate, two: Building) -> dict[str, Callable[[], object]]:
    facts = {"valid_from": SINCE}
    room = {"building": two, "floor": 1, "sort_key": "x", **facts}
    house = {"estate": estate, "area_id": estate.community_id, "sort_key": "x", **facts}
    place = {"community_id": estate.community_id, **facts}
    early = {"valid_to": SINCE}
    return {
        "estate_code_in_force_once": lambda: Estate.objects.create(code="GN", name="x", **place),
        "estate_has_code_and_name": lambda: Estate.objects.create(code="Y", name="", **place),
        "estate_kind_known": lambda: Estate.objects.create(code="Y", name="x", kind="castle", **place),
        "estate_ends_after_it_begins": lambda: Estate.objects.create(code="Y", name="x", **place, **early),
        "building_in_force_once": lambda: Building.objects.create(phase="一期", number="2栋", **house),
        "building_has_a_number": lambda: Building.objects.create(number="", **house),
        "building_position_whole": lambda: Building.objects.create(number="9", longitude=117.0, **house),
        "building_ends_after_it_begins": lambda: Building.objects.create(number="9", **house, **early),
        "dwelling_in_force_once": lambda: Dwelling.objects.create(unit="1", room="101", **room),
        "dwelling_has_a_room": lambda: Dwelling.objects.create(room="", **room),
        "dwelling_floor_not_zero": lambda: Dwelling.objects.create(room="9", **{**room, "floor": 0}),
        "dwelling_use_known": lambda: Dwelling.objects.create(room="9", use="moat", **room),
        "dwelling_floor_area_positive": lambda: Dwelling.objects.create(room="9", floor_area_m2=0, **room),
        "dwelling_ends_after_it_begins": lambda: Dwelling.objects.create(room="9", **room, **early),
    }


def test_constraints_when_broken_then_the_database_refuses_each(areas: dict[str, Area]) -> None:
    _import(_estate(areas))
    broken = _broken(Estate.objects.get(), Building.objects.get(number="2栋"))
    named = {each.name for model in (Estate, Building, Dwelling) for each in model._meta.constraints}

    assert broken.keys() == named
    for name, attempt in broken.items():
        with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=name), transaction.atomic():
            attempt()
