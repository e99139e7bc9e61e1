"""Whatever is sent to whichever door: kept as words and shown as words, or refused clearly and nothing changed."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.html import escape

from liuchi.config.tests.hostile.attacks import ELSEWHERE, NO_POINTS, NO_WORDS, TOO_LONG, WORDS, bodies
from liuchi.config.tests.hostile.doors import DOORS, JSON, Door, Opened
from liuchi.config.tests.hostile.standing import changed, standing
from liuchi.doors.ui import keys
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.texts import plain_text
from liuchi.ground.territory.queries import forget

pytestmark = pytest.mark.slow
EVERY = pytest.mark.parametrize("door", DOORS, ids=[door.name for door in DOORS])


@pytest.fixture
def world(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    settings.LIUCHI_API_RATE = 1_000_000
    monkeypatch.setattr(keys, "_buckets", {})
    with frozen_at(MORNING):
        yield small_world()
    forget()


def opened(door: Door, world: World) -> Opened:
    """Open a door, and send something sound first: it is taken, and the key's use is noted."""
    at = door.open(world)
    response = door.send(at)
    assert response.status_code in door.taken, response.content.decode()[:500]
    return at


def refusals(door: Door, at: Opened, sent: Iterator[tuple[str, Any]]) -> list[str]:
    """Return what is wrong with how each was refused."""
    found = []
    before = standing()
    for name, response in sent:
        if wrong := door.complaint(response):
            found.append(f"{name}: {wrong}")
        if touched := changed(before):
            found.append(f"{name}: something was written: {touched}")
            before = standing()
    return found


@EVERY
def test_words_when_hostile_then_are_kept_as_words_and_shown_as_words(world: World, door: Door) -> None:
    if "words" not in door.names:
        return
    at, desk, found = opened(door, world), browser("desk"), []

    for name, text in WORDS.items():
        response = door.send(at, words=text)
        if response.status_code not in door.taken:
            found.append(f"{name}: {response.status_code} {response.content.decode()[:200]}")
        elif at.kept() != plain_text(text):
            found.append(f"{name}: kept as {at.kept()!r}")
        else:
            number = Case.objects.filter(reports__text__contains=at.kept()).order_by("-id").first()
            subject = number or Case.objects.filter(moves__public_text=at.kept()).order_by("-id").first()
            page = desk.get(f"/office/cases/{subject.number}/").content.decode() if subject else ""
            if escape(at.kept()) not in page or "<script>alert" in page or "<svg/onload" in page or "\u202e" in page:
                found.append(f"{name}: shown otherwise at {subject}")

    assert found == []


@EVERY
def test_words_when_there_are_none_or_too_many_then_refused_and_nothing_is_written(world: World, door: Door) -> None:
    if "words" not in door.names:
        return
    at = opened(door, world)
    texts = TOO_LONG if "empty" in door.lenient else NO_WORDS | TOO_LONG

    assert refusals(door, at, ((name, door.send(at, words=text)) for name, text in texts.items())) == []


@EVERY
def test_typed_text_when_a_page_refuses_it_then_it_is_still_there(world: World, door: Door) -> None:
    if door.refuses != "page":
        return
    at, long = opened(door, world), "<b>" + "井" * 5001

    assert escape(long) in door.send(at, words=long).content.decode()


@EVERY
def test_body_when_it_can_be_read_in_no_one_way_then_refused_and_nothing_is_written(world: World, door: Door) -> None:
    at = opened(door, world)
    sent = ((name, door.send_raw(at, body, media, **more)) for name, body, media, more in bodies(door, at))

    assert refusals(door, at, sent) == []


@EVERY
def test_point_when_it_is_none_then_refused_or_left_to_the_desk(world: World, door: Door) -> None:
    if "longitude" not in door.names:
        return
    at = opened(door, world)

    def sent() -> Iterator[tuple[str, Any]]:
        for name, (longitude, latitude) in NO_POINTS.items():
            yield name, door.send(at, longitude=longitude, latitude=latitude)

    if "point" not in door.lenient:
        assert refusals(door, at, sent()) == []
        return
    for name, response in sent():
        case = Case.objects.order_by("-id")[0]
        assert (response.status_code, case.longitude, case.place_id) == (302, None, world.district.id), name


