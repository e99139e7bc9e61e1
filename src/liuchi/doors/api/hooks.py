"""Webhooks: a key subscribes to events, sees what became of them, and has them sent again."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import answer, etag, page_after, version_in
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, once
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page, in_order, uuid_after
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Page
from liuchi.doors.api.shapes_hooks import (
    DeliveryOut,
    EventOut,
    HookChangedOut,
    HookIn,
    HookMadeOut,
    HookOut,
    ReplayedOut,
)
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
from liuchi.ground.kernel.actors import Actor

router = Router(tags=["webhooks"])
_Made = tuple[Subscription, str]


class _Change(Protocol):
    """An action that changes a subscription, decided on a version of it."""

    __name__: str

    def __call__(self, *, by: Actor, subscription_id: UUID, version: int | None = None) -> Subscription: ...


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


@router.post(
    "",
    response={**ok(HookMadeOut, 201), 200: HookMadeOut},
    url_name="api-hooks-new",
    operation_id="subscribe",
)
def new_hook(request: HttpRequest, given: HookIn, key: RequestName = None) -> HttpResponse:
    """Subscribe 订阅. The answer holds the secret that signs; it is told once.

    What is sent is thin: type, moment, number and address of the case; read the rest with this key. It arrives at least
    once, in no promised order: `webhook-id` stays the same at every attempt. The same request again is answered with
    the same subscription and 200, without the secret: whoever lost that has a new one made.
    """
    viewer, told_once = viewer_in(request), list[str]()
    wanted = NewSubscription(viewer.key_id or viewer.id, plain(given.name), given.url, given.events, given.areas)

    def do() -> _Made:
        made = open_subscription(by=viewer, wanted=wanted)
        told_once.append(made[1])
        return made

    told = once(asked(viewer, key, "hook", given.dict()), do, lambda made: {"id": made[0].id})
    return _made(viewer, UUID(told["id"]), told_once, 201)


@router.get("/{uuid:hook}", response=ok(HookOut), url_name="api-hook", operation_id="readWebhook")
def read_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """Return one subscription."""
    viewer = viewer_in(request)
    row = subscription_for(viewer, hook)
    return answer(_shown(viewer, row), headers={"ETag": etag(row.version)})


@router.delete("/{uuid:hook}", response=ok(HookChangedOut), url_name="api-hook-remove", operation_id="removeWebhook")
def remove_hook(request: HttpRequest, hook: UUID, key: RequestName = None, if_match: IfMatch = None) -> HttpResponse:
    """End a subscription; its address and secrets are forgotten."""
    return _changed(request, hook, remove_subscription, key, if_match)


@router.post("/{uuid:hook}/pause", response=ok(HookChangedOut), url_name="api-hook-pause", operation_id="pauseWebhook")
def pause_hook(request: HttpRequest, hook: UUID, key: RequestName = None, if_match: IfMatch = None) -> HttpResponse:
    """Send nothing until it is resumed; what happens meanwhile is not told later."""
    return _changed(request, hook, pause_subscription, key, if_match)


@router.post(
    "/{uuid:hook}/resume", response=ok(HookChangedOut), url_name="api-hook-resume", operation_id="resumeWebhook"
)
def resume_hook(request: HttpRequest, hook: UUID, key: RequestName = None, if_match: IfMatch = None) -> HttpResponse:
    """Send again, also to a receiver that was stopped or left alone."""
    return _changed(request, hook, resume_subscription, key, if_match)


@router.post("/{uuid:hook}/secret", response=ok(HookMadeOut), url_name="api-hook-secret", operation_id="rotateSecret")
def new_secret(request: HttpRequest, hook: UUID, key: RequestName = None, if_match: IfMatch = None) -> HttpResponse:
    """Make a new secret 密钥轮换; for a day each delivery is signed with both.

    It is told once: the same request again is answered without it.
    """
    viewer, told_once = viewer_in(request), list[str]()

    def do() -> _Made:
        made = rotate_secret(by=viewer, subscription_id=hook, version=version_in(if_match))
        told_once.append(made[1])
        return made

    once(asked(viewer, key, "hook-secret", hook), do, lambda made: {"id": made[0].id})
    return _made(viewer, hook, told_once, 200)


@router.post("/{uuid:hook}/test", response=ok(DeliveryOut), url_name="api-hook-test", operation_id="testWebhook")
def try_hook(request: HttpRequest, hook: UUID, key: RequestName = None) -> HttpResponse:
    """Have an event of type webhook.test sent."""
    viewer = viewer_in(request)

    def do() -> Delivery:
        return test_subscription(by=viewer, subscription_id=hook)

    return answer(once(asked(viewer, key, "hook-test", hook), do, _told))


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
def replay_all(request: HttpRequest, hook: UUID, key: RequestName = None) -> HttpResponse:
    """Send everything once more that was given up 补发, five hundred at once."""
    return _replayed(request, hook, None, key)


@router.post(
    "/{uuid:hook}/deliveries/{str:message}/replay",
    response=ok(ReplayedOut),
    url_name="api-hook-replay",
    operation_id="replayDelivery",
)
def replay_one(request: HttpRequest, hook: UUID, message: str, key: RequestName = None) -> HttpResponse:
    """Send one delivery once more, under the same webhook-id."""
    return _replayed(request, hook, uuid_after(message.removeprefix("msg_")), key)


def _replayed(request: HttpRequest, hook: UUID, delivery: UUID | None, key: str | None) -> HttpResponse:
    viewer = viewer_in(request)

    def do() -> int:
        return replay_deliveries(by=viewer, subscription_id=hook, delivery_id=delivery)

    return answer(once(asked(viewer, key, "hook-replay", hook, delivery), do, lambda number: {"replayed": number}))


def _changed(request: HttpRequest, hook: UUID, act: _Change, key: str | None, if_match: str | None) -> HttpResponse:
    """Do one change of a subscription that is kept, and answer how it stands: nothing sealed or told once."""
    viewer = viewer_in(request)

    def do() -> Subscription:
        return act(by=viewer, subscription_id=hook, version=version_in(if_match))

    return changed(once(asked(viewer, key, act.__name__, hook), do, _standing))


def _standing(row: Subscription) -> dict[str, Any]:
    return {"id": row.id, "state": row.state, "version": row.version}


def _made(viewer: Viewer, hook: UUID, told_once: Sequence[str], status: int) -> HttpResponse:
    """Answer with the secret that was made, or without one where the same request came before: it is kept nowhere."""
    row = subscription_for(viewer, hook)
    headers = {"Location": f"/api/v1/webhooks/{hook}", "ETag": etag(row.version)}
    content = {**_shown(viewer, row), "secret": told_once[0] if told_once else None}
    return answer(content, status if told_once else 200, headers=headers)


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
        "version": row.version,
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
