"""Loading a whole district's people: dwellings first, then people and households, shared among processes."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from uuid import UUID

import django
from django.db import connection

from liuchi.demo.district import population
from liuchi.demo.district.population import Family, Yard
from liuchi.ground.kernel.actors import System
from liuchi.ground.people.actions import NewPerson, take_in_people
from liuchi.ground.people.actions.household_import import NewHousehold, import_households
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import Household
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.addresses import building_number, room_number, unit_number
from liuchi.ground.territory.models import Area, Dwelling

LOADER = System("demo")
SINCE = date(2023, 7, 1)
#: Grids loaded in one step: some 2,000 people.
_GRIDS_AT_ONCE = 3


@contextmanager
def population_coming(*, is_wanted: bool) -> Iterator[Callable[[], int]]:
    """Load whatever of the district's people is not there yet, in processes beside this one; areas must be there.

    What is given waits for them, and returns how many households they brought.
    """
    before = Household.objects.filter(number__startswith=population.NUMBERS_BEGIN).count() if is_wanted else 0
    if not is_wanted or before >= population.HOUSEHOLDS:
        yield lambda: 0
        return
    parts = min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(parts, mp_context=multiprocessing.get_context("spawn"), initializer=django.setup) as pool:
        coming = [pool.submit(load_part, part, parts) for part in range(parts)]
        yield lambda: sum(each.result() for each in coming)


def load_part(part: int, parts: int) -> int:
    """Load the people and households of every `parts`-th grid, a few grids in one step; return how many were new."""
    gc.freeze()  # what is made here lives to the end of a step: looking for garbage more often only costs time
    gc.set_threshold(100_000, 20, 20)
    areas = {area.code: area for area in Area.objects.filter(valid_to=None).order_by("code")}
    yards = population.yards()[part::parts]
    import_estates(by=LOADER, estates=[_estate(yard, areas) for yard in yards], valid_from=SINCE)
    by_grid = groupby(population.families(part, parts), key=lambda family: family.home.grid_code)
    waiting: list[Family] = []
    count = 0
    for place, (_grid, families) in enumerate(by_grid, start=1):
        waiting.extend(families)
        if place % _GRIDS_AT_ONCE == 0:
            count += _load_families(waiting, areas)
            waiting.clear()
    count += _load_families(waiting, areas)
    connection.close()
    return count


def _estate(yard: Yard, areas: dict[str, Area]) -> NewEstate:
    buildings = tuple(
        NewBuilding(
            number,
            area_id=areas[yard.grid_code].id,
            dwellings=tuple(NewDwelling(home.room, home.floor, home.unit, home.use) for home in homes),
        )
        for number, homes in groupby(yard.homes, key=lambda home: home.building)
    )
    return NewEstate(yard.code, yard.name, areas[yard.community_code].id, kind=yard.kind, buildings=buildings)


def _load_families(families: Sequence[Family], areas: dict[str, Area]) -> int:
    if not families:
        return 0
    homes = _homes(families)
    taken = iter(take_in_people(by=LOADER, people=_people(families, areas, homes), valid_from=SINCE))
    ids = [[next(taken).person_id for _member in family.members] for family in families]
    return import_households(
        by=LOADER,
        households=[
            NewHousehold(
                family.number,
                HomePlace(dwelling_id=home),
                tuple(
                    (person_id, member.relation)
                    for member, person_id in zip(family.members, found, strict=True)
                    if person_id is not None
                ),
            )
            for family, home, found in zip(families, homes, ids, strict=True)
        ],
        valid_from=SINCE,
    )


def _people(families: Sequence[Family], areas: dict[str, Area], homes: Sequence[UUID]) -> Iterator[NewPerson]:
    for family, home in zip(families, homes, strict=True):
        for member in family.members:
            yield NewPerson(
                member.name, member.phone, member.identity, home=areas[family.home.grid_code], dwelling_id=home
            )


def _homes(families: Sequence[Family]) -> list[UUID]:
    """Return the dwelling of each family."""
    codes = {family.home.estate_code for family in families}
    rows = Dwelling.objects.filter(building__estate__code__in=codes, valid_to=None).order_by("id")
    found = {
        tuple(key): dwelling
        for dwelling, *key in rows.values_list("id", "building__estate__code", "building__number", "unit", "room")
    }
    return [found[_key(family)] for family in families]


def _key(family: Family) -> tuple[str, str, str, str]:
    home = family.home
    return home.estate_code, building_number(home.building), unit_number(home.unit), room_number(home.room)
