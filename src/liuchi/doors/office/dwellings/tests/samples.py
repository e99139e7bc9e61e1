"""An estate here and one there, each with a building, a room and a family, for the access matrix."""

from functools import partial

from liuchi.doors.ui.samples import Canary, Samples, both
from liuchi.engines.cases.testing import SETUP, SINCE, World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Area, Building, Dwelling, Estate

NAMES = ("金丝雀家园", "画眉家园")


def samples(world: World) -> Samples:
    """Return the two estates with what stands in them."""
    communities = (world.communities[0], world.communities[-1])
    points = ((117.005, 30.505), (117.035, 30.515))
    for name, community, (x, y) in zip(NAMES, communities, points, strict=True):
        building = NewBuilding("1", longitude=x, latitude=y, dwellings=(NewDwelling("101", 1, "1"),))
        estate = NewEstate(name, name, community.id, street_address="集贤北路", buildings=(building,))
        import_estates(by=SETUP, estates=[estate], valid_from=SINCE)
    estates = [Estate.objects.get(name=name) for name in NAMES]
    buildings = [Building.objects.get(estate=estate) for estate in estates]
    rooms = [Dwelling.objects.get(building=building) for building in buildings]
    of_estates = [{"estate_id": each.id} for each in estates]
    of_buildings = [{"building_id": each.id} for each in buildings]
    of_rooms = [{"dwelling_id": each.id} for each in rooms]
    return Samples(
        pages=(
            both("estate", of_estates),
            both("estate-act", ({**each, "name": "change"} for each in of_estates)),
            both("building", of_buildings),
            both("building-act", ({**each, "name": "change"} for each in of_buildings)),
            both("room", of_rooms),
            both("room-act", ({**each, "name": "change"} for each in of_rooms)),
        ),
        canaries=tuple(
            Canary(name, partial(_sees, area=community)) for name, community in zip(NAMES, communities, strict=True)
        ),
    )


def _sees(viewer: Viewer, area: Area) -> bool:
    return viewer.allows("dwellings.see", area.id)
