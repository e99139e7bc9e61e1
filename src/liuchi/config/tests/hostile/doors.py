"""The doors by which anybody's words come in: one row each. What is tried on all of them stands in `attacks`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree as ET

from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.testing import World, filed, give_role, point_in, report

JSON, FORM = "application/json", "application/x-www-form-urlencoded; charset=utf-8"
PROBLEM = "application/problem+json"
Fields = dict[str, Any]


@dataclass
class Opened:
    """A door with somebody in front of it: where it is, what a request without a fault says, and what was kept last."""

    path: str
    client: Client
    sound: Fields
    kept: Callable[[], str]
    headers: Callable[[], dict[str, str]] = dict


@dataclass(frozen=True)
class Door:
    """A door: how it is opened, under which names it takes things, what it writes and in which form it refuses."""

    name: str
    open: Callable[[World], Opened]
    speaks: str
    refuses: str
    taken: frozenset[int]
    names: Mapping[str, str] = field(default_factory=dict)
    #: What this door lets through of what others refuse, because it asks further or leaves it to the desk.
    lenient: frozenset[str] = frozenset()

    def encoded(self, fields: Mapping[str, Any]) -> bytes:
        """Return fields as this door wants them."""
        text = json.dumps(fields) if self.speaks == JSON else urlencode(fields, doseq=True)
        return text.encode()

    def send(self, at: Opened, **given: Any) -> Any:
        """Send what is sound, with `given` under the door's own names in its place."""
        return self.send_raw(
            at, self.encoded({**at.sound, **{self.names[name]: value for name, value in given.items()}})
        )

    def send_raw(self, at: Opened, content: bytes, media: str = "", **headers: str) -> Any:
        """Send bytes as they are."""
        sent = {**at.headers(), **headers}
        return at.client.generic("POST", at.path, content, content_type=media or self.speaks, headers=sent)

    def complaint(self, response: Any) -> str:
        """Return what is wrong with a refusal: "" for one in this door's own form that says what to do."""
        if not 400 <= response.status_code < 500:
            return f"answers {response.status_code}"
        media, content = response["Content-Type"], response.content.decode()
        if self.refuses == PROBLEM:
            told = json.loads(content) if media == PROBLEM else {}
            fine = told.get("status") == response.status_code and told.get("code") and told.get("detail")
        elif self.refuses == "page":
            fine = media.startswith("text/html") and "<h1" in content
        else:
            fine = _open311_error(media, content, self.refuses) == str(response.status_code)
        return "" if fine else f"refuses in another form: {media} {content[:200]}"


def _open311_error(media: str, content: str, form: str) -> str:
    if form == "json" and media == "application/json; charset=utf-8":
        (error,) = json.loads(content)
        return str(error["code"]) if error["description"] else ""
    if form == "xml" and media == "text/xml; charset=utf-8":
        (one,) = ET.fromstring(content)
        return one.findtext("code") or "" if one.findtext("description") else ""
    return ""


def _named() -> dict[str, str]:
    return {"idempotency-key": str(uuid4())}


def _key(world: World) -> Client:
    give_role("other-system", "desk", world.district)
    return caller(key_for(world, "other-system"))


def _said() -> str:
    return Report.objects.order_by("-id")[0].text


def _rest_report(world: World) -> Opened:
    longitude, latitude = point_in(world, 0)
    sound = {"text": "井盖坏了", "longitude": longitude, "latitude": latitude}
    return Opened("/api/v1/cases", _key(world), sound, _said, _named)


def _rest_join(world: World) -> Opened:
    number = filed(world).number
    return Opened(f"/api/v1/cases/{number}/joined", _key(world), {"text": "我也遇到"}, _said, _named)


def _rest_move(world: World) -> Opened:
    """Move another case at each request, for a move is made once."""
    waiting = [report(world).number for _ in range(40)]
    opened = Opened(
        "", _key(world), {"reason": "outside_duty", "text": "请补充"}, _move_said, lambda: {"if-match": '"1"'}
    )
    opened.client = _Moving(opened, waiting)  # type: ignore[assignment]
    return opened


