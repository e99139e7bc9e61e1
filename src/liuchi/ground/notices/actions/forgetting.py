"""Forgetting a person who was erased; telling somebody nothing more outside the house."""

from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.notices.kinds import PERSON_FORGOTTEN, TELLING_STOPPED
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


@action
def stop_telling(*, by: Actor, person_id: UUID) -> bool:
    """Send somebody nothing outside the house any more and delete the address; tell whether anything was to stop.

    The inbox stays. They may choose to be told again in their settings.
    """
    wishes = Preferences.objects.select_for_update(of=("self",)).filter(person_id=person_id).first()
    waiting = Delivery.objects.filter(person_id=person_id, state__in=[DeliveryState.WAITING, DeliveryState.SENDING])
    is_told = wishes is not None and (wishes.by_email or wishes.by_sms or wishes.email_sealed is not None)
    if not (is_told or waiting.exists()):
        return False
    deliveries = waiting.update(state=DeliveryState.DROPPED, next_at=None, changed_at=clock.now())
    if wishes is not None:
        wishes.by_email, wishes.by_sms, wishes.email_sealed, wishes.is_email_confirmed = False, False, None, False
        wishes.save(update_fields=["by_email", "by_sms", "email_sealed", "is_email_confirmed"])
    facts = {"person": person_id, "deliveries": deliveries}
    record(kind=TELLING_STOPPED, by=by, subject_type="people.person", subject_id=person_id, data=facts)
    return True
