"""Every row of the specification's tables, and every place where clients break on sloppy servers, in both forms.

Each check stands under the row that it is for. Other tests of this folder look closer; this shows that none is missing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from liuchi.doors.open311 import services
from liuchi.doors.open311.tests.test_reading import MEDIA, _tree
from liuchi.doors.open311.tests.test_reporting import COVER, here
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.models import Case, Jurisdiction
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched
from liuchi.ground.attachments.models import Attachment
from liuchi.ground.attachments.testing import photo
from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel import guard

CHECKS: Final[dict[str, Callable[["Door"], None]]] = {}


@dataclass(frozen=True)
class Door:
    """The door as a client meets it, in one form; `patch` changes what the services' file says."""

    form: str
    world: World
    secret: str
    patch: pytest.MonkeyPatch

    def ask(self, path: str, expected: int = 200, /, **query: str) -> Any:
        """Return a document as plain data; path below the endpoint."""
        return self.read(self.send("get", path, **query), expected)

    def tell(self, path: str, expected: int = 201, /, **values: Any) -> Any:
        """Send a form and return the answer as plain data."""
        return self.read(self.send("post", path, **{"api_key": self.secret, **values}), expected)

    def report(self, expected: int = 201, /, **values: Any) -> Any:
        """Report something that needs no attribute."""
        given = {"service_code": "component-0109", "description": "路灯不亮", **here(self.world), **values}
        return self.tell("v2/requests", expected, **given)[0]

    def send(self, method: str, path: str, /, **values: Any) -> Any:
        """Return the answer as it came."""
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        address = f"/open311/{path}.{self.form}"
        if method == "get":
            return client.get(address, values)
        form = "application/x-www-form-urlencoded; charset=utf-8"
        return client.post(address, urlencode(values, doseq=True), content_type=form)

    def read(self, response: Any, status: int) -> Any:
        """Return an answer as plain data, after looking at how it was sent."""
        assert (response.status_code, response["Content-Type"]) == (status, MEDIA[self.form]), response.content
        if self.form == "json":
            return json.loads(response.content.decode())
        assert response.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        assert b"xmlns" not in response.content
        return _tree(ET.fromstring(response.content)) or []


def row(name: str) -> Callable[[Callable[[Door], None]], Callable[[Door], None]]:
    """Note which row a check is for."""

    def note(check: Callable[[Door], None]) -> Callable[[Door], None]:
        assert name not in CHECKS
        CHECKS[name] = check
        return check

    return note


