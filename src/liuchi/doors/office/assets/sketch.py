"""A sketch of where an asset stands: the outline of its grid, the assets near it, and itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

WIDTH, HEIGHT, RIM = 360, 240, 12


@dataclass(frozen=True)
class Sketch:
    """An SVG's parts in its own units: the outlines' paths, other assets' points, the asset's point."""

    paths: tuple[str, ...]
    others: tuple[tuple[float, float], ...]
    here: tuple[float, float]
    width: int = WIDTH
    height: int = HEIGHT


def sketch_of(
    outline: dict[str, Any] | None, here: tuple[float, float], others: Iterable[tuple[float, float]]
) -> Sketch | None:
    """Return the sketch, or None where the area has no outline. Positions are longitude, latitude in degrees."""
    if outline is None:
        return None
    parts = [outline["coordinates"]] if outline["type"] == "Polygon" else outline["coordinates"]
    rings = [[(float(point[0]), float(point[1])) for point in ring] for rings in parts for ring in rings]
    frame = _Frame([point for ring in rings for point in ring])
    return Sketch(
        tuple(_path([frame.place(point) for point in ring]) for ring in rings),
        tuple(frame.place(point) for point in others),
        frame.place(here),
    )


class _Frame:
    """Puts degrees into the picture, north up, without distortion."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        lons, lats = [lon for lon, _lat in points], [lat for _lon, lat in points]
        self.west, self.north = min(lons), max(lats)
        self.squeeze = cos(radians((min(lats) + max(lats)) / 2))
        wide, high = (max(lons) - self.west) * self.squeeze, self.north - min(lats)
        self.scale = min((WIDTH - 2 * RIM) / (wide or 1), (HEIGHT - 2 * RIM) / (high or 1))
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def place(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return where a position falls in the picture."""
        lon, lat = point
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
