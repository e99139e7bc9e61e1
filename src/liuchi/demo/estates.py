"""Loading the estate that is drawn room by room: its buildings, dwellings, people and households."""

from collections.abc import Mapping
from datetime import date

from liuchi.demo.district.estate import (
    COMMUNITY,
    ESTATE_CODE,
    ESTATE_NAME,
    STREET_ADDRESS,
    Home,
    House,
    households,
    houses,
)
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.actions.household_import import NewHousehold, import_households
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import Household
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Area, Dwelling

LOADER = System("demo")
SINCE = date(2023, 7, 1)
Key = tuple[str, str, str, int, str]


def load_estate(areas: Mapping[str, Area]) -> int:
    """Load whatever of 工农小区 is not there yet; return how many households were new."""
    community = areas[COMMUNITY]
    buildings = tuple(_building(house) for house in houses())
    estate = NewEstate(ESTATE_CODE, ESTATE_NAME, community.id, street_address=STREET_ADDRESS, buildings=buildings)
    import_estates(by=LOADER, estates=[estate], valid_from=SINCE)
    if Household.objects.filter(number=households()[-1].number).exists():
        return 0
    dwellings = _dwellings()
    import_people(
        by=LOADER,
        people=[
            NewPerson(
                member.name,
                member.phone,
                member.identity,
                home=areas[home.house.grid_code],
                id=member.id,
                dwelling_id=dwellings[_key(home)].id,
            )
            for home in households()
            for member in home.members
        ],
        valid_from=SINCE,
    )
    return import_households(
        by=LOADER,
        households=[
            NewHousehold(
                home.number,
                HomePlace(dwelling_id=dwellings[_key(home)].id),
                tuple((member.id, member.relation) for member in home.members),
            )
            for home in households()
        ],
        valid_from=SINCE,
    )


def _building(house: House) -> NewBuilding:
    return NewBuilding(
        house.number,
        house.phase,
        longitude=house.longitude,
        latitude=house.latitude,
        facilities=house.facilities,
        dwellings=tuple(NewDwelling(room.room, room.floor, room.unit, room.use) for room in house.rooms),
    )


def _dwellings() -> dict[Key, Dwelling]:
    rows = Dwelling.objects.filter(building__estate__code=ESTATE_CODE, valid_to=None).select_related("building")
    return {
        (row.building.phase, row.building.number, row.unit, row.floor, row.room): row for row in rows.order_by("id")
    }


def _key(home: Home) -> Key:
    return home.house.phase, home.house.number, home.room.unit, home.room.floor, home.room.room
