"""Moves through the door: each named, on the version it was decided on, once however often it is sent."""

import json
from typing import Any

import pytest
from django.test import Client

from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case, file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.acts import ACTS
from liuchi.engines.cases.models import Case, CaseMove
from liuchi.engines.cases.moves import Part
from liuchi.engines.cases.testing import World, case_of, closed, dispatched, filed, give_role, report
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.access.actions.keys import ANSWERS_KEPT, forget_answers
from liuchi.ground.access.models import AnsweredRequest
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.clock import frozen_at

#: Key, grants, name known, the case as seen; the rest is the action itself, with the two savepoints of tests.
MOVE_QUERIES = 13


@pytest.fixture
def desk(world: World) -> Client:
    give_role("other-system", "desk", world.district)
    return caller(key_for(world, "other-system"))


@pytest.fixture
def unit(world: World) -> Client:
    give_role("unit-system", "handler", world.district, world.water)
    return caller(key_for(world, "unit-system"))


def move(client: Client, case: Case, name: str, key: str = "", version: str = "", **values: Any) -> Any:
    headers = {"if-match": version or f'"{case.version}"'}
    if key:
        headers["idempotency-key"] = key
    address = f"/api/v1/cases/{case.number}/moves/{name}"
    return client.post(address, json.dumps(values, default=str), content_type="application/json", headers=headers)


