"""Forgetting a person who was erased."""

from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.notices.kinds import PERSON_FORGOTTEN
from liuchi.ground.notices.models import Carried, Delivery, DeliveryState, Notice, Preferences


@action
def forget_person(*, by: Actor, person_id: UUID) -> int:
    """Delete an erased person's inbox, address and wishes, and send them nothing more; return how many notices went.

    Rows of what was sent stay, without text or address, so that counts of the past hold.
    """
    mine = Notice.objects.filter(person_id=person_id)
    wishes = Preferences.objects.filter(person_id=person_id)
    waiting = Delivery.objects.filter(person_id=person_id, state__in=[DeliveryState.WAITING, DeliveryState.SENDING])
    if not (mine.exists() or wishes.exists() or waiting.exists()):
        return 0
    deliveries = waiting.update(state=DeliveryState.DROPPED, next_at=None, changed_at=clock.now())
    Carried.objects.filter(notice__in=mine).delete()
    wishes.delete()
    notices, _each = mine.delete()
    facts = {"person": person_id, "notices": notices, "deliveries": deliveries}
    record(kind=PERSON_FORGOTTEN, by=by, subject_type="people.person", subject_id=person_id, data=facts)
    return notices
