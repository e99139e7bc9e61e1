"""A case of ours given to another city: to a house of our own in another process, by Open311, and back."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pytest_django import Settings

from liuchi.embedded import default_data
from liuchi.engines.cases.models import State
from liuchi.engines.cases.testing import MORNING, case_of, dispatched, small_world
from liuchi.engines.forwarding.models import Endpoint, Forwarded, TakenUpdate
from liuchi.engines.forwarding.tasks import poll, send_cases
from liuchi.engines.forwarding.testing import endpoint_at, react
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.clock import frozen_at

ROUTE = {
    "class": "component-0101",
    "service": "component-0101",
    "tells": ["address"],
    "attributes": {"condition": "missing"},
}


def key_there() -> str:
    words = [sys.executable, "-m", "liuchi.doors.cli.main", "access", "key", "demo-desk", "--for", "neighbouring city"]
    words += ["--reason", "agreement 8", "--data", str(default_data("journeys"))]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LIUCHI_", "DATABASE_URL"))}
    return subprocess.run(words, env=clean, check=True, capture_output=True, text=True).stdout.strip()


def ask(there: str, path: str, key: str, **given: str) -> tuple[dict[str, Any], str]:
    """Ask the other house something with the key, or tell it with what was read before; return answer and ETag."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    tag = given.pop("tag", "")
    headers |= {"If-Match": tag} if tag else {}
    body = json.dumps(given).encode() if given else None
    try:
        with urlopen(Request(f"{there}/api/v1{path}", body, headers), timeout=30) as answer:
            return json.loads(answer.read()), str(answer.headers.get("ETag", ""))
    except HTTPError as error:
        pytest.fail(error.read().decode())


@pytest.mark.django_db
@pytest.mark.parametrize("tells_updates", [True, False])
def test_case_when_given_to_another_house_then_there_once_and_what_it_does_comes_back(
    demo: str, settings: Settings, tells_updates: bool
) -> None:
    with frozen_at(MORNING):
        world = small_world()
    settings.LIUCHI_OUTGOING_ALLOWED = demo
    key = key_there()
    endpoint_at(f"{demo}/open311/v2/", key=key, routes=[ROUTE], updates=tells_updates, repeatable=True, jurisdiction="")
    case = dispatched(world, name="金丝雀", phone="19900000777")
    react(case.id)

    send_cases()
    send_cases()

    row = Forwarded.objects.get()
    assert (row.state, row.attempts) == ("sent", 1)
    found, tag = ask(demo, f"/cases/{row.request_id}", key)
    assert (found["state"], "金丝雀" in json.dumps(found, ensure_ascii=False)) == ("received", False)
    _again(row)
    assert Forwarded.objects.get().request_id == row.request_id

    ask(
        demo,
        f"/cases/{row.request_id}/moves/refuse",
        key,
        tag=tag,
        reason="court",
        text="请向法院提起诉讼",
    )
    _make_due()
    poll()

    assert case_of(case.id).state == State.CHECKING
    assert row.request_id in case.moves.get(name="hand_in").public_text
    assert Forwarded.objects.get().state == "done"
    assert TakenUpdate.objects.filter(moved="hand_in").count() == 1


def _again(row: Forwarded) -> None:
    """Let the sender believe that it was killed before it noted the answer."""
    with guard.scope("maintenance", "tests"):
        Forwarded.objects.filter(id=row.id).update(state="sending", request_id="", next_at=clock.now())
    send_cases()


def _make_due() -> None:
    with guard.scope("maintenance", "tests"):
        Endpoint.objects.update(next_at=clock.now())
