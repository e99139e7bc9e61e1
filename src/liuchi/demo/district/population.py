"""A whole district's fictitious people: with those of the small demo 180,000, in 70,000 households of 274 grids.

The same every time. Identity numbers begin with 990803, which is not allotted, and no two are equal; phones lie in the
block 199 0000 xxxx and are given to the heads of the first households only, for the block has 10,000 numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from liuchi.demo.district.estate import FIRST_HEAD_PHONE, households
from liuchi.demo.district.map import Area, district_map
from liuchi.demo.district.people import (
    FIRST_CHARACTERS,
    IDENTITY_AREA,
    SECOND_CHARACTERS,
    SURNAMES,
    residents,
    staff,
)
from liuchi.demo.district.roll import roll
from liuchi.ground.people.identity import check_digit

#: How many households have so many members. With the 600 neighbours and the 1,001 households (3,150 people) of 工农小区
#: that the small demo has already, the district has 180,000 residents in 70,000 households.
SIZES: Final = {1: 15_500, 2: 21_500, 3: 17_746, 4: 8_253, 5: 4_500, 6: 1_500}
HOUSEHOLDS: Final = sum(SIZES.values())
PEOPLE: Final = sum(size * number for size, number in SIZES.items())
#: The day on which the district is looked at: ages are reckoned to it.
TODAY: Final = date(2024, 7, 1)
#: Phones below are those of staff, neighbours and heads of 工农小区.
FIRST_PHONE: Final = FIRST_HEAD_PHONE + 1_002
LAST_PHONE: Final = 9_999
#: What household numbers begin with; those of 工农小区 do not.
NUMBERS_BEGIN: Final = "H"
_YARDS: Final = ("新村", "花园", "家园", "小区", "苑", "里")
_FLOORS: Final = 6


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling: in a town's estate by building, unit, floor and room; in a village by group and house number."""

    grid_code: str
    estate_code: str
    building: str
    unit: str
    floor: int
    room: str
    use: str = "home"


