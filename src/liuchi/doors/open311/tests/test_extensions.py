"""What this door knows beyond the specification: finer states, what became of requests, rough places, own services."""

from typing import Any

import pytest

from liuchi.doors.open311 import services
from liuchi.doors.open311.requests import _DETAILED
from liuchi.doors.open311.tests.test_reading import BOTH, V2, get
from liuchi.doors.open311.tests.test_reporting import COVER, post
from liuchi.engines.cases.models import Case, Jurisdiction, State
from liuchi.engines.cases.testing import World, case_of, closed, dispatched, point_in, report
from liuchi.ground.calendars.models import Calendar
from liuchi.ground.kernel import guard
from liuchi.ground.territory.queries import territory

#: The words of CitySDK.
DETAILED = {"RECEIVED", "IN_PROCESS", "PROCESSED", "ARCHIVED", "REJECTED"}


def test_detailed_states_when_compared_then_every_state_has_one() -> None:
    assert _DETAILED.keys() == set(State)
    assert set(_DETAILED.values()) <= DETAILED


@BOTH
@pytest.mark.parametrize("asked", ["true", "TRUE", "citysdk", "media,citysdk"])
def test_request_when_asked_with_extensions_then_tells_what_became_of_it(world: World, form: str, asked: str) -> None:
    case = closed(world)

    (found,) = get(f"{V2}requests?extensions={asked}", form)

    assert found["extended_attributes"] == {"detailed_status": "PROCESSED", "external_status_code": "closed"}
    assert [note["type"] for note in found["notes"]] == ["open", "in_progress", "in_progress", "in_progress", "fixed"]
    assert all(note.keys() == {"datetime", "description", "type"} for note in found["notes"])
    assert found == get(f"{V2}requests/{case.number}?extensions={asked}", form)[0]


@BOTH
@pytest.mark.parametrize("query", ["", "?extensions=", "?extensions=false", "?extensions=media"])
def test_request_when_asked_without_extensions_then_has_the_fields_of_the_specification(
    world: World, form: str, query: str
) -> None:
    dispatched(world)

    (found,) = get(f"{V2}requests{query}", form)

    assert not {"extended_attributes", "notes"} & found.keys()


@BOTH
def test_requests_when_in_one_community_then_have_one_point_and_one_address(world: World, form: str) -> None:
    first, second = (case_of(report(world, grid=grid).case_id) for grid in (0, 1))
    other = case_of(report(world, grid=2).case_id)

    rows = {row["service_request_id"]: row for row in get(f"{V2}requests", form)}

    places = [{name: rows[case.number][name] for name in ("lat", "long", "address", "address_id")}
              for case in (first, second, other)]  # fmt: skip
    assert places[0] == places[1] != places[2]
    assert places[0]["address_id"] == world.communities[0].code
    assert isinstance(places[0]["lat"], float if form == "json" else str)
    found = territory().locate(float(places[0]["long"]), float(places[0]["lat"]))
    assert found is not None
    assert found.code.startswith(world.communities[0].code)
    assert (first.longitude, first.latitude) == point_in(world, 0)
    assert (first.longitude, first.latitude) != (float(places[0]["long"]), float(places[0]["lat"]))


@BOTH
def test_request_when_nobody_knows_where_then_has_no_point(world: World, form: str) -> None:
    case = case_of(report(world, longitude=None, latitude=None).case_id)

    (found,) = get(f"{V2}requests/{case.number}", form)

    assert (found["lat"], found["long"], found["address_id"]) == (None, None, None)
    assert found["address"] == world.district.name


@BOTH
def test_report_when_it_names_the_code_of_a_community_then_lies_there(
    world: World,
    secret: str,
    form: str,
) -> None:
    post(form, secret, address_id=world.communities[1].code)

    case = Case.objects.get()
    assert (case.place_id, case.address) == (world.communities[1].id, "")


@BOTH
def test_services_when_a_jurisdiction_has_its_own_then_others_do_not_show(
    world: World, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"only": [COVER], "services": {COVER: {"type": "batch", "groups": ["道路", "安全"]}}}
    said = {COVER: {"keywords": ["private", "staff"]}, "jurisdictions": {"nyc": own}}
    monkeypatch.setattr(services, "_said", lambda: said)
    with guard.scope("maintenance", "test"):
        calendar = Calendar.objects.get(code="cn")
        Jurisdiction.objects.create(code="nyc", name="NYC", area=world.communities[-1], calendar=calendar)

    theirs = get(f"{V2}services?jurisdiction_id=nyc", form)
    ours = get(f"{V2}services?jurisdiction_id={world.district.code}", form)

    assert [(row["service_code"], row["type"]) for row in theirs] == [(COVER, "batch"), ("unclassified", "realtime")]
    assert theirs[0]["groups"] == ["道路", "安全"]
    cover = next(row for row in ours if row["service_code"] == COVER)
    assert (cover["type"], cover["keywords"]) == ("realtime", "private,staff")
    assert len(ours) > len(theirs)


@BOTH
def test_definition_when_something_is_filled_in_elsewhere_then_says_so_and_is_not_asked_for(
    world: World,
    secret: str,
    form: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asset = {"code": "asset", "datatype": "string", "question": "编号", "required": True, "automated": "server_set"}
    monkeypatch.setattr(services, "_said", lambda: {COVER: {"attributes": [asset]}})

    (attribute,) = get(f"{V2}services/{COVER}", form)["attributes"]

    assert attribute["automated"] == "server_set"
    asked: dict[str, Any] = {"attribute[condition]": None}
    assert post(form, secret, address_string="菱湖南路", **asked)


def test_requests_when_extended_then_cost_does_not_grow_with_the_rows(
    world: World, django_assert_num_queries: Any
) -> None:
    dispatched(world)
    get(f"{V2}requests?extensions=true", "json")
    for _ in range(2):
        dispatched(world)

    territory()
    with django_assert_num_queries(3):  # jurisdictions, the page, what became of its cases
        assert len(get(f"{V2}requests?extensions=true", "json")) == 3