@dataclass
class _Moving:
    """A client that goes to the next case once a move was made."""

    opened: Opened
    waiting: list[str]
    inner: Client = field(init=False)

    def __post_init__(self) -> None:
        self.inner = self.opened.client

    def generic(self, method: str, path: str, *args: Any, **named: Any) -> Any:
        response = self.inner.generic(method, path or self.address(), *args, **named)
        if response.status_code == 200:
            self.waiting.pop(0)
        return response

    def address(self) -> str:
        return f"/api/v1/cases/{self.waiting[0]}/moves/refuse"


def _move_said() -> str:
    return CaseMove.objects.order_by("-id")[0].public_text


def _rest_bulk(world: World) -> Opened:
    sound = {"move": "send_to_verify", "cases": [{"number": report(world).number, "version": 1}]}
    return Opened("/api/v1/bulk", _key(world), sound, _move_said, _named)


def _open311(form: str) -> Callable[[World], Opened]:
    def opened(world: World) -> Opened:
        longitude, latitude = point_in(world, 0)
        give_role("other-city", "desk", world.district)
        sound = {
            "api_key": key_for(world, "other-city"),
            "service_code": "component-0101",
            "attribute[condition]": "missing",
            "description": "井盖不见了",
            "lat": latitude,
            "long": longitude,
        }
        client = Client(headers={"accept-language": "en"})
        return Opened(f"/open311/v2/requests.{form}", client, sound, lambda: _said().rpartition("\n")[0], _named)

    return opened


def _report_form(world: World) -> Opened:
    longitude, latitude = point_in(world, 0)
    sound = {"text": "井盖坏了", "longitude": longitude, "latitude": latitude, "anyway": "1"}
    return Opened("/report/", browser(language="en"), sound, _said)


def _edit_form(world: World) -> Opened:
    client = browser(language="en")
    client.post("/report/", {"token": str(uuid4()), "text": "井盖坏了"})
    number = Case.objects.order_by("-id")[0].number
    return Opened(f"/cases/{number}/edit/", client, {"text": "井盖坏了"}, _said)


def _office_form(world: World) -> Opened:
    case = filed(world)
    sound = {"text": "不是公共事项", "reason": "outside_duty", "version": 1}
    opened = Opened("", browser("desk", "en"), sound, _move_said)
    opened.client = _Refusing(opened, [report(world).number for _ in range(40)])  # type: ignore[assignment]
    assert case.version == 2
    return opened


class _Refusing(_Moving):
    """The same at the desk, where what was done leads back to the case."""

    def generic(self, method: str, path: str, *args: Any, **named: Any) -> Any:
        response = self.inner.generic(method, path or self.address(), *args, **named)
        if response.status_code == 302:
            self.waiting.pop(0)
        return response

    def address(self) -> str:
        return f"/office/cases/{self.waiting[0]}/refuse/"


_CONTACT = {"name": "name", "phone": "phone"}
_OURS = {"words": "text", "longitude": "longitude", "latitude": "latitude", "address": "address", **_CONTACT}
_THEIRS = {"words": "description", "longitude": "long", "latitude": "lat", "address": "address_string"}
_THEIRS |= {"name": "last_name", "phone": "phone"}

DOORS = (
    Door("REST: report", _rest_report, JSON, PROBLEM, frozenset({201}), _OURS),
    Door(
        "REST: me too", _rest_join, JSON, PROBLEM, frozenset({201}), {"words": "text", **_CONTACT}, frozenset({"empty"})
    ),
    Door("REST: move", _rest_move, JSON, PROBLEM, frozenset({200}), {"words": "text"}),
    Door("REST: many", _rest_bulk, JSON, PROBLEM, frozenset({200})),
    Door("Open311: JSON", _open311("json"), FORM, "json", frozenset({201}), _THEIRS, frozenset({"empty"})),
    Door("Open311: XML", _open311("xml"), FORM, "xml", frozenset({201}), _THEIRS, frozenset({"empty"})),
    Door("page: report", _report_form, FORM, "page", frozenset({302}), _OURS, frozenset({"point"})),
    Door("page: change", _edit_form, FORM, "page", frozenset({302}), {"words": "text", "address": "address"}),
    Door("page: desk", _office_form, FORM, "page", frozenset({302}), {"words": "text"}),
)
