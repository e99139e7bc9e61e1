"""What the specification says of reading, row by row, in both forms."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from liuchi.engines.cases.models import Case, Jurisdiction
from liuchi.engines.cases.testing import MORNING, World, case_of, closed, dispatched, report
from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel import guard
from liuchi.ground.territory.queries import territory

V2 = "/open311/v2/"
BOTH = pytest.mark.parametrize("form", ["xml", "json"])
MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


def _tree(element: ET.Element) -> Any:
    if not len(element):
        return element.text
    if len({child.tag for child in element}) < len(element) or element.tag in LISTS:
        return [_tree(child) for child in element]
    return {child.tag: _tree(child) for child in element}


LISTS = {
    "services",
    "service_requests",
    "service_request_updates",
    "attributes",
    "values",
    "endpoints",
    "formats",
    *("errors", "notes", "groups"),
}


def get(address: str, form: str, status: int = 200) -> Any:
    """Return the answer as plain data, whichever form it came in."""
    path, _mark, query = address.partition("?")
    response = Client(headers={"accept-language": "en"}).get(f"{path}.{form}" + (f"?{query}" if query else ""))
    assert (response.status_code, response["Content-Type"]) == (status, MEDIA[form]), response.content
    if form == "json":
        return response.json()
    assert response.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return _tree(ET.fromstring(response.content))


@BOTH
def test_discovery_when_read_then_says_everything_required(world: World, form: str) -> None:
    found = get("/open311/discovery", form)

    assert {"changeset", "contact", "key_service", "endpoints"} <= found.keys()
    (endpoint,) = found["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["type"] in {"production", "test"}
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert datetime.fromisoformat(endpoint["changeset"]).tzinfo is not None


@BOTH
@pytest.mark.parametrize("joint", ["", "/"])
def test_endpoint_when_joined_with_or_without_slashes_then_works(world: World, form: str, joint: str) -> None:
    (endpoint,) = get("/open311/discovery", "json")["endpoints"]
    path = urlsplit(endpoint["url"]).path
    assert path.endswith("/")

    assert get(f"{path}{joint}services", form)


@BOTH
def test_services_when_listed_then_each_has_every_field(world: World, form: str) -> None:
    rows = get(f"{V2}services", form)

    assert len(rows) == len({row["service_code"] for row in rows}) > 1
    for row in rows:
        assert row.keys() == {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
        assert row["type"] in {"realtime", "batch", "blackbox"}
        assert row["metadata"] in ({True, False} if form == "json" else {"true", "false"})
        assert isinstance(row["service_code"], str)


@BOTH
def test_definition_when_a_service_says_metadata_then_there_is_one(world: World, form: str) -> None:
    rows = get(f"{V2}services", "json")
    with_one = [row["service_code"] for row in rows if row["metadata"]]
    assert with_one

    for code in with_one:
        found = get(f"{V2}services/{code}", form)
        assert found["service_code"] == code
        orders = [int(each["order"]) for each in found["attributes"]]
        assert orders == sorted(set(orders))
        assert min(orders) >= 1
        for each in found["attributes"]:
            assert each["datatype"] in {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
            assert bool(each.get("values")) == each["datatype"].endswith("list")
            if form == "json":
                assert {type(each["variable"]), type(each["required"])} == {bool}


@BOTH
@pytest.mark.parametrize("code", ["nothing", "unclassified"])
def test_definition_when_there_is_none_then_404(world: World, form: str, code: str) -> None:
    (error,) = get(f"{V2}services/{code}", form, 404)

    assert error["code"] == "404"
    assert error["description"]


@BOTH
def test_requests_when_read_then_tell_state_service_and_deadline(world: World, form: str) -> None:
    case = dispatched(world)

    (found,) = get(f"{V2}requests", form)

    assert found["service_request_id"] == case.number
    assert (found["status"], found["service_code"], found["agency_responsible"]) == (
        "open",
        "component-0101",
        world.water.name,
    )
    assert datetime.fromisoformat(found["requested_datetime"]) == case.reported_at.replace(microsecond=0)
    assert datetime.fromisoformat(found["expected_datetime"]) == case.due_at
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert datetime.fromisoformat(found[name]).utcoffset() == timedelta(hours=8)


@BOTH
def test_request_when_closed_then_updated_is_when_it_closed(world: World, form: str) -> None:
    case = closed(world)

    (found,) = get(f"{V2}requests/{case.number}", form)

    assert found["status"] == "closed"
    assert datetime.fromisoformat(found["updated_datetime"]) == case.ended_at


@BOTH
def test_request_when_not_filed_yet_then_has_a_service_all_the_same(world: World, form: str) -> None:
    case = case_of(report(world).case_id)

    (found,) = get(f"{V2}requests/{case.number}", form)

    assert found["service_code"] == "unclassified"
    assert found["service_code"] in {row["service_code"] for row in get(f"{V2}services", form)}
    assert found["expected_datetime"] is None


@BOTH
def test_requests_when_read_then_nobody_s_words_or_place_go_out(world: World, form: str) -> None:
    report(world, text="张三家门口的井盖坏了", address="菱湖南路88号301", phone="19900001234")

    response = Client().get(f"{V2}requests.{form}")

    assert "张三" not in response.content.decode()
    assert "88号" not in response.content.decode()
    assert "1234" not in response.content.decode()


@BOTH
def test_requests_when_one_is_secret_then_it_is_not_there(world: World, form: str) -> None:
    case = dispatched(world)
    assert get(f"{V2}requests", form)
    with guard.scope("maintenance", "test"):
        Case.objects.filter(id=case.id).update(is_secret=True)

    assert not get(f"{V2}requests", form)
    get(f"{V2}requests/{case.number}", form, 404)


@BOTH
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=open", {"open"}),
        ("status=closed", {"closed"}),
        ("status=open,closed", {"open", "closed"}),
        ("status=", {"open", "closed"}),
        ("service_code=component-0101", {"open", "closed"}),
        ("service_code=component-0101,nothing", {"open", "closed"}),
        ("service_code=nothing", set()),
        (f"start_date={quote((MORNING - timedelta(days=1)).isoformat())}", {"open", "closed"}),
        (f"end_date={quote((MORNING - timedelta(days=1)).isoformat())}", set()),
        ("start_date=2024-09-12T00:00:00Z&end_date=2024-09-12T23:00:00+08:00", {"open", "closed"}),
    ],
)
def test_requests_when_narrowed_then_only_those_that_fit(
    world: World, form: str, query: str, expected: set[str]
) -> None:
    dispatched(world)
    closed(world)

    rows = get(f"{V2}requests?{query}", form) or []

    assert {row["status"] for row in rows} == expected


@BOTH
def test_ids_when_asked_for_then_nothing_else_counts(world: World, form: str) -> None:
    first, second, _third = dispatched(world), closed(world), dispatched(world)

    rows = get(f"{V2}requests?service_request_id={first.number},{second.number}&status=open&start_date=bad", form)

    assert {row["service_request_id"] for row in rows} == {first.number, second.number}


@BOTH
def test_requests_when_paged_then_each_comes_once_the_newest_first(world: World, form: str) -> None:
    numbers = [dispatched(world).number for _ in range(5)]

    pages = [get(f"{V2}requests?page={page}&page_size=2", form) or [] for page in (1, 2, 3, 4)]

    assert [row["service_request_id"] for page in pages for row in page] == numbers[::-1]


@BOTH
@pytest.mark.parametrize(
    "query",
    [
        "status=lost",
        "start_date=yesterday",
        "start_date=2024-09-12T00:00:00",
        "start_date=2024-01-01T00:00:00Z&end_date=2024-09-12T00:00:00Z",
        "page=0",
        "page_size=9999",
        "page=x",
    ],
)
def test_requests_when_a_parameter_is_wrong_then_400(world: World, form: str, query: str) -> None:
    (error,) = get(f"{V2}requests?{query}", form, 400)

    assert error["description"]


@BOTH
@pytest.mark.parametrize(
    "path", ["requests/20240912-999999", "requests/x", "requests/%00", "services/%00", "tokens/%00", "nothing"]
)
def test_address_when_it_is_none_then_404_in_the_form_asked_for(world: World, form: str, path: str) -> None:
    assert get(f"{V2}{path}", form, 404)


@BOTH
@pytest.mark.parametrize("path", ["services", "services/component-0101", "requests", "requests/20240912-999999"])
def test_jurisdiction_when_unknown_then_404(world: World, form: str, path: str) -> None:
    (error,) = get(f"{V2}{path}?jurisdiction_id=nowhere", form, 404)

    assert "jurisdiction" in error["description"]


@BOTH
def test_jurisdiction_when_several_are_served_then_one_has_to_be_named(world: World, form: str) -> None:
    with guard.scope("maintenance", "test"):
        Jurisdiction.objects.create(
            code="nyc", name="NYC", area=world.communities[-1], calendar=Calendar.objects.get(code="cn")
        )
    case = dispatched(world)

    (error,) = get(f"{V2}requests", form, 400)
    (found,) = get(f"{V2}requests?jurisdiction_id={world.district.code}", form)

    assert "nyc" in error["description"]
    assert found["service_request_id"] == case.number
    assert not get(f"{V2}requests?jurisdiction_id=nyc", form)


def test_words_when_xml_cannot_hold_them_then_the_document_is_still_one(world: World) -> None:
    case = dispatched(world)
    with guard.scope("maintenance", "test"):
        type(world.water).objects.filter(id=world.water.id).update(name="供水<中心>&\x0b\x1f\ufffe")

    (found,) = get(f"{V2}requests/{case.number}", "xml")

    assert found["agency_responsible"] == "供水<中心>&"


def test_requests_when_listed_then_cost_does_not_grow_with_the_rows(
    world: World, django_assert_num_queries: Any
) -> None:
    get(f"{V2}requests", "json")
    for _ in range(3):
        dispatched(world)

    territory()
    with django_assert_num_queries(2):  # jurisdictions, the page
        assert len(get(f"{V2}requests", "json")) == 3
