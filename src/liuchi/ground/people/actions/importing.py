"""Taking in registers of people, and taking an import back."""

from collections.abc import Iterable
from datetime import date

from liuchi.ground.journal.actions import draft, write
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.copying import copy_in
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.kinds import PEOPLE_IMPORTED
from liuchi.ground.people.models import Person, PersonChange, PostHolding, Residence
from liuchi.ground.people.residing import RESETTLED
from liuchi.ground.people.taking import Batch, Taken, TakenAs, sort_entries

#: Columns of a record that an entry may change.
UPDATED = (
    "name",
    "name_order",
    "sex",
    "birth_on",
    "phone_sealed",
    "phone_index",
    "identity_kind",
    "identity_sealed",
    "identity_index",
    "home",
)


class PeopleRefused(RuleBroken):
    """The list cannot be taken in as it is."""

    code = "people_refused"


@again_on("person_identity_once")
@action
def import_people(*, by: Actor, people: Iterable[NewPerson], valid_from: date) -> list[Person]:
    """Bring in people who are not known yet, all or none; return the new ones. Who is known stays as they are.

    Known by identity number; else by phone and name; else by name, birth date and community.

    Raises:
        PeopleRefused: an entry that cannot be one; it is named by its place in the list, never by its values.
    """
    batch = sort_entries(by=by, entries=people, valid_from=valid_from, update=False)
    for number, taken in enumerate(batch.taken, start=1):
        if taken.status == TakenAs.REFUSED:
            raise PeopleRefused(f"entry {number}: {taken.error}", field=taken.error.field if taken.error else None)
    _write(batch)
    return batch.fresh


@again_on("person_identity_once")
@action
def take_in_people(*, by: Actor, people: Iterable[NewPerson], valid_from: date) -> list[Taken]:
    """Take in a batch of a register (about 2,000 entries) and return what became of each, in order.

    Who is new is added; who is known takes over what the entry says (an empty value says nothing), with what was said
    before kept sealed; a move ends one residence and begins another on `valid_from`. Entries that fit several people
    or cannot be are told and left out; the others stand. The same batch twice changes nothing the second time.
    """
    batch = sort_entries(by=by, entries=people, valid_from=valid_from, update=True)
    _write(batch)
    return batch.taken


def _write(batch: Batch) -> Line | None:
    """Write the rows of a batch and its one line."""
    if not batch.writes:
        return None
    line = draft(
        kind=PEOPLE_IMPORTED,
        by=batch.by,
        subject_type="people.person",
        subject_id=(batch.fresh or batch.updated)[0].id,
        data={
            "people": len(batch.fresh),
            "holdings": len(batch.holdings),
            "residences": len(batch.begun),
            "changed": len(batch.changes),
        },
    )
    for change in batch.changes:
        change.line_id = line.id
    copy_in(Person, batch.fresh)
    if batch.updated:
        Person.objects.bulk_create(
            batch.updated, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=UPDATED
        )
    Residence.objects.bulk_update(batch.resettled, RESETTLED, batch_size=500)
    copy_in(Residence, batch.begun)
    copy_in(PostHolding, batch.holdings)
    copy_in(PersonChange, batch.changes)
    return write(line)