@row("GET discovery")
def _discovery(door: Door) -> None:
    found = door.ask("discovery")
    assert found.keys() == {"changeset", "contact", "key_service", "endpoints"}
    for each in found["endpoints"]:
        assert each.keys() == {"specification", "url", "changeset", "type", "formats"}
        assert each["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert each["type"] in {"production", "test"}


@row("GET services")
def _services(door: Door) -> None:
    for each in door.ask("v2/services"):
        assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == each.keys()


@row("GET services/CODE")
def _definition(door: Door) -> None:
    found = door.ask(f"v2/services/{COVER}")
    assert found.keys() == {"service_code", "attributes"}
    names = {"variable", "code", "datatype", "required", "datatype_description", "order", "description"}
    assert all(names <= each.keys() <= names | {"values"} for each in found["attributes"])
    assert found["attributes"][0]["values"][0].keys() == {"key", "name"}
    door.ask("v2/services/nothing", 404)


@row("POST requests")
def _post(door: Door) -> None:
    optional = ("email", "device_id", "account_id", "first_name", "last_name", "phone")
    told = door.report(**dict.fromkeys(optional, "x"), media_url="https://a.example/1.jpg")
    assert told.keys() == {"service_request_id", "service_notice", "account_id"}


@row("POST requests: by address_string or address_id instead of a point")
def _post_address(door: Door) -> None:
    for name in ("address_string", "address_id"):
        assert door.report(lat="", long="", **{name: "菱湖南路88号"})["service_request_id"]


@row("POST requests: attribute[CODE]=v, attribute[CODE][]=v")
def _post_attributes(door: Door) -> None:
    door.report(**{"attribute[pole]": "A17", "attribute[trouble][]": ["dark", "cable"]})
    assert Case.objects.get().reports.get().text.splitlines()[1:] == [
        "灯杆编号 A17",
        "出了什么问题？ 不亮、电线外露",
    ]


@row("GET tokens/TOKEN")
def _token(door: Door) -> None:
    door.patch.setattr(services, "_said", lambda: {"component-0109": {"type": "batch"}})
    told = door.report()
    assert told.keys() == {"token", "service_notice", "account_id"}
    (found,) = door.ask(f"v2/tokens/{told['token']}")
    assert found == {"service_request_id": Case.objects.get().number, "token": told["token"]}


@row("GET requests: service_request_id, a comma list, overrides all others")
def _requests_by_id(door: Door) -> None:
    first, second = dispatched(door.world), closed(door.world)
    ids = f"{first.number},{second.number}"
    found = door.ask("v2/requests", service_request_id=ids, status="open", start_date="bad", service_code="nothing")
    assert {each["service_request_id"] for each in found} == {first.number, second.number}


@row("GET requests: service_code and status, comma lists")
def _requests_by_kind(door: Door) -> None:
    dispatched(door.world)
    assert door.ask("v2/requests", service_code=f"nothing,{COVER}", status="closed,open")
    assert not door.ask("v2/requests", service_code=f"nothing,{COVER}", status="closed")
    assert not door.ask("v2/requests", service_code="nothing")


@row("GET requests: start_date and end_date, at most 90 days apart")
def _requests_by_date(door: Door) -> None:
    dispatched(door.world)
    start, end = MORNING - timedelta(days=1), MORNING + timedelta(days=88)
    assert door.ask("v2/requests", start_date=start.isoformat(), end_date=end.isoformat())
    door.ask("v2/requests", 400, start_date=start.isoformat(), end_date=(end + timedelta(days=2)).isoformat())
    assert not door.ask("v2/requests", end_date=start.isoformat())


@row("GET requests/ID")
def _request(door: Door) -> None:
    case = dispatched(door.world)
    (found,) = door.ask(f"v2/requests/{case.number}")
    assert found["service_request_id"] == case.number


@row("Request fields")
def _fields(door: Door) -> None:
    dispatched(door.world)
    (found,) = door.ask("v2/requests")
    assert found.keys() == {
        *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
        *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
        *("address", "address_id", "zipcode", "lat", "long", "media_url"),
    }


@row("Schemas: ids are texts, places numbers, yes and no booleans, what is required is there")
def _schemas(door: Door) -> None:
    dispatched(door.world)
    (found,) = door.ask("v2/requests")
    assert all(found[name] for name in ("service_request_id", "status", "service_code", "requested_datetime"))
    assert all(type(found[name]) is str for name in ("service_request_id", "service_code", "address_id"))
    number, so = (float, bool) if door.form == "json" else (str, str)
    assert {type(found["lat"]), type(found["long"])} == {number}
    assert {type(each["metadata"]) for each in door.ask("v2/services")} == {so}
    attributes = door.ask(f"v2/services/{COVER}")["attributes"]
    assert {type(each[name]) for each in attributes for name in ("variable", "required")} == {so}


@row("Dates have an offset, always")
def _dates(door: Door) -> None:
    closed(door.world)
    (found,) = door.ask("v2/requests", extensions="true")
    moments = [found[f"{name}_datetime"] for name in ("requested", "updated", "expected")]
    moments += [door.ask("discovery")["changeset"], found["notes"][0]["datetime"]]
    moments += [door.ask("v2/servicerequestupdates")[0]["updated_datetime"]]
    assert all(datetime.fromisoformat(each).tzinfo is not None for each in moments)


@row("Only open and closed")
def _statuses(door: Door) -> None:
    dispatched(door.world), closed(door.world)
    assert {each["status"] for each in door.ask("v2/requests")} == {"open", "closed"}


@row("JSON lists are bare arrays, objects have no root's name")
def _spark(door: Door) -> None:
    content = door.send("get", "v2/services").content
    assert content.startswith(b"[{" if door.form == "json" else b"<?xml")
    definition = door.send("get", f"v2/services/{COVER}").content
    assert b"service_definition" not in definition if door.form == "json" else b"<service_definition>" in definition


@row("An empty list is a list")
def _empty(door: Door) -> None:
    for path, root in (("requests", "service_requests"), ("servicerequestupdates", "service_request_updates")):
        content = door.send("get", f"v2/{path}").content.decode()
        assert content == "[]" if door.form == "json" else content.endswith(f"<{root} />")


@row("An empty parameter equals an absent one")
def _empty_parameters(door: Door) -> None:
    dispatched(door.world)
    names = ("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status", "page")
    assert door.ask("v2/requests", **dict.fromkeys(names, "")) == door.ask("v2/requests")


@row("404: no such resource, service or jurisdiction")
def _none(door: Door) -> None:
    for path in ("requests/20240912-999999", "services/nothing", "tokens/x", "nothing"):
        _refused(door, door.ask(f"v2/{path}", 404), 404)
    _refused(door, door.ask("v2/services", 404, jurisdiction_id="nowhere"), 404)
    _refused(door, [door.report(404, service_code="nothing")], 404)


@row("403: no key, or a wrong one")
def _no_key(door: Door) -> None:
    for key in ("", "nobody.knows"):
        _refused(door, [door.report(403, api_key=key)], 403)


@row("400: anything else")
def _wrong(door: Door) -> None:
    for values in ({"service_code": ""}, {"lat": "", "long": ""}, {"description": "x" * 4001}):
        _refused(door, [door.report(400, **values)], 400)
    _refused(door, door.ask("v2/requests", 400, start_date="yesterday"), 400)


@row("Another method is refused in the form that was asked for, never with 200")
def _method(door: Door) -> None:
    assert door.send("post", "v2/services", api_key=door.secret).status_code == 405


@row("jurisdiction_id is needed where several are served")
def _jurisdictions(door: Door) -> None:
    with guard.scope("maintenance", "test"):
        calendar = Calendar.objects.get(code="cn")
        Jurisdiction.objects.create(code="nyc", name="NYC", area=door.world.communities[-1], calendar=calendar)
    for path in ("services", "requests", "servicerequestupdates"):
        _refused(door, door.ask(f"v2/{path}", 400), 400)
        door.ask(f"v2/{path}", jurisdiction_id=door.world.district.code)
    assert door.report(jurisdiction_id=door.world.district.code)["service_request_id"]
    assert door.report(400)["code"] == "400"


@row("Extension: page, page_size")
def _pages(door: Door) -> None:
    numbers = [dispatched(door.world).number for _ in range(3)]
    pages = [door.ask("v2/requests", page=str(page), page_size="2") for page in (1, 2)]
    assert [each["service_request_id"] for page in pages for each in page] == numbers[::-1]


@row("Extension: extensions=true gives extended_attributes and notes")
def _extensions(door: Door) -> None:
    closed(door.world)
    (found,) = door.ask("v2/requests", extensions="true")
    assert found["extended_attributes"]["detailed_status"] == "PROCESSED"
    assert {"datetime", "description", "type"} == found["notes"][0].keys()


@row("Extension: files as multipart")
def _multipart(door: Door) -> None:
    content = photo(size=(40, 30))
    given = {"api_key": door.secret, "service_code": "component-0109", **here(door.world)}
    files = [BytesIO(content), BytesIO(content)]
    response = Client(enforce_csrf_checks=True).post(f"/open311/v2/requests.{door.form}", {**given, "media": files})
    assert response.status_code == 201
    assert Attachment.objects.filter(subject_type="cases.report").count() == 2


@row("GET servicerequestupdates")
def _updates(door: Door) -> None:
    case = dispatched(door.world)
    start, end = MORNING - timedelta(hours=1), MORNING + timedelta(hours=1)
    found = door.ask("v2/servicerequestupdates", start_date=start.isoformat(), end_date=end.isoformat())
    required = {"update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"}
    assert [each["service_request_id"] for each in found] == [case.number] * 2
    assert all(required <= each.keys() for each in found)
    assert all(start <= datetime.fromisoformat(each["updated_datetime"]) <= end for each in found)


@row("POST servicerequestupdates")
def _update(door: Door) -> None:
    case = dispatched(door.world)
    told = {
        "api_key": key_for(door.world, "water"),
        "service_request_id": case.number,
        "update_id": "7001",
        "status": "FIXED",
        "updated_datetime": "2024-09-12T09:00:00Z",
        "description": "已更换井盖",
    }
    (first,), (again,) = (door.tell("v2/servicerequestupdates", 200, **told) for _ in range(2))
    assert first == again
    assert first.keys() == {"update_id"}
    for name in ("service_request_id", "update_id", "status", "updated_datetime", "description"):
        _refused(door, door.tell("v2/servicerequestupdates", 400, **{**told, name: ""}), 400)


@row("Habit: an endpoint with or without a slash at its end")
def _slashes(door: Door) -> None:
    (endpoint,) = door.ask("discovery")["endpoints"]
    path = urlsplit(endpoint["url"]).path
    assert path.endswith("/")
    for joint in ("", "/"):
        assert Client().get(f"{path}{joint}requests.{door.form}").status_code == 200


@row("Habit: deviceid, attribute[uprn], repeated media_url, six decimals, names split at spaces")
def _fixmystreet(door: Door) -> None:
    values: dict[str, Any] = {
        "deviceid": "x",
        "attribute[uprn]": "100",
        "media_url": ["https://a.example/1", "https://a.example/2"],
    }
    told = door.report(**values, first_name="Mary Jane", last_name="Smith", lat="30.505000", long="117.005000")
    assert told["service_request_id"] == Case.objects.get().number
    assert Case.objects.get().reports.get().text.count("https://a.example/") == 2


@row("Habit: several groups, keywords split at a bare comma, attributes filled in elsewhere")
def _groups(door: Door) -> None:
    asset = {"code": "asset", "datatype": "string", "question": "编号", "required": True, "automated": "server_set"}
    said = {COVER: {"groups": ["道路", "安全"], "keywords": ["private", "staff"], "attributes": [asset]}}
    door.patch.setattr(services, "_said", lambda: said)
    found = next(each for each in door.ask("v2/services") if each["service_code"] == COVER)
    assert (found["groups"], found["keywords"]) == (["道路", "安全"], "private,staff")
    assert door.ask(f"v2/services/{COVER}")["attributes"][0]["automated"] == "server_set"


@row("A report that says the same as another still gets an id")
def _doubles(door: Door) -> None:
    first, second = (door.report()["service_request_id"] for _ in range(2))
    assert first != second


@row("Every service that says metadata: true has a definition")
def _metadata(door: Door) -> None:
    rows = door.ask("v2/services")
    for each in rows:
        door.ask(f"v2/services/{each['service_code']}", 200 if each["metadata"] in {True, "true"} else 404)


def _refused(door: Door, errors: Any, status: int) -> None:
    """Look at a list of errors: each has a code and says something."""
    (error,) = errors
    assert error.keys() == {"code", "description"}
    assert (error["code"], bool(error["description"])) == (str(status), True)


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("name", CHECKS)
def test_row_of_the_specification_when_checked_then_holds(
    world: World, secret: str, monkeypatch: pytest.MonkeyPatch, form: str, name: str
) -> None:
    CHECKS[name](Door(form, world, secret, monkeypatch))
