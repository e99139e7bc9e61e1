"""The staff roll: employing somebody, changing the terms, ending it, noting what it pays."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people.kinds import (
    EMPLOYED,
    EMPLOYMENT_CHANGED,
    EMPLOYMENT_ENDED,
    INCOME_RECORDED,
)
from liuchi.ground.people.models import Employment, Income, PostHolding, Secondment
from liuchi.ground.people.staffing import (
    Meant,
    StaffRefused,
    document,
    is_of,
    lock_employment,
    lock_organisation,
    lock_post,
    person_meant,
    require_day,
    require_seat,
    require_terms,
)

#: More than this is a slip of the hand.
HIGHEST_INCOME = Decimal(10_000_000)


@again_on("person_identity_once")
@action
def employ_person(
    *,
    by: Actor,
    organisation_id: UUID,
    person: Meant,
    employer: str,
    on: date,
    contract_until: date | None = None,
    by_document: str = "",
    post_id: UUID | None = None,
) -> Employment:
    """Put somebody on the staff roll of an organisation from a day on, with a post in it when one is named.

    Raises:
        StaffRefused: unknown terms, they are on this roll already, a contract that ends before it begins, a day ahead,
            a post elsewhere or without a free seat.
        EntryRefused: the entry cannot be anybody.
        NotFound: there is no such organisation, post or person.
        NotAllowed: the actor may not change staff there.
    """
    body = lock_organisation(by, organisation_id)
    require_terms(employer, on, contract_until)
    require_day(on)
    somebody, is_new = person_meant(person)
    if Employment.objects.filter(is_of(somebody), organisation=body, valid_to=None).exists():
        raise StaffRefused(_("This person is on the roll here already."), field="person")
    employment = Employment(
        person=somebody,
        organisation=body,
        employer=employer,
        valid_from=on,
        contract_until=contract_until,
        document=document(by_document),
    )
    holding = None
    if post_id is not None:
        post = lock_post(by, post_id)
        if post.organisation_id != body.id:
            raise StaffRefused(_("Choose a post of this organisation."), field="post")
        require_seat(post, somebody)
        holding = PostHolding(person=somebody, post=post, valid_from=on, document=employment.document)
    record(
        kind=EMPLOYED,
        by=by,
        subject_type="people.employment",
        subject_id=employment.id,
        place_id=body.area_id,
        data={
            "person": somebody.id,
            "organisation": body.id,
            "employer": employer,
            "is_new": is_new,
            "on": on,
            "post": post_id,
        },
        rows=[*([somebody] if is_new else []), employment, *([holding] if holding else [])],
    )
    return employment


@action
def change_employment(
    *, by: Actor, employment_id: UUID, employer: str, contract_until: date | None, by_document: str = ""
) -> Employment:
    """Set the terms of an employment: its kind, until when the contract runs, the document.

    Raises:
        StaffRefused: unknown terms, or a contract that ends before it begins.
        NotFound: there is no such employment in force.
        NotAllowed: the actor may not change staff there.
    """
    employment = lock_employment(by, employment_id)
    require_terms(employer, employment.valid_from, contract_until)
    wanted = {"employer": employer, "contract_until": contract_until, "document": document(by_document)}
    changed = sorted(name for name, value in wanted.items() if getattr(employment, name) != value)
    if not changed:
        return employment
    for name in changed:
        setattr(employment, name, wanted[name])
    employment.save(update_fields=changed)
    record(
        kind=EMPLOYMENT_CHANGED,
        by=by,
        subject_type="people.employment",
        subject_id=employment.id,
        place_id=employment.organisation.area_id,
        data={"person": employment.person_id, "fields": changed},
    )
    return employment


@action
def end_employment(*, by: Actor, employment_id: UUID, on: date, by_document: str = "") -> Employment:
    """Take somebody off the roll from a day on; they return from a secondment that day.

    Posts they hold there are handed over or left by themselves: refused while they hold one.

    Raises:
        StaffRefused: they hold a post there, a day ahead or not after the beginning.
        NotFound: there is no such employment in force.
        NotAllowed: the actor may not change staff there.
    """
    employment = lock_employment(by, employment_id)
    require_day(on, since=employment.valid_from)
    held = PostHolding.objects.filter(
        person_id=employment.person_id, post__organisation_id=employment.organisation_id, valid_to=None
    )
    if held.exists():
        raise StaffRefused(_("They hold a post here. Hand it over first, so that its work goes to somebody."))
    employment.valid_to, employment.ended_by = on, document(by_document)
    employment.save(update_fields=["valid_to", "ended_by"])
    for each in Secondment.objects.select_for_update(of=("self",)).filter(employment=employment, returned_on=None):
        each.returned_on, each.returned_by = max(on, each.since), employment.ended_by
        each.save(update_fields=["returned_on", "returned_by"])
    record(
        kind=EMPLOYMENT_ENDED,
        by=by,
        subject_type="people.employment",
        subject_id=employment.id,
        place_id=employment.organisation.area_id,
        data={"person": employment.person_id, "organisation": employment.organisation_id, "on": on},
    )
    return employment


@action
def record_income(*, by: Actor, employment_id: UUID, yearly: Decimal, as_of: date) -> Income:
    """Note what an employment pays in a year, in yuan, as known on a day; the same day again corrects it.

    Raises:
        StaffRefused: a negative or impossible amount, or a day ahead.
        NotFound: there is no such employment in force.
        NotAllowed: the actor may not change staff there.
    """
    employment = lock_employment(by, employment_id)
    require_day(as_of, field="as_of")
    if not Decimal(0) <= yearly <= HIGHEST_INCOME:
        raise StaffRefused(_("Give the income of a year in yuan."), field="yearly")
    income, _is_new = Income.objects.update_or_create(
        employment=employment, as_of=as_of, defaults={"yearly": yearly.quantize(Decimal("0.01"))}
    )
    record(
        kind=INCOME_RECORDED,
        by=by,
        subject_type="people.employment",
        subject_id=employment.id,
        place_id=employment.organisation.area_id,
        data={"person": employment.person_id, "as_of": as_of},
    )
    return income
