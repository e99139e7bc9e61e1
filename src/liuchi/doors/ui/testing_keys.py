"""Another system for tests: a client that comes with a key."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.test import Client

from liuchi.engines.cases.testing import World
from liuchi.ground.access.actions import NewKey, make_key
from liuchi.ground.access.models import Account
from liuchi.ground.access.powers import NOT_FOR_KEYS
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System


def key_for(world: World, owner: str, powers: Collection[str] = (), **wanted: Any) -> str:
    """Make a key of `owner`'s for the whole district and return its secret; without `powers` for all it may hold."""
    viewer = world.viewer(owner)
    held = frozenset().union(*(grant.powers for grant in viewer.grants)) - NOT_FOR_KEYS
    facts: dict[str, Any] = {
        "name": "市平台对接",
        "owner_id": Account.objects.get(username=owner).id,
        "powers": powers or held,
        "areas": [world.district.id],
        "expires_at": clock.now() + timedelta(days=30),
        "reason": "数据共享协议",
        **wanted,
    }
    return make_key(by=System("tests"), key=NewKey(**facts))[1]


def caller(secret: str = "", language: str = "en") -> Client:
    """Return a client that sends a key with each request; without one it has none."""
    headers = {"accept-language": language}
    if secret:
        headers["authorization"] = f"Bearer {secret}"
    return Client(headers=headers)
