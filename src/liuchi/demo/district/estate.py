"""The estate of the demo district that is drawn room by room: 工农小区, three phases, 25 buildings, 1,001 households.

The estate, its mix of shops below and homes above, and these counts are reported of 2021; buildings, rooms and people
here are made up. Everything is the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final
from uuid import UUID, uuid5

from liuchi.demo.district.map import district_map
from liuchi.demo.district.people import (
    FIRST_CHARACTERS,
    IDENTITY_AREA,
    SECOND_CHARACTERS,
    SURNAMES,
    residents,
    staff,
)
from liuchi.ground.people.identity import check_digit

ESTATE_CODE: Final = "GN"
ESTATE_NAME: Final = "工农小区"
STREET_ADDRESS: Final = "集贤北路"
COMMUNITY: Final = "340803005001"
#: Ids of people derive from this, so that loading twice brings nobody in twice.
NAMESPACE: Final = UUID("0e6f2a3e-6c64-4d0f-9c6e-0d1b1f3f7c55")
FIRST_HEAD_PHONE: Final = 3_000
#: How many households have one, two, … six members: 1,001 households, 3,150 people.
SIZES: Final = (100, 211, 333, 206, 101, 50)
PLATFORM: Final = "二楼平台"
_SHOPS = 8
#: Degrees between buildings: some 40 metres.
_EAST, _NORTH = 0.00042, 0.00036
_PER_ROW = 3
_TODAY: Final = date(2023, 6, 30)


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the estate: the grid it stands in, and units and floors of homes of each of its buildings."""

    name: str
    grid: str
    buildings: tuple[tuple[int, int], ...]


#: Homes begin on the second floor; two to a floor and unit.
PHASES: Final = (
    Phase("一期", "340803005001001", ((4, 5),) * 9),
    Phase("二期", "340803005001002", ((3, 6),) * 5 + ((4, 6),) * 3),
    Phase("三期", "340803005001003", ((4, 5),) * 7 + ((3, 6),)),
)


@dataclass(frozen=True, slots=True)
class Room:
    """A dwelling: unit (empty for shops), floor, room and use."""

    unit: str
    floor: int
    room: str
    use: str


