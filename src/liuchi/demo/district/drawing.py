"""The hand-drawn lines of the demo district: rivers, lakes, roads and the borders between its nine towns.

Everything is drawn in kilometres east and north of 116.9 E, 30.4 N and is schematic: it follows the lie of the land
(the Yangtze in the south, the Wan coming from the north-west, the old town between them), not any survey. `generate`
turns it into areas; nothing else reads this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Final, TypeAlias

from shapely import LineString, Polygon

Point: TypeAlias = tuple[float, float]

YANGTZE_NORTH_BANK: Final[tuple[Point, ...]] = (
    (-0.6, 4.9), (0.9, 4.5), (2.6, 3.7), (4.6, 3.35), (6.6, 3.9), (8.3, 5.2), (9.7, 6.6), (10.6, 7.5),
    (11.6, 8.15), (13.0, 8.6), (14.8, 9.0), (16.3, 9.35), (17.4, 9.75), (18.6, 10.35), (19.8, 11.2),
)  # fmt: skip
YANGTZE_SOUTH_BANK: Final[tuple[Point, ...]] = (
    (-0.6, 3.3), (1.0, 2.9), (2.8, 2.1), (4.8, 1.75), (7.2, 2.35), (9.2, 3.9), (10.8, 5.5), (12.2, 6.75),
    (13.7, 7.2), (15.4, 7.45), (17.0, 7.85), (18.5, 8.6), (19.8, 9.4),
)  # fmt: skip
WAN: Final[tuple[Point, ...]] = (
    (-0.3, 13.9), (0.9, 13.15), (1.9, 12.75), (2.5, 11.7), (3.4, 10.95), (4.6, 11.1), (5.3, 10.45), (5.7, 9.55),
    (6.7, 9.2),
    (7.7, 9.45), (8.4, 8.9), (8.8, 8.1), (9.6, 7.85), (10.2, 7.75), (10.75, 7.3), (11.1, 6.9),
)  # fmt: skip
SHIMEN_LAKE: Final[tuple[Point, ...]] = (
    (7.1, 12.5), (7.5, 11.95), (8.05, 12.05), (8.25, 12.6), (8.75, 12.95), (8.95, 13.5), (8.6, 13.75),
    (8.3, 13.5), (8.15, 13.95),
    (8.3, 14.55), (7.95, 14.85), (7.55, 14.35), (7.35, 13.75), (6.95, 13.35),
)  # fmt: skip
LING_LAKE: Final[tuple[Point, ...]] = (
    (15.65, 11.3), (15.95, 11.0), (16.3, 11.1), (16.45, 11.45), (16.25, 11.75), (15.95, 11.7), (15.75, 11.9),
    (15.5, 11.7),
)  # fmt: skip

# Borders. Where a border is a river or a street, the same points are used, so that both coincide.
HAIKOU_WEST: Final[tuple[Point, ...]] = (
    (0.9, 4.2),
    (0.85, 5.6),
    (1.35, 7.0),
    (0.95, 8.6),
    (1.3, 10.3),
    (0.8, 11.8),
    (1.15, 13.3),
)
NORTH_AND_EAST: Final[tuple[Point, ...]] = (
    (5.75, 9.3), (5.9, 10.4), (5.55, 11.6), (6.05, 12.7), (5.95, 14.0), (6.6, 15.1), (7.7, 15.75), (8.7, 16.6),
    (9.9, 16.6),
    (11.2, 17.1), (12.6, 16.95), (13.8, 16.3), (15.0, 15.9), (15.9, 15.05), (16.9, 14.4), (17.35, 13.4),
    (17.25, 12.4),
    (17.4, 11.4), (17.3, 10.5), (17.5, 9.5),
)  # fmt: skip
CITY_NORTH: Final[tuple[Point, ...]] = (
    (8.75, 8.0), (9.1, 9.1), (9.35, 10.3), (9.75, 11.6), (10.0, 12.7), (10.9, 13.35), (12.2, 13.75),
    (13.7, 13.85), (15.2, 13.65),
    (16.3, 13.3), (17.0, 13.15), (17.6, 13.2),
)  # fmt: skip
RENMIN_ROAD: Final[tuple[Point, ...]] = ((9.0, 10.05), (10.6, 10.1), (12.0, 10.35), (13.4, 10.7), (14.9, 10.85))
HUANCHENG_ROAD: Final[tuple[Point, ...]] = (
    (9.5, 11.85),
    (11.0, 11.9),
    (12.6, 12.15),
    (14.0, 12.35),
    (15.4, 12.4),
    (17.6, 12.15),
)
LONGSHAN_ROAD: Final[tuple[Point, ...]] = ((12.15, 8.0), (12.05, 9.4), (11.98, 10.35), (11.85, 11.2), (11.8, 12.1))
HUXIN_ROAD: Final[tuple[Point, ...]] = ((15.0, 8.8), (14.95, 9.8), (14.85, 10.85), (14.7, 11.6), (14.65, 12.5))
JIXIAN_ROAD: Final[tuple[Point, ...]] = ((13.3, 12.2), (13.4, 13.0), (13.3, 14.0))


@dataclass(frozen=True, slots=True)
class Street:
    """A drawn line with a name; `rank` is main, minor or railway."""

    name: str
    english: str
    rank: str
    points: tuple[Point, ...]


STREETS: Final[tuple[Street, ...]] = (
    Street("沿江路", "Yanjiang Road", "main", (
        (10.75, 7.95), (11.6, 8.5), (13.0, 8.92), (14.8, 9.3), (16.3, 9.65), (17.35, 10.05), (18.4, 10.6),
        (19.6, 11.45))),
    Street("人民路", "Renmin Road", "main", (*RENMIN_ROAD[1:], (16.0, 10.75), (17.3, 10.95), (19.6, 12.3))),
    Street("环城路", "Huancheng Road", "main", ((9.79, 11.85), *HUANCHENG_ROAD[1:-1], (17.15, 12.25), (19.6, 13.4))),
    Street("龙山路", "Longshan Road", "main", ((12.13, 8.62), *LONGSHAN_ROAD[1:])),
    Street("湖心路", "Huxin Road", "main", ((14.97, 9.35), *HUXIN_ROAD[1:])),
    Street("集贤路", "Jixian Road", "main", ((13.2, 10.65), (13.2, 11.4), *JIXIAN_ROAD[:2], (13.35, 13.85),
        (12.9, 15.2), (13.0, 16.9),
                                          (12.7, 19.0), (13.0, 22.6))),
    Street("石化路", "Shihua Road", "main", ((10.3, 8.35), (10.5, 9.3), (10.6, 10.1), (10.75, 11.0), (11.0, 11.9),
        (11.1, 12.8),
                                          (10.9, 14.3), (10.3, 15.6), (9.6, 16.85), (8.3, 19.0), (7.9, 22.6))),
    Street("花亭路", "Huating Road", "minor", ((10.05, 12.75), (11.1, 12.8), (12.3, 12.95), (13.4, 13.0))),
    Street("德宽路", "Dekuan Road", "minor", ((9.15, 9.25), (10.5, 9.3), (12.05, 9.4))),
    Street("玉琳路", "Yulin Road", "minor", ((12.05, 9.4), (13.4, 9.75), (14.95, 9.9))),
    Street("菱湖路", "Linghu Road", "minor", ((14.95, 9.9), (16.2, 10.2), (17.3, 10.45))),
    Street("皖河路", "Wanhe Road", "main", ((10.6, 10.1), (9.3, 9.75), (8.35, 9.6), (7.5, 8.5), (6.2, 7.6),
        (4.4, 7.2), (2.7, 7.5), (1.2, 7.1),
                                         (-0.6, 7.6))),
    Street("海口路", "Haikou Road", "minor", ((6.2, 7.6), (6.1, 6.3), (5.4, 5.2), (3.9, 4.6), (2.4, 4.9), (1.0, 5.4))),
    Street("江堤路", "Jiangdi Road", "minor", ((4.4, 7.2), (4.2, 8.6), (3.3, 9.6), (2.2, 10.2), (1.3, 11.6))),
    Street("十里路", "Shili Road", "minor", ((9.75, 11.85), (8.7, 11.5), (7.3, 11.2), (6.6, 10.4), (6.5, 9.5))),
    Street("凤凰路", "Fenghuang Road", "minor", ((10.9, 14.3), (12.9, 15.2), (14.6, 14.9), (16.0, 14.4))),
    Street("宁安铁路", "Railway", "railway", ((19.6, 14.9), (17.4, 14.0), (15.2, 14.35), (12.9, 14.3), (10.8, 13.85),
        (9.5, 14.5), (8.9, 15.6),
                                         (6.9, 17.0), (3.5, 18.4), (-0.6, 20.4))),
)  # fmt: skip


def smooth(points: tuple[Point, ...], *, closed: bool = False, step_km: float = 0.12) -> list[Point]:
    """Return the Catmull–Rom curve through the points, sampled about every `step_km`."""
    around = (points[-1], *points, *points[:2]) if closed else (points[0], *points, points[-1])
    curve: list[Point] = []
    for p0, p1, p2, p3 in zip(around, around[1:], around[2:], around[3:], strict=False):
        pieces = max(1, round(hypot(p2[0] - p1[0], p2[1] - p1[1]) / step_km))
        curve += [_on_curve(p0, p1, p2, p3, k / pieces) for k in range(pieces)]
    curve.append(around[-2])
    return curve


def _on_curve(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)

    return axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])


def line(points: tuple[Point, ...]) -> LineString:
    """Return the smoothed line through the points, in kilometres."""
    return LineString(smooth(points))


def lake(points: tuple[Point, ...]) -> Polygon:
    """Return the smoothed closed shore through the points, in kilometres."""
    return Polygon(smooth(points, closed=True, step_km=0.06))


def yangtze() -> Polygon:
    """Return the water of the Yangtze between its two banks, in kilometres."""
    return Polygon([*smooth(YANGTZE_NORTH_BANK), *reversed(smooth(YANGTZE_SOUTH_BANK))])


def wan() -> Polygon:
    """Return the water of the river Wan, which widens from 120 m to 330 m towards its mouth, in kilometres."""
    middle = smooth(WAN)
    parts = [LineString(middle[i : i + 2]).buffer(0.06 + 0.105 * i / len(middle)) for i in range(len(middle) - 1)]
    water = parts[0]
    for part in parts[1:]:
        water = water.union(part)
    return Polygon(water.exterior)
