"""Points all over the district, the same in every run."""

from collections.abc import Iterator
from random import Random

import shapely
from shapely.geometry import shape

from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import boundaries, territory


def polygons() -> list[shapely.Geometry]:
    """Return the polygons of the grids in force, in the order of their codes."""
    drawn = boundaries(area.id for area in territory().of_kind(AreaKind.GRID))
    return [shape(each) for each in drawn.values()]


def spots(seed: str) -> Iterator[tuple[float, float]]:
    """Yield points (longitude, latitude) without end, evenly over the box around the district, so that some miss it."""
    chance = Random(seed)  # noqa: S311 - not a secret, but the same every time
    west, south, east, north = shapely.total_bounds(polygons())
    while True:
        yield chance.uniform(west, east), chance.uniform(south, north)
