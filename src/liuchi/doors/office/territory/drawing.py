"""Drawing areas as SVG: an outline, what stands below it, names or numbers; water and streets for orientation.

Nothing is styled inline: a picture sent by itself carries a style sheet, one inside a page is styled by the page's.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry import shape

from liuchi.ground.territory.models import Feature

WIDTH, HIGHEST, MARGIN = 720.0, 900.0, 16.0
#: Names of more areas than this would cover the picture.
MOST_NAMES: Final = 60
Point = Sequence[float]
Geometry = Mapping[str, Any]
STYLE: Final = (
    ".p{stroke:#fff;stroke-width:1.4;fill:#e3e9e4}.p:nth-of-type(even){fill:#d3dfdc}.out{fill:none;stroke:#17616d;"
    "stroke-width:3;stroke-linejoin:round}.river,.lake{fill:#cfe3ee}.street,.railway{fill:none;stroke:#b9b9b0;"
    "stroke-width:1.6}.cut{stroke:#a8322a;stroke-width:2.5;stroke-dasharray:9 5;fill:none}"
    "text{font:600 15px 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;fill:#1c2226;text-anchor:middle;"
    "dominant-baseline:middle;paint-order:stroke;stroke:#fff;stroke-width:3.5px;stroke-linejoin:round}"
)


@dataclass(frozen=True)
class Drawn:
    """A polygon with the name or number written into it, and what is told of it when it is pointed at."""

    geometry: Geometry
    label: str = ""
    title: str = ""


@dataclass(frozen=True)
class Frame:
    """Where the ground lies on the paper: degrees in, pixels out."""

    west: float
    north: float
    scale: float
    squeeze: float
    width: float
    height: float

    def place(self, point: Point) -> tuple[float, float]:
        """Return the pixel of a point (degrees)."""
        x = MARGIN + (point[0] - self.west) * self.squeeze * self.scale
        return round(x, 1), round(MARGIN + (self.north - point[1]) * self.scale, 1)


def frame_around(geometries: Iterable[Geometry]) -> Frame | None:
    """Return the frame in which polygons fill the paper; None where there are none."""
    bounds = [shape(each).bounds for each in geometries]
    if not bounds:
        return None
    west, south = min(each[0] for each in bounds), min(each[1] for each in bounds)
    east, north = max(each[2] for each in bounds), max(each[3] for each in bounds)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HIGHEST - 2 * MARGIN) / high)
    return Frame(west, north, scale, squeeze, wide * scale + 2 * MARGIN, high * scale + 2 * MARGIN)


def picture(
    areas: Sequence[Drawn],
    *,
    outline: Geometry | None = None,
    features: Iterable[Feature] = (),
    cut: Sequence[Point] = (),
    styled: bool = True,
    label: str = "",
) -> SafeString:
    """Return the SVG of areas within an outline; an empty paper where nothing is drawn.

    `cut` is a line (degrees) by which an area is to be split; it goes on beyond its points. Without `styled` the page
    around it brings the styles. `label` names the picture for those who do not see it.
    """
    frame = frame_around([each.geometry for each in areas] or ([outline] if outline is not None else []))
    if frame is None:
        return mark_safe('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 200"/>')
    parts = [f"<style>{STYLE}</style>"] if styled else []
    parts += [_path(frame, each.geometry, "p", each.title) for each in areas]
    parts += [_path(frame, each.geometry, each.kind, each.name) for each in features]
    if outline is not None:
        parts.append(_path(frame, outline, "out"))
    if cut:
        parts.append(_cut(frame, cut))
    if len(areas) <= MOST_NAMES:
        parts += [_name(frame, each) for each in areas if each.label]
    role = f' role="img" aria-label="{escape(label)}"' if label else ""
    body = "".join(parts)
    return mark_safe(  # noqa: S308 - made of numbers and escaped names
        f'<svg xmlns="http://www.w3.org/2000/svg" class="area-map" viewBox="0 0 {frame.width:.0f} {frame.height:.0f}"'
        f"{role}>{body}</svg>"
    )


def _path(frame: Frame, geometry: Geometry, kind: str, title: str = "") -> str:
    told = f"<title>{escape(title)}</title>" if title else ""
    return f'<path class="{escape(kind)}" d="{_lines(frame, geometry)}">{told}</path>'


def _lines(frame: Frame, geometry: Geometry) -> str:
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
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in (frame.place(point) for point in points))


def _cut(frame: Frame, points: Sequence[Point]) -> str:
    (x1, y1), (x2, y2) = frame.place(points[0]), frame.place(points[-1])
    reach = 2000 / max(math.hypot(x2 - x1, y2 - y1), 1e-6)
    far = [(x1 - (x2 - x1) * reach, y1 - (y2 - y1) * reach), (x2 + (x2 - x1) * reach, y2 + (y2 - y1) * reach)]
    return f'<path class="cut" d="M{far[0][0]:.1f} {far[0][1]:.1f}L{far[1][0]:.1f} {far[1][1]:.1f}"/>'


def _name(frame: Frame, drawn: Drawn) -> str:
    middle = shape(drawn.geometry).representative_point()
    x, y = frame.place((middle.x, middle.y))
    return f'<text x="{x:g}" y="{y:g}">{escape(drawn.label)}</text>'
