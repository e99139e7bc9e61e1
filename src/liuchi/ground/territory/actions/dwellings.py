"""Bringing in estates, their buildings and dwellings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.copying import copy_in
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.kernel.writes import build
from liuchi.ground.territory.addresses import building_number, room_number, sort_key, tidy, unit_number
from liuchi.ground.territory.dwellings import next_estate_code
from liuchi.ground.territory.housing import (
    DwellingsRefused,
    in_words,
    require_known,
    require_power,
    require_text,
    standing_in,
)
from liuchi.ground.territory.kinds import DWELLINGS_IMPORTED
from liuchi.ground.territory.models import Area, Building, Dwelling, DwellingUse, Estate, EstateKind

#: Floors are shifted by this in sort keys, so that those below ground come first.
_GROUND = 1000


@dataclass(frozen=True)
class NewDwelling:
    """A dwelling to import. `unit` and `room` with or without 单元 and 室; floors below ground are negative."""

    room: str
    floor: int
    unit: str = ""
    use: str = DwellingUse.HOME
    floor_area_m2: Decimal | None = None


@dataclass(frozen=True)
class NewBuilding:
    """A building to import. Its area is the one given, else the grid that holds its position, else the community."""

    number: str
    phase: str = ""
    area_id: UUID | None = None
    longitude: float | None = None
    latitude: float | None = None
    facilities: tuple[str, ...] = ()
    dwellings: tuple[NewDwelling, ...] = ()


@dataclass(frozen=True)
class NewEstate:
    """An estate to import; `code` is what later imports know it by."""

    code: str
    name: str
    community_id: UUID
    kind: str = EstateKind.ESTATE
    street_address: str = ""
    buildings: tuple[NewBuilding, ...] = ()


@dataclass(frozen=True)
class ImportedDwellings:
    """How many were new."""

    estates: int = 0
    buildings: int = 0
    dwellings: int = 0


@again_on("estate_code_in_force_once")
@action
def import_estates(*, by: Actor, estates: Iterable[NewEstate], valid_from: date) -> ImportedDwellings:
    """Bring in estates, buildings and dwellings that are not there yet; those in force are left as they are.

    Known again are estates by code, buildings by phase and number, dwellings by unit, floor and room. One journal line
    `territory.dwellings_imported` for all.

    Raises:
        NotAllowed: the actor lacks the power dwellings.manage in one of the communities.
        DwellingsRefused: an area that is none of the community's, a use or kind nobody knows, floor 0, a name missing.
    """
    wanted = list(estates)
    known = _Known(wanted)
    fresh_estates: list[Estate] = []
    fresh_buildings: list[Building] = []
    fresh_dwellings: list[Dwelling] = []
    for new in wanted:
        require_power(by, new.community_id)
        estate = known.estates.get(tidy(new.code))
        if estate is None:
            estate = known.estates[tidy(new.code)] = _estate(new, valid_from)
            fresh_estates.append(estate)
        for each in new.buildings:
            key = (estate.id, tidy(each.phase), building_number(each.number))
            building = known.buildings.get(key)
            if building is None:
                building = known.buildings[key] = _building(each, estate, valid_from)
                fresh_buildings.append(building)
            fresh_dwellings.extend(known.new_ones(_dwellings(each, building, valid_from)))
    if not (fresh_estates or fresh_buildings or fresh_dwellings):
        return ImportedDwellings()
    copy_in(Estate, fresh_estates)
    copy_in(Building, fresh_buildings)
    copy_in(Dwelling, fresh_dwellings)
    found = ImportedDwellings(len(fresh_estates), len(fresh_buildings), len(fresh_dwellings))
    first = known.estates[tidy(wanted[0].code)]
    record(
        kind=DWELLINGS_IMPORTED,
        by=by,
        subject_type="territory.estate",
        subject_id=first.id,
        place_id=first.community_id,
        data={"estates": found.estates, "buildings": found.buildings, "dwellings": found.dwellings},
    )
    return found


class _Known:
    """What is in force of the wanted estates, by what it is known again by; locked while we add to it."""

    def __init__(self, wanted: Sequence[NewEstate]) -> None:
        codes = {tidy(new.code) for new in wanted}
        rows = Estate.objects.select_for_update(of=("self",)).filter(code__in=codes, valid_to=None).order_by("id")
        self.estates = {row.code: row for row in rows}
        found = Building.objects.filter(estate__in=self.estates.values(), valid_to=None).order_by("id")
        self.buildings = {(row.estate_id, row.phase, row.number): row for row in found}
        self._rooms = set(
            Dwelling.objects.filter(building__in=[row.id for row in found], valid_to=None).values_list(
                "building_id", "unit", "floor", "room"
            )
        )

    def new_ones(self, dwellings: Iterable[Dwelling]) -> Iterator[Dwelling]:
        """Give the dwellings that are not there yet, each once."""
        for row in dwellings:
            key = (row.building_id, row.unit, row.floor, row.room)
            if key not in self._rooms:
                self._rooms.add(key)
                yield row


@action
def register_estate(*, by: Actor, new: NewEstate, valid_from: date) -> Estate:
    """Register one estate under the next code of its community (`new.code` stays empty) and return it.

    Raises:
        NotAllowed: the actor lacks the power dwellings.manage in the community.
        NotFound: there is no such community.
        DwellingsRefused: no name, one that stands there already, or a kind nobody knows.
    """
    require_power(by, new.community_id)
    if Area.objects.select_for_update(of=("self",)).filter(id=new.community_id).first() is None:
        raise NotFound(_("There is no such area."))
    named = Estate.objects.filter(community_id=new.community_id, name=new.name.strip(), valid_to=None)
    if named.exists():
        raise DwellingsRefused(_("An estate of this name is registered in this community already."), field="name")
    estate = _estate(replace(new, code=next_estate_code(new.community_id)), valid_from)
    record(
        kind=DWELLINGS_IMPORTED,
        by=by,
        subject_type="territory.estate",
        subject_id=estate.id,
        place_id=estate.community_id,
        data={"estates": 1, "buildings": 0, "dwellings": 0},
        rows=[estate],
    )
    return estate


def _estate(new: NewEstate, valid_from: date) -> Estate:
    require_text(new.code, "code")
    require_text(new.name, "name")
    require_known(new.kind, EstateKind.values, "kind")
    return Estate(
        code=tidy(new.code),
        name=new.name.strip(),
        kind=new.kind,
        community_id=new.community_id,
        street_address=new.street_address.strip(),
        valid_from=valid_from,
    )


def _building(new: NewBuilding, estate: Estate, valid_from: date) -> Building:
    require_text(new.number, "number")
    phase, number = tidy(new.phase), building_number(new.number)
    return Building(
        estate=estate,
        phase=phase,
        number=number,
        area_id=standing_in(
            estate.community_id,
            f"{phase}{number}",
            area_id=new.area_id,
            longitude=new.longitude,
            latitude=new.latitude,
        ),
        longitude=new.longitude,
        latitude=new.latitude,
        facilities=in_words(new.facilities),
        sort_key=sort_key(phase, number),
        valid_from=valid_from,
    )


def _dwellings(new: NewBuilding, building: Building, valid_from: date) -> Iterator[Dwelling]:
    uses = DwellingUse.values
    for each in new.dwellings:
        room, unit = room_number(each.room), unit_number(each.unit)
        require_text(room, "room")
        require_known(each.use, uses, "use")
        if each.floor == 0:
            raise DwellingsRefused(
                _("%(building)s %(room)s: there is no floor 0; the first below ground is -1.")
                % {"building": building, "room": room},
                field="floor",
            )
        yield build(
            Dwelling,
            building_id=building.id,
            unit=unit,
            floor=each.floor,
            room=room,
            use=each.use,
            floor_area_m2=each.floor_area_m2,
            sort_key=sort_key(unit, str(each.floor + _GROUND), room),
            valid_from=valid_from,
        )
