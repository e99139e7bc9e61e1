"""Cutting a place into parts of similar size: street blocks in the city, natural cells in the country.

All shapes are Shapely polygons in metres. Water does not count as size, so that no part consists of a lake. The same
input gives the same parts: chance comes from a `Random` seeded by the caller with a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, pi, radians, sin
from random import Random

from shapely import LineString, MultiPoint, Point, Polygon, voronoi_polygons
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

FAR = 100_000.0


def compactness(shape: BaseGeometry) -> float:
    """Return 4πA/P²: 1 for a circle, 0.785 for a square, near 0 for a sliver (Polsby and Popper)."""
    return float(4 * pi * shape.area / shape.length**2) if shape.length else 0.0


def even_blocks(shape: Polygon, count: int, axis: float, water: BaseGeometry, chance: Random) -> list[Polygon]:
    """Return `count` street blocks of equal land, of up to twelve tries the first in which none is long or ragged,
    else the best.
    """
    tries = []
    for attempt in range(12):
        blocks = street_blocks(shape, [1] * count, axis, water, chance)
        tries.append((min(compactness(block) for block in blocks), -attempt, blocks))
        if tries[-1][0] > 0.55:
            break
    return max(tries)[2]


def street_blocks(
    shape: Polygon, parts: Sequence[int], axis: float, water: BaseGeometry, chance: Random
) -> list[Polygon]:
    """Cut `shape` by straight lines along or across `axis` (degrees from east) into pieces of land as large as
    `parts` weigh.
    """
    if len(parts) == 1:
        return [shape]
    half = len(parts) // 2
    share = sum(parts[:half]) / sum(parts)
    first, second = _best_cut(shape, share, axis, water, chance)
    return [
        *street_blocks(first, parts[:half], axis, water, chance),
        *street_blocks(second, parts[half:], axis, water, chance),
    ]


def _best_cut(
    shape: Polygon, share: float, axis: float, water: BaseGeometry, chance: Random
) -> tuple[Polygon, Polygon]:
    cuts: list[tuple[float, int, tuple[Polygon, Polygon]]] = []
    for turn in (0, 90):
        for ratio in (share, 1 - share):
            angle = axis + turn + chance.uniform(-5, 5)
            pair = _cut(shape, ratio * chance.uniform(0.95, 1.05), angle, water)
            if pair is not None:
                ordered = pair if ratio == share else (pair[1], pair[0])
                cuts.append((min(compactness(pair[0]), compactness(pair[1])), len(cuts), ordered))
    return max(cuts)[2]


def _cut(shape: Polygon, share: float, angle: float, water: BaseGeometry) -> tuple[Polygon, Polygon] | None:
    """Cut off `share` of the land by a line with the given angle, found by bisection; None if more than two pieces
    result.
    """
    along, across = (cos(radians(angle)), sin(radians(angle))), (-sin(radians(angle)), cos(radians(angle)))
    centre = shape.centroid
    line = LineString(
        [(centre.x - FAR * along[0], centre.y - FAR * along[1]), (centre.x + FAR * along[0], centre.y + FAR * along[1])]
    )
    land = shape.difference(water)
    reach = hypot(shape.bounds[2] - shape.bounds[0], shape.bounds[3] - shape.bounds[1])
    low, high = -reach, reach
    for _ in range(15):
        middle = (low + high) / 2
        below = _below(line, middle, across)
        low, high = (middle, high) if land.intersection(below).area < share * land.area else (low, middle)
    pieces = [p for p in split(shape, translate(line, low * across[0], low * across[1])).geoms if p.area > 1]
    if len(pieces) != 2:
        return None
    below = _below(line, low, across)
    pieces.sort(key=lambda piece: not below.contains(piece.representative_point()))
    return pieces[0], pieces[1]


def _below(line: LineString, shift: float, across: tuple[float, float]) -> Polygon:
    (ax, ay), (bx, by) = translate(line, shift * across[0], shift * across[1]).coords
    return Polygon(
        [(ax, ay), (bx, by), (bx - FAR * across[0], by - FAR * across[1]), (ax - FAR * across[0], ay - FAR * across[1])]
    )


def natural_cells(shape: Polygon, count: int, water: BaseGeometry, chance: Random, rounds: int = 40) -> list[Polygon]:
    """Divide `shape` into `count` cells around centres that settle by Lloyd's method; the centres move on whole
    metres.
    """
    centres = _scatter(shape, count, chance)
    for _ in range(rounds):
        cells = _cells(shape, centres)
        centres = [
            _whole(cell.difference(water).centroid if cell.difference(water).area else cell.centroid) for cell in cells
        ]
    return _cells(shape, centres)


def _scatter(shape: Polygon, count: int, chance: Random) -> list[Point]:
    west, south, east, north = shape.bounds
    found: list[Point] = []
    while len(found) < count:
        point = _whole(Point(chance.uniform(west, east), chance.uniform(south, north)))
        if shape.contains(point) and point not in found:
            found.append(point)
    return found


def _whole(point: Point) -> Point:
    return Point(round(point.x), round(point.y))


def _cells(shape: Polygon, centres: list[Point]) -> list[Polygon]:
    """Return each centre's Voronoi cell within `shape`; of a cell in several pieces the centre's own, the rest
    goes next door.
    """
    if len(centres) == 1:
        return [shape]
    raw = list(voronoi_polygons(MultiPoint(centres), extend_to=shape.buffer(FAR)).geoms)
    cells: list[BaseGeometry] = []
    loose: list[BaseGeometry] = []
    for centre in centres:
        inside = next(cell for cell in raw if cell.covers(centre)).intersection(shape)
        pieces = sorted(
            (p for p in getattr(inside, "geoms", [inside]) if p.area > 0), key=lambda p: (p.distance(centre), -p.area)
        )
        cells.append(pieces[0])
        loose += pieces[1:]
    for piece in loose:
        neighbour = max(range(len(cells)), key=lambda i: cells[i].intersection(piece).length)
        cells[neighbour] = cells[neighbour].union(piece)
    return [cell for cell in cells if isinstance(cell, Polygon)]