@EVERY
def test_point_when_it_is_elsewhere_then_the_report_is_taken_and_the_desk_locates_it(world: World, door: Door) -> None:
    if "longitude" not in door.names:
        return
    at = opened(door, world)

    for name, (longitude, latitude) in ELSEWHERE.items():
        response = door.send(at, longitude=longitude, latitude=latitude, words=name)
        case = Case.objects.order_by("-id")[0]
        assert (response.status_code in door.taken, case.place_id) == (True, world.district.id), name
        assert case.reports.get().text.startswith(name)


@EVERY
def test_contact_and_address_when_too_long_to_be_kept_whole_then_refused(world: World, door: Door) -> None:
    at = opened(door, world)
    long = {"name": "王" * 41, "phone": "1" * 21, "address": "菱" * 201}
    sent = ((name, door.send(at, **{name: text})) for name, text in long.items() if name in door.names)

    assert refusals(door, at, sent) == []


@EVERY
def test_fields_when_in_another_order_then_mean_the_same(world: World, door: Door) -> None:
    at = opened(door, world)
    headers = at.headers()
    at.headers = lambda: headers
    first = door.send(at)
    before = Case.objects.count()

    turned = door.encoded(dict(reversed(at.sound.items())))
    again = door.send_raw(at, turned)

    assert first.status_code in door.taken
    if "idempotency-key" in headers:
        assert again.status_code in {200, 201}
        assert Case.objects.count() == before
        assert _number(again) == _number(first)


def _number(response: Any) -> Any:
    if "xml" in response["Content-Type"]:
        return response.content
    told = json.loads(response.content)
    return told[0] if isinstance(told, list) else told.get("number", told.get("run"))


@EVERY
def test_name_of_a_request_when_abused_then_refused_and_nobody_gets_another_s_answer(world: World, door: Door) -> None:
    if "idempotency-key" not in door.open.__name__ and "words" not in door.names:
        return
    at = opened(door, world)
    if door.speaks != JSON and door.refuses == "page":
        return
    same = {**at.headers(), "idempotency-key": "one"}
    at.headers = lambda: same
    assert door.send(at, words="井盖坏了").status_code in door.taken
    before = standing()

    other = door.send(at, words="路灯不亮")

    assert (other.status_code, door.complaint(other), changed(before)) == (409, "", [])
    for name in ("x" * 101, "x" * 100_000):
        same["idempotency-key"] = name
        refused = door.send(at)
        assert (refused.status_code in {400, 422}, door.complaint(refused), changed(before)) == (True, "", [])


@EVERY
def test_method_when_another_is_slipped_in_then_nothing_comes_of_it(world: World, door: Door) -> None:
    at = opened(door, world)
    path = at.path or at.client.address()  # type: ignore[attr-defined]
    before = standing()

    for header in ("x-http-method-override", "x-http-method", "x-method-override"):
        response = at.client.generic("GET", f"{path}?_method=POST", headers={**at.headers(), header: "POST"})
        assert response.status_code < 500
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        refused = at.client.generic(
            method, path, door.encoded(at.sound), content_type=door.speaks, headers=at.headers()
        )
        assert refused.status_code == 405, method
        assert door.refuses == "page" or door.complaint(refused) == "", method

    assert changed(before) == []


HEADERS = {
    "host": "evil.example",
    "accept-language": "zh-" + "x" * 10_000,
    "cookie": "sessionid=\"; csrftoken=';; a\0=b",
    "date": "Mon, 01 Jan 1899 00:00:00 GMT",
    "if-modified-since": "Fri, 31 Dec 2999 23:59:59 GMT",
    "if-unmodified-since": "Mon, 01 Jan 1899 00:00:00 GMT",
    "x-forwarded-for": "127.0.0.1, ' OR 1=1",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "javascript",
    "content-length": "-1",
    "origin": "null",
    "referer": "\u202ehttp://evil.example/",
    "accept": "text/html;q=abc, */*;;;",
    "range": "bytes=0-18446744073709551615",
    "if-none-match": '"' + "x" * 10_000,
}


@EVERY
def test_header_when_hostile_then_taken_or_refused_and_never_a_fault(world: World, door: Door) -> None:
    at = opened(door, world)
    found = []

    for name, value in HEADERS.items():
        response = door.send_raw(at, door.encoded(at.sound), **{name: value})
        if response.status_code not in door.taken and (wrong := door.complaint(response)):
            found.append(f"{name}: {wrong}")
        if "evil.example" in str(response.headers):
            found.append(f"{name}: comes back in a header")

    assert found == []
