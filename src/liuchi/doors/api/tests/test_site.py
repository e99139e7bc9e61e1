"""The door as other systems meet it."""

import json
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.ui import keys
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, dispatched, give_role, point_in
from liuchi.ground.access.actions import revoke_key
from liuchi.ground.access.models import Account, ApiKey
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System

MISSING = "井盖不见了，晚上很危险"


@pytest.fixture
def desk(world: World) -> Client:
    give_role("other-system", "desk", world.district)
    return caller(key_for(world, "other-system"))


def told(response: Any, status: int) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_document_when_read_then_is_openapi_3_1_and_needs_no_key() -> None:
    document = told(Client().get("/api/v1/openapi.json"), 200)

    assert document["openapi"] == "3.1.0"
    assert "/api/v1/cases/{number}" in document["paths"]
    refusal = document["paths"]["/api/v1/cases"]["get"]["responses"]["404"]
    assert list(refusal["content"]) == ["application/problem+json"]


@pytest.mark.parametrize("header", [None, "Bearer nobody.knows", "Basic YTpi", "Bearer "])
def test_request_when_it_has_no_key_in_force_then_is_told_how_to_get_one(world: World, header: str | None) -> None:
    response = Client(headers={"authorization": header} if header else {}).get("/api/v1/me")

    problem = told(response, 401)
    assert (problem["code"], problem["instance"]) == ("no_key", "/api/v1/me")
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_session_when_it_has_no_key_then_opens_nothing_here(world: World) -> None:
    browser = Client()
    browser.force_login(Account.objects.get(username="desk"))

    assert browser.get("/api/v1/me").status_code == 401


def test_key_when_revoked_then_the_next_request_is_refused(world: World, desk: Client) -> None:
    told(desk.get("/api/v1/me"), 200)

    revoke_key(by=System("tests"), key_id=ApiKey.objects.get().id, reason="leaked")

    assert desk.get("/api/v1/me").status_code == 401


def test_me_when_asked_then_tells_what_the_key_opens_and_where(world: World, desk: Client) -> None:
    mine = told(desk.get("/api/v1/me"), 200)

    assert mine["username"] == "other-system"
    assert [grant["area"] for grant in mine["grants"]] == [str(world.district.id)]
    assert "cases.accept" in mine["grants"][0]["powers"]


def test_key_when_used_too_often_then_is_told_when_to_go_on(
    world: World, desk: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_buckets", {})
    settings.LIUCHI_API_RATE = 2
    first, second, third = (desk.get("/api/v1/me") for _ in range(3))

    assert (first["RateLimit-Remaining"], second["RateLimit-Remaining"]) == ("1", "0")
    problem = told(third, 429)
    assert problem["code"] == "too_many_requests"
    assert 1 <= int(third["Retry-After"]) <= 30


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/api/v1/nothing", 404), ("delete", "/api/v1/me", 405), ("get", "/api/v1/cases/20240912-999999", 404)],
)
def test_address_when_it_is_none_then_answers_as_a_problem(
    world: World, desk: Client, method: str, path: str, status: int
) -> None:
    problem = told(getattr(desk, method)(path), status)

    assert (problem["status"], problem["instance"]) == (status, path)


def report(client: Client, key: str, **values: Any) -> Any:
    content = json.dumps({"text": MISSING, **values})
    headers = {"idempotency-key": key} if key else {}
    return client.post("/api/v1/cases", content, content_type="application/json", headers=headers)


def test_report_when_sent_then_a_case_is_located_and_a_receipt_given(world: World, desk: Client) -> None:
    longitude, latitude = point_in(world, 0)

    response = report(desk, "one", longitude=longitude, latitude=latitude)

    receipt = told(response, 201)
    case = Case.objects.get()
    assert (case.number, case.channel, case.place.kind) == (receipt["number"], "api", "grid")
    assert response["Location"] == f"/api/v1/cases/{case.number}"


def test_report_when_sent_twice_with_one_key_then_is_one_case(world: World, desk: Client) -> None:
    first, again, other = report(desk, "one"), report(desk, "one"), report(desk, "two")

    assert told(first, 201)["is_new"] is True
    assert told(again, 200) == {**first.json(), "is_new": False}
    assert told(other, 201)["number"] != first.json()["number"]


def test_report_when_its_name_was_used_for_another_text_then_is_refused(world: World, desk: Client) -> None:
    told(report(desk, "one"), 201)

    assert told(report(desk, "one", text="路灯不亮"), 409)["code"] == "key_used_before"
    assert Case.objects.count() == 1


