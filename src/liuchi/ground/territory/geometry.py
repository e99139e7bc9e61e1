"""From a point to the area it lies in, and the check that areas tile a place without gap or overlap.

Polygons are GeoJSON (Polygon or MultiPolygon) in CGCS2000 degrees, longitude first. Everything here is computed in
memory; nothing reads the database.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import cos, isfinite, radians
from typing import Any, Final, Generic, TypeAlias, TypeVar

import shapely
from django.utils.translation import gettext as _
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

GeoJSON: TypeAlias = Mapping[str, Any]
Id = TypeVar("Id", bound=Hashable)

CLOSURE: Final = "closure"
INVALID: Final = "invalid"
GAP: Final = "gap"
OVERLAP: Final = "overlap"
MISMATCH: Final = "mismatch"


class GridIndex(Generic[Id]):
    """Finds the area a point lies in, out of the polygons given at the start."""

    def __init__(self, areas: Iterable[tuple[Id, GeoJSON]]) -> None:
        """Index pairs of area id and polygon, given in the order of their codes.

        Raises ValueError for an id given twice and for a polygon that is none.
        """
        pairs = list(areas)
        self._ids = [area_id for area_id, _ in pairs]
        if len(set(self._ids)) != len(self._ids):
            raise ValueError("an area id occurs twice")
        self._shapes = [_parsed(area_id, polygon) for area_id, polygon in pairs]
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self._ids)

    def locate(self, lon: float, lat: float) -> Id | None:
        """Return the id of the area the point lies in, None if it lies in none.

        Degrees CGCS2000. A point on a border belongs to the area given first of those that meet there (with areas
        given in the order of their codes: to the smallest code), so that it is never lost and never in two. Raises
        ValueError for what cannot be a longitude and a latitude.
        """
        _check_position(lon, lat)
        point = shapely.points((lon, lat))
        candidates: list[int] = self._tree.query(point).tolist()
        candidates.sort()
        for i in candidates:
            if shapely.intersects(self._shapes[i], point):
                return self._ids[i]
        return None

    def middle(self, ids: Collection[Id]) -> tuple[float, float] | None:
        """Return a point (longitude, latitude) inside the areas of these ids together; None where none is indexed."""
        shapes = [shape for area_id, shape in zip(self._ids, self._shapes, strict=True) if area_id in ids]
        if not shapes:
            return None
        point = shapely.union_all(shapes).representative_point()
        return point.x, point.y


def _check_position(lon: float, lat: float) -> None:
    try:
        sound = isfinite(lon) and isfinite(lat)
    except TypeError:
        sound = False
    if not sound:
        raise ValueError(f"longitude and latitude must be finite numbers, not {lon!r} and {lat!r}")
    if not -90 <= lat <= 90:
        raise ValueError(f"latitude {lat} is outside -90 to 90; were longitude and latitude exchanged?")
    if not -180 <= lon <= 180:
        raise ValueError(f"longitude {lon} is outside -180 to 180")


def _parsed(area_id: Hashable, polygon: GeoJSON) -> BaseGeometry:
    broken = _broken_ring(polygon)
    if broken is not None:
        raise ValueError(f"{area_id}: {broken[0]}")
    return parsed_shape(polygon)


def parsed_shape(polygon: GeoJSON) -> BaseGeometry:
    """Return a GeoJSON Polygon or MultiPolygon, whose rings were found closed, as a shape."""
    parts = [Polygon(rings[0], rings[1:]) for rings in _rings(polygon)]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _rings(polygon: GeoJSON) -> list[Any]:
    """Return the list of rings of each part."""
    return [polygon["coordinates"]] if polygon["type"] == "Polygon" else list(polygon["coordinates"])


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a coverage: its kind, the areas concerned, a point (longitude, latitude) where it is, and its size.

    `kind` is `closure` (a ring is not closed or has too few points), `invalid` (a border crosses itself), `overlap`,
    `gap`, or `mismatch` (neighbours do not share the same vertices, so a gap or overlap of no size may open).
    `size_m2` is 0 for faults without area.
    """

    kind: str
    ids: tuple[str, ...]
    at: tuple[float, float] | None
    size_m2: float
    message: str


def check_coverage(polygons: Iterable[tuple[str, GeoJSON]], outline: GeoJSON | None = None) -> list[Problem]:
    """Return what keeps the polygons from tiling their place seamlessly, worst kinds first; empty if they do.

    With an `outline` they must tile exactly that; without, gaps are the holes they enclose. Overlaps and gaps are
    looked for only once all rings are closed and sound. Source of the demands: closed polygons with topology, as GB/T
    30428.1 asks of unit grids.
    """
    pairs = sorted(polygons, key=lambda pair: pair[0])
    problems = [problem for area_id, polygon in pairs for problem in faults(area_id, polygon)]
    if problems:
        return problems
    ids = [area_id for area_id, _ in pairs]
    shapes = [parsed_shape(polygon) for _, polygon in pairs]
    found = [*_overlaps(ids, shapes), *_gaps(ids, shapes, parsed_shape(outline) if outline is not None else None)]
    return found or _mismatches(ids, shapes)


