"""Lending staff to others, and bringing them back (抽调人员清理)."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.kinds import SECONDED, SECONDMENT_RETURNED
from liuchi.ground.people.models import Secondment
from liuchi.ground.people.staffing import StaffRefused, document, lock_employment, require_day, require_power


@action
def second_person(
    *,
    by: Actor,
    employment_id: UUID,
    to_organisation_id: UUID,
    since: date,
    until: date | None = None,
    by_document: str = "",
) -> Secondment:
    """Lend somebody to another organisation (抽调) from a day on; without a document nobody approved it.

    Raises:
        StaffRefused: to the one that employs them, lent already, an end before the beginning, a day ahead.
        NotFound: there is no such employment or organisation in force.
        NotAllowed: the actor may not change staff there.
    """
    employment = lock_employment(by, employment_id)
    require_day(since, field="since")
    if not Organisation.objects.filter(id=to_organisation_id, valid_to=None).exists():
        raise NotFound(_("There is no such organisation, or it has ended."))
    if to_organisation_id == employment.organisation_id:
        raise StaffRefused(_("They work there. Choose the organisation they are lent to."), field="to_organisation")
    if since < employment.valid_from or (until is not None and until < since):
        raise StaffRefused(_("It begins after they were employed and ends after it began."), field="until")
    if Secondment.objects.filter(employment=employment, returned_on=None).exists():
        raise StaffRefused(_("They are lent to somebody already. Note their return first."), field="person")
    secondment = Secondment(
        employment=employment,
        to_organisation_id=to_organisation_id,
        since=since,
        until=until,
        document=document(by_document),
    )
    record(
        kind=SECONDED,
        by=by,
        subject_type="people.secondment",
        subject_id=secondment.id,
        place_id=employment.organisation.area_id,
        data={
            "person": employment.person_id,
            "from_organisation": employment.organisation_id,
            "to_organisation": to_organisation_id,
            "since": since,
        },
        rows=[secondment],
    )
    return secondment


@action
def return_secondment(*, by: Actor, secondment_id: UUID, on: date, by_document: str = "") -> Secondment:
    """Note that somebody lent is back (清理返岗).

    Raises:
        StaffRefused: a day ahead or before they were lent.
        NotFound: there is no such secondment open.
        NotAllowed: the actor may not change staff there.
    """
    rows = Secondment.objects.select_for_update(of=("self",)).select_related("employment__organisation")
    secondment = rows.filter(id=secondment_id, returned_on=None).first()
    if secondment is None:
        raise NotFound(_("There is no such secondment, or they are back."))
    area_id = secondment.employment.organisation.area_id
    require_power(by, area_id)
    require_day(on)
    if on < secondment.since:
        raise StaffRefused(_("They return after they were lent."), field="on")
    secondment.returned_on, secondment.returned_by = on, document(by_document)
    secondment.save(update_fields=["returned_on", "returned_by"])
    record(
        kind=SECONDMENT_RETURNED,
        by=by,
        subject_type="people.secondment",
        subject_id=secondment.id,
        place_id=area_id,
        data={"person": secondment.employment.person_id, "on": on},
    )
    return secondment
