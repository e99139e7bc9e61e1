"""Areas for the access matrix: read by whoever works with areas, changed by who keeps those of the place."""

from liuchi.doors.ui.samples import Sample, Samples
from liuchi.engines.cases.testing import World

_BY_LAW = "areas, their names and boundaries are published"


def samples(world: World) -> Samples:
    """Return the pages of areas with one here, and one there where it may be changed."""
    community = {"area_id": world.communities[0].id}
    here = {"area_id": world.grids[0].id, "name": "rename"}
    there = {"area_id": world.grids[7].id, "name": "rename"}
    return Samples(
        pages=(
            Sample("territory-area", community, no_area=_BY_LAW),
            Sample("territory-map", community, no_area=_BY_LAW),
            Sample("territory-duty-map", community, no_area=_BY_LAW),
            Sample("territory-change", here, there),
        )
    )
