"""Subscribing, and what owners and managers do with subscriptions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.access.keys import viewer_of_key
from liuchi.ground.access.models import ApiKey
from liuchi.ground.hooks import kinds
from liuchi.ground.hooks.events import TEST, labels
from liuchi.ground.hooks.eyes import eyes_of
from liuchi.ground.hooks.models import Delivery, DeliveryState, Subscription, SubscriptionState
from liuchi.ground.hooks.queries import MANAGE, RECEIVE, is_owner
from liuchi.ground.hooks.reactions import SEND
from liuchi.ground.hooks.sealing import ADDRESS, OLD_SECRET, SECRET, secret_of
from liuchi.ground.hooks.signing import new_secret
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.kernel.reachable import AddressRefused, target_of
from liuchi.ground.records.protected import seal

#: Subscriptions of one key at most, those removed not counted.
MOST: Final = 20
#: So long an older secret signs beside the new one.
BOTH_VALID: Final = timedelta(days=1)
#: Deliveries replayed at once.
MOST_REPLAYED: Final = 500
_SUBJECT: Final = "hooks.subscription"
_REMOVED: Final = (
    *("state", "stopped_because", "changed_at", "failures", "failing_since", "probe_at"),
    *("address_sealed", "secret_sealed", "old_secret_sealed", "old_secret_until"),
)


class HookRefused(RuleBroken):
    """The subscription cannot be made or changed like this."""

    code = "hook_refused"


@dataclass(frozen=True)
class NewSubscription:
    """What to tell whom: `areas` narrow the key's own, none means all of them; nothing below them is left out."""

    key_id: UUID
    name: str
    address: str
    events: Collection[str]
    areas: Collection[UUID] = ()


@action
def open_subscription(*, by: Actor, wanted: NewSubscription) -> tuple[Subscription, str]:
    """Subscribe for a key and return the subscription with its secret, which is told once.

    Raises:
        NotFound: there is no such key in force of `by`'s own.
        NotAllowed: the key does not open hooks.receive (any more).
        HookRefused: no name, an address that is not called, no or unknown events, an area the key does not reach, or
            too many subscriptions.
    """
    key = _own_key(by, wanted.key_id)
    viewer = viewer_of_key(key)
    if viewer is None or not viewer.allows(RECEIVE):
        raise NotAllowed(_("This key does not open hooks.receive. Ask for a key that does."))
    _require_sound(wanted, viewer.areas(RECEIVE))
    if Subscription.objects.filter(key=key).exclude(state=SubscriptionState.REMOVED).count() >= MOST:
        raise HookRefused(_("A key has twenty subscriptions at most. Remove one first."))
    row_id, now, secret = new_id(), clock.now(), new_secret()
    row = Subscription(
        id=row_id,
        key=key,
        name=wanted.name.strip(),
        origin=target_of(wanted.address).origin,
        address_sealed=seal(wanted.address, ADDRESS, row_id),
        events=sorted(set(wanted.events)),
        areas=sorted(set(wanted.areas)),
        secret_sealed=seal(secret, SECRET, row_id),
        created_at=now,
        changed_at=now,
    )
    facts = {"key": key.id, "events": row.events, "areas": row.areas}
    record(kind=kinds.SUBSCRIBED, by=by, subject_type=_SUBJECT, subject_id=row.id, data=facts, rows=[row])
    return row, secret


@action
def pause_subscription(*, by: Actor, subscription_id: UUID, version: int | None = None) -> Subscription:
    """Send nothing until it is resumed; what happens meanwhile is not told later.

    Raises:
        NotFound: there is none that `by` may manage.
        Stale: it is not (any more) at `version`.
    """
    row = _managed(by, subscription_id, version)
    if row.state != SubscriptionState.ACTIVE:
        return row
    row.state = SubscriptionState.PAUSED
    row.mark_changed()
    row.save(update_fields=["state", "changed_at"])
    record(kind=kinds.PAUSED, by=by, subject_type=_SUBJECT, subject_id=row.id, data={"key": row.key_id})
    return row


@action
def resume_subscription(*, by: Actor, subscription_id: UUID, version: int | None = None) -> Subscription:
    """Send again, at once what waits.

    Raises:
        NotFound: there is none that `by` may manage.
        HookRefused: its key has ended.
        Stale: it is not (any more) at `version`.
    """
    row = _managed(by, subscription_id, version)
    if row.state == SubscriptionState.ACTIVE and not row.failures:
        return row
    if eyes_of(row) is None:
        raise HookRefused(_("The key of this subscription has ended. Subscribe anew with another key."))
    row.state, row.stopped_because = SubscriptionState.ACTIVE, ""
    row.mark_changed()
    row.failures, row.failing_since, row.probe_at = 0, None, None
    row.save(update_fields=["key", "state", "stopped_because", "changed_at", "failures", "failing_since", "probe_at"])
    record(kind=kinds.RESUMED, by=by, subject_type=_SUBJECT, subject_id=row.id, data={"key": row.key_id})
    defer(SEND)
    return row