def told(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def test_moves_when_counted_then_every_row_of_the_table_has_its_action() -> None:
    by_the_house = {name for name, move in MOVES.items() if move.part == Part.CLOCK}

    assert MOVES.keys() - ACTS.keys() == by_the_house | {"reopen_on_call", "withdraw"}
    assert ACTS.keys() <= MOVES.keys()


def test_case_when_moved_by_other_systems_then_goes_from_report_to_close(
    world: World, desk: Client, unit: Client
) -> None:
    for name, role in (("dispatch-system", "dispatcher"), ("check-system", "checker")):
        give_role(name, role, world.district)
    dispatcher, checker = (caller(key_for(world, name)) for name in ("dispatch-system", "check-system"))
    case = case_of(report(world).case_id)
    walk: list[tuple[Client, str, dict[str, Any]]] = [
        (desk, "file", {"condition": world.conditions[0].id}),
        (dispatcher, "dispatch", {"unit": world.water.id, "reason": "权责清单"}),
        (unit, "hand_in", {"text": "已更换井盖"}),
        (checker, "pass_check", {}),
        (desk, "close", {"text": "已更换，请放心通行"}),
    ]

    for client, name, values in walk:
        case = case_of(case.id)
        response = move(client, case, name, **values)
        assert told(response)["version"] == case.version + 1
        assert response["ETag"] == f'"{case.version + 1}"'

    assert case_of(case.id).state == "closed"


def test_move_when_sent_again_under_its_name_then_is_made_once_and_answered_the_same(
    world: World, desk: Client
) -> None:
    case = case_of(report(world).case_id)

    first = told(move(desk, case, "file", "one", condition=world.conditions[0].id))
    again = told(move(desk, case, "file", "one", condition=world.conditions[0].id))

    assert first == again
    assert CaseMove.objects.filter(case=case, name="file").count() == 1
    assert str(Line.objects.get(kind="case.filed").id) == first["line"]


def test_name_when_used_for_something_else_then_is_refused(world: World, desk: Client) -> None:
    case, other = (case_of(report(world).case_id) for _ in range(2))
    told(move(desk, case, "file", "one", condition=world.conditions[0].id))

    assert told(move(desk, other, "file", "one", condition=world.conditions[0].id), 409)["code"] == "key_used_before"
    assert case_of(other.id).state == "received"


def test_move_when_it_was_refused_then_its_name_is_free_for_another_try(world: World, desk: Client) -> None:
    case = case_of(report(world).case_id)
    told(move(desk, case, "refuse", "one", reason="unheard_of", text="x"), 422)

    told(move(desk, case, "refuse", "one", reason="court", text="已在法院审理"))


def test_answers_when_days_old_then_are_forgotten(world: World, desk: Client) -> None:
    case = case_of(report(world).case_id)
    told(move(desk, case, "file", "one", condition=world.conditions[0].id))

    assert forget_answers(by=System("tests")) == 0
    with frozen_at(clock.now() + 2 * ANSWERS_KEPT):
        assert forget_answers(by=System("tests")) == 1

    assert not AnsweredRequest.objects.exists()


@pytest.mark.parametrize(("version", "status"), [('"7"', 412), ("W/x", 412), ("*", 412), (" ", 428)])
def test_move_when_it_was_decided_on_another_version_then_nothing_is_overwritten(
    world: World, desk: Client, version: str, status: int
) -> None:
    case = case_of(report(world).case_id)

    told(move(desk, case, "file", version=version, condition=world.conditions[0].id), status)

    assert case_of(case.id).state == "received"


@pytest.mark.parametrize(
    ("name", "values", "status", "code"),
    [
        ("close", {}, 409, "move_refused"),
        ("file", {}, 422, "missing_input"),
        ("file", {"condition": "00000000-0000-0000-0000-000000000007", "rating": 5}, 422, "unknown_input"),
        ("file", {"condition": "00000000-0000-0000-0000-000000000007"}, 422, "incomplete"),
        ("fly", {}, 404, "no_such_move"),
        ("wake", {}, 404, "no_such_move"),
        ("refuse", {"reason": "court", "text": "x" * 2001}, 422, "invalid"),
    ],
)
def test_move_when_it_cannot_be_made_then_says_why(
    world: World, desk: Client, name: str, values: dict[str, Any], status: int, code: str
) -> None:
    case = case_of(report(world).case_id)

    assert told(move(desk, case, name, **values), status)["code"] == code


def test_move_when_the_key_lacks_the_power_then_is_refused(world: World, unit: Client) -> None:
    assert told(move(unit, dispatched(world), "close"), 409)["code"] == "move_refused"
    assert told(move(unit, filed(world), "dispatch", unit=world.water.id, reason="x"), 404)["code"] == "not_found"


def test_open_moves_when_asked_then_name_inputs_and_reasons(world: World, unit: Client) -> None:
    case = dispatched(world)

    rows = {row["name"]: row for row in told(unit.get(f"/api/v1/cases/{case.number}/open-moves"))["items"]}

    assert rows["hand_in"]["needs"] == ["text"]
    assert "other_owner" in {reason["code"] for reason in rows["decline"]["reasons"]}
    assert "close" not in rows


def test_history_when_read_then_tells_moves_clocks_and_lines(world: World, desk: Client) -> None:
    case = closed(world)
    address = f"/api/v1/cases/{case.number}"

    moves = told(desk.get(f"{address}/moves?fields=name"))["items"]
    clocks = told(desk.get(f"{address}/clocks"))["items"]
    lines = told(desk.get(f"{address}/lines"))["items"]

    assert [row["name"] for row in moves] == ["report", "file", "dispatch", "hand_in", "pass_check", "close"]
    assert {row["is_overdue"] for row in clocks} == {False}
    assert all(row["because"] for row in clocks)
    assert [row["kind"] for row in lines][:2] == ["case.reported", "case.filed"]


def test_reporter_s_move_when_the_receipt_is_shown_then_is_made(world: World, desk: Client) -> None:
    receipt = report(world)
    file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[0].id)
    dispatch_case(by=world.viewer("dispatcher"), case_id=receipt.case_id, unit_id=world.water.id, reason="权责清单")
    hand_in_result(by=world.viewer("water"), case_id=receipt.case_id, text="已更换井盖")
    pass_check(by=world.viewer("checker"), case_id=receipt.case_id)
    close_case(by=world.viewer("desk"), case_id=receipt.case_id)
    case = case_of(receipt.case_id)

    assert told(move(desk, case, "rate", rating=5, receipt="wrong"), 403)["code"] == "not_allowed"
    told(move(desk, case, "rate", rating=5, receipt=receipt.code))

    assert case_of(case.id).rating == 5


def test_move_when_made_then_costs_no_more_queries_than_before(
    world: World, desk: Client, django_assert_num_queries: Any
) -> None:
    case = case_of(report(world).case_id)
    desk.get("/api/v1/me")

    with django_assert_num_queries(MOVE_QUERIES):
        told(move(desk, case, "file", "one", condition=world.conditions[0].id))
