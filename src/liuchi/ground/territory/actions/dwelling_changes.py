"""Correcting and ending estates, buildings and dwellings."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias, TypeVar
from uuid import UUID

from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.territory.housing import (
    DwellingsRefused,
    in_words,
    require_known,
    require_power,
    require_text,
    standing_in,
)
from liuchi.ground.territory.kinds import BUILDING_CHANGED, DWELLING_CHANGED, DWELLINGS_RETIRED, ESTATE_CHANGED
from liuchi.ground.territory.models import Building, Dwelling, DwellingUse, Estate, EstateKind

Row = TypeVar("Row", Estate, Building, Dwelling)
Part: TypeAlias = Estate | Building | Dwelling


class RetiredTooEarly(RuleBroken):
    """Something is to end before it began."""

    code = "retired_too_early"


@action
def change_estate(*, by: Actor, estate_id: UUID, name: str, kind: str, street_address: str) -> None:
    """Correct the facts of an estate; what is as it was leaves no line.

    Raises:
        NotAllowed, NotFound, DwellingsRefused: as `import_estates`.
    """
    estate = _estate(estate_id)
    require_power(by, estate.community_id)
    require_known(kind, EstateKind.values, "kind")
    require_text(name, "name")
    wanted = {"name": name.strip(), "kind": kind, "street_address": street_address.strip()}
    changed = _assign(estate, wanted)
    if changed:
        _record_change(ESTATE_CHANGED, by, estate, estate.community_id, changed)


@action
def change_building(
    *,
    by: Actor,
    building_id: UUID,
    facilities: Sequence[str],
    area_id: UUID | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> None:
    """Correct what a building has and where it stands; its area is found again as on import.

    Raises:
        NotAllowed, NotFound, DwellingsRefused: as `import_estates`.
    """
    building = _building(building_id)
    community_id = building.estate.community_id
    require_power(by, community_id)
    place = standing_in(community_id, str(building), area_id=area_id, longitude=longitude, latitude=latitude)
    wanted = {
        "facilities": in_words(facilities),
        "area_id": place,
        "longitude": longitude,
        "latitude": latitude,
    }
    changed = _assign(building, wanted)
    if changed:
        _record_change(BUILDING_CHANGED, by, building, building.area_id, changed)


@action
def change_dwelling(*, by: Actor, dwelling_id: UUID, use: str, floor_area_m2: Decimal | None) -> None:
    """Correct what a dwelling is used for and how large it is.

    Raises:
        NotAllowed, NotFound, DwellingsRefused: as `import_estates`.
    """
    dwelling = _dwelling(dwelling_id)
    area_id = dwelling.building.area_id
    require_power(by, area_id)
    require_known(use, DwellingUse.values, "use")
    if floor_area_m2 is not None and floor_area_m2 <= 0:
        raise DwellingsRefused(_("A floor area is greater than 0."), field="floor_area_m2")
    changed = _assign(dwelling, {"use": use, "floor_area_m2": floor_area_m2})
    if changed:
        _record_change(DWELLING_CHANGED, by, dwelling, area_id, changed)


@action
def retire_dwelling(*, by: Actor, dwelling_id: UUID, on: date) -> None:
    """End a dwelling from a day on (walls moved, torn down); it stays in all that happened before.

    Raises:
        NotAllowed, NotFound: as `import_estates`; a dwelling that ended is not found.
        RetiredTooEarly: when it began on that day or later.
    """
    dwelling = _dwelling(dwelling_id)
    require_power(by, dwelling.building.area_id)
    _retire(by, dwelling.building.area_id, on, dwelling)


@action
def retire_building(*, by: Actor, building_id: UUID, on: date) -> None:
    """End a building from a day on, and every dwelling in it.

    Raises:
        NotAllowed, NotFound, RetiredTooEarly: as `retire_dwelling`.
    """
    building = _building(building_id)
    require_power(by, building.area_id)
    dwellings = Dwelling.objects.select_for_update(of=("self",)).filter(building=building, valid_to=None).order_by("id")
    _retire(by, building.area_id, on, building, dwellings=list(dwellings))


@action
def retire_estate(*, by: Actor, estate_id: UUID, on: date) -> None:
    """End an estate from a day on, with all its buildings and dwellings.

    Raises:
        NotAllowed, NotFound, RetiredTooEarly: as `retire_dwelling`.
    """
    estate = _estate(estate_id)
    require_power(by, estate.community_id)
    buildings = Building.objects.select_for_update(of=("self",)).filter(estate=estate, valid_to=None).order_by("id")
    dwellings = Dwelling.objects.select_for_update(of=("self",)).filter(building__estate=estate, valid_to=None)
    _retire(by, estate.community_id, on, estate, buildings=list(buildings), dwellings=list(dwellings.order_by("id")))


def _estate(estate_id: UUID) -> Estate:
    return _found(Estate.objects.select_for_update(of=("self",)).filter(id=estate_id, valid_to=None).first())


def _building(building_id: UUID) -> Building:
    rows = Building.objects.select_for_update(of=("self",)).filter(id=building_id, valid_to=None)
    return _found(rows.select_related("estate").first())


def _dwelling(dwelling_id: UUID) -> Dwelling:
    rows = Dwelling.objects.select_for_update(of=("self",)).filter(id=dwelling_id, valid_to=None)
    return _found(rows.select_related("building").first())


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_("There is no such estate, building or dwelling, or it has ended."))
    return row


def _assign(row: Part, wanted: Mapping[str, object]) -> list[str]:
    """Put values into a row and save those that differ; return their names."""
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def _record_change(kind: Kind, by: Actor, row: Part, place_id: UUID, changed: list[str]) -> None:
    record(kind=kind, by=by, subject_type=_noun(row), subject_id=row.id, place_id=place_id, data={"fields": changed})


def _noun(row: Part) -> str:
    return f"territory.{type(row).__name__.lower()}"


def _retire(
    by: Actor,
    place_id: UUID,
    on: date,
    subject: Part,
    *,
    buildings: Sequence[Building] = (),
    dwellings: Sequence[Dwelling] = (),
) -> None:
    """End a part and what stands in it."""
    if subject.valid_from >= on:
        raise RetiredTooEarly(_("It ends before it began; give a later day."), field="on")
    subject.valid_to = on
    subject.save(update_fields=["valid_to"])
    # What was added later than that stood for a day at least.
    last_day = Greatest(Value(on), F("valid_from") + timedelta(days=1), output_field=DateField())
    Building.objects.filter(id__in=[row.id for row in buildings]).update(valid_to=last_day)
    Dwelling.objects.filter(id__in=[row.id for row in dwellings]).update(valid_to=last_day)
    record(
        kind=DWELLINGS_RETIRED,
        by=by,
        subject_type=_noun(subject),
        subject_id=subject.id,
        place_id=place_id,
        data={"on": on, "buildings": len(buildings), "dwellings": len(dwellings)},
    )
