"""Letting posts and work end with the death of whoever held them; by themselves, one line for each."""

from datetime import date, timedelta
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.people.kinds import EMPLOYMENT_ENDED, POST_HANDED_OVER
from liuchi.ground.people.models import Employment, PostHolding, Secondment

_A_DAY = timedelta(days=1)


@action
def vacate_post(*, by: Actor, holding_id: UUID, on: date) -> bool:
    """End a holding whose holder died, from a day on; its grants follow the line. Tell whether it was in force.

    Raises:
        NotAllowed: only the house itself does this, after a death.
    """
    _require_house(by)
    rows = PostHolding.objects.select_for_update(of=("self",)).select_related("post")
    held = rows.filter(id=holding_id, valid_to=None).first()
    if held is None:
        return False
    held.valid_to = max(on, held.valid_from + _A_DAY)
    held.save(update_fields=["valid_to"])
    record(
        kind=POST_HANDED_OVER,
        by=by,
        subject_type="organisations.post",
        subject_id=held.post_id,
        place_id=held.post.area_id,
        data={
            "post": held.post_id,
            "organisation": held.post.organisation_id,
            "from_person": held.person_id,
            "to_person": None,
            "on": held.valid_to,
        },
    )
    return True


@action
def strike_from_roll(*, by: Actor, employment_id: UUID, on: date) -> bool:
    """End the employment of somebody who died, and any secondment with it. Tell whether it was in force.

    Raises:
        NotAllowed: only the house itself does this, after a death.
    """
    _require_house(by)
    rows = Employment.objects.select_for_update(of=("self",)).select_related("organisation")
    row = rows.filter(id=employment_id, valid_to=None).first()
    if row is None:
        return False
    row.valid_to = max(on, row.valid_from + _A_DAY)
    row.save(update_fields=["valid_to"])
    for each in Secondment.objects.select_for_update(of=("self",)).filter(employment=row, returned_on=None):
        each.returned_on = max(on, each.since)
        each.save(update_fields=["returned_on"])
    record(
        kind=EMPLOYMENT_ENDED,
        by=by,
        subject_type="people.employment",
        subject_id=row.id,
        place_id=row.organisation.area_id,
        data={"person": row.person_id, "organisation": row.organisation_id, "on": row.valid_to},
    )
    return True


def _require_house(by: Actor) -> None:
    if by.kind != "system":
        raise NotAllowed("posts and work end with a death by themselves")
