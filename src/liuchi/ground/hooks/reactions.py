"""What follows here from journal lines: one delivery for every subscription that hears of such an event, there."""

from datetime import timedelta
from typing import Final

from liuchi.ground.hooks.models import Delivery, Subscription, SubscriptionState
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.jobs import defer
from liuchi.ground.territory.queries import territory

SEND: Final = "hooks.send"
#: What was recorded longer ago is told to nobody: a new reaction reads the whole history.
STALE: Final = timedelta(days=2)


def queue_line(line: Line) -> None:
    """Queue a line for everybody who subscribed to its kind before; who may know of it is asked when it is sent."""
    now = clock.now()
    if now - line.recorded_at > STALE or line.place_id is None:
        return
    hearing = Subscription.objects.filter(
        state=SubscriptionState.ACTIVE, events__contains=[line.kind], created_at__lte=line.recorded_at
    ).select_related("key")
    found = list(hearing.order_by("id"))
    above = frozenset(territory().with_ancestors(line.place_id)) if found else frozenset()
    chosen = [each for each in found if above & set(each.key.areas) and (not each.areas or above & set(each.areas))]
    if not chosen:
        return
    # Where something waits already for one of them, somebody was asked to send it; who is out of reach is not awaited.
    within_reach = [each.id for each in chosen if not each.failures]
    is_asked = Delivery.objects.filter(subscription__in=within_reach, state="waiting", next_at__lte=now).exists()
    Delivery.objects.bulk_create([_delivery(each, line) for each in chosen], ignore_conflicts=True)
    if within_reach and not is_asked:
        defer(SEND)


def _delivery(subscription: Subscription, line: Line) -> Delivery:
    now = clock.now()
    return Delivery(
        subscription=subscription,
        event=line.kind,
        line=line.id,
        subject=line.subject_id,
        happened_at=line.happened_at,
        next_at=now,
        queued_at=now,
        changed_at=now,
    )