@dataclass(frozen=True, slots=True)
class Yard:
    """An estate of one grid: 小区 in a town, village group 村民组 in the country."""

    code: str
    name: str
    kind: str
    community_code: str
    grid_code: str
    homes: tuple[Home, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household; `relation` is to its head."""

    name: str
    identity: str
    phone: str
    relation: str


@dataclass(frozen=True, slots=True)
class Family:
    """A household and where it lives; the head stands first."""

    number: str
    home: Home
    members: tuple[Member, ...]


@cache
def yards() -> tuple[Yard, ...]:
    """Return one estate for each grid with room for its households: a few dwellings more than there are families."""
    chance = Random("yards")
    names: set[str] = set()
    return tuple(_yard(grid, wanted, chance, names) for grid, wanted in _shares())


def families(part: int = 0, parts: int = 1) -> Iterator[Family]:
    """Give the households of every `parts`-th grid, from the grid number `part` on; all 70,000 by default.

    What is given for a grid does not depend on the others, so that several processes can share the work.
    """
    first = 0
    for place, (yard, (_grid, wanted)) in enumerate(zip(yards(), _shares(), strict=True)):
        if place % parts == part:
            yield from _families_of(place, yard, first, wanted)
        first += wanted


def homes_lived_in() -> Iterator[tuple[Yard, list[tuple[str, Home]]]]:
    """Give each yard with the number of each of its households and the home it lives in; makes up no people."""
    for yard, (_grid, wanted) in zip(yards(), _shares(), strict=True):
        homes = [home for home in yard.homes if home.use == "home"][:wanted]
        yield yard, [(_number(yard, serial), home) for serial, home in enumerate(homes, start=1)]


def _number(yard: Yard, serial: int) -> str:
    return f"{NUMBERS_BEGIN}{yard.grid_code}{serial:04}"


def _families_of(place: int, yard: Yard, first: int, wanted: int) -> Iterator[Family]:
    chance = Random(f"families of {yard.grid_code}")
    numbers = _Numbers(chance, place)
    homes = [home for home in yard.homes if home.use == "home"][:wanted]
    for serial, (home, size) in enumerate(zip(homes, _sizes()[first : first + wanted], strict=True), start=1):
        phone = FIRST_PHONE + first + serial - 1
        told = f"1990000{phone:04}" if phone <= LAST_PHONE else ""
        yield Family(_number(yard, serial), home, _members(size, chance, numbers, told))


@cache
def _sizes() -> tuple[int, ...]:
    """Return the size of each household, in the order of the grids."""
    sizes = [size for size, number in SIZES.items() for _ in range(number)]
    Random("sizes").shuffle(sizes)
    return tuple(sizes)


@cache
def _shares() -> tuple[tuple[Area, int], ...]:
    """Return how many households live in each grid: 70,000 in all, no grid more than twice as full as another."""
    chance = Random("shares")
    grids = district_map().of_kind("grid")
    weights = [chance.uniform(0.7, 1.35) for _ in grids]
    total, shares, given = sum(weights), [], 0
    for place in range(len(weights)):
        upto = round(HOUSEHOLDS * sum(weights[: place + 1]) / total)
        shares.append(upto - given)
        given = upto
    return tuple(zip(grids, shares, strict=True))


def _yard(grid: Area, wanted: int, chance: Random, taken: set[str]) -> Yard:
    community = district_map().area(grid.parent_code)
    serial = int(grid.code[12:])
    code = f"D{grid.code}"
    if community.label_kind == "村":
        homes = tuple(_houses(grid, code, wanted))
        return Yard(code, f"{community.name}{serial}片", "hamlet", community.code, grid.code, homes)
    bare = community.name.removesuffix("社区")
    name = f"{bare}{chance.choice(_YARDS)}"
    if name in taken:
        name = f"{bare}{chance.choice(_YARDS)}{serial}区"
    if name in taken:
        name = f"{bare}小区{serial}号院"
    taken.add(name)
    return Yard(code, name, "estate", community.code, grid.code, tuple(_flats(grid, code, wanted, chance)))


def _houses(grid: Area, code: str, wanted: int) -> Iterator[Home]:
    for place in range(wanted):
        group, house = divmod(place, 45)
        yield Home(grid.code, code, f"{group + 1}组", "", 1, f"{house + 1}号")


def _flats(grid: Area, code: str, wanted: int, chance: Random) -> Iterator[Home]:
    """Give dwellings until `wanted` are homes; some ground floors are shops, one home in 30 is empty."""
    homes, building = 0, 0
    most = wanted + wanted // 30
    while homes < most:
        building += 1
        units, rooms, has_shops = chance.randint(2, 4), chance.randint(2, 3), chance.random() < 0.15
        for unit in range(1, units + 1):
            for floor in range(1, _FLOORS + 1):
                for room in range(1, rooms + 1):
                    use = "shop" if has_shops and floor == 1 else "home"
                    homes += use == "home"
                    yield Home(grid.code, code, f"{building}栋", f"{unit}单元", floor, f"{floor}0{room}", use)


@cache
def _elsewhere() -> frozenset[str]:
    """Return the identity numbers of the people whom the small demo has already."""
    estate = {member.identity for home in households() for member in home.members}
    further = {entry.identity for entry in roll()}
    return frozenset({each.identity for each in staff()} | {each.identity for each in residents()} | estate | further)


class _Numbers:
    """Identity numbers of one grid's people: the grid has three serials of every day, so none meets another grid's."""

    def __init__(self, chance: Random, place: int) -> None:
        self.chance = chance
        serials = range(3 * place + 1, 3 * place + 4)
        self.serials = {is_man: [each for each in serials if each % 2 == is_man] for is_man in (False, True)}
        self.given = set(_elsewhere())

    def give(self, age: int, *, is_man: bool) -> str:
        """Return a number of somebody who is `age` years old on TODAY, or some months more."""
        while True:
            born_on = TODAY - timedelta(days=age * 365 + age // 4 + self.chance.randrange(364))
            first_seventeen = f"{IDENTITY_AREA}{born_on:%Y%m%d}{self.chance.choice(self.serials[is_man]):03}"
            number = first_seventeen + check_digit(first_seventeen)
            if number not in self.given:
                self.given.add(number)
                return number


def _members(size: int, chance: Random, numbers: _Numbers, phone: str) -> tuple[Member, ...]:
    """Return a household: the head, then spouse, children, grandchildren, parents, as its size allows."""
    head_age = chance.randint(24, 88) if size == 1 else chance.randint(26, 78)
    is_man = chance.random() < 0.7
    surname, other = chance.choice(SURNAMES), chance.choice(SURNAMES)
    found = [_member(surname, head_age, "head", chance, numbers, phone, is_man=is_man)]
    plan = ["spouse", "child", "child" if head_age < 50 else "grandchild", "parent", "parent"]
    if size == 2 and chance.random() < 0.25:
        plan[0] = "child" if head_age > 40 else "parent"
    for relation in plan[: size - 1]:
        age, man, name = _relative(relation, head_age, surname, other, chance, head_is_man=is_man)
        found.append(_member(name, age, relation, chance, numbers, "", is_man=man))
    return tuple(found)


def _relative(
    relation: str, head_age: int, surname: str, other: str, chance: Random, *, head_is_man: bool
) -> tuple[int, bool, str]:
    """Return age, sex (True: man) and surname of a relative of the head."""
    man = chance.random() < 0.51
    if relation == "spouse":
        return max(22, head_age + chance.randint(-4, 3)), not head_is_man, other
    if relation == "child":
        return max(0, head_age - chance.randint(22, 33)), man, surname if head_is_man else other
    if relation == "grandchild":
        return max(0, head_age - chance.randint(48, 60)), man, surname if head_is_man else other
    return min(104, head_age + chance.randint(22, 30)), man, surname if man else chance.choice(SURNAMES)


def _member(
    surname: str, age: int, relation: str, chance: Random, numbers: _Numbers, phone: str, *, is_man: bool
) -> Member:
    name = surname + chance.choice(FIRST_CHARACTERS) + chance.choice(SECOND_CHARACTERS)
    return Member(name, numbers.give(age, is_man=is_man), phone, relation)
