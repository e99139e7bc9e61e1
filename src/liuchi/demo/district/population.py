"""A whole district's fictitious people: 180,000 in 70,000 households of 274 grids; nobody here exists.

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

from liuchi.demo.district.map import Area, district_map
from liuchi.demo.district.people import (
    FIRST_CHARACTERS,
    FIRST_RESIDENT_PHONE,
    IDENTITY_AREA,
    SECOND_CHARACTERS,
    SURNAMES,
    staff,
)
from liuchi.ground.people.identity import check_digit

#: How many households have so many members: 70,000 households of 180,000 people.
SIZES: Final = {1: 15_500, 2: 21_500, 3: 18_000, 4: 9_000, 5: 4_500, 6: 1_500}
HOUSEHOLDS: Final = sum(SIZES.values())
PEOPLE: Final = sum(size * number for size, number in SIZES.items())
#: The day on which the district is looked at: ages are reckoned to it.
TODAY: Final = date(2024, 7, 1)
FIRST_PHONE: Final = FIRST_RESIDENT_PHONE
LAST_PHONE: Final = 9_999
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


def families() -> Iterator[Family]:
    """Give the 70,000 households, grid by grid."""
    chance = Random("families")
    sizes = [size for size, number in SIZES.items() for _ in range(number)]
    chance.shuffle(sizes)
    numbers, phones, coming = _Numbers(chance), iter(range(FIRST_PHONE, LAST_PHONE + 1)), iter(sizes)
    for yard, (grid, wanted) in zip(yards(), _shares(), strict=True):
        lived_in = [home for home in yard.homes if home.use == "home"]
        for place, home in enumerate(lived_in[:wanted], start=1):
            phone = next(phones, None)
            yield Family(
                f"H{grid.code}{place:04}",
                home,
                _members(next(coming), chance, numbers, f"1990000{phone:04}" if phone else ""),
            )


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


class _Numbers:
    """Identity numbers, none given twice."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.serials: dict[tuple[str, bool], int] = {}
        self.taken = {member.identity for member in staff()}

    def give(self, age: int, *, is_man: bool) -> str:
        """Return a number of somebody who is `age` years old on TODAY, or some months more."""
        born_on = TODAY - timedelta(days=age * 365 + age // 4 + self.chance.randrange(364))
        start = f"{IDENTITY_AREA}{born_on:%Y%m%d}"
        while True:
            serial = self.serials[start, is_man] = self.serials.get((start, is_man), 0) + 1
            first_seventeen = f"{start}{2 * serial - is_man:03}"
            number = first_seventeen + check_digit(first_seventeen)
            if number not in self.taken:
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
