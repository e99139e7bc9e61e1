from datetime import date

import pytest

from liuchi.demo.estates import load_estate
from liuchi.demo.load import load_territory
from liuchi.ground.journal.models import Line
from liuchi.ground.people.households import lived_in, members_of, occupied_by_building, occupied_by_estate
from liuchi.ground.people.models import Household, HouseholdMember, Person, Residence
from liuchi.ground.territory.dwellings import EstateFilters, buildings_in, estate_page, uses_by_building
from liuchi.ground.territory.models import Area, Dwelling
from liuchi.ground.territory.testing import Clerk

POWERS = frozenset({"dwellings.see", "people.see"})


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    load_territory(lambda _said: None)
    return {area.code: area for area in Area.objects.order_by("code")}


def test_estate_when_loaded_then_buildings_households_and_people_are_those_of_the_report(
    areas: dict[str, Area],
) -> None:
    assert load_estate(areas) == 1_001

    viewer = Clerk(POWERS, areas["340803005001"].id)
    (listed,) = estate_page(viewer, EstateFilters()).rows
    buildings = list(buildings_in(viewer, listed.estate.id))
    homes = sum(uses["home"] for uses in uses_by_building(viewer, [each.id for each in buildings]).values())
    lives = occupied_by_estate(viewer, [listed.estate.id])[listed.estate.id]
    assert (listed.buildings, homes, lives.households, lives.people) == (25, 1_001, 1_001, 3_150)
    by_building = occupied_by_building(viewer, [each.id for each in buildings])
    assert sum(each.households for each in by_building.values()) == 1_001
    assert [str(each) for each in buildings[:2]] == ["一期1栋", "一期2栋"]
    assert str(buildings[-1]) == "三期8栋"
    assert "二楼平台" in buildings[0].facilities
    assert {each.area.code for each in buildings} == {f"34080300500100{number}" for number in (1, 2, 3)}


def test_estate_when_loaded_twice_then_nothing_changes(areas: dict[str, Area]) -> None:
    load_estate(areas)
    counts = [each.objects.count() for each in (Dwelling, Person, Residence, Household, HouseholdMember, Line)]

    assert load_estate(areas) == 0
    assert [each.objects.count() for each in (Dwelling, Person, Residence, Household, HouseholdMember, Line)] == counts


def test_home_when_opened_then_the_family_stands_in_it_and_everybody_lives_there(areas: dict[str, Area]) -> None:
    load_estate(areas)
    viewer = Clerk(POWERS, areas["340803005001"].id)
    room = Dwelling.objects.filter(use="home").order_by("building__sort_key", "sort_key").first()
    assert room is not None

    (lives,) = lived_in(viewer, room.id)
    assert lives.is_here
    assert lives.members[0].relation == "head"
    assert list(members_of(viewer, lives.stay.household_id, date(2024, 1, 1))) == list(lives.members)
    assert {row.person_id for row in Residence.objects.filter(dwelling=room)} == {
        each.person_id for each in lives.members
    }
    assert {each.person.home_id for each in lives.members} == {room.building.area_id}