@dataclass(frozen=True, slots=True)
class House:
    """A building: phase, number, grid, position, what it has, and its rooms."""

    phase: str
    number: str
    grid_code: str
    longitude: float
    latitude: float
    facilities: tuple[str, ...]
    rooms: tuple[Room, ...]

    @property
    def homes(self) -> tuple[Room, ...]:
        """Return the rooms in which people live."""
        return tuple(room for room in self.rooms if room.use == "home")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody who lives in the estate; only heads have a phone of their own here."""

    id: UUID
    name: str
    identity: str
    phone: str
    relation: str


@dataclass(frozen=True, slots=True)
class Home:
    """A household: its number, where it lives, and its members, the head first."""

    number: str
    house: House
    room: Room
    members: tuple[Neighbour, ...]


@cache
def houses() -> tuple[House, ...]:
    """Return the 25 buildings with their rooms: 1,001 homes, shops on the ground floor of every other building."""
    return tuple(
        _house(phase, number, *shape, is_last=phase is PHASES[-1] and number == len(phase.buildings))
        for phase in PHASES
        for number, shape in enumerate(phase.buildings, start=1)
    )


@cache
def households() -> tuple[Home, ...]:
    """Return the 1,001 households, one in each home, with 3,150 people."""
    chance = Random("工农小区")
    sizes = [size for size, number in enumerate(SIZES, start=1) for _ in range(number)]
    chance.shuffle(sizes)
    taken = {each.identity for each in staff()} | {each.identity for each in residents()}
    homes = [(house, room) for house in houses() for room in house.homes]
    return tuple(
        Home(
            f"{COMMUNITY}-{number:05}",
            house,
            room,
            tuple(_family(size, f"1990000{FIRST_HEAD_PHONE + number:04}", chance, taken)),
        )
        for number, ((house, room), size) in enumerate(zip(homes, sizes, strict=True), start=1)
    )


def _house(phase: Phase, number: int, units: int, floors: int, *, is_last: bool) -> House:
    has_shops = number % 2 == 1
    rooms = [Room("", 1, f"{shop}号门面", "shop") for shop in range(1, _SHOPS + 1)] if has_shops else []
    if number == 1:
        rooms.append(Room("", 2, "物业用房", "public"))
    rooms += [
        Room(str(unit), floor, f"{floor}0{door}", "home")
        for unit in range(1, units + 1)
        for floor in range(2, floors + 2)
        for door in (1, 2)
    ]
    if is_last:
        rooms.append(Room("1", floors + 2, f"{floors + 2}01", "home"))
    facilities = (PLATFORM, "消防栓") if has_shops else ("消防栓", "电动车充电桩")
    longitude, latitude = _spot(phase.grid, number)
    return House(phase.name, f"{number}栋", phase.grid, longitude, latitude, facilities, tuple(rooms))


def _spot(grid_code: str, number: int) -> tuple[float, float]:
    """Return where a building stands: in rows of three around the middle of its grid."""
    middle = district_map().area(grid_code).label_at or (0.0, 0.0)
    row, column = divmod(number - 1, _PER_ROW)
    return round(middle[0] + (column - 1) * _EAST, 6), round(middle[1] + (1 - row) * _NORTH, 6)


def _family(size: int, phone: str, chance: Random, taken: set[str]) -> Iterator[Neighbour]:
    """Give the members of a household: head, spouse, children, then a grandchild or a parent of the head."""
    surname, age = chance.choice(SURNAMES), chance.randint(24, 82) if size < 3 else chance.randint(28, 66)
    is_man = chance.random() < 0.7
    yield _neighbour(surname, age, "head", chance=chance, taken=taken, is_man=is_man, phone=phone)
    has_spouse = size > 2 or (size == 2 and chance.random() < 0.7)
    if has_spouse:
        other = max(age + chance.randint(-4, 4), 22)
        name = chance.choice(SURNAMES)
        yield _neighbour(name, other, "spouse", chance=chance, taken=taken, is_man=not is_man)
    for place in range(size - 1 - has_spouse):
        yield _neighbour(surname, *_next_of_kin(place, age, chance), chance=chance, taken=taken)


def _next_of_kin(place: int, age: int, chance: Random) -> tuple[int, str]:
    """Return age and relation of a further member: children first, then a parent, or grandchildren of an old head."""
    if place < 2:
        return max(0, age - chance.randint(23, 35)), "child"
    if age >= 55:
        return max(0, age - chance.randint(50, 60)), "grandchild"
    return min(age + chance.randint(22, 32), 95), "parent"


def _neighbour(
    surname: str,
    age: int,
    relation: str,
    *,
    chance: Random,
    taken: set[str],
    is_man: bool | None = None,
    phone: str = "",
) -> Neighbour:
    male = chance.random() < 0.5 if is_man is None else is_man
    identity = _identity(age, chance, taken, is_man=male)
    name = surname + chance.choice(FIRST_CHARACTERS) + chance.choice(SECOND_CHARACTERS)
    return Neighbour(uuid5(NAMESPACE, identity), name, identity, phone, relation)


def _identity(age: int, chance: Random, taken: set[str], *, is_man: bool) -> str:
    """Return an identity number that nobody has yet; the 17th digit is odd for men (GB 11643)."""
    while True:
        born_on = _TODAY - timedelta(days=age * 365 + age // 4 + chance.randrange(365))
        serial = chance.randrange(0, 500) * 2 + is_man
        first_seventeen = f"{IDENTITY_AREA}{born_on:%Y%m%d}{serial:03}"
        number = first_seventeen + check_digit(first_seventeen)
        if number not in taken:
            taken.add(number)
            return number
