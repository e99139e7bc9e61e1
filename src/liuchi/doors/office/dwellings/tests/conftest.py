"""The small world with an estate in it: 某小区, a building of two units, a family in one of its rooms."""

from dataclasses import dataclass
from datetime import date

import pytest

from liuchi.doors.ui.testing import unknown_variables_fail, world  # noqa: F401 - fixtures
from liuchi.engines.cases.testing import MORNING, SETUP, SINCE, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.actions.household_import import NewHousehold, import_households
from liuchi.ground.people.living import HomePlace
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Building, Dwelling, Estate

ROOMS = (
    *(NewDwelling(f"{floor}0{door}", floor, unit) for unit in "12" for floor in (2, 3) for door in (1, 2)),
    NewDwelling("1号门面", 1, use="shop"),
)


@dataclass(frozen=True)
class Homes:
    """What the tests name."""

    world: World
    estate: Estate
    building: Building
    room: Dwelling


@pytest.fixture
def homes(world: World) -> Homes:  # noqa: F811 - the fixture above
    """Give the estate, with a registrar of its community, a grid worker and a surveyor."""
    with frozen_at(MORNING):
        community = world.communities[0]
        building = NewBuilding(
            "1", "一期", longitude=117.005, latitude=30.505, facilities=("二楼平台",), dwellings=ROOMS
        )
        estate = NewEstate("X", "某小区", community.id, street_address="集贤北路", buildings=(building,))
        import_estates(by=SETUP, estates=[estate], valid_from=SINCE)
        room = Dwelling.objects.get(unit="1", room="301")
        family = import_people(
            by=SETUP,
            people=[
                NewPerson("欧阳明", "19900008001", home=world.grids[0], dwelling_id=room.id, birth_on=date(1970, 1, 1)),
                NewPerson("欧阳小", "19900008002", home=world.grids[0], dwelling_id=room.id, birth_on=date(2012, 1, 1)),
            ],
            valid_from=SINCE,
        )
        members = tuple((person.id, relation) for person, relation in zip(family, ("head", "child"), strict=True))
        import_households(by=SETUP, households=[NewHousehold("H-001", HomePlace(room.id), members)], valid_from=SINCE)
        give_role("registrar", "registrar", community)
        give_role("worker", "grid_worker", world.grids[1])
        give_role("surveyor", "surveyor", world.district)
        give_role("far-registrar", "registrar", world.communities[-1])
    return Homes(world, Estate.objects.get(), Building.objects.get(), room)
