"""What leaves the house: taken, settled, gathered into digests; and what was given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.notices.digests import gather_for_people, gather_for_robots
from liuchi.ground.notices.kinds import (
    DELIVERIES_SETTLED,
    DELIVERIES_TAKEN,
    DELIVERY_DROPPED,
    DELIVERY_RETRIED,
    DIGESTS_PREPARED,
)
from liuchi.ground.notices.models import Delivery, DeliveryKind, DeliveryState, Preferences
from liuchi.ground.notices.outcomes import Outcome, Result
from liuchi.ground.notices.outgoing import SEND, habits_of
from liuchi.ground.notices.timing import urgent_at
from liuchi.ground.notices.wishes import wishes_of

#: Messages that one sender takes at once.
MOST_TAKEN: Final = 20
#: Minutes between attempts; after the last one a message is given up.
PAUSES: Final = (1, 5, 15, 60, 240)
#: After so long a sender that took a message is thought to be gone.
GONE_AFTER: Final = timedelta(minutes=5)
#: The house's own batches have no subject of their own.
_BATCH: Final = UUID(int=0)
POWER: Final = "notices.manage"


class NotDead(RuleBroken):
    """The message has not been given up."""

    code = "not_dead"


@action
def take_deliveries(*, by: Actor, most: int = MOST_TAKEN) -> list[Delivery]:
    """Take messages whose time has come, each for one sender, and note the attempt before it is made.

    What is for a person waits through quiet hours, also the second attempt. A message whose sender vanished in the
    midst of an attempt is taken once more (it may then arrive twice); vanished again, it is given up.
    """
    now = clock.now()
    found = list(
        Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(state__in=[DeliveryState.WAITING, DeliveryState.SENDING], next_at__lte=now)
        .select_related("person", "robot__organisation")
        .order_by("next_at", "id")[:most]
    )
    if not found:
        return []
    chosen = wishes_of(each.person_id for each in found)
    counts = {"taken": 0, "postponed": 0, "given_up": 0}
    for delivery in found:
        counts[_take(delivery, chosen, now)] += 1
    Delivery.objects.bulk_update(found, ["state", "attempts", "next_at", "error", "is_doubtful", "changed_at"])
    record(kind=DELIVERIES_TAKEN, by=by, subject_type="notices.deliveries", subject_id=_BATCH, data=counts)
    return [delivery for delivery in found if delivery.state == DeliveryState.SENDING]


@action
def settle_deliveries(*, by: Actor, outcomes: Sequence[Outcome]) -> int:
    """Note how attempts went: sent, to be tried again later, given up, or put back; return how many were sent."""
    now = clock.now()
    results = {each.delivery_id: each for each in outcomes}
    taken = Delivery.objects.select_for_update(of=("self",)).filter(id__in=results, state=DeliveryState.SENDING)
    rows = list(taken.order_by("id"))
    if not rows:
        return 0
    counts = {"sent": 0, "failed": 0, "given_up": 0, "put_back": 0}
    for delivery in rows:
        counts[_settle(delivery, results[delivery.id], now)] += 1
    Delivery.objects.bulk_update(rows, ["state", "attempts", "next_at", "error", "is_doubtful", "changed_at"])
    record(kind=DELIVERIES_SETTLED, by=by, subject_type="notices.deliveries", subject_id=_BATCH, data=counts)
    return counts["sent"]


@action
def prepare_digests(*, by: Actor) -> int:
    """Gather what is new into today's digests, one for each person and robot whose hour has come; return how many.

    Nothing is gathered on days off, and nobody's day is gathered twice, however many workers try.
    """
    now = clock.now()
    gathered = gather_for_people(now) + gather_for_robots(now)
    if not gathered.looked_at:
        return 0
    facts = {"deliveries": gathered.deliveries, "notices": gathered.notices}
    record(kind=DIGESTS_PREPARED, by=by, subject_type="notices.deliveries", subject_id=_BATCH, data=facts)
    if gathered.deliveries:
        defer(SEND)
    return gathered.deliveries


@action
def retry_delivery(*, by: Actor, delivery_id: UUID) -> Delivery:
    """Send a message that was given up once more, with nearly all its attempts.

    Raises:
        NotAllowed: without the power to look after messages.
        NotFound: there is no such message.
        NotDead: it was not given up.
    """
    delivery = _dead(by, delivery_id)
    _set(delivery, DeliveryState.WAITING, clock.now(), next_at=clock.now())
    delivery.attempts, delivery.is_doubtful, delivery.error = 1, False, ""
    delivery.save(update_fields=["state", "attempts", "is_doubtful", "error", "next_at", "changed_at"])
    record(kind=DELIVERY_RETRIED, by=by, subject_type="notices.delivery", subject_id=delivery.id)
    defer(SEND)
    return delivery


@action
def drop_delivery(*, by: Actor, delivery_id: UUID) -> Delivery:
    """Lay a message that was given up to rest.

    Raises:
        NotAllowed: without the power to look after messages.
        NotFound: there is no such message.
        NotDead: it was not given up.
    """
    delivery = _dead(by, delivery_id)
    _set(delivery, DeliveryState.DROPPED, clock.now())
    delivery.save(update_fields=["state", "next_at", "changed_at"])
    record(kind=DELIVERY_DROPPED, by=by, subject_type="notices.delivery", subject_id=delivery.id)
    return delivery


def _take(delivery: Delivery, chosen: Mapping[UUID, Preferences], now: datetime) -> str:
    if delivery.state == DeliveryState.SENDING:
        if delivery.is_doubtful:
            delivery.error = "cut_off_twice"
            _set(delivery, DeliveryState.DEAD, now)
            return "given_up"
        delivery.is_doubtful = True
    person = delivery.person_id
    allowed = urgent_at(now, habits_of(chosen.get(person) if person else None))
    if delivery.kind in (DeliveryKind.URGENT, DeliveryKind.DIGEST) and allowed > now:
        _set(delivery, DeliveryState.WAITING, now, next_at=allowed)
        return "postponed"
    delivery.attempts += 1
    _set(delivery, DeliveryState.SENDING, now, next_at=now + GONE_AFTER)
    return "taken"


def _settle(delivery: Delivery, outcome: Outcome, now: datetime) -> str:
    delivery.error, delivery.is_doubtful = outcome.error, False
    match outcome.result:
        case Result.SENT:
            _set(delivery, DeliveryState.SENT, now)
            return "sent"
        case Result.UNTRIED:
            _set(delivery, DeliveryState.WAITING, now, next_at=now)
            return "put_back"
        case Result.NOTHING:
            _set(delivery, DeliveryState.DROPPED, now)
            return "put_back"
        case Result.FAILED if delivery.attempts <= len(PAUSES):
            pause = timedelta(minutes=PAUSES[delivery.attempts - 1])
            _set(delivery, DeliveryState.WAITING, now, next_at=now + pause)
            return "failed"
    _set(delivery, DeliveryState.DEAD, now)
    return "given_up"


def _set(delivery: Delivery, state: DeliveryState, now: datetime, next_at: datetime | None = None) -> None:
    delivery.state, delivery.changed_at, delivery.next_at = state, now, next_at


def _dead(by: Actor, delivery_id: UUID) -> Delivery:
    if not by.allows(POWER):
        raise NotAllowed(_("Looking after messages is for whoever holds the power for it."))
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(id=delivery_id).first()
    if delivery is None:
        raise NotFound(_("There is no such message."))
    if delivery.state != DeliveryState.DEAD:
        raise NotDead(_("This message has not been given up."))
    return delivery
