"""Who comes in with a key, what it opens where, and exchanging it for a new one."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from liuchi.doors.api.answers import answer
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes_of_keys import ExchangeIn, Me, NewKeyOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.ground.access.actions import exchange_key
from liuchi.ground.access.keys import key_of

router = Router(tags=["keys"])


@router.get("/me", response=ok(Me), url_name="api-me", operation_id="readMe")
def me(request: HttpRequest) -> HttpResponse:
    """Tell who comes in with this key, until when, and what it opens where 授权."""
    viewer = viewer_in(request)
    key = key_of(viewer)
    grants: list[dict[str, Any]] = [
        {
            "powers": sorted(grant.powers),
            "area": grant.area_id,
            "organisation": grant.organisation_id,
            "role": grant.role,
        }
        for grant in viewer.grants
    ]
    return answer(
        {
            "account": viewer.id,
            "username": viewer.username,
            "key": key.id,
            "name": key.name,
            "expires": key.expires_at,
            "networks": key.networks,
            "grants": grants,
        }
    )


@router.post("/me/key", response=ok(NewKeyOut, 201), url_name="api-key-exchange", operation_id="exchangeKey")
def exchange(request: HttpRequest, given: ExchangeIn) -> HttpResponse:
    """Exchange this key for a new one 轮换密钥: same powers, areas, networks and end; the old one lives on a while.

    The secret is told once and kept nowhere, so this takes no Idempotency-Key: who lost the answer exchanges again with
    the old key; a new key that was never used makes room for the next. Once the new one was used, the old one exchanges
    no more.
    """
    viewer = viewer_in(request)
    old = key_of(viewer)
    new, secret = exchange_key(by=viewer, key_id=old.id, grace=timedelta(hours=given.grace_hours))
    content = {"key": new.id, "secret": secret, "expires": new.expires_at, "old_key_until": key_of(viewer).expires_at}
    return answer(content, 201)
