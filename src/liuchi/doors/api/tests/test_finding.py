"""Finding cases again, which are alike, saying me too, and one move with many."""

import json
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.models import BulkRun, Case, Report
from liuchi.engines.cases.search.indexing import index_cases
from liuchi.engines.cases.testing import World, case_of, dispatched, filed, give_role, handed_in, report
from liuchi.ground.kernel import guard


@pytest.fixture
def desk(world: World) -> Client:
    give_role("other-system", "desk", world.district)
    return caller(key_for(world, "other-system"))


def checked(world: World) -> Case:
    case = handed_in(world)
    pass_check(by=world.viewer("checker"), case_id=case.id)
    return case_of(case.id)


def indexed() -> None:
    with guard.scope("reaction", "test"):
        index_cases(list(Case.objects.values_list("id", flat=True)))


def told(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def post(client: Client, path: str, key: str, **values: Any) -> Any:
    headers = {"idempotency-key": key}
    return client.post(path, json.dumps(values, default=str), content_type="application/json", headers=headers)


def test_case_when_looked_for_then_is_found_by_words_page_by_page(world: World, desk: Client) -> None:
    numbers = {case_of(report(world, text="菱湖公园北门井盖缺失").case_id).number for _ in range(31)}
    indexed()

    first = told(desk.get("/api/v1/cases/found?q=北门井盖&fields=number&limit=30"))
    second = told(desk.get(first["next"]))

    assert (len(first["items"]), len(second["items"]), second["next"]) == (30, 1, None)
    assert {row["number"] for row in first["items"] + second["items"]} == numbers
    assert told(desk.get("/api/v1/cases/found?q=完全不同的话"))["items"] == []


@pytest.mark.parametrize("query", ["", "q=", "q=x&after=7", "q=x&after=7-x-close", "q=x&since=tomorrow"])
def test_search_when_it_makes_no_sense_then_refused(world: World, desk: Client, query: str) -> None:
    assert told(desk.get(f"/api/v1/cases/found?{query}"), 422)["code"] in {"invalid", "bad_cursor"}


def test_duplicates_when_there_are_some_then_the_desk_is_told(world: World, desk: Client) -> None:
    first, second = (case_of(report(world, text="菱湖公园北门井盖不见了").case_id) for _ in range(2))

    rows = told(desk.get(f"/api/v1/cases/{second.number}/likely-duplicates?fields=number"))["items"]

    assert rows == [{"number": first.number}]


def test_me_too_when_said_then_counts_once_under_one_name(world: World, desk: Client) -> None:
    case = filed(world)
    path = f"/api/v1/cases/{case.number}/joined"

    first = told(post(desk, path, "one", name="王明", phone="19900001234"), 201)
    again = told(post(desk, path, "one", name="王明", phone="19900001234"))

    assert (first["code"], first["number"]) == (again["code"], case.number)
    assert Report.objects.filter(case=case, is_joined=True).count() == 1
    assert told(post(desk, "/api/v1/cases/20240912-999999/joined", "two"), 404)["code"] == "not_found"


def _chosen(*cases: Case) -> list[dict[str, Any]]:
    return [{"number": case.number, "version": case.version} for case in cases]


def test_many_when_moved_then_each_says_what_became_of_it(world: World, desk: Client) -> None:
    cases = [checked(world) for _ in range(3)]
    stale = {"number": cases[2].number, "version": 1}

    asked = {"move": "close", "cases": [*_chosen(*cases[:2]), stale], "text": "已修好"}
    out = told(post(desk, "/api/v1/bulk", "one", **asked))
    while out["left"]:
        out = told(post(desk, "/api/v1/bulk", "one", **asked))

    assert (out["done"], out["refused"]) == (2, 1)
    assert [row["is_done"] for row in out["cases"]] == [True, True, False]
    assert out["cases"][2]["why"]
    assert told(desk.get(f"/api/v1/bulk/{out['run']}")) == out
    assert BulkRun.objects.count() == 1


def test_many_when_the_name_was_used_for_others_then_refused(world: World, desk: Client) -> None:
    first, second = checked(world), checked(world)
    told(post(desk, "/api/v1/bulk", "one", move="close", cases=_chosen(first)))

    again = post(desk, "/api/v1/bulk", "one", move="close", cases=_chosen(second))

    assert told(again, 409)["code"] == "key_used_before"
    assert case_of(second.id).state == "checked"


@pytest.mark.parametrize(
    ("move", "status", "code"),
    [("hand_in", 422, "bulk_refused"), ("fly", 422, "bulk_refused"), ("dispatch", 403, "not_allowed")],
)
def test_many_when_the_move_is_not_for_many_then_refused(
    world: World, desk: Client, move: str, status: int, code: str
) -> None:
    case = dispatched(world)

    assert told(post(desk, "/api/v1/bulk", "one", move=move, cases=_chosen(case)), status)["code"] == code


def test_many_when_one_is_not_seen_then_none_is_touched(world: World) -> None:
    give_role("other-system", "desk", world.district)
    elsewhere = caller(key_for(world, "other-system", areas=[world.communities[-1].id]))
    case = checked(world)

    told(post(elsewhere, "/api/v1/bulk", "one", move="close", cases=_chosen(case)), 404)

    assert case_of(case.id).state == "checked"
