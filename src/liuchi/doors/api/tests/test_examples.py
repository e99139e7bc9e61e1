"""The document's examples are what the suite was answered, and fit the shapes that the document describes.

`LIUCHI_WRITE_EXAMPLES=1` writes them anew; a fresh operation has none until then.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from pytest_django import Settings

from liuchi.doors.api.described import EXAMPLES, MEANINGS, examples
from liuchi.doors.api.site import api
from liuchi.doors.api.tests import walking
from liuchi.doors.api.tests.asking import system
from liuchi.doors.api.tests.walking import NOBODY, Operation, Request
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.testing import World
from liuchi.ground.hooks import tasks
from liuchi.ground.hooks.testing import receiving
from liuchi.ground.kernel.clock import frozen_at

#: Who asks, where it is not the desk's to ask.
ASKED_BY = {
    "suggestUnits": "dispatcher",
    "beginPart": "dispatcher",
    "appeal": "handler",
    "sayOfSupervision": "handler",
    "urge": "supervisor",
    "listSupervisions": "supervisor",
    "readSupervision": "supervisor",
    "listCallRules": "system_admin",
    "setCallRule": "system_admin",
    "actOnPart": "helper",
    "listParts": "helper",
}
#: What nobody should mistake for something that opens anything.
TOLD_ONCE = {"secret": "lk2345abcdef.told-once-and-kept-nowhere"}


@pytest.fixture
def answers(world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what each operation was asked and answered, and how each refusal looks."""
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    requests, known = walking.laid(world), walking.operations()
    with frozen_at(walking.LATE):
        systems = _systems(world)
        found = {
            name: _asked(known[name], systems[ASKED_BY.get(name, "desk")], request)
            for name, request in requests.items()
            if name != "readBulk"
        }
        found["problems"] = _problems(known, systems, requests, settings)
        found["readBulk"] = _bulk(systems["desk"], requests["moveMany"], known["readBulk"])
        found["readUpload"] = _upload(known["readUpload"], systems["desk"])
        found |= _hooks(known, key_for(world, "desk-system"), settings)
    return found


def _systems(world: World) -> dict[str, Client]:
    made = {role: system(world, role) for role in ("desk", "dispatcher", "supervisor", "system_admin", "checker")}
    return {**made, "handler": system(world, "handler", world.water), "helper": system(world, "handler", world.lights)}


def _asked(operation: Operation, client: Client, request: Request) -> dict[str, Any]:
    response = operation.ask(client, request)
    assert response.status_code < 300, (operation.id, response.content.decode())
    told = {"answer": _unread(response.json())}
    return told if request.body is None else {"request": dict(request.body), **told}


def _unread(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: TOLD_ONCE.get(name, value) for name, value in answer.items()}


def _bulk(client: Client, request: Request, read: Operation) -> dict[str, Any]:
    headers = {"idempotency-key": "bulk"}
    made = client.post("/api/v1/bulk", request.body, content_type="application/json", headers=headers).json()
    return _asked(read, client, Request({"run_id": made["run"]}))


def _upload(read: Operation, client: Client) -> dict[str, Any]:
    headers = {"tus-resumable": "1.0.0", "upload-length": "81920"}
    begun = client.post("/api/v1/uploads", b"", content_type="application/offset+octet-stream", headers=headers)
    return _asked(read, client, Request({"upload_id": begun["Location"].rpartition("/")[2]}))


def _hooks(known: Mapping[str, Operation], secret: str, settings: Settings) -> dict[str, Any]:
    """Subscribe, and ask for everything that a subscription takes."""
    client = caller(secret)
    with receiving() as there:
        settings.LIUCHI_OUTGOING_ALLOWED = there.origin
        body = {"name": "市平台", "url": there.address, "events": ["case.reported", "case.closed"]}
        made = client.post("/api/v1/webhooks", body, content_type="application/json").json()
        of_hook = {"hook": made["id"]}
        sent = client.post(f"/api/v1/webhooks/{made['id']}/test", content_type="application/json").json()
        tasks.send()
        found = {"subscribe": _asked(known["subscribe"], client, Request(body=body))}
        for name, operation in known.items():
            if operation.path.startswith("/api/v1/webhooks") and name != "subscribe":
                path = {**of_hook, "message": sent["id"]}
                version = None if operation.method == "get" else made["version"]
                found[name] = _asked(operation, client, Request(path, version=version))
    address = {"url": "https:" + "//hooks.example/liuchi"}
    for each in found.values():
        for part in (each.get("request", {}), each["answer"], *each["answer"].get("items", ())):
            part.update({name: value for name, value in address.items() if name in part})
    return found


