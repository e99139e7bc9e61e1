"""Public assets of the demo district: 95 pieces of fitness gear in 7 estates, street lamps, and what reports are about.

The numbers of gear and estates are reported of a neighbouring town in 2023; what stands where is made up. Everything is
the same every time, codes included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from shapely import LineString, intersects_xy
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from liuchi.demo.district.estate import COMMUNITY, ESTATE_CODE, PLATFORM, houses
from liuchi.demo.district.map import district_map
from liuchi.demo.district.places import DISTRICT
from liuchi.demo.district.stories import stories, story_spot

FITNESS_MAJOR, FITNESS_NAME = "05", "健身器材"
FITNESS_CLASS: Final = "0599"
LAMP_CLASS: Final = "0137"
#: Estates that got fitness gear: code, name, community, pieces. The first one is drawn room by room.
ESTATES: Final = (
    (ESTATE_CODE, "工农小区", COMMUNITY, 15),
    ("DGT", "大观亭小区", "340803001004", 14),
    ("BJY", "滨江苑小区", "340803002001", 13),
    ("SFC", "四方城小区", "340803003006", 14),
    ("LH", "菱湖小区", "340803004001", 13),
    ("TQ", "天桥小区", "340803006001", 13),
    ("HTN", "花亭南村小区", "340803007001", 13),
)
GEAR: Final = (
    "漫步机",
    "扭腰器",
    "太极推手器",
    "健骑机",
    "上肢牵引器",
    "双杠",
    "腰背按摩器",
    "椭圆机",
    "肋木架",
    "压腿架",
    "棋牌桌",
)
LIT_STREETS: Final = ("集贤路", "人民路", "湖心路", "花亭路")
#: Degrees between lamps along a street: some 60 metres.
_LAMP_STEP: Final = 0.0006
_CASE_SEED: Final = "demo"
#: Who maintains what, by the class's first digits; the longest match counts.
MAINTAINERS: Final = {
    "0101": "water-company",
    "0102": "drainage",
    "0103": "drainage",
    "0104": "drainage",
    "01": "municipal",
    "02": "traffic-police",
    "03": "sanitation",
    "04": "greening",
    "05": "municipal",
    FITNESS_CLASS: "education-sport",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A public asset: class, serial within it, name, where it stands, and who maintains it."""

    class_code: str
    serial: int
    name: str
    longitude: float
    latitude: float
    position: str
    maintainer: str
    estate_code: str = ""

    @property
    def code(self) -> str:
        """Return its component code."""
        return f"{DISTRICT[0]}{self.class_code}{self.serial:06}"


@cache
def pieces() -> tuple[Piece, ...]:
    """Return all assets, each class numbered from 1."""
    serials: dict[str, int] = {}
    numbered = []
    for kind, name, (lon, lat), position, estate in (*_gear(), *_platform_lamps(), *_street_lamps(), *_reported()):
        serials[kind] = serials.get(kind, 0) + 1
        numbered.append(Piece(kind, serials[kind], name, lon, lat, position, maintainer_of(kind), estate))
    return tuple(numbered)


def maintainer_of(class_code: str) -> str:
    """Return the code of the organisation that maintains a class."""
    return next(MAINTAINERS[class_code[:end]] for end in (4, 2) if class_code[:end] in MAINTAINERS)


_Placed = tuple[str, str, tuple[float, float], str, str]


def _gear() -> Iterator[_Placed]:
    """Give the fitness gear: around the middle of the first grid of each estate's community."""
    chance = Random("fitness gear")
    for code, _name, community, number in ESTATES:
        grid = district_map().children(community)[0]
        lon, lat = grid.label_at or (0.0, 0.0)
        for place in range(number):
            row, column = divmod(place, 5)
            at = (round(lon + (column - 2) * 0.00006, 6), round(lat - 0.0006 - row * 0.00005, 6))
            yield FITNESS_CLASS, chance.choice(GEAR), at, "小区健身广场", code


def _platform_lamps() -> Iterator[_Placed]:
    """Give two lamps for each building of 工农小区 that has a platform on its second floor."""
    for house in houses():
        if PLATFORM in house.facilities:
            for side, step in (("东侧", 0.00012), ("西侧", -0.00012)):
                at = (round(house.longitude + step, 6), round(house.latitude + 0.00008, 6))
                yield LAMP_CLASS, "路灯", at, f"{house.phase}{house.number}{PLATFORM}{side}", ESTATE_CODE


def _street_lamps() -> Iterator[_Placed]:
    """Give lamps along the lit streets, where they run through the district."""
    inside = shape(district_map().area(DISTRICT[0]).polygon)
    for feature in district_map().features:
        if feature.kind == "street" and feature.name in LIT_STREETS:
            for number, at in enumerate(_along(shape(feature.shape)), start=1):
                if intersects_xy(inside, *at):
                    yield LAMP_CLASS, "路灯", at, f"{feature.name}{number}号灯杆", ""


def _along(line: BaseGeometry) -> Iterator[tuple[float, float]]:
    parts = list(line.geoms) if hasattr(line, "geoms") else [line]
    for part in parts:
        if isinstance(part, LineString):
            for step in range(int(part.length / _LAMP_STEP) + 1):
                point = part.interpolate(step * _LAMP_STEP)
                yield round(point.x, 6), round(point.y, 6)


def _reported() -> Iterator[_Placed]:
    """Give the component each report of the demo is about, a few metres from where it was reported."""
    chance = Random("reported components")
    for story in stories():
        if story.matter.startswith("component-"):
            spot = story_spot(story, _CASE_SEED)
            at = (
                round(spot.lon + chance.uniform(-0.00004, 0.00004), 6),
                round(spot.lat + chance.uniform(-0.00004, 0.00004), 6),
            )
            yield story.matter.removeprefix("component-"), "", at, "", ""
