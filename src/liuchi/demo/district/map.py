"""The map of the demo district: its areas from the province down to 274 grids, and water, streets and a railway to
draw.

The map is schematic (see `drawing`), in CGCS2000 degrees, longitude first. It is read from `map.json`, which
`python -m liuchi.demo.district.generate` writes; a test holds the two together.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

GeoJSON: TypeAlias = dict[str, Any]

AREA_KINDS: Final = ("province", "city", "district", "town", "community", "grid")
FEATURE_KINDS: Final = ("river", "lake", "street", "railway")


@dataclass(frozen=True, slots=True)
class Area:
    """An area: `kind` is one of AREA_KINDS, `label_kind` its Chinese kind (街道, 镇, 乡, 社区, 村 …).

    `parent_code` is empty for the province; `polygon` is None for the province and the city. `label_at` is a point well
    inside, for the name. A grid's code has 15 digits: its community's 12 and a serial, in reading order from the
    north-west.
    """

    code: str
    name: str
    official_name: str
    kind: str
    label_kind: str
    parent_code: str
    polygon: GeoJSON | None
    label_at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Feature:
    """Something to draw: `kind` is one of FEATURE_KINDS, `rank` main or minor, `shape` a GeoJSON polygon or line."""

    name: str
    english_name: str
    kind: str
    rank: str
    shape: GeoJSON


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """All areas, parents before children, each kind ordered by code; and the features in drawing order."""

    areas: tuple[Area, ...]
    features: tuple[Feature, ...]

    def of_kind(self, kind: str) -> tuple[Area, ...]:
        """Return the areas of one of AREA_KINDS, ordered by code."""
        return tuple(area for area in self.areas if area.kind == kind)

    def children(self, code: str) -> tuple[Area, ...]:
        """Return the areas directly below the given one, ordered by code."""
        return tuple(area for area in self.areas if area.parent_code == code)

    def area(self, code: str) -> Area:
        """Return the area with this code. Raises KeyError."""
        return next((area for area in self.areas if area.code == code), None) or _missing(code)


def _missing(code: str) -> Area:
    raise KeyError(code)


@cache
def district_map() -> DistrictMap:
    """Return the map of the demo district, always the same one."""
    entries = json.loads(files(__package__).joinpath("map.json").read_text(encoding="utf-8"))["features"]
    return DistrictMap(
        areas=tuple(_area(entry) for entry in entries if entry["properties"]["kind"] in AREA_KINDS),
        features=tuple(_feature(entry) for entry in entries if entry["properties"]["kind"] in FEATURE_KINDS),
    )


def _area(entry: GeoJSON) -> Area:
    about = entry["properties"]
    label = about["label_at"]
    return Area(
        code=about["code"],
        name=about["name"],
        official_name=about["official_name"],
        kind=about["kind"],
        label_kind=about["label_kind"],
        parent_code=about["parent_code"],
        polygon=entry["geometry"],
        label_at=(label[0], label[1]) if label else None,
    )


def _feature(entry: GeoJSON) -> Feature:
    about = entry["properties"]
    return Feature(about["name"], about["english_name"], about["kind"], about["rank"], entry["geometry"])
