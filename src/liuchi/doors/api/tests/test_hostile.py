"""What nobody sends by mistake: a clear refusal, nothing half done."""

import json
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, filed, give_role

NASTY = ["\0", "20240912-\0", "\u009d\u0000x", "\u202e\u2066", "'; DROP TABLE x; --", "a" * 20, "\U0001d538" * 9]


@pytest.fixture
def desk(world: World) -> Client:
    give_role("other-system", "desk", world.district)
    return caller(key_for(world, "other-system"))


def post(client: Client, path: str, **values: Any) -> int:
    headers = {"idempotency-key": "one", "if-match": '"2"'}
    content = json.dumps(values)
    return int(client.post(path, content, content_type="application/json", headers=headers).status_code)


@pytest.mark.parametrize("text", NASTY)
def test_text_when_it_is_nasty_then_never_a_fault(world: World, desk: Client, text: str) -> None:
    case = filed(world)
    many = [{"number": text, "version": 2**31 - 1}]

    answers = [
        post(desk, "/api/v1/bulk", move="close", cases=many, reason=text, text=text),
        post(desk, "/api/v1/cases", text=text, address=text, name=text, phone=text),
        post(desk, f"/api/v1/cases/{case.number}/moves/return_to_desk", reason=text, text=text),
        post(desk, f"/api/v1/cases/{case.number}/joined", text=text, name=text, phone=text),
        desk.get("/api/v1/cases/found", {"q": text}).status_code,
        desk.get("/api/v1/cases", {"q": text}).status_code,
        desk.get("/api/v1/conditions", {"q": text}).status_code,
        desk.get("/open311/v2/requests.json", {"service_request_id": text, "service_code": text}).status_code,
    ]

    assert max(answers) < 500
    assert Case.objects.filter(state="filed").count() == 1


@pytest.mark.parametrize("header", ["\udcff", "x" * 5000, "Bearer " + "x" * 5000, "Bearer a.b\0c", "Bearer a\0.b"])
def test_key_when_it_is_nasty_then_is_none(world: World, header: str) -> None:
    assert Client(headers={"authorization": header}).get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/api/v1/cases", {"text": "井盖坏了", "txt": "还有路灯"}),
        ("/api/v1/cases", {"text": "井盖坏了", "Text": "还有路灯"}),
        ("/api/v1/bulk", {"move": "send_to_verify", "cases": [{"number": "x", "version": 1, "text": "路灯"}]}),
    ],
)
def test_body_when_it_names_what_is_not_described_then_refused_and_nothing_said_is_lost(
    world: World, desk: Client, path: str, values: dict[str, Any]
) -> None:
    assert post(desk, path, **values) == 422
    assert not Case.objects.exists()