def faults(area_id: str, polygon: GeoJSON) -> list[Problem]:
    """Return what is wrong with one polygon by itself: a ring that is not closed, a border that crosses itself."""
    broken = _broken_ring(polygon)
    if broken is not None:
        message, where = broken
        return [Problem(CLOSURE, (area_id,), where, 0.0, f"{area_id}: {message}")]
    shape = parsed_shape(polygon)
    if shape.is_valid:
        return []
    reason = shapely.is_valid_reason(shape)
    return [Problem(INVALID, (area_id,), _position(shape), 0.0, f"{area_id}: {crossing(reason)}")]


def _broken_ring(polygon: GeoJSON) -> tuple[str, tuple[float, float] | None] | None:
    if polygon.get("type") not in ("Polygon", "MultiPolygon") or not polygon.get("coordinates"):
        return _("is not a GeoJSON Polygon or MultiPolygon"), None
    for rings in _rings(polygon):
        for ring in rings or [[]]:
            where = (float(ring[0][0]), float(ring[0][1])) if ring else None
            if len(ring) < 4:
                return _("a ring has fewer than four positions"), where
            if list(ring[0]) != list(ring[-1]):
                return _("a ring is not closed: its last position is not its first"), where
    return None


def _overlaps(ids: list[str], shapes: list[BaseGeometry]) -> list[Problem]:
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    problems = []
    for a, b in sorted((int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b):
        shared = shapely.intersection(shapes[a], shapes[b])
        if shared.area > 0:
            size = area_m2(shared)
            names = {"one": ids[a], "other": ids[b], "size": f"{size:.1f}"}
            message = _("%(one)s and %(other)s overlap on %(size)s m²") % names
            problems.append(Problem(OVERLAP, (ids[a], ids[b]), _position(shared), size, message))
    return problems


def _gaps(ids: list[str], shapes: list[BaseGeometry], outline: BaseGeometry | None) -> list[Problem]:
    union = shapely.union_all(shapes)
    if outline is None:
        holes = [Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
        return [_gap(ids, shapes, hole) for hole in holes]
    missing = [part for part in shapely.get_parts(outline.difference(union)) if part.area > 0]
    beyond = [part for part in shapely.get_parts(union.difference(outline)) if part.area > 0]
    return [*(_gap(ids, shapes, part) for part in missing), *(_beyond(ids, shapes, part) for part in beyond)]


def _gap(ids: list[str], shapes: list[BaseGeometry], gap: BaseGeometry) -> Problem:
    around = tuple(ids[i] for i in sorted(shapely.STRtree(shapes).query(gap, predicate="intersects").tolist()))
    size = area_m2(gap)
    names = {"size": f"{size:.1f}", "areas": ", ".join(around)}
    message = _("a gap of %(size)s m² between %(areas)s") % names if around else _("a gap of %(size)s m²") % names
    return Problem(GAP, around, _position(gap), size, message)


def _beyond(ids: list[str], shapes: list[BaseGeometry], part: BaseGeometry) -> Problem:
    owners = tuple(ids[i] for i, shape in enumerate(shapes) if shape.intersection(part).area > 0)
    size = area_m2(part)
    names = {"areas": ", ".join(owners), "size": f"{size:.1f}"}
    message = _("%(areas)s: %(size)s m² lie outside the outline") % names
    return Problem(OVERLAP, owners, _position(part), size, message)


def _mismatches(ids: list[str], shapes: list[BaseGeometry]) -> list[Problem]:
    edges = shapely.coverage_invalid_edges(shapes)
    return [
        Problem(
            MISMATCH,
            (area_id,),
            _position(edge),
            0.0,
            _("%(area)s: its border lacks a vertex of its neighbour's, or has one more") % {"area": area_id},
        )
        for area_id, edge in zip(ids, edges, strict=True)
        if not edge.is_empty
    ]


def crossing(reason: str) -> str:
    """Return in words why a polygon is not valid, from what the library says (its point in brackets is kept)."""
    place = reason[reason.find("[") :] if "[" in reason else ""
    if reason.startswith(("Self-intersection", "Ring Self-intersection")):
        return _("its border crosses or touches itself at %(place)s") % {"place": place}
    return _("its rings do not fit together at %(place)s") % {"place": place}


def _position(shape: BaseGeometry) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    return float(point.x), float(point.y)


def area_m2(shape: BaseGeometry) -> float:
    """Return the area in square metres of a shape in CGCS2000 degrees, good to about 1 in 10,000 for shapes below 50
    km across.

    A degree is measured at the middle latitude by the usual series for the ellipsoid's meridian and parallel.
    """
    _, south, _, north = shape.bounds
    middle = radians((south + north) / 2)
    metres_north = 111_132.954 - 559.822 * cos(2 * middle) + 1.175 * cos(4 * middle)
    metres_east = 111_412.84 * cos(middle) - 93.5 * cos(3 * middle) + 0.118 * cos(5 * middle)
    return float(shape.area * metres_north * metres_east)
