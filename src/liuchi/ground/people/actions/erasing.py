"""Erasing who a person is; what happened stays."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people.access import ERASE
from liuchi.ground.people.kinds import PERSON_ERASED
from liuchi.ground.people.models import (
    NOTHING,
    CareStatus,
    Consent,
    HouseholdMember,
    Merge,
    Person,
    PersonChange,
    Residence,
)
from liuchi.ground.records import protected
from liuchi.ground.records.due import is_held


class PersonHeld(RuleBroken):
    """What is kept about this person must not be erased for the time being."""

    code = "person_held"


@action
def erase_person(*, by: Actor, person_id: UUID) -> None:
    """Erase everything that tells who a person is; the rows and all history stay, and the journal stays verifiable.

    Records that were joined are one person and go together, whichever of them is named. What other rooms keep about
    them follows by reactions to `people.person_erased` (PIPL art. 47), which names them all, and the blind indexes of
    their telephone unless somebody else on record has the same.

    Raises:
        NotAllowed: the actor lacks the power people.erase.
        NotFound: there is no such person, or it is erased already.
        PersonHeld: the records are held back (records.LegalHold).
    """
    if not by.allows(ERASE):
        raise NotAllowed(_("Erasing a person needs the power people.erase."))
    named = Person.objects.filter(id=person_id, erased_at=None).values_list("merged_into_id", flat=True).first()
    kept_id = person_id if named is None else named
    rows = Person.objects.select_for_update(of=("self",)).filter(erased_at=None).order_by("id")
    records = list(rows.filter(id=kept_id)) + list(rows.filter(merged_into_id=kept_id))
    if not records or kept_id != records[0].id:
        raise NotFound(_("There is no such person, or it has been erased already."))
    ids = [each.id for each in records]
    if is_held(ids):
        raise PersonHeld(_("This person's records are held back for a reason; lift the hold first."))
    phones = _own_phones(records)
    Person.objects.filter(id__in=ids).update(**NOTHING, erased_at=clock.now())
    Residence.objects.filter(person_id__in=ids).update(address_sealed=None, dwelling=None)
    HouseholdMember.objects.filter(person_id__in=ids).delete()  # among the others everybody would know who it was
    PersonChange.objects.filter(person_id__in=ids).update(before_sealed=None, reason="")
    Merge.objects.filter(kept_id__in=ids).update(reason="", undone_reason="")
    CareStatus.objects.filter(person_id__in=ids).update(diagnosis_sealed=None)
    Consent.objects.filter(person_id__in=ids).update(guardian_sealed=None)
    record(
        kind=PERSON_ERASED,
        by=by,
        subject_type="people.person",
        subject_id=kept_id,
        data={"person": kept_id, "absorbed": ids[1:], "phones": phones},
    )


def _own_phones(records: Sequence[Person]) -> list[bytes]:
    """Return every index under which these records' telephones may stand, of those that are nobody else's."""
    found: list[bytes] = []
    ids = [each.id for each in records]
    for text in {protected.unseal(each.phone_sealed, protected.PHONE, each.id) for each in records} - {""}:
        indexes = protected.blinds(text, protected.PHONE)
        if not Person.objects.filter(phone_index__in=indexes).exclude(id__in=ids).exists():
            found += indexes
    return found
