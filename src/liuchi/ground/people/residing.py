"""Moving somebody's home: the residence in force ends, another begins; on one day it is corrected in place."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liuchi.ground.kernel.writes import build
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.records import protected

#: The columns of a residence in force that settling somebody elsewhere may change.
RESETTLED = ("area", "dwelling", "address_sealed", "valid_to")


@dataclass(frozen=True)
class Settled:
    """What settling somebody did: rows to insert and to save, and what takes it back."""

    begun: Residence | None = None
    changed: Residence | None = None
    #: Plain JSON for `PersonChange`, which seals it: the row, and what it said before.
    before: dict[str, str] | None = None


def settle(
    person: Person,
    present: Residence | None,
    area_id: UUID | None,
    address: str | None,
    on: date,
    dwelling_id: UUID | None = None,
) -> Settled:
    """Let `person` live in `area_id` from `on`; None: nowhere in the district. Rows are returned, not written.

    `present` is the residence in force. A registered dwelling (in that area) stands for its address. An `address` of
    None keeps dwelling and address there are, within the same area. Nothing changes when all is as it was.
    """
    said = "" if present is None else protected.unseal(present.address_sealed, protected.ADDRESS, present.id)
    lived_in = present.dwelling_id if present is not None else None
    is_same_area = present is not None and present.area_id == area_id
    wanted = "" if dwelling_id is not None or address is None else address
    if dwelling_id is None and address is None and is_same_area:
        wanted, dwelling_id = said, lived_in
    is_same = is_same_area and (wanted, dwelling_id) == (said, lived_in)
    if is_same or (present is None and area_id is None):
        return Settled()
    person.home_id = area_id
    if present is not None and area_id is not None and present.valid_from >= on:
        before = {"residence": str(present.id), "area": str(present.area_id), "address": said}
        before["dwelling"] = str(lived_in or "")
        present.area_id, present.dwelling_id = area_id, dwelling_id
        present.address_sealed = protected.seal(wanted, protected.ADDRESS, present.id)
        return Settled(changed=present, before=before)
    begun = None
    if area_id is not None:
        begun = build(Residence, person_id=person.id, area_id=area_id, dwelling_id=dwelling_id, valid_from=on)
        begun.address_sealed = protected.seal(wanted, protected.ADDRESS, begun.id)
    if present is not None:
        present.valid_to = max(on, present.valid_from + (date.resolution))
    return Settled(
        begun=begun,
        changed=present,
        before={"begun": str(begun.id) if begun else "", "ended": str(present.id) if present else ""},
    )
