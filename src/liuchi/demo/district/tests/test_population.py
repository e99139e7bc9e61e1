from collections import Counter
from itertools import islice

import pytest

from liuchi.demo.district.estate import households
from liuchi.demo.district.map import district_map
from liuchi.demo.district.people import residents, staff
from liuchi.demo.district.population import HOUSEHOLDS, PEOPLE, SIZES, TODAY, Family, families, yards
from liuchi.ground.people.identity import age_on, parse_identity


@pytest.fixture(scope="module")
def everybody() -> list[Family]:
    return list(families())


def test_district_when_counted_with_the_small_demo_then_is_180_000_people_in_70_000_households_of_274_grids(
    everybody: list[Family],
) -> None:
    sizes = Counter(len(family.members) for family in everybody)
    estate = households()

    assert HOUSEHOLDS + len(estate) == 70_000
    assert PEOPLE + len(residents()) + sum(len(home.members) for home in estate) == 180_000
    assert sizes == SIZES
    assert len({family.home.grid_code for family in everybody}) == len(district_map().of_kind("grid")) == 274


def test_district_when_made_twice_then_is_the_same(everybody: list[Family]) -> None:
    assert list(islice(families(), 2_000)) == everybody[:2_000]


def test_district_when_made_in_parts_then_is_the_same_people(everybody: list[Family]) -> None:
    parts = [family for part in range(3) for family in families(part, 3)]

    assert sorted(parts, key=lambda family: family.number) == sorted(everybody, key=lambda family: family.number)


def test_identity_numbers_when_given_then_none_twice_none_of_staff_and_none_that_could_be_real(
    everybody: list[Family],
) -> None:
    numbers = [member.identity for family in everybody for member in family.members]

    assert len(set(numbers)) == len(numbers)
    assert not set(numbers) & ({each.identity for each in staff()} | {each.identity for each in residents()})
    assert not set(numbers) & {member.identity for home in households() for member in home.members}
    assert all(number.startswith("990803") for number in numbers)
    for number in numbers[::97]:
        assert 0 <= age_on(parse_identity(number).born_on, TODAY) <= 105  # type: ignore[arg-type]


def test_phones_when_given_then_each_once_and_inside_the_fictitious_block(everybody: list[Family]) -> None:
    phones = [member.phone for family in everybody for member in family.members if member.phone]

    assert len(set(phones)) == len(phones) == 5_998
    assert not set(phones) & ({each.phone for each in staff()} | {each.phone for each in residents()})
    assert not set(phones) & {member.phone for home in households() for member in home.members}
    assert all(phone.startswith("1990000") and len(phone) == 11 for phone in phones)


def test_homes_when_given_then_each_family_has_one_of_its_grid_and_no_two_share(everybody: list[Family]) -> None:
    homes = [family.home for family in everybody]

    assert len(set(homes)) == len(homes)
    assert {home for yard in yards() for home in yard.homes} >= set(homes)
    assert len({family.number for family in everybody}) == len(everybody)


def test_households_when_looked_at_then_each_has_one_head_who_stands_first(everybody: list[Family]) -> None:
    assert all(
        [member.relation for member in family.members].count("head") == 1 and family.members[0].relation == "head"
        for family in everybody
    )


def test_yards_when_named_then_no_two_share_a_name_or_code() -> None:
    assert len({yard.name for yard in yards()}) == len({yard.code for yard in yards()}) == 274
