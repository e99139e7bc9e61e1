"""Reading subscriptions and what was sent: one's own, or all of them for whoever manages them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.access.keys import keys_of_system
from liuchi.ground.access.models import ApiKey
from liuchi.ground.access.powers import NOT_FOR_KEYS
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.models import Delivery, DeliveryState, Subscription, SubscriptionState
from liuchi.ground.hooks.sealing import address_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound

RECEIVE: Final = "hooks.receive"
MANAGE: Final = "hooks.manage"
PAGE: Final = 50


@dataclass(frozen=True)
class Log:
    """One page of what was sent, newest first, and the id after which the next begins."""

    deliveries: Sequence[Delivery]
    next_key: UUID | None


def is_owner(by: Actor, subscription: Subscription) -> bool:
    """Tell whether a subscription is `by`'s own: of the system they came as, else of a key they answer for."""
    key_id = getattr(by, "key_id", None)
    if key_id is not None:
        return key_id == subscription.key_id or keys_of_system(key_id).filter(id=subscription.key_id).exists()
    return by.id is not None and by.id == subscription.key.owner_id


def subscriptions_for(viewer: Viewer) -> QuerySet[Subscription]:
    """Return the subscriptions that `viewer` may manage, with how many deliveries wait and were given up."""
    waiting = Q(deliveries__state__in=[DeliveryState.WAITING, DeliveryState.SENDING])
    return (
        Subscription.objects.filter(_open_to(viewer))
        .exclude(state=SubscriptionState.REMOVED)
        .select_related("key__owner")
        .annotate(
            waiting=Count("deliveries", filter=waiting),
            dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
        )
        .order_by("-id")
    )


def subscription_for(viewer: Viewer, subscription_id: UUID) -> Subscription:
    """Return one subscription that `viewer` may manage.

    Raises:
        NotFound: there is none.
    """
    row = subscriptions_for(viewer).filter(id=subscription_id).first()
    if row is None:
        raise NotFound(_("There is no such subscription."))
    return row


def address_for(viewer: Viewer, subscription: Subscription) -> str:
    """Return the whole address to its owner; to others only where it leads, for it may hold a token."""
    return address_of(subscription) if is_owner(viewer, subscription) else subscription.origin


def deliveries_of(
    viewer: Viewer, subscription: Subscription, *, state: str = "", after: UUID | None = None, most: int = PAGE
) -> Log:
    """Return a page of what was sent, newest first: which kind of event, when and how it went; no case is named.

    Raises:
        NotFound: the subscription is not for this viewer.
    """
    if not (is_owner(viewer, subscription) or viewer.allows(MANAGE)):
        raise NotFound(_("There is no such subscription."))
    rows = Delivery.objects.filter(subscription=subscription)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: most + 1])
    return Log(found[:most], found[most - 1].id if len(found) > most else None)


def own_keys(viewer: Viewer) -> list[ApiKey]:
    """Return the viewer's own keys in force that may be told of events."""
    if RECEIVE in NOT_FOR_KEYS or not viewer.allows(RECEIVE):
        return []
    rows = ApiKey.objects.filter(
        owner_id=viewer.id, revoked_at=None, expires_at__gt=clock.now(), powers__contains=[RECEIVE]
    )
    return list(rows.order_by("name", "id"))


def _open_to(viewer: Viewer) -> Q:
    if viewer.key_id is not None:
        return Q(key_id__in=keys_of_system(viewer.key_id))
    return Q() if viewer.allows(MANAGE) else Q(key__owner_id=viewer.id)
