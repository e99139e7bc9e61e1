"""Reading GeoJSON files of boundaries, in the coordinate system they come in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from liuchi.ground.territory.actions.importing import TerritoryRefused
from liuchi.ground.territory.coordinates import CoordinateSystem, convert
from liuchi.ground.territory.models import AreaKind

#: Under which names a feature tells its facts; files from surveyors use the Chinese ones.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "编码", "网格编码"),
    "name": ("name", "名称", "网格名称"),
    "parent_code": ("parent", "parent_code", "上级代码", "社区代码"),
    "kind": ("kind", "类型"),
}
#: How many lists stand above a position.
_DEPTH = {"Polygon": 2, "MultiPolygon": 3}
_LARGEST = 200_000_000


@dataclass(frozen=True)
class DrawnArea:
    """A polygon of a file: of the area with this code, or of a new one with this name under the parent's code."""

    geometry: Mapping[str, Any]
    code: str = ""
    name: str = ""
    parent_code: str = ""
    kind: str = AreaKind.GRID


def read_boundaries(content: bytes, name: str, *, crs: CoordinateSystem = CoordinateSystem.CGCS2000) -> list[DrawnArea]:
    """Return the polygons of a GeoJSON FeatureCollection in CGCS2000, converted from `crs`; heights are dropped.

    Raises:
        TerritoryRefused: when the file is none, or a feature lacks what is needed; the message names the feature.
    """
    if len(content) > _LARGEST:
        raise TerritoryRefused(_("%(file)s is too large.") % {"file": name})
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
        rows = [(feature["properties"] or {}, feature["geometry"]) for feature in features]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TerritoryRefused(_("%(file)s is no GeoJSON FeatureCollection.") % {"file": name}) from error
    if not rows:
        raise TerritoryRefused(_("%(file)s holds no polygons.") % {"file": name})
    return [_drawn(number, facts, geometry, crs) for number, (facts, geometry) in enumerate(rows, start=1)]


def _drawn(number: int, facts: Mapping[str, Any], geometry: Any, crs: CoordinateSystem) -> DrawnArea:
    told = {key: _first(facts, names) for key, names in _CALLED.items()}
    if not told["code"] and not (told["name"] and told["parent_code"]):
        raise TerritoryRefused(
            _("Feature %(number)d needs a code, or a name and the code of its community.") % {"number": number}
        )
    kind = told.pop("kind") or AreaKind.GRID
    if kind not in AreaKind.values:
        raise TerritoryRefused(_("Feature %(number)d: no area is of the kind given.") % {"number": number})
    return DrawnArea(_placed(number, geometry, crs), kind=kind, **told)


def _placed(number: int, geometry: Any, crs: CoordinateSystem) -> dict[str, Any]:
    try:
        return placed(geometry, crs)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise TerritoryRefused(
            _("Feature %(number)d is no polygon in degrees, longitude first.") % {"number": number}
        ) from error


def placed(geometry: Any, crs: CoordinateSystem) -> dict[str, Any]:
    """Return a polygon in our own system; KeyError, TypeError, ValueError or IndexError where it is none."""
    kind = geometry["type"]
    return {"type": kind, "coordinates": _converted(geometry["coordinates"], crs, _DEPTH[kind])}


def _first(facts: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(facts[name]).strip() for name in names if facts.get(name) not in (None, "")), "")


def _converted(coordinates: Any, crs: CoordinateSystem, depth: int) -> Any:
    """Return rings of positions, `depth` lists above a position, in our own system."""
    if not isinstance(coordinates, list):
        raise TypeError
    if depth:
        return [_converted(each, crs, depth - 1) for each in coordinates]
    found = convert(float(coordinates[0]), float(coordinates[1]), source=crs, target=CoordinateSystem.CGCS2000)
    return [round(found.lon, 9), round(found.lat, 9)]
