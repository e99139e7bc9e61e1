"""Draws the map of the demo district and writes `map.json`: `python -m liuchi.demo.district.generate`.

Towns are the faces between the drawn lines; communities and grids are cut out of them, as street blocks in the city
and as natural cells in the country. The result is the same on every run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from liuchi.demo.district import drawing
from liuchi.demo.district.partition import even_blocks, natural_cells, street_blocks
from liuchi.demo.district.places import CITY, DISTRICT, PROVINCE, TOWNS, Place, Town
from liuchi.demo.district.topology import bent, seamless

MAP_FILE: Final = Path(__file__).with_name("map.json")
WEST, SOUTH, EAST, NORTH = 116.9, 30.4, 117.1, 30.6
UNITS_PER_METRE_EAST, UNITS_PER_METRE_NORTH = 1e6 / 95_999, 1e6 / 110_861  # at 30.5 N
NUMERALS: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class _Leaf:
    place: Place
    natural: bool
    shape: Polygon


def draw_map() -> dict[str, Any]:
    """Return the whole map as a GeoJSON feature collection: areas from the top down, then features in drawing order."""
    leaves = [leaf for town in TOWNS for leaf in _leaves(town)]
    shapes = seamless([_in_units(leaf.shape) for leaf in leaves])
    shapes = bent(shapes, [leaf.natural for leaf in leaves])
    grids: dict[str, list[Polygon]] = {}
    for leaf, shape in zip(leaves, shapes, strict=True):
        grids.setdefault(leaf.place.code, []).append(shape)
    return {"type": "FeatureCollection", "features": [*_areas(grids), *_features()]}


def write_map(path: Path = MAP_FILE) -> None:
    """Draw the map and write it, one feature to a line."""
    lines = (json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in draw_map()["features"])
    path.write_text('{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def _leaves(town: Town) -> list[_Leaf]:
    """Return the town's grids in metres, community by community."""
    shape = next(
        face for face in _town_faces() if face.covers(shapely.Point(town.inside_km[0] * 1000, town.inside_km[1] * 1000))
    )
    water = _water()
    chance = Random(town.code)
    counts = [place.grids for place in town.places]
    leaves = []
    if town.streets_degrees is None:
        parts = _from_the_west(natural_cells(shape, len(counts), water, chance))
    else:
        parts = street_blocks(shape, counts, town.streets_degrees, water, chance)
    for place, part in zip(town.places, parts, strict=True):
        chance = Random(place.code)
        if town.streets_degrees is None:
            pieces = natural_cells(part, place.grids, water, chance)
        else:
            pieces = even_blocks(part, place.grids, town.streets_degrees, water, chance)
        leaves += [_Leaf(place, town.streets_degrees is None, piece) for piece in pieces]
    return leaves


def _from_the_west(parts: list[Polygon]) -> list[Polygon]:
    return sorted(parts, key=lambda part: part.centroid.x)


def _town_faces() -> list[Polygon]:
    d = drawing
    rivers = (d.YANGTZE_NORTH_BANK, d.WAN)
    streets = (d.CITY_NORTH, d.RENMIN_ROAD, d.HUANCHENG_ROAD, d.LONGSHAN_ROAD, d.HUXIN_ROAD, d.JIXIAN_ROAD)
    to_be_bent = [LineString(points) for points in (d.HAIKOU_WEST, d.NORTH_AND_EAST)]
    noded = shapely.union_all([*to_be_bent, *(drawing.line(points) for points in (*rivers, *streets))])
    return [_in_metres(face) for face in shapely.get_parts(shapely.polygonize([noded]))]


def _water() -> BaseGeometry:
    lakes = (drawing.lake(drawing.SHIMEN_LAKE), drawing.lake(drawing.LING_LAKE))
    return shapely.union_all([_in_metres(shape) for shape in (drawing.wan(), *lakes)])


def _in_metres(shape: Any) -> Any:
    return shapely.transform(shape, lambda km: km * 1000)


def _in_units(shape: Any) -> Any:
    """Metres east and north of the south-west corner to millionths of a degree."""
    scale = np.array([UNITS_PER_METRE_EAST, UNITS_PER_METRE_NORTH])
    return shapely.transform(shape, lambda metres: metres * scale)