def test_report_when_another_key_chose_the_same_name_then_is_another_case(world: World, desk: Client) -> None:
    give_role("second-system", "desk", world.district)
    second = caller(key_for(world, "second-system"))

    assert told(report(desk, "one"), 201)["number"] != told(report(second, "one"), 201)["number"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"longitude": 500}, "longitude"),
        ({"area": "nowhere"}, "area"),
    ],
)
def test_report_when_an_input_is_wrong_then_it_is_named(
    world: World, desk: Client, values: dict[str, Any], field: str
) -> None:
    problem = told(report(desk, "one", **values), 422)

    assert [error["field"] for error in problem["errors"]] == [field]
    assert not Case.objects.exists()


def test_report_when_it_has_no_key_of_its_own_then_is_refused(world: World, desk: Client) -> None:
    assert [error["field"] for error in told(report(desk, ""), 422)["errors"]] == ["Idempotency-Key"]


def test_body_when_it_is_no_json_then_says_so(world: World, desk: Client) -> None:
    headers = {"idempotency-key": "one"}
    response = desk.post("/api/v1/cases", b"\xff{", content_type="application/json", headers=headers)

    assert told(response, 400)["detail"] == "The body cannot be read as JSON in UTF-8."


def test_cases_when_listed_then_pages_follow_one_another(world: World, desk: Client) -> None:
    numbers = {told(report(desk, str(count)), 201)["number"] for count in range(52)}

    first = told(desk.get("/api/v1/cases?scope=all&fields=number"), 200)
    second = told(desk.get(first["next"]), 200)

    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 2, None)
    assert {row["number"] for row in first["items"] + second["items"]} == numbers
    assert set(first["items"][0]) == {"number"}


@pytest.mark.parametrize(
    "query", ["state=lost", "area=x", "order=worst", "after=7", "fields=number,salary", "matter=x", "late=never"]
)
def test_list_when_asked_for_what_is_none_then_refuses(world: World, desk: Client, query: str) -> None:
    dispatched(world)

    assert told(desk.get(f"/api/v1/cases?{query}"), 422)["code"] in {"invalid", "bad_cursor", "unknown_field"}


def test_case_when_read_then_has_its_version_as_etag(world: World, desk: Client) -> None:
    case = dispatched(world)

    response = desk.get(f"/api/v1/cases/{case.number}")

    assert told(response, 200)["state"] == "handling"
    assert (response["ETag"], response["Cache-Control"]) == (f'"{case.version}"', "private, no-store")


def test_case_when_out_of_the_key_s_area_then_is_none(world: World) -> None:
    give_role("other-system", "desk", world.district)
    here = caller(key_for(world, "other-system"))
    elsewhere = caller(key_for(world, "other-system", areas=[world.communities[-1].id]))
    case = dispatched(world)
    told(here.get(f"/api/v1/cases/{case.number}"), 200)

    assert elsewhere.get(f"/api/v1/cases/{case.number}").status_code == 404


def test_areas_when_listed_then_stand_below_one_another(world: World, desk: Client) -> None:
    everything = told(desk.get("/api/v1/areas"), 200)["items"]
    district = next(row for row in everything if row["kind"] == "district")
    towns = told(desk.get("/api/v1/areas?kind=town&fields=id,parent"), 200)["items"]

    assert {row["parent"] for row in towns} == {district["id"]}
    assert told(desk.get(f"/api/v1/areas/{district['id']}?fields=name"), 200) == {"name": district["name"]}


def test_point_when_located_then_stands_in_its_grid_and_all_above(world: World, desk: Client) -> None:
    longitude, latitude = point_in(world, 0)

    found = told(desk.get(f"/api/v1/areas/at?longitude={longitude}&latitude={latitude}"), 200)["areas"]

    assert (found[0]["kind"], found[-1]["kind"]) == ("grid", "province")
    assert told(desk.get("/api/v1/areas/at?longitude=0&latitude=0"), 404)["code"] == "not_found"


def test_catalogue_when_listed_then_names_classes_conditions_and_units(world: World, desk: Client) -> None:
    classes = told(desk.get("/api/v1/classes"), 200)["items"]
    conditions = told(desk.get("/api/v1/conditions?q=井盖"), 200)["items"]
    units = told(desk.get("/api/v1/organisations?fields=id,name"), 200)["items"]

    assert {row["matter"] for row in conditions} <= {row["matter"] for row in classes}
    assert str(world.water.id) in {row["id"] for row in units}


def test_report_when_it_comes_by_key_then_the_line_names_account_and_key(world: World, desk: Client) -> None:
    told(report(desk, "one"), 201)

    line = Line.objects.get(kind="case.reported")
    key = ApiKey.objects.get()
    assert (line.actor_id, line.on_behalf_of) == (key.owner_id, key.id)


def test_work_list_when_read_then_costs_so_many_queries(
    world: World, desk: Client, django_assert_num_queries: Any
) -> None:
    dispatched(world)
    desk.get("/api/v1/cases")

    with django_assert_num_queries(3):  # key, grants, the page
        assert len(told(desk.get("/api/v1/cases"), 200)["items"]) == 1
