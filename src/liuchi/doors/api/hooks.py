"""Webhooks: a key subscribes to events, sees what became of them, and has them sent again."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import answer, page_after
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page, in_order, uuid_after
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Page
from liuchi.doors.api.shapes_hooks import DeliveryOut, EventOut, HookIn, HookMadeOut, HookOut, ReplayedOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.actions import (
    NewSubscription,
    open_subscription,
    pause_subscription,
    remove_subscription,
    replay_deliveries,
    resume_subscription,
    rotate_secret,
    test_subscription,
)
from liuchi.ground.hooks.events import labels
from liuchi.ground.hooks.models import Delivery, DeliveryState, Subscription
from liuchi.ground.hooks.queries import address_for, deliveries_of, subscription_for, subscriptions_for

router = Router(tags=["webhooks"])


@router.get("/events", response=ok(Page[EventOut]), url_name="api-hook-events", operation_id="listEvents")
def list_events(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the events 事件 that may be subscribed to."""
    rows = enumerate(labels().items())
    return answer_page(request, rows, lambda row: {"type": row[1][0], "label": str(row[1][1])}, paging, key=in_order)


@router.get("", response=ok(Page[HookOut]), url_name="api-hooks", operation_id="listWebhooks")
def list_hooks(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List this key's subscriptions 事件推送, oldest first."""
    viewer = viewer_in(request)
    return answer_page(request, subscriptions_for(viewer), lambda row: _shown(viewer, row), paging)


@router.post("", response=ok(HookMadeOut, 201), url_name="api-hooks-new", operation_id="subscribe")
def new_hook(request: HttpRequest, given: HookIn) -> HttpResponse:
    """Subscribe 订阅. The answer holds the secret that signs; it is told once.

    What is sent is thin: type, moment, number and address of the case; read the rest with this key. It arrives at least
    once, in no promised order: `webhook-id` stays the same at every attempt.
    """
    viewer = viewer_in(request)
    wanted = NewSubscription(viewer.key_id or viewer.id, plain(given.name), given.url, given.events, given.areas)
    made, secret = open_subscription(by=viewer, wanted=wanted)
    shown = _shown(viewer, subscription_for(viewer, made.id))
    return answer({**shown, "secret": secret}, 201, headers={"Location": f"/api/v1/webhooks/{made.id}"})


@router.get("/{uuid:hook}", response=ok(HookOut), url_name="api-hook", operation_id="readWebhook")
def read_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Return one subscription."""
    viewer = viewer_in(request)
    return answer(_shown(viewer, subscription_for(viewer, hook)))


@router.delete("/{uuid:hook}", response=ok(HookOut), url_name="api-hook-remove", operation_id="removeWebhook")
def remove_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """End a subscription; its address and secrets are forgotten."""
    viewer = viewer_in(request)
    shown = _shown(viewer, subscription_for(viewer, hook))
    return answer({**shown, "state": remove_subscription(by=viewer, subscription_id=hook).state, "waiting": 0})


@router.post("/{uuid:hook}/pause", response=ok(HookOut), url_name="api-hook-pause", operation_id="pauseWebhook")
def pause_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Send nothing until it is resumed; what happens meanwhile is not told later."""
    viewer = viewer_in(request)
    pause_subscription(by=viewer, subscription_id=hook)
    return answer(_shown(viewer, subscription_for(viewer, hook)))


@router.post("/{uuid:hook}/resume", response=ok(HookOut), url_name="api-hook-resume", operation_id="resumeWebhook")
def resume_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Send again, also to a receiver that was stopped or left alone."""
    viewer = viewer_in(request)
    resume_subscription(by=viewer, subscription_id=hook)
    return answer(_shown(viewer, subscription_for(viewer, hook)))


@router.post("/{uuid:hook}/secret", response=ok(HookMadeOut), url_name="api-hook-secret", operation_id="rotateSecret")
def new_secret(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Make a new secret 密钥轮换; for a day each delivery is signed with both."""
    viewer = viewer_in(request)
    _row, secret = rotate_secret(by=viewer, subscription_id=hook)
    return answer({**_shown(viewer, subscription_for(viewer, hook)), "secret": secret})


@router.post("/{uuid:hook}/test", response=ok(DeliveryOut), url_name="api-hook-test", operation_id="testWebhook")
def test_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Have an event of type webhook.test sent."""
    return answer(_told(test_subscription(by=viewer_in(request), subscription_id=hook)))


@router.get(
    "/{uuid:hook}/deliveries",
    response=ok(Page[DeliveryOut]),
    url_name="api-hook-deliveries",
    operation_id="listDeliveries",
)
def list_deliveries(
    request: HttpRequest,
    hook: UUID,
    paging: Query[Paging],
    state: Literal["", "waiting", "sending", "sent", "dead"] = "",
) -> HttpResponse:
    """List what was sent 推送记录, newest first, for thirty days after it ended."""
    viewer = viewer_in(request)
    row, after = subscription_for(viewer, hook), uuid_after(paging.after)
    log = deliveries_of(viewer, row, state=state, after=after, most=paging.limit)
    next_text = log.next_key.hex if log.next_key else ""
    return page_after(request, [_told(each) for each in log.deliveries], next_text, paging.fields)


@router.post("/{uuid:hook}/replay", response=ok(ReplayedOut), url_name="api-hook-replay-all", operation_id="replay")
def replay_all(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Send everything once more that was given up 补发, five hundred at once."""
    return answer({"replayed": replay_deliveries(by=viewer_in(request), subscription_id=hook)})


@router.post(
    "/{uuid:hook}/deliveries/{str:message}/replay",
    response=ok(ReplayedOut),
    url_name="api-hook-replay",
    operation_id="replayDelivery",
)
def replay_one(request: HttpRequest, hook: UUID, message: str) -> HttpResponse:
    """Send one delivery once more, under the same webhook-id."""
    wanted = uuid_after(message.removeprefix("msg_"))
    return answer({"replayed": replay_deliveries(by=viewer_in(request), subscription_id=hook, delivery_id=wanted)})


def _shown(viewer: Viewer, row: Subscription) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "url": address_for(viewer, row),
        "events": row.events,
        "areas": row.areas,
        "state": row.state,
        "stopped_because": row.stopped_because,
        "failures": row.failures,
        "next_try": row.probe_at,
        "waiting": row.waiting,  # type: ignore[attr-defined]  # counted by the query
        "given_up": row.dead,  # type: ignore[attr-defined]  # counted by the query
        "created": row.created_at,
    }


def _told(row: Delivery) -> dict[str, Any]:
    is_open = row.state in {DeliveryState.WAITING, DeliveryState.SENDING}
    return {
        "id": f"msg_{row.id.hex}",
        "type": row.event,
        "happened": row.happened_at,
        "state": row.state,
        "attempts": row.attempts,
        "status": row.status,
        "error": row.error,
        "took_ms": row.took_ms,
        "next_try": row.next_at if is_open else None,
    }
