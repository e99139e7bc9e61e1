"""Fictitious staff and residents of the demo district; nobody here exists.

Names are put together from common surnames and neutral given names. Phones lie in the block 199 0000 xxxx: staff below
199 0000 2000, residents from there on. Identity numbers begin with 990803, a place that is not allotted, and carry a
valid check digit, so that checks run and no living person can match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product
from random import Random
from typing import Final

from liuchi.demo.district.map import Area, district_map
from liuchi.demo.district.organisations import committees, departments, town_offices
from liuchi.demo.district.places import DISTRICT
from liuchi.ground.people.identity import check_digit

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾"
    "肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
)
FIRST_CHARACTERS: Final = "文思雨子晓嘉景亦书云若明安乐清"
SECOND_CHARACTERS: Final = "宁远然琪航辰悦帆恒舟楠和岚森禾"
STAFF_NAMES: Final = 1_000  # of the pool, kept for staff; residents take theirs from the rest
FIRST_RESIDENT_PHONE: Final = 2_000
MOST_RESIDENTS: Final = 8_000
IDENTITY_AREA: Final = "990803"
DESK: Final = "city-operations"
DESK_POSTS: Final = (("受理员", 4), ("派遣员", 3), ("核查员", 5))


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who holds a post: `area_code` is the grid, community, town or district the post is for."""

    name: str
    phone: str
    identity: str
    organisation_code: str
    post_title: str
    area_code: str


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who lives in a grid; `address` is the part below the community."""

    name: str
    phone: str
    identity: str
    grid_code: str
    community_code: str
    address: str


@cache
def staff() -> tuple[StaffMember, ...]:
    """Return the holders of all posts, the same every time.

    A grid worker for each grid, two handlers for each of the 54 bodies and each town office, one head for each
    community, and the supervision desk's four acceptors, three dispatchers and five checkers: 452.
    """
    chance = Random("staff")
    numbers = identities(chance, date(1964, 1, 1), date(2002, 12, 31))
    return tuple(
        StaffMember(name, f"1990000{phone:04}", next(numbers), organisation_code, post_title, area_code)
        for name, (phone, (organisation_code, post_title, area_code)) in zip(names(), enumerate(_posts()), strict=False)
    )


def _posts() -> Iterator[tuple[str, str, str]]:
    for grid in district_map().of_kind("grid"):
        yield f"community-{grid.parent_code}", "网格员", grid.code
    for organisation in departments():
        yield from [(organisation.code, "承办人", organisation.area_code)] * 2
    for office in town_offices():
        yield from [(office.code, "承办人", office.area_code)] * 2
    for committee in committees():
        yield committee.code, "村主任" if committee.short_name.endswith("村") else "社区主任", committee.area_code
    for title, number in DESK_POSTS:
        yield from [(DESK, title, DISTRICT[0])] * number


def residents(n: int = 600, seed: str = "residents") -> tuple[Resident, ...]:
    """Return `n` residents spread over all grids; the same for the same seed. Raises ValueError above 8,000."""
    if not 0 <= n <= MOST_RESIDENTS:
        raise ValueError(f"the phone block holds 0 to {MOST_RESIDENTS} residents, not {n}")
    chance = Random(seed)
    grids = district_map().of_kind("grid")
    pool = names()[STAFF_NAMES:]
    numbers = identities(chance, date(1936, 1, 1), date(2006, 12, 31), taken={member.identity for member in staff()})
    offset = chance.randrange(len(pool))
    return tuple(
        _resident(pool[(offset + i) % len(pool)], FIRST_RESIDENT_PHONE + i, next(numbers), grid, chance)
        for i, grid in enumerate(chance.choice(grids) for _ in range(n))
    )


def _resident(name: str, phone: int, identity: str, grid: Area, chance: Random) -> Resident:
    return Resident(name, f"1990000{phone:04}", identity, grid.code, grid.parent_code, _address(grid, chance))


def _address(grid: Area, chance: Random) -> str:
    town = district_map().area(grid.code[:9])
    if town.label_kind != "街道":
        return f"{chance.choice('东西南北中')}组{chance.randint(1, 60)}号"
    street = town.name.removesuffix("街道").removesuffix("路")
    floor, door = chance.randint(1, 6), chance.randint(1, 4)
    return f"{street}路{chance.randint(1, 260)}号{chance.randint(1, 25)}栋{chance.randint(1, 4)}单元{floor}0{door}室"


@cache
def names() -> tuple[str, ...]:
    """Return all names of the pool, each once, well mixed."""
    names = ["".join(parts) for parts in product(SURNAMES, FIRST_CHARACTERS, SECOND_CHARACTERS)]
    Random("names").shuffle(names)
    return tuple(names)


def identities(chance: Random, earliest: date, latest: date, taken: set[str] | None = None) -> Iterator[str]:
    """Give identity numbers without end, none twice and none of those taken."""
    given = set(taken or ())
    while True:
        born_on = earliest + timedelta(days=chance.randrange((latest - earliest).days + 1))
        first_seventeen = f"{IDENTITY_AREA}{born_on:%Y%m%d}{chance.randint(1, 999):03}"
        number = first_seventeen + check_digit(first_seventeen)
        if number not in given:
            given.add(number)
            yield number