@action
def remove_subscription(*, by: Actor, subscription_id: UUID, version: int | None = None) -> Subscription:
    """End a subscription: address and secrets are forgotten, what waits is not sent.

    Raises:
        NotFound: there is none that `by` may manage.
        Stale: it is not (any more) at `version`.
    """
    row = _managed(by, subscription_id, version)
    row.deliveries.filter(state__in=[DeliveryState.WAITING, DeliveryState.SENDING]).delete()
    row.state, row.stopped_because = SubscriptionState.REMOVED, ""
    row.mark_changed()
    row.address_sealed, row.secret_sealed, row.old_secret_sealed, row.old_secret_until = b"", b"", None, None
    row.failures, row.failing_since, row.probe_at = 0, None, None
    row.save(update_fields=_REMOVED)
    record(kind=kinds.REMOVED, by=by, subject_type=_SUBJECT, subject_id=row.id, data={"key": row.key_id})
    return row


@action
def rotate_secret(*, by: Actor, subscription_id: UUID, version: int | None = None) -> tuple[Subscription, str]:
    """Make a new secret and return it, told once; for a day the older one signs too.

    Raises:
        NotFound: there is none of `by`'s own: only its owner learns a secret.
        Stale: it is not (any more) at `version`.
    """
    row = _managed(by, subscription_id, version)
    if not is_owner(by, row):
        raise NotAllowed(_("Only who answers for the key learns its secrets."))
    secret = new_secret()
    row.old_secret_sealed = seal(secret_of(row), OLD_SECRET, row.id)
    row.old_secret_until = clock.now() + BOTH_VALID
    row.secret_sealed = seal(secret, SECRET, row.id) or b""
    row.mark_changed()
    row.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until", "changed_at"])
    record(kind=kinds.SECRET_ROTATED, by=by, subject_type=_SUBJECT, subject_id=row.id, data={"key": row.key_id})
    return row, secret


@action
def test_subscription(*, by: Actor, subscription_id: UUID) -> Delivery:
    """Send an event of kind webhook.test; one that waits already is enough.

    Raises:
        NotFound: there is none that `by` may manage.
        HookRefused: it is not active.
    """
    row = _managed(by, subscription_id)
    if row.state != SubscriptionState.ACTIVE:
        raise HookRefused(_("This subscription is not active. Start it first."))
    waiting = row.deliveries.filter(event=TEST, state=DeliveryState.WAITING).order_by("id").first()
    if waiting is not None:
        return waiting
    now = clock.now()
    delivery = Delivery(subscription=row, event=TEST, happened_at=now, next_at=now, queued_at=now, changed_at=now)
    facts = {"key": row.key_id}
    record(kind=kinds.TESTED, by=by, subject_type=_SUBJECT, subject_id=row.id, data=facts, rows=[delivery])
    defer(SEND)
    return delivery


@action
def replay_deliveries(*, by: Actor, subscription_id: UUID, delivery_id: UUID | None = None) -> int:
    """Send one delivery once more, or everything that was given up (at most 500); return how many.

    The receiver sees the same webhook-id as before.

    Raises:
        NotFound: there is no such subscription that `by` may manage, or no such delivery that has ended.
        HookRefused: the subscription is not active.
    """
    row = _managed(by, subscription_id)
    if row.state != SubscriptionState.ACTIVE:
        raise HookRefused(_("This subscription is not active. Start it first."))
    wanted = row.deliveries.filter(state=DeliveryState.DEAD)
    if delivery_id is not None:
        wanted = row.deliveries.filter(state__in=[DeliveryState.DEAD, DeliveryState.SENT], id=delivery_id)
    ids = list(wanted.order_by("id").values_list("id", flat=True)[:MOST_REPLAYED])
    if delivery_id is not None and not ids:
        raise NotFound(_("There is no such delivery that has ended."))
    if not ids:
        return 0
    now = clock.now()
    Delivery.objects.filter(id__in=ids).update(
        state=DeliveryState.WAITING, attempts=0, next_at=now, queued_at=now, changed_at=now
    )
    facts = {"key": row.key_id, "deliveries": len(ids)}
    record(kind=kinds.REPLAYED, by=by, subject_type=_SUBJECT, subject_id=row.id, data=facts)
    defer(SEND)
    return len(ids)


def _own_key(by: Actor, key_id: UUID) -> ApiKey:
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("owner").filter(id=key_id).first()
    mine = getattr(by, "key_id", None) in {None, key_id} and key is not None and by.id == key.owner_id
    if key is None or not (mine or by.kind == "system"):
        raise NotFound(_("There is no such key of yours."), field="key")
    return key


def _managed(by: Actor, subscription_id: UUID, version: int | None = None) -> Subscription:
    row = (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("key__owner")
        .filter(id=subscription_id)
        .exclude(state=SubscriptionState.REMOVED)
        .first()
    )
    if row is None or not (is_owner(by, row) or by.allows(MANAGE)):
        raise NotFound(_("There is no such subscription."))
    if version not in {None, row.version}:
        raise Stale(_("Somebody else changed this subscription meanwhile. Read it again, then decide."))
    return row


def _require_sound(wanted: NewSubscription, reach: Collection[UUID]) -> None:
    if not wanted.name.strip() or len(wanted.name.strip()) > 60:
        raise HookRefused(_("Give it a name of up to 60 characters that says who is told."), field="name")
    try:
        target_of(wanted.address)
    except AddressRefused as error:
        raise HookRefused(
            _("This address is not called (%(code)s). It begins with https:// and names a host, no user and no port.")
            % {"code": error.code},
            field="address",
        ) from None
    if not wanted.events or set(wanted.events) - labels().keys():
        raise HookRefused(_("Choose events that are told here."), field="events")
    if set(wanted.areas) - set(reach):
        raise HookRefused(_("The key does not reach one of these areas."), field="areas")
