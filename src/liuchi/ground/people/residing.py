"""Moving somebody's home: the residence in force ends, another begins; on one day it is corrected in place."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liuchi.ground.people.models import Person, Residence
from liuchi.ground.records import protected


@dataclass(frozen=True)
class Settled:
    """What settling somebody did: rows to insert and to save, and what takes it back."""

    begun: Residence | None = None
    changed: Residence | None = None
    #: Plain JSON for `PersonChange`, which seals it: the row, and what it said before.
    before: dict[str, str] | None = None


def settle(person: Person, present: Residence | None, area_id: UUID | None, address: str | None, on: date) -> Settled:
    """Let `person` live in `area_id` from `on`; None: nowhere in the district. Rows are returned, not written.

    `present` is the residence in force. An `address` of None keeps the one there is, within the same area. Nothing
    changes when area and address are as they were.
    """
    said = "" if present is None else protected.unseal(present.address_sealed, protected.ADDRESS, present.id)
    is_same_area = present is not None and present.area_id == area_id
    wanted = (said if is_same_area else "") if address is None else address
    if (present is None and area_id is None) or (is_same_area and wanted == said):
        return Settled()
    person.home_id = area_id
    if present is not None and area_id is not None and present.valid_from >= on:
        before = {"residence": str(present.id), "area": str(present.area_id), "address": said}
        present.area_id = area_id
        present.address_sealed = protected.seal(wanted, protected.ADDRESS, present.id)
        return Settled(changed=present, before=before)
    begun = None
    if area_id is not None:
        begun = Residence(person_id=person.id, area_id=area_id, valid_from=on)
        begun.address_sealed = protected.seal(wanted, protected.ADDRESS, begun.id)
    if present is not None:
        present.valid_to = max(on, present.valid_from + (date.resolution))
    return Settled(
        begun=begun,
        changed=present,
        before={"begun": str(begun.id) if begun else "", "ended": str(present.id) if present else ""},
    )
