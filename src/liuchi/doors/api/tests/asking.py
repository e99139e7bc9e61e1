"""Asking the door in tests."""

import json
from typing import Any

from django.test import Client

from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, give_role
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.models import Area


def system(world: World, role: str, unit: Organisation | None = None, area: Area | None = None) -> Client:
    """Return another system whose account has a role in the district, or in an area."""
    name = f"{role}-{unit.code if unit else 'system'}"
    give_role(name, role, area or world.district, unit)
    return caller(key_for(world, name))


def told(response: Any, status: int = 200) -> Any:
    """Return what was answered, with that status."""
    assert response.status_code == status, response.content.decode()
    return response.json()


def read(client: Client, path: str, status: int = 200) -> Any:
    """Read something under /api/v1."""
    return told(client.get(f"/api/v1{path}"), status)


def change(client: Client, path: str, version: object = None, key: str = "", **values: Any) -> Any:
    """Send a change to an address under /api/v1, on a version, under a name; a case stands for its version."""
    version = version.version if isinstance(version, Case) else version
    headers = {} if version is None else {"if-match": f'"{version}"'}
    if key:
        headers["idempotency-key"] = key
    content = json.dumps(values, default=str)
    return client.post(f"/api/v1{path}", content, content_type="application/json", headers=headers)