def _areas(grids: dict[str, list[Polygon]]) -> list[dict[str, Any]]:
    towns, communities, cells = [], [], []
    for town in TOWNS:
        for place in sorted(town.places, key=lambda place: place.code):
            pieces = _reading_order(grids[place.code])
            communities.append(
                _area(place.code, place.name, place.official_name, "community", place.label_kind, town.code, pieces)
            )
            for number, piece in enumerate(pieces, start=1):
                name = f"{place.name}第{NUMERALS[number - 1]}网格"
                cells.append(_area(f"{place.code}{number:03}", name, name, "grid", "网格", place.code, [piece]))
        pieces = [piece for place in town.places for piece in grids[place.code]]
        towns.append(_area(town.code, town.name, town.name, "town", town.label_kind, DISTRICT[0], pieces))
    everything = [piece for pieces in grids.values() for piece in pieces]
    return [
        _area(*PROVINCE, PROVINCE[1], "province", "省", "", []),
        _area(*CITY, CITY[1], "city", "市", PROVINCE[0], []),
        _area(*DISTRICT, DISTRICT[1], "district", "区", CITY[0], everything),
        *towns, *communities, *cells,
    ]  # fmt: skip


def _area(
    code: str, name: str, official_name: str, kind: str, label_kind: str, parent_code: str, pieces: list[Polygon]
) -> dict[str, Any]:
    about = {"kind": kind, "code": code, "name": name, "official_name": official_name, "label_kind": label_kind}
    about |= {"parent_code": parent_code}
    if not pieces:
        return _entry(about | {"label_at": None}, None)
    shape = shapely.coverage_union_all(pieces)
    if not isinstance(shape, Polygon) or shape.interiors:
        raise ValueError(f"{code} {name} is not in one piece")
    middle = shapely.get_point(shapely.maximum_inscribed_circle(shape, 100), 0)
    return _entry(about | {"label_at": _degrees([middle.coords[0]])[0]}, _polygon(shape))


def _reading_order(pieces: list[Polygon]) -> list[Polygon]:
    """Return the grids in rows from north to south, each row from west to east."""
    west, south, east, north = shapely.total_bounds(pieces)
    rows = max(1, round((len(pieces) * (north - south) / (east - west)) ** 0.5))
    height = (north - south) / rows
    return sorted(
        pieces, key=lambda p: (min(rows - 1, int((north - p.centroid.y) / height)), p.centroid.x, p.centroid.y)
    )


def _features() -> list[dict[str, Any]]:
    frame = shapely.box(0, 0, 19.19, 22.17)
    draw = partial(_feature, frame=frame)
    return [
        draw("长江", "Yangtze", "river", "main", drawing.yangtze()),
        draw("皖河", "Wan", "river", "minor", drawing.wan().difference(drawing.yangtze())),
        draw("石门湖", "Shimen Lake", "lake", "main", drawing.lake(drawing.SHIMEN_LAKE)),
        draw("菱湖", "Ling Lake", "lake", "minor", drawing.lake(drawing.LING_LAKE)),
        *(draw(s.name, s.english, "railway" if s.rank == "railway" else "street", s.rank.replace("railway", "main"),
               drawing.line(s.points)) for s in drawing.STREETS),
    ]  # fmt: skip


def _feature(name: str, english: str, kind: str, rank: str, shape: BaseGeometry, frame: Polygon) -> dict[str, Any]:
    shape = _in_units(_in_metres(shape.intersection(frame)))
    geometry = (
        _polygon(shape) if isinstance(shape, Polygon) else {"type": "LineString", "coordinates": _degrees(shape.coords)}
    )
    return _entry({"kind": kind, "name": name, "english_name": english, "rank": rank}, geometry)


def _entry(about: dict[str, Any], geometry: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "Feature", "properties": about, "geometry": geometry}


def _polygon(shape: Polygon) -> dict[str, Any]:
    """Return the normal form: anticlockwise, starting at the south-westernmost vertex, so that equal shapes are
    equal text.
    """
    ring = list(shapely.orient_polygons(shape).exterior.coords)[:-1]
    first = ring.index(min(ring))
    return {"type": "Polygon", "coordinates": [_degrees([*ring[first:], *ring[: first + 1]])]}


def _degrees(units: Any) -> list[list[float]]:
    return [[round(WEST + x / 1e6, 6), round(SOUTH + y / 1e6, 6)] for x, y in units]


if __name__ == "__main__":
    write_map()
