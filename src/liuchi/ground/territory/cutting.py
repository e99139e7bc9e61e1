"""Cutting polygons into parts that tile them exactly, and joining them again.

GeoJSON in CGCS2000 degrees goes in and comes out; nothing reads the database.
"""

import json
from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from shapely.ops import polygonize, split

from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.codes import reading_order
from liuchi.ground.territory.geometry import GeoJSON, Problem, area_m2, check_coverage, faults, parsed_shape

#: Half the width (degrees, about 5 cm) below which a gap or overlap is a sliver: drawn by rounding, closed by us.
SLIVER: Final = 4.5e-7
#: A part below this is a slip of the hand, not a grid (m²).
SMALLEST: Final = 1.0

Point = tuple[float, float]


class ShapeRefused(RuleBroken):
    """The polygons do not make a territory; `problems` say where and how large the fault is."""

    code = "shape_refused"

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, field="geometry")
        self.problems = tuple(problems)


def require_sound(geometry: GeoJSON, name: str = "") -> None:
    """Refuse what is no closed, valid polygon.

    Raises:
        ShapeRefused: with the first fault in words.
    """
    found = faults(name, geometry)
    if found:
        raise ShapeRefused(_("This is not a sound polygon: %(fault)s") % {"fault": found[0].message}, found)


def cut_along(geometry: GeoJSON, start: Point, end: Point) -> list[dict[str, Any]]:
    """Return the parts into which the straight line through two points (longitude, latitude) cuts a polygon.

    The line goes on beyond both points. Parts in reading order: north to south, west to east.

    Raises:
        ShapeRefused: the points are one, the line misses the polygon, or it leaves a part below 1 m².
    """
    if start == end:
        raise ShapeRefused(_("Give two different points."))
    shape = parsed_shape(geometry)
    pieces = [piece for part in shapely.get_parts(shape) for piece in split(part, _through(shape, start, end)).geoms]
    if len(pieces) == len(shapely.get_parts(shape)):
        raise ShapeRefused(_("This line does not cut the area in two."))
    if min(area_m2(piece) for piece in pieces) < SMALLEST:
        raise ShapeRefused(_("This line only grazes the area; choose points farther inside."))
    height = median(piece.bounds[3] - piece.bounds[1] for piece in pieces)
    order = reading_order([(piece.centroid.x, piece.centroid.y) for piece in pieces], height)
    return [as_geojson(pieces[number]) for number in order]


def tiled(parts: Sequence[GeoJSON], outline: GeoJSON) -> list[dict[str, Any]]:
    """Return the parts, fitted so that they tile the outline without gap or overlap.

    What is drawn to the centimetre is never exact: gaps and overlaps narrower than about 10 cm go to a neighbour.

    Raises:
        ShapeRefused: a part is not closed or not valid, or there is a wider gap or overlap; each with place and size.
    """
    named = [(str(number), part) for number, part in enumerate(parts, start=1)]
    broken = [problem for name, part in named for problem in faults(name, part)]
    if broken:
        raise ShapeRefused(_("Part %(fault)s") % {"fault": broken[0].message}, broken)
    shapes, whole = [parsed_shape(part) for part in parts], parsed_shape(outline)
    if any(not _is_sliver(piece) for piece in _misfits(shapes, whole)):
        problems = [each for each in check_coverage(named, outline) if each.size_m2 > 0]
        told = "; ".join(problem.message for problem in problems[:3])
        raise ShapeRefused(_("The parts do not tile the area: %(faults)s") % {"faults": told}, problems)
    fitted = _fitted(shapes, whole)
    if any(shape.is_empty or area_m2(shape) < SMALLEST for shape in fitted):
        raise ShapeRefused(_("One of the parts is smaller than a square metre."))
    return [as_geojson(shape) for shape in fitted]


def joined(geometries: Sequence[GeoJSON]) -> dict[str, Any]:
    """Return the union of polygons."""
    return as_geojson(shapely.union_all([parsed_shape(each) for each in geometries]))


def is_one_piece(geometry: GeoJSON) -> bool:
    """Tell whether a polygon hangs together."""
    return len(shapely.get_parts(parsed_shape(geometry))) == 1


def holds(outer: GeoJSON, inner: GeoJSON) -> bool:
    """Tell whether a polygon lies within another, slivers aside."""
    rest = parsed_shape(inner).difference(parsed_shape(outer))
    return all(_is_sliver(piece) for piece in shapely.get_parts(rest))


def same_ground(one: GeoJSON, other: GeoJSON) -> bool:
    """Tell whether two polygons cover the same ground, slivers aside."""
    return holds(one, other) and holds(other, one)


def as_geojson(shape: BaseGeometry) -> dict[str, Any]:
    """Return a polygon as GeoJSON, outer rings anticlockwise (RFC 7946)."""
    parts = [orient(part) for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    made = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    found: dict[str, Any] = json.loads(shapely.to_geojson(made))
    return found


def _through(shape: BaseGeometry, start: Point, end: Point) -> BaseGeometry:
    """Return the line through two points, long enough to leave the shape on both sides."""
    west, south, east, north = shape.bounds
    dx, dy = end[0] - start[0], end[1] - start[1]
    reach = 2 * (abs(east - west) + abs(north - south) + abs(start[0] - west) + abs(start[1] - south))
    far = reach / max(abs(dx), abs(dy))
    return shapely.linestrings([(start[0] - dx * far, start[1] - dy * far), (end[0] + dx * far, end[1] + dy * far)])


def _is_sliver(piece: BaseGeometry) -> bool:
    return bool(piece.area == 0 or piece.buffer(-SLIVER).is_empty)


def _misfits(shapes: Sequence[BaseGeometry], whole: BaseGeometry) -> list[BaseGeometry]:
    """Return the pieces that lie in two parts, in none, or outside."""
    union = shapely.union_all(list(shapes))
    shared = [one.intersection(other) for number, one in enumerate(shapes) for other in shapes[number + 1 :]]
    wrong = [whole.difference(union), union.difference(whole), *shared]
    return [piece for each in wrong for piece in shapely.get_parts(each) if piece.area > 0]


def _fitted(shapes: Sequence[BaseGeometry], whole: BaseGeometry) -> list[BaseGeometry]:
    """Return the parts made anew out of the faces that all borders cut the whole into, so that they tile it exactly."""
    borders = shapely.union_all([whole.boundary, *(shape.boundary for shape in shapes)])
    faces = [face for face in polygonize(borders) if whole.contains(face.representative_point())]
    given: list[list[BaseGeometry]] = [[] for _ in shapes]
    left: list[BaseGeometry] = []
    for face in faces:
        inside = face.representative_point()
        owner = next((number for number, shape in enumerate(shapes) if shape.contains(inside)), None)
        (left if owner is None else given[owner]).append(face)
    for face in sorted(left, key=lambda each: -each.area):
        near = [max((face.intersection(each).length for each in mine), default=0.0) for mine in given]
        given[near.index(max(near))].append(face)
    return [shapely.union_all(mine) for mine in given]
