"""What the sender does: taking what is due, settling how it went, and forgetting."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks import kinds
from liuchi.ground.hooks.events import TEST, subject_for
from liuchi.ground.hooks.eyes import eyes_of
from liuchi.ground.hooks.models import Delivery, DeliveryState, Stopped, Subscription, SubscriptionState
from liuchi.ground.hooks.notices import tell_given_up, tell_stopped
from liuchi.ground.hooks.outcomes import GONE, Outcome, Parcel
from liuchi.ground.hooks.queries import RECEIVE
from liuchi.ground.hooks.sealing import address_of, secrets_of
from liuchi.ground.hooks.timing import GIVEN_UP_AFTER, pause_after, probe_after
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.jobs import defer_at

PROBE: Final = "hooks.probe"
#: Receivers taken at once, and deliveries for each of them; one that was not reached gets one.
MOST_RECEIVERS: Final = 8
MOST_EACH: Final = 20
#: After so long a sender that took something is thought to be gone; longer than a whole batch for one receiver takes.
GONE_AFTER: Final = timedelta(minutes=6)
#: What was sent or given up is kept so long.
KEPT: Final = timedelta(days=30)
#: Rows forgotten with one statement.
_FORGOTTEN_AT_ONCE: Final = 5000
#: The house's own batches have no subject of their own.
_BATCH: Final = UUID(int=0)
_OPEN: Final = (DeliveryState.WAITING, DeliveryState.SENDING)
_HEALTH: Final = ("state", "stopped_because", "failures", "failing_since", "probe_at", "changed_at")
_COURSE: Final = ("state", "attempts", "next_at", "status", "error", "took_ms", "changed_at")


@action
def take_deliveries(*, by: Actor, is_probing: bool = False) -> list[Parcel]:
    """Take what is due for a few receivers and note the attempts before they are made.

    Whether the key's owner may know of a case is asked here, at the last moment; what is not for them is dropped
    without a trace. Receivers that were not reached are taken by a prober only, when their time has come, with one
    delivery each.
    """
    parcels: list[Parcel] = []
    counts = {"taken": 0, "dropped": 0, "given_up": 0, "stopped": 0}
    for subscription in _due(clock.now(), is_probing=is_probing):
        held, viewer = subscription.key_id, eyes_of(subscription)
        if viewer is None or not viewer.allows(RECEIVE):
            _stop(subscription, Stopped.KEY_ENDED)
            counts["stopped"] += 1
            continue
        if viewer.key_id != held:
            subscription.save(update_fields=["key"])
        parcels += _take_from(subscription, viewer, 1 if is_probing else MOST_EACH, counts)
    if any(counts.values()):
        record(kind=kinds.TAKEN, by=by, subject_type="hooks.deliveries", subject_id=_BATCH, data=counts)
    return parcels


@action
def settle_deliveries(*, by: Actor, outcomes: Sequence[Outcome]) -> int:
    """Note how attempts went and return how many arrived.

    A receiver that was not reached is left alone for a while, ever longer; after three days it is stopped, and at once
    when it answered 410. What did not arrive within three days is laid aside. Owners are told of both.
    """
    of_each: dict[UUID, list[Outcome]] = {}
    for outcome in outcomes:
        of_each.setdefault(outcome.subscription_id, []).append(outcome)
    counts = {"sent": 0, "failed": 0, "given_up": 0, "put_back": 0, "stopped": 0}
    rows = Subscription.objects.select_for_update(of=("self",)).filter(id__in=of_each).select_related("key__owner")
    for subscription in rows.order_by("id"):
        _settle_one(subscription, of_each[subscription.id], counts)
    if any(counts.values()):
        record(kind=kinds.SETTLED, by=by, subject_type="hooks.deliveries", subject_id=_BATCH, data=counts)
    return counts["sent"]


@action
def forget_deliveries(*, by: Actor) -> int:
    """Delete what was sent or given up more than thirty days ago; return how many."""
    ended = Delivery.objects.filter(
        state__in=[DeliveryState.SENT, DeliveryState.DEAD], changed_at__lt=clock.now() - KEPT
    )
    ids = list(ended.order_by("changed_at", "id").values_list("id", flat=True)[:_FORGOTTEN_AT_ONCE])
    if not ids:
        return 0
    Delivery.objects.filter(id__in=ids).delete()
    facts = {"deliveries": len(ids)}
    record(kind=kinds.FORGOTTEN, by=by, subject_type="hooks.deliveries", subject_id=_BATCH, data=facts)
    return len(ids)


def _due(now: datetime, *, is_probing: bool) -> list[Subscription]:
    waiting = Delivery.objects.filter(subscription=OuterRef("pk"), state__in=_OPEN, next_at__lte=now)
    chosen = Q(failures__gt=0, probe_at__lte=now) if is_probing else Q(failures=0)
    rows = Subscription.objects.select_for_update(of=("self",), skip_locked=True).select_related("key__owner")
    return list(rows.filter(Exists(waiting), chosen, state=SubscriptionState.ACTIVE).order_by("id")[:MOST_RECEIVERS])


def _take_from(subscription: Subscription, viewer: Viewer, most: int, counts: dict[str, int]) -> list[Parcel]:
    now = clock.now()
    rows = subscription.deliveries.select_for_update(of=("self",), skip_locked=True)
    parcels: list[Parcel] = []
    taken: list[Delivery] = []
    for delivery in rows.filter(state__in=_OPEN, next_at__lte=now).order_by("next_at", "id")[:MOST_EACH]:
        if len(parcels) == most:
            break
        content = _content(delivery, viewer)
        if content is None:
            delivery.delete()
            counts["dropped"] += 1
            continue
        is_old = delivery.queued_at < now - GIVEN_UP_AFTER
        _set(delivery, DeliveryState.DEAD if is_old else DeliveryState.SENDING, None if is_old else now + GONE_AFTER)
        taken.append(delivery)
        counts["given_up" if is_old else "taken"] += 1
        if not is_old:
            delivery.attempts += 1
            address, secrets = address_of(subscription), secrets_of(subscription)
            parcels.append(Parcel(delivery.id, subscription.id, address, secrets, content))
    Delivery.objects.bulk_update(taken, _COURSE)
    if len(taken) > len(parcels):
        tell_given_up(subscription, len(taken) - len(parcels))
    return parcels


def _content(delivery: Delivery, viewer: Viewer) -> Mapping[str, object] | None:
    """Return what is told: what happened to which case and when, and where to read the rest; None: not for them."""
    moment = delivery.happened_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told: dict[str, object] = {"type": delivery.event, "timestamp": moment}
    if delivery.event == TEST or delivery.subject is None:
        return {**told, "data": {"id": str(delivery.id)}}
    subject = subject_for(viewer, delivery.event, delivery.subject)
    if subject is None:
        return None
    link = f"{settings.LIUCHI_ADDRESS.rstrip('/')}{subject.path}"
    return {**told, "data": {"id": str(delivery.line), "number": subject.number, "link": link}}


def _settle_one(subscription: Subscription, outcomes: Sequence[Outcome], counts: dict[str, int]) -> None:
    results = {each.delivery_id: each for each in outcomes}
    taken = subscription.deliveries.select_for_update(of=("self",)).filter(id__in=results)
    rows = list(taken.filter(state=DeliveryState.SENDING).order_by("id"))
    if not rows:
        return
    tried = [results[each.id] for each in rows if results[each.id].is_tried]
    if any(each.status == GONE for each in tried):
        reason: Stopped | None = Stopped.GONE
    else:
        reason = _note_reach(subscription, tried)
    before = counts["given_up"]
    for delivery in rows:
        counts[_settle(delivery, results[delivery.id], subscription)] += 1
    Delivery.objects.bulk_update(rows, _COURSE)
    if reason is not None and subscription.state == SubscriptionState.ACTIVE:
        counts["given_up"] += _stop(subscription, reason)
        counts["stopped"] += 1
    else:
        subscription.save(update_fields=_HEALTH)
        if counts["given_up"] > before:
            tell_given_up(subscription, counts["given_up"] - before)


def _note_reach(subscription: Subscription, tried: Sequence[Outcome]) -> Stopped | None:
    """Note whether the receiver was reached; return why it has to be stopped, if it has."""
    now = clock.now()
    failed = next((each for each in tried if each.is_out_of_reach), None)
    if failed is None:
        if tried:
            _reached(subscription)
        return None
    subscription.failures = min(subscription.failures + 1, 10_000)
    subscription.failing_since = subscription.failing_since or now
    subscription.probe_at = now + max(probe_after(subscription.failures), failed.wish or timedelta(0))
    if subscription.failing_since <= now - GIVEN_UP_AFTER:
        return Stopped.FAILING
    if subscription.state == SubscriptionState.ACTIVE:
        defer_at(subscription.probe_at, PROBE)
    return None


def _settle(delivery: Delivery, outcome: Outcome, subscription: Subscription) -> str:
    now = clock.now()
    if not outcome.is_tried:
        delivery.attempts = max(delivery.attempts - 1, 0)
        _set(delivery, DeliveryState.WAITING, now)
        return "put_back"
    delivery.status, delivery.error, delivery.took_ms = outcome.status, outcome.error, outcome.took_ms
    if outcome.is_sent:
        _set(delivery, DeliveryState.SENT, None)
        return "sent"
    pause = pause_after(delivery.attempts)
    next_at = subscription.probe_at if outcome.is_out_of_reach else now + pause if pause else None
    if outcome.status == GONE or next_at is None or delivery.queued_at < now - GIVEN_UP_AFTER:
        _set(delivery, DeliveryState.DEAD, None)
        return "given_up"
    _set(delivery, DeliveryState.WAITING, next_at)
    return "failed"


def _stop(subscription: Subscription, reason: Stopped) -> int:
    """Stop a subscription, lay aside what waits for it, and tell its owner; return how many deliveries."""
    now = clock.now()
    subscription.state, subscription.stopped_because = SubscriptionState.STOPPED, reason
    _reached(subscription)
    subscription.mark_changed()
    subscription.save(update_fields=_HEALTH)
    laid = subscription.deliveries.filter(state__in=_OPEN)
    number = laid.update(state=DeliveryState.DEAD, next_at=None, changed_at=now)
    tell_stopped(subscription)
    return number


def _reached(subscription: Subscription) -> None:
    subscription.failures, subscription.failing_since, subscription.probe_at = 0, None, None


def _set(delivery: Delivery, state: DeliveryState, next_at: datetime | None) -> None:
    delivery.state, delivery.next_at, delivery.changed_at = state, next_at, clock.now()
