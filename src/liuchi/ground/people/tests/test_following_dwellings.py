"""Homes in registered dwellings go where their building stands when the ground is named anew."""

from collections.abc import Iterator
from datetime import date

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions.household_import import NewHousehold, import_households
from liuchi.ground.people.households import lived_in, members_of, stays_of, where_lived
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import HouseholdStay, Person, Residence
from liuchi.ground.people.reactions import follow_territory
from liuchi.ground.people.testing import SETUP, SINCE, Clerk, resident
from liuchi.ground.records import protected
from liuchi.ground.territory import queries
from liuchi.ground.territory.actions import Part, split_area
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Area, Dwelling
from liuchi.ground.territory.testing import box, noon, small_territory

TODAY, YESTERDAY = date(2024, 9, 12), date(2024, 9, 11)
GRID = "990803001001001"


@pytest.fixture
def areas(db: None) -> Iterator[dict[str, Area]]:
    with frozen_at(noon(TODAY)):
        yield small_territory()
    queries.forget()


@pytest.fixture
def homes(areas: dict[str, Area]) -> tuple[Person, Person, Dwelling]:
    """Give somebody in a dwelling of the eastern half of a grid and somebody at an address in it, with households."""
    grid = areas[GRID]
    house = NewBuilding("1", longitude=117.008, latitude=30.505, dwellings=(NewDwelling("101", 1),))
    estate = NewEstate("X", "某小区", areas["990803001001"].id, buildings=(house,))
    import_estates(by=SETUP, estates=[estate], valid_from=SINCE)
    room = Dwelling.objects.get()
    housed = resident("张三", "19900000001", grid, dwelling_id=room.id)
    other = resident("李四", "19900000002", grid, address="东组3号")
    import_households(
        by=SETUP,
        households=[
            NewHousehold("1", HomePlace(room.id), ((housed.id, "head"),)),
            NewHousehold("2", HomePlace(area_id=grid.id, address="东组3号"), ((other.id, "head"),)),
        ],
        valid_from=SINCE,
    )
    return housed, other, room


def test_homes_when_their_grid_is_split_then_dwellings_go_to_their_part_and_addresses_to_the_community(
    areas: dict[str, Area], homes: tuple[Person, Person, Dwelling]
) -> None:
    housed, other, room = homes
    parts = [Part("甲网格", box(117.0, 30.5, 0.005)), Part("乙网格", box(117.005, 30.5, 0.005))]
    _west, east = split_area(by=SETUP, area_id=areas[GRID].id, parts=parts, on=TODAY)
    queries.forget()
    for _ in range(2):
        follow_territory(Line.objects.get(kind="territory.split"))

    viewer = Clerk(frozenset({"people.see"}), (areas["990803"].id,))
    community = areas["990803001001"]
    assert [Person.objects.get(id=each.id).home for each in (housed, other)] == [east, community]
    now, before = (where_lived(viewer, housed.id, day) for day in (TODAY, YESTERDAY))
    assert now is not None
    assert before is not None
    assert (now.area, now.dwelling, before.area, before.dwelling) == (east, room, areas[GRID], room)
    elsewhere = Residence.objects.get(person=other, valid_to=None)
    assert (elsewhere.area, elsewhere.dwelling) == (community, None)
    assert protected.unseal(elsewhere.address_sealed, protected.ADDRESS, elsewhere.id) == "东组3号"
    (here,) = lived_in(viewer, room.id)
    assert (here.is_here, here.since) == (True, SINCE)
    assert [stay.area for stay in stays_of(viewer, here.stay.household_id)] == [east, areas[GRID]]
    assert [each.person for each in members_of(viewer, here.stay.household_id)] == [housed]
    moved = HouseholdStay.objects.get(household__number="2", valid_to=None)
    assert protected.unseal(moved.address_sealed, protected.ADDRESS, moved.id) == "东组3号"
    line = Line.objects.get(kind="people.residences_followed")
    assert line.data == {"areas": [str(areas[GRID].id)], "residences": 2, "households": 2}
