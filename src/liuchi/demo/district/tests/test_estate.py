from collections import Counter

from shapely import Point
from shapely.geometry import shape

from liuchi.demo.district.estate import COMMUNITY, PHASES, PLATFORM, households, houses
from liuchi.demo.district.map import district_map
from liuchi.demo.district.people import IDENTITY_AREA, residents, staff
from liuchi.ground.people.identity import parse_identity
from liuchi.ground.people.models import Relation


def test_estate_when_counted_then_it_is_the_estate_of_the_report() -> None:
    assert [len(phase.buildings) for phase in PHASES] == [9, 8, 8]
    assert len(houses()) == 25
    assert sum(len(house.homes) for house in houses()) == 1_001
    assert len(households()) == 1_001
    assert sum(len(home.members) for home in households()) == 3_150


def test_estate_when_looked_at_then_shops_stand_below_homes_and_a_platform_over_them() -> None:
    for house in houses():
        uses = Counter(room.use for room in house.rooms)
        assert (PLATFORM in house.facilities) is (uses["shop"] > 0)
        assert {room.floor for room in house.rooms if room.use == "shop"} <= {1}
        assert min(room.floor for room in house.homes) == 2
        assert len({(room.unit, room.floor, room.room) for room in house.rooms}) == len(house.rooms)


def test_buildings_when_placed_then_each_stands_in_its_grid_and_apart_from_the_others() -> None:
    polygons = {grid.code: shape(grid.polygon) for grid in district_map().children(COMMUNITY)}

    assert all(polygons[house.grid_code].contains(Point(house.longitude, house.latitude)) for house in houses())
    assert len({(house.longitude, house.latitude) for house in houses()}) == 25
    assert {house.grid_code[-1] for house in houses()} == {"1", "2", "3"}


def test_neighbours_when_looked_at_then_all_are_fictitious_and_nobody_stands_twice() -> None:
    everybody = [member for home in households() for member in home.members]
    numbers = [each.identity for each in everybody]
    phones = [each.phone for each in everybody if each.phone]

    assert all(parse_identity(number).number.startswith(IDENTITY_AREA) for number in numbers)
    assert len({*numbers}) == len(numbers) == len({each.id for each in everybody})
    assert not {*numbers} & ({each.identity for each in staff()} | {each.identity for each in residents()})
    assert all(phone.startswith("1990000") and len(phone) == 11 for phone in phones)
    assert len({*phones}) == len(phones) == 1_001
    assert not {*phones} & ({each.phone for each in staff()} | {each.phone for each in residents()})


def test_households_when_looked_at_then_one_head_leads_and_children_are_younger() -> None:
    for home in households():
        relations = [member.relation for member in home.members]
        assert relations[0] == "head"
        assert relations.count("head") == 1
        assert {*relations} <= set(Relation.values)
        born = {member.relation: member.identity[6:14] for member in home.members}
        assert born.get("child", born["head"]) >= born["head"]


def test_estate_when_made_again_then_it_is_the_same() -> None:
    first = households()
    households.cache_clear()

    assert households() == first
