"""Drawing the district as a schematic SVG: communities shaded by open cases, water, streets, names of towns."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.html import escape
from django.utils.translation import get_language
from shapely.geometry import shape

from liuchi.engines.cases.queries import open_by_place
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import Territory, boundaries, features, territory

WIDTH, MARGIN = 720.0, 12.0
Point = Sequence[float]
#: From "nothing open" to "much open"; each step is darker, so that the order shows without colour as well.
SHADES = ("#f3f1e7", "#dfe8e2", "#bcd6d3", "#8fbcbd", "#5f9ba0", "#3b7a82")
STYLE = (
    ".c{stroke:#fff;stroke-width:1.2}.t{fill:none;stroke:#6b7a78;stroke-width:1.4;stroke-linejoin:round}"
    ".river,.lake{fill:#cfe3ee}.street{fill:none;stroke:#fff;stroke-width:2.4;opacity:.85}"
    ".railway{fill:none;stroke:#8b8b84;stroke-width:1.6;stroke-dasharray:7 4}"
    "text{font:600 15px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;fill:#1c2226;"
    "text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:3.5px;stroke-linejoin:round}"
    + "".join(f".s{step}{{fill:{colour}}}" for step, colour in enumerate(SHADES))
)


@dataclass(frozen=True)
class Frame:
    """Where the district lies on the paper: degrees in, pixels out."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    def place(self, point: Point) -> tuple[int, int]:
        """Return the pixel of a point (degrees)."""
        return (
            round(MARGIN + (point[0] - self.west) * self.squeeze * self.scale),
            round(MARGIN + (self.north - point[1]) * self.scale),
        )

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return longitude and latitude of a pixel."""
        return self.west + (x - MARGIN) / (self.scale * self.squeeze), self.north - (y - MARGIN) / self.scale


@dataclass(frozen=True)
class Drawing:
    """The parts of the map that change only with the territory."""

    frame: Frame
    communities: Mapping[UUID, str]
    ground: str
    lines: str


def map_tag() -> str:
    """Return what the map depends on, for browsers that hold one already."""
    known = territory()
    shades = ",".join(f"{area}:{shade}" for area, shade in sorted(_shades(known).items()))
    return f'"{hashlib.sha256(f"{known.edition} {shades} {STYLE}".encode()).hexdigest()[:20]}"'


def drawn_map() -> str:
    """Return the map as SVG; an empty paper before a territory is imported."""
    known = territory()
    try:
        drawing = _drawing(known.edition, known.root().id)
    except NotFound:
        drawing = None
    if drawing is None:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} 400"/>'
    shades = _shades(known)
    areas = "".join(
        f'<path class="c s{shades.get(area, 0)}" d="{path}"><title>{escape(known.areas[area].name)}</title></path>'
        for area, path in drawing.communities.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {drawing.frame.height:.0f}" '
        f'lang="{get_language()}"><style>{STYLE}</style>{areas}{drawing.ground}{drawing.lines}</svg>'
    )


def spot_on_map(x: float, y: float, shown_width: float) -> tuple[float, float] | None:
    """Return longitude and latitude of a point on the map as it is shown `shown_width` wide; None without a map."""
    known = territory()
    try:
        drawing = _drawing(known.edition, known.root().id)
    except NotFound:
        return None
    if drawing is None:
        return None
    return drawing.frame.degrees(x * WIDTH / shown_width, y * WIDTH / shown_width)


def _shades(known: Territory) -> dict[UUID, int]:
    """Return how dark each community with open cases is: one step for each doubling."""
    counts: dict[UUID, int] = {}
    for place, count in open_by_place().items():
        community = known.ancestor(place, AreaKind.COMMUNITY)
        if community is not None:
            counts[community.id] = counts.get(community.id, 0) + count
    return {area: min(int(math.log2(count)) + 1, len(SHADES) - 1) for area, count in counts.items()}


@lru_cache(maxsize=2)
def _drawing(edition: int, district: UUID) -> Drawing | None:
    del edition  # it is part of the key: another edition is drawn anew
    known = territory()
    towns, communities = known.of_kind(AreaKind.TOWN), known.of_kind(AreaKind.COMMUNITY)
    shapes = boundaries([district, *(area.id for area in (*towns, *communities))])
    if district not in shapes:
        return None
    frame = _frame(shapes[district])
    drawn = {area.id: _path(frame, shapes[area.id]) for area in communities if area.id in shapes}
    edges = "".join(f'<path class="t" d="{_path(frame, shapes[area.id])}"/>' for area in towns if area.id in shapes)
    names = "".join(_name(frame, shapes[area.id], area.name) for area in towns if area.id in shapes)
    ground = "".join(
        f'<path class="{escape(each.kind)}" d="{_path(frame, each.geometry)}"><title>{escape(each.name)}</title></path>'
        for each in sorted(features(), key=lambda each: ("river", "lake", "street", "railway").index(each.kind))
        if each.kind in {"river", "lake", "street", "railway"}
    )
    return Drawing(frame, drawn, ground, edges + names)


def _frame(geometry: Mapping[str, Any]) -> Frame:
    west, south, east, north = shape(geometry).bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    return Frame(west, north, scale, squeeze, (north - south) * scale + 2 * MARGIN)


def _path(frame: Frame, geometry: Mapping[str, Any]) -> str:
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "LineString":
            return _line(frame, coordinates)
        case "MultiLineString":
            return "".join(_line(frame, each) for each in coordinates)
        case "Polygon":
            return "".join(f"{_line(frame, ring)}Z" for ring in coordinates)
        case "MultiPolygon":
            return "".join(f"{_line(frame, ring)}Z" for polygon in coordinates for ring in polygon)
        case _:
            return ""


def _line(frame: Frame, points: Iterable[Point]) -> str:
    kept: list[tuple[int, int]] = []
    for point in points:
        pixel = frame.place(point)
        if not kept or pixel != kept[-1]:
            kept.append(pixel)
    return "M" + "L".join(f"{x} {y}" for x, y in kept)


def _name(frame: Frame, geometry: Mapping[str, Any], name: str) -> str:
    x, y = frame.place(shape(geometry).representative_point().coords[0])
    return f'<text x="{x}" y="{y}">{escape(name)}</text>'
