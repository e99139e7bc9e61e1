"""Naming the head of a household: everybody's relation is to the head, so all are said anew from that day."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people.kinds import HOUSEHOLD_HEAD_NAMED
from liuchi.ground.people.living import HouseholdRefused, lock_household
from liuchi.ground.people.models import HouseholdMember, Relation

_A_DAY = timedelta(days=1)


@action
def name_household_head(
    *, by: Actor, household_id: UUID, person_id: UUID, relations: Mapping[UUID, str], on: date
) -> None:
    """Let a member be the head of a household from a day on; `relations` says how the others stand to them.

    Who is not named there stands in a relation not stated. What was said before that day stays.

    Raises:
        NotAllowed, NotFound: the household is not the actor's to change.
        HouseholdRefused: they do not belong to it, are dead or its head already; an unknown relation; a day ahead, or
            before somebody present belonged to it.
    """
    household, stay = lock_household(by, household_id, on)
    rows = HouseholdMember.objects.select_for_update(of=("self",)).filter(household=household, valid_to=None)
    members = {row.person_id: row for row in rows.select_related("person").order_by("id")}
    chosen = members.get(person_id)
    if chosen is None or chosen.person.death_on is not None:
        raise HouseholdRefused(_("Choose somebody who belongs to this household."), field="person")
    if chosen.relation == Relation.HEAD:
        raise HouseholdRefused(_("They are the head already."), field="person")
    if on < max(row.valid_from for row in members.values()):
        raise HouseholdRefused(_("Somebody belongs to it since a later day. Choose a later one."), field="on")
    wanted = {key: relations.get(key) or Relation.UNSTATED for key in members} | {person_id: Relation.HEAD}
    if not set(wanted.values()) <= set(Relation.values) or list(wanted.values()).count(Relation.HEAD) != 1:
        raise HouseholdRefused(_("Name how they stand to the head."), field="relation")
    changing = [row for row in members.values() if row.relation != wanted[row.person_id]]
    begun = _say_anew(changing, wanted, on)
    record(
        kind=HOUSEHOLD_HEAD_NAMED,
        by=by,
        subject_type="people.household",
        subject_id=household.id,
        place_id=stay.area_id,
        data={"on": on, "person": person_id},
        rows=begun,
    )


def _say_anew(rows: list[HouseholdMember], wanted: Mapping[UUID, str], on: date) -> list[HouseholdMember]:
    """End memberships on a day and return those that follow, not written yet; one that began that day is corrected."""
    begun = []
    for row in sorted(rows, key=lambda each: each.relation != Relation.HEAD):
        if row.valid_from >= on:
            row.relation = wanted[row.person_id]
            row.save(update_fields=["relation"])
            continue
        row.valid_to = on
        row.save(update_fields=["valid_to"])
        begun.append(
            HouseholdMember(
                household_id=row.household_id,
                person_id=row.person_id,
                relation=wanted[row.person_id],
                valid_from=on,
            )
        )
    return begun