def _problems(
    known: Mapping[str, Operation], systems: Mapping[str, Client], requests: Mapping[str, Request], settings: Settings
) -> dict[str, Any]:
    read, move, number = known["readCase"], known["moveCase"], str(requests["moveCase"].path["number"])
    file = requests["moveCase"]
    desk, address = systems["desk"], f"/api/v1/cases/{number}/moves/file"
    asked = {
        400: desk.post(address, b"{", content_type="application/json", headers={"if-match": '"1"'}),
        401: read.ask(Client(headers={"accept-language": "en"}), Request({"number": number})),
        403: known["suggestClasses"].ask(systems["dispatcher"], Request({"number": number})),
        404: read.ask(desk, Request({"number": "20240912-999999"})),
        405: desk.delete("/api/v1/me"),
        409: move.ask(desk, Request({"number": number, "move": "close"}, body={}, version=file.version)),
        412: move.ask(desk, Request(file.path, body=file.body, version=99)),
        415: desk.post(address, b"x", content_type="text/plain", headers={"if-match": '"1"'}),
        422: move.ask(desk, Request(file.path, body={"condition": str(NOBODY)}, version=file.version)),
        428: move.ask(desk, Request(file.path, body=file.body)),
    }
    settings.LIUCHI_API_RATE = 1
    asked[429] = [desk.get("/api/v1/me") for _ in range(2)][-1]
    settings.LIUCHI_API_RATE = 1_000_000
    keys._buckets.clear()
    assert {status: each.status_code for status, each in asked.items()} == {status: status for status in asked}
    return {str(status): each.json() for status, each in asked.items()}


def _names(content: Any) -> Any:
    """Return the names in an answer, without what stands under them; of a list, those of its first row."""
    if isinstance(content, dict):
        return {name: _names(value) for name, value in content.items() if name != "data"}
    return [_names(content[0])] if isinstance(content, list) and content else []


def test_examples_when_the_suite_asks_then_are_what_it_is_answered(answers: dict[str, Any]) -> None:
    if os.environ.get("LIUCHI_WRITE_EXAMPLES"):
        text = json.dumps(answers, ensure_ascii=False, indent=1, sort_keys=True)
        EXAMPLES.write_text(text + "\n", encoding="utf-8")
        examples.cache_clear()

    kept = examples()

    assert answers.keys() == kept.keys() == {*_in_json(), "problems"}
    wrong = [name for name, each in answers.items() if _names(each) != _names(kept[name])]
    assert wrong == [], "LIUCHI_WRITE_EXAMPLES=1 pytest …/test_examples.py writes them anew"


def test_examples_when_held_to_the_document_then_fit_their_shapes() -> None:
    document = api.get_openapi_schema()
    wrong = []
    for methods in document["paths"].values():
        for operation in methods.values():
            for where, content in _contents(operation):
                for example in _examples(document, content):
                    schema = {**content["schema"], "components": document["components"]}
                    if not jsonschema_rs.Draft202012Validator(schema).is_valid(example):
                        wrong.append((operation["operationId"], where))

    assert wrong == []


def test_document_when_read_then_every_input_field_and_answer_says_what_it_is_and_has_an_example() -> None:
    document = api.get_openapi_schema()
    fields = [
        (shape, name)
        for shape, said in document["components"]["schemas"].items()
        for name, each in said.get("properties", {}).items()
        if not each.get("description")
    ]
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    inputs = [
        (each["operationId"], parameter["name"])
        for each in operations
        for parameter in each.get("parameters", ())
        if not parameter.get("description")
    ]
    bare = [
        (each["operationId"], where)
        for each in operations
        for where, content in _contents(each)
        if where in {"request", "200", "201"} and "example" not in content and each["operationId"] in _in_json()
    ]

    assert (fields, inputs, bare) == ([], [], [])
    assert len(MEANINGS) > 50


def _in_json() -> set[str]:
    """Return the operations that take or answer JSON; files on their way speak in headers and bytes."""
    operations = [each for methods in api.get_openapi_schema()["paths"].values() for each in methods.values()]
    return {
        each["operationId"]
        for each in operations
        if any("application/json" in answer.get("content", {}) for answer in each["responses"].values())
    }


def _contents(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = [("request", each) for each in operation.get("requestBody", {}).get("content", {}).values()]
    for status, answer in operation["responses"].items():
        found += [(str(status), each) for each in answer.get("content", {}).values()]
    return found


def _examples(document: Mapping[str, Any], content: Mapping[str, Any]) -> list[Any]:
    named = content.get("examples", {}).values()
    found = [document["components"]["examples"][each["$ref"].rpartition("/")[2]]["value"] for each in named]
    return [*found, content["example"]] if "example" in content else found
