"""From overlapping float shapes to one seamless coverage in whole units, with lines that wander like nature's.

A unit is a millionth of a degree. Shapes are noded together by snap rounding, so that neighbours share every vertex;
then each line between two junctions is bent once for both of its sides. That makes gaps and overlaps impossible by
construction.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from random import Random
from typing import Final, TypeAlias

import shapely
from shapely import LineString, Polygon, STRtree

Vertex: TypeAlias = tuple[int, int]
BEND: Final = 0.16  # of a segment's length, at most, to either side
STRAIGHT_BELOW: Final = 2_600  # units, about 270 m: a shorter segment stays as drawn
FINEST: Final = 40  # units, about 4 m: no vertex for less


def seamless(shapes: Sequence[Polygon]) -> list[Polygon]:
    """Return the shapes in whole units, noded together, neighbours sharing every vertex; in the same order."""
    lines = shapely.union_all([shape.boundary for shape in shapes], grid_size=1.0)
    faces = list(shapely.get_parts(shapely.polygonize([lines])))
    tree = STRtree(shapes)
    owned: dict[int, list[Polygon]] = defaultdict(list)
    slivers = []
    for face in faces:
        area, owner = _largest_share(shapes, tree, face)
        if area > face.area * 0.6:
            owned[owner].append(face)
        else:
            slivers.append(face)
    for sliver in slivers:
        owned[max(owned, key=lambda i: (max(f.intersection(sliver).length for f in owned[i]), -i))].append(sliver)
    return [_one(shapely.coverage_union_all(owned[i])) for i in range(len(shapes))]


def _one(shape: object) -> Polygon:
    if not isinstance(shape, Polygon) or shape.interiors:
        raise ValueError("an area of the map fell apart or has a hole: change the drawing")
    return shape


def bent(shapes: Sequence[Polygon], natural: Sequence[bool]) -> list[Polygon]:
    """Return the coverage with every line bent that has a natural area on one of its sides; in the same order."""
    arcs = _arcs(shapes, natural)
    bends = [BEND if wild else 0.0 for _, wild in arcs]
    lines = [_bend(arc, bend) for (arc, _), bend in zip(arcs, bends, strict=True)]
    while touching := _touching(lines):
        for i in touching:
            bends[i] = bends[i] / 2 if bends[i] > BEND / 16 else 0.0
            lines[i] = _bend(arcs[i][0], bends[i])
    faces = list(shapely.get_parts(shapely.polygonize(lines)))
    if len(faces) != len(shapes):
        raise ValueError(f"bending the lines made {len(faces)} areas out of {len(shapes)}")
    return [_one(faces[_largest_share(faces, STRtree(faces), shape)[1]]) for shape in shapes]


def _touching(lines: Sequence[LineString]) -> set[int]:
    """Return the lines that cross themselves or meet another one elsewhere than at ends of both."""
    left, right = STRtree(lines).query(lines, predicate="intersects")
    found = {i for i, line in enumerate(lines) if not line.is_simple}
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a < b and not lines[a].touches(lines[b]):
            found |= {a, b}
        elif a < b:
            ends = shapely.intersection(lines[a].boundary, lines[b].boundary)
            if not ends.covers(shapely.intersection(lines[a], lines[b])):
                found |= {a, b}
    return found


def _largest_share(faces: Sequence[Polygon], tree: STRtree, shape: Polygon) -> tuple[float, int]:
    """Return the largest area that `shape` shares with one of the faces, and that face's place; (0, -1) with none."""
    shares = [(float(faces[i].intersection(shape).area), -i) for i in tree.query(shape).tolist()]
    area, place = max(shares, default=(0.0, 1))
    return area, -place


def _arcs(shapes: Sequence[Polygon], natural: Sequence[bool]) -> list[tuple[list[Vertex], bool]]:
    """Return the lines between junctions, each with whether it borders a natural area."""
    wild: dict[tuple[Vertex, Vertex], bool] = {}
    for shape, is_natural in zip(shapes, natural, strict=True):
        ring = [(round(x), round(y)) for x, y in shape.exterior.coords]
        for a, b in pairwise(ring):
            edge = (min(a, b), max(a, b))
            wild[edge] = wild.get(edge, False) or is_natural
    beside: dict[Vertex, list[Vertex]] = defaultdict(list)
    for a, b in sorted(wild):
        beside[a].append(b)
        beside[b].append(a)
    return _chains(wild, beside)


def _chains(
    wild: dict[tuple[Vertex, Vertex], bool], beside: dict[Vertex, list[Vertex]]
) -> list[tuple[list[Vertex], bool]]:
    arcs: list[tuple[list[Vertex], bool]] = []
    done: Counter[tuple[Vertex, Vertex]] = Counter()
    for start in sorted(vertex for vertex, others in beside.items() if len(others) != 2):
        for step in beside[start]:
            if done[start, step]:
                continue
            arc = [start, step]
            while len(beside[arc[-1]]) == 2:
                arc.append(next(v for v in beside[arc[-1]] if v != arc[-2]))
            done[arc[0], arc[1]] += 1
            done[arc[-1], arc[-2]] += 1
            arcs.append((arc, any(wild[min(a, b), max(a, b)] for a, b in pairwise(arc))))
    return arcs


def _bend(arc: list[Vertex], bend: float) -> LineString:
    if not bend:
        return LineString(arc)
    points: list[tuple[float, float]] = [arc[0]]
    for a, b in pairwise(arc):
        points += _displaced(a, b, bend, Random(f"{min(a, b)}{max(a, b)}"))
    for _ in range(2):
        points = _rounded(points)
    kept = LineString(points).simplify(FINEST).coords
    whole = [(round(x), round(y)) for x, y in kept]
    return LineString([point for i, point in enumerate(whole) if i == 0 or point != whole[i - 1]])


def _displaced(
    a: tuple[float, float], b: tuple[float, float], bend: float, chance: Random
) -> list[tuple[float, float]]:
    """Return the points after `a` up to `b`, halving the segment and moving each middle sideways."""
    if hypot(b[0] - a[0], b[1] - a[1]) < STRAIGHT_BELOW:
        return [b]
    aside = chance.uniform(-bend, bend)
    middle = ((a[0] + b[0]) / 2 - aside * (b[1] - a[1]), (a[1] + b[1]) / 2 + aside * (b[0] - a[0]))
    return [*_displaced(a, middle, bend, chance), *_displaced(middle, b, bend, chance)]


def _rounded(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Cut the corners once (Chaikin); segments already short keep their corners, ends stay."""
    result = [points[0]]
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        if min(hypot(point[0] - p[0], point[1] - p[1]) for p in (before, after)) < STRAIGHT_BELOW / 6:
            result.append(point)
            continue
        result += [(point[0] * 0.75 + p[0] * 0.25, point[1] * 0.75 + p[1] * 0.25) for p in (before, after)]
    return [*result, points[-1]]
