"""Questions asked of every list: whatever stands in an address, an answer or a clear refusal; nothing is written."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from liuchi.config.tests.hostile.doors import PROBLEM
from liuchi.config.tests.hostile.standing import changed, standing
from liuchi.doors.api.site import api
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing import browser
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.testing import MORNING, World, dispatched, give_role, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.queries import forget

pytestmark = pytest.mark.slow
#: Values as they stand in an address, quoted already.
VALUES = {
    "NUL": "%00",
    "NUL inside": "a%00b",
    "GBK": quote("井盖", encoding="gbk"),
    "UTF-16": quote("井盖".encode("utf-16")),
    "broken UTF-8": "%ff%c0%80",
    "half a character": "%ed%a0%80",
    "SQL": quote("' OR 1=1; DROP TABLE cases_case; --"),
    "pattern": quote("%_\\%%__" * 8),
    "query of words": quote("井盖 & | ! ( ) :* <-> ''"),
    "markup": quote("<script>alert(1)</script>"),
    "header": "a%0d%0aSet-Cookie:%20x=y",
    "1899": "1899-12-31",
    "2999": "2999-01-01",
    "year nought": "0000-01-01",
    "year ten thousand": "10000-01-01",
    "no such day": "2026-02-30",
    "moment of 1899": quote("1899-12-31T23:59:59+08:05"),
    "moment of 2999": quote("2999-12-31T23:59:59Z"),
    "last moment": quote("9999-12-31T23:59:59-23:59"),
    "first moment": quote("0001-01-01T00:00:00+23:59"),
    "huge": "9" * 40,
    "negative": "-1",
    "one more than fits": str(2**63),
    "nought first": "0" * 12 + "99999999",
    "not a number": "NaN",
    "without end": "1e999",
    "full width": quote("１２３"),
    "other digits": quote("٣"),
    "empty": "",
    "long": "x" * 5000,
    "id": "00000000-0000-0000-0000-000000000000",
    "list": "%5B%5D",
    "bidi": quote("\u202e\u2066"),
    "zero width": quote("\u200b"),
}
#: What no door may pretend to have understood.
UNREADABLE = ("GBK", "broken UTF-8", "half a character")
OPEN311 = {
    "/open311/v2/requests": (
        *("service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size"),
        *("updated_after", "updated_before", "extensions", "q", "jurisdiction_id"),
    ),
    "/open311/v2/servicerequestupdates": ("start_date", "end_date", "page", "page_size", "jurisdiction_id", "api_key"),
    "/open311/v2/services": ("jurisdiction_id", "locale"),
}
#: Lists at the desk, with what narrows them.
PAGES = {
    "/office/": (
        "scope",
        "state",
        "area",
        "unit",
        "matter",
        "channel",
        "late",
        "q",
        "order",
        "after",
        "format",
        "page",
    ),
    "/office/search/": ("q", "state", "town", "since", "until", "after"),
    "/office/supervision/": ("q", "state", "level", "unit", "after"),
    "/office/organisations/": ("q", "kind", "area", "after", "on", "format"),
    "/office/territory/": ("q", "kind", "on", "after", "area"),
    "/": ("q", "page"),
    "/cases/open/": ("number", "code"),
    "/report/": ("about",),
}


@pytest.fixture
def world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    with frozen_at(MORNING):
        made = small_world()
        dispatched(made)
        yield made
    forget()


def asked(path: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the names and addresses of questions: each parameter with each value, and twice."""
    for name in names:
        for called, value in VALUES.items():
            yield f"{path} {name}={called}", f"{path}?{name}={value}"
        yield f"{path} {name} twice", f"{path}?{name}=1&{name}=2"
    yield f"{path} many", f"{path}?" + "&".join(f"{names[0]}=1" for _ in range(2000))
    yield f"{path} unknown", f"{path}?%00=1&{quote('井盖')}=2&__proto__=3"


def faults(client: Client, questions: Iterator[tuple[str, str]], media: tuple[str, ...]) -> list[str]:
    """Return where an answer was a fault, in another form than these media types, or pretended to have understood."""
    found, before = [], standing()
    for name, address in questions:
        response = client.get(address)
        if response.status_code >= 500 or not response["Content-Type"].startswith(media):
            found.append(f"{name}: {response.status_code} {response['Content-Type']}")
        elif name.endswith(UNREADABLE) and response.status_code != 400:
            found.append(f"{name}: answers {response.status_code}")
        elif "Set-Cookie" in str(response.headers.get("Link", "")) or "x=y" in str(response.cookies):
            found.append(f"{name}: a header was slipped in")
    return [*found, *changed({**before, **_noted(before)})]


def _noted(before: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Leave out what exports note: that somebody took a list is to be written."""
    after = standing()
    return {table: after[table] for table in before if table in {"exchange_exportrecord", "journal_line"}}


def _documented() -> Iterator[tuple[str, tuple[str, ...]]]:
    for path, operations in api.get_openapi_schema()["paths"].items():
        told = operations.get("get", {}).get("parameters", ())
        names = tuple(each["name"] for each in told if each["in"] == "query")
        if names and "{" not in path:
            yield path, names


def test_rest_when_asked_anything_then_answers_or_refuses_as_a_problem(world: World) -> None:
    give_role("other-system", "desk", world.district)
    client = caller(key_for(world, "other-system"))
    assert client.get("/api/v1/me").status_code == 200
    paths = dict(_documented())
    assert "/api/v1/cases" in paths

    media = ("application/json", PROBLEM)
    assert [each for path, names in paths.items() for each in faults(client, asked(path, names), media)] == []


@pytest.mark.parametrize("form", ["json", "xml"])
def test_open311_when_asked_anything_then_answers_or_refuses_in_the_form_asked_for(world: World, form: str) -> None:
    media = ("application/json; charset=utf-8",) if form == "json" else ("text/xml; charset=utf-8",)

    found = [
        each for path, names in OPEN311.items() for each in faults(Client(), asked(f"{path}.{form}", names), media)
    ]

    assert found == []


@pytest.mark.parametrize("path", PAGES)
def test_page_when_asked_anything_then_answers_or_refuses_with_a_page(world: World, path: str) -> None:
    client = browser("desk" if path.startswith("/office/") else "", "en")
    client.get(path)

    media = ("text/html", "text/csv", "application/vnd.openxmlformats")
    assert faults(client, asked(path, PAGES[path]), media) == []


NUMBERED = (
    *("/api/v1/cases/{}", "/api/v1/cases/{}/moves", "/api/v1/areas/{}", "/api/v1/bulk/{}"),
    *("/open311/v2/requests/{}.json", "/open311/v2/services/{}.json", "/open311/v2/tokens/{}.json"),
)


def test_number_when_it_is_none_then_404_or_400_in_each_form(world: World) -> None:
    give_role("other-system", "desk", world.district)
    client, desk, found = caller(key_for(world, "other-system")), browser("desk"), []

    for name, value in VALUES.items():
        said = value.replace("/", "%2F") or "x"
        for path in NUMBERED:
            answer = client.get(path.format(said))
            if answer.status_code not in {400, 404, 422} or not json.loads(answer.content):
                found.append(f"{path} {name}: {answer.status_code}")
        if desk.get(f"/office/cases/{said}/").status_code != 404:
            found.append(f"desk {name}")

    assert found == []
