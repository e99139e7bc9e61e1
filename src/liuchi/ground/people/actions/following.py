"""Letting homes follow when areas change: nobody moved, the ground was named anew under them."""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.kinds import RESIDENCES_FOLLOWED
from liuchi.ground.people.models import HouseholdStay, Person, Residence
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Building
from liuchi.ground.territory.queries import heir, today

Home = TypeVar("Home", Residence, HouseholdStay)


@action
def follow_areas(*, by: Actor, area_ids: Sequence[UUID]) -> int:
    """Let whoever lives in areas that ended or were redrawn live in what is there now; return how many residences.

    Whoever lives in a registered dwelling goes with its building. Else merged areas have one successor, and of a grid
    that was split nobody knows in which part somebody lives: the home then names the community until it is known
    better. Who lived there before keeps the old area in the history. Households go as their members do.

    Raises:
        NotAllowed: only the house itself does this, after a change of the territory.
    """
    if by.kind != "system":
        raise NotAllowed("residences follow the territory by themselves")
    held = {"area_id__in": area_ids, "valid_to": None}
    residences = Residence.objects.select_for_update(of=("self",)).filter(**held)
    stays = HouseholdStay.objects.select_for_update(of=("self",)).filter(**held)
    found = _Heirs()
    people = found.elsewhere(residences.select_related("person", "dwelling__building").order_by("person_id", "id"))
    households = found.elsewhere(stays.select_related("dwelling__building").order_by("household_id", "id"))
    if not (people or households):
        return 0
    areas = sorted({row.area_id for row, _area in people} | {row.area_id for row, _area in households})
    persons = [row.person for row, _area in people if row.person.home_id == row.area_id]
    homes = {row.person_id: area_id for row, area_id in people}
    _carry_on(Residence, people)
    _carry_on(HouseholdStay, households)
    for person in persons:
        person.home_id = homes[person.id]
    Person.objects.bulk_update(persons, ["home"], batch_size=500)
    record(
        kind=RESIDENCES_FOLLOWED,
        by=by,
        subject_type="territory.area",
        subject_id=areas[0],
        place_id=areas[0],
        data={"areas": areas, "residences": len(people), "households": len(households)},
    )
    return len(people)


class _Heirs:
    """Where homes belong today, asked once for each area or building."""

    def __init__(self) -> None:
        self._known: dict[UUID, UUID | None] = {}

    def elsewhere(self, rows: Iterable[Home]) -> list[tuple[Home, UUID]]:
        """Return the homes that belong to another area now, with that area."""
        return [(row, area_id) for row in rows if (area_id := self._of(row)) is not None and area_id != row.area_id]

    def _of(self, row: Home) -> UUID | None:
        building: Building | None = row.dwelling.building if row.dwelling is not None else None
        key = building.id if building is not None else row.area_id
        if key not in self._known:
            place = (building.longitude, building.latitude) if building is not None else (None, None)
            self._known[key] = heir(row.area_id, *place)
        return self._known[key]


def _carry_on(model: type[Home], moved: Sequence[tuple[Home, UUID]]) -> None:
    """End homes today and begin what follows them; one that began today names the new area itself."""
    on, begun, changed = today(), [], []
    for row, area_id in moved:
        changed.append(row)
        if row.valid_from >= on:
            row.area_id = area_id
            continue
        row.valid_to = on
        begun.append(_next(row, area_id))
    objects = model._default_manager  # noqa: SLF001 - the manager of a model that is given
    objects.bulk_update(changed, ["area", "valid_to"], batch_size=500)
    objects.bulk_create(begun, batch_size=500)


def _next(row: Home, area_id: UUID) -> Home:
    address = protected.unseal(row.address_sealed, protected.ADDRESS, row.id)
    kept = {"dwelling_id": row.dwelling_id, "area_id": area_id, "valid_from": today()}
    next_one = (
        Residence(person_id=row.person_id, **kept)
        if isinstance(row, Residence)
        else HouseholdStay(household_id=row.household_id, **kept)
    )
    next_one.address_sealed = protected.seal(address, protected.ADDRESS, next_one.id)
    return next_one
