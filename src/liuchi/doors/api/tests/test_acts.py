"""What happens beside the table of moves, by other systems: the same actions and the same refusals as on pages."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client

from liuchi.doors.api.tests.asking import change, read, system, told
from liuchi.engines.cases.actions.calling import draw_call_back, set_call_back_rule
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.support import bring_in_unit
from liuchi.engines.cases.models import Assignment, Case, CaseMove, Supervision
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, closed, dispatched, filed, report
from liuchi.ground.access.models import AnsweredRequest
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actions import kept_with
from liuchi.ground.kernel.clock import frozen_at

LATE = MORNING + timedelta(days=1)


@pytest.fixture
def desk(world: World) -> Client:
    return system(world, "desk")


@pytest.fixture
def dispatcher(world: World) -> Client:
    return system(world, "dispatcher")


@pytest.fixture
def water(world: World) -> Client:
    return system(world, "handler", world.water)


@pytest.fixture
def lights(world: World) -> Client:
    return system(world, "handler", world.lights)


def part_of(case: Case) -> UUID:
    return Assignment.objects.get(case=case, role="support", ended_at=None).id


def test_part_when_brought_in_and_answered_then_the_lead_reads_the_answer(
    world: World, dispatcher: Client, water: Client, lights: Client
) -> None:
    case = dispatched(world)
    address = f"/cases/{case.number}/parts"
    begun = change(dispatcher, f"{address}/bring_in", case, unit=world.lights.id, text="请断开路灯电源", days=2)
    assert told(begun)["version"] == case.version + 1
    assert begun["ETag"] == f'"{case.version + 1}"'
    (row,) = read(lights, address)["items"]
    assert (row["unit"], row["asked"]) == (str(world.lights.id), "请断开路灯电源")
    assert row["moves"] == ["answer_part", "decline_part"]

    told(change(lights, f"{address}/{row['id']}/answer_part", case.version + 1, text="已断电"))

    (row,) = read(water, f"{address}?fields=answer,outcome,moves")["items"]
    assert row == {"answer": "已断电", "outcome": "answered", "moves": []}
    assert read(water, address)["begins"] == ["call_in", "ask_for"]


def test_part_when_said_not_ours_then_somebody_else_decides(
    world: World, desk: Client, dispatcher: Client, lights: Client
) -> None:
    case = dispatched(world)
    address = f"/cases/{case.number}/parts"
    told(change(dispatcher, f"{address}/bring_in", case, unit=world.lights.id, text="请协助"))
    part = f"{address}/{part_of(case)}"
    refused = change(lights, f"{part}/decline_part", case_of(case.id), reason="because", text="不属本所")
    assert told(refused, 422)["code"] == "incomplete"
    told(change(lights, f"{part}/decline_part", case_of(case.id), reason="other_owner", text="不属本所"))
    assert told(change(dispatcher, f"{part}/uphold_part", case_of(case.id)), 403)["code"] == "not_allowed"

    told(change(desk, f"{part}/uphold_part", case_of(case.id)))

    assert Assignment.objects.get(case=case, role="support").outcome == "not_ours"


@pytest.mark.parametrize(
    ("act", "values", "status", "code"),
    [
        ("bring_in", {}, 422, "invalid"),
        ("bring_in", {"unit": "water", "text": "x"}, 422, "invalid"),
        ("fly", {"text": "x"}, 422, "invalid"),
        ("bring_in", {"unit": "00000000-0000-0000-0000-000000000007", "text": "x"}, 422, "part_refused"),
        ("ask_for", {"unit": "00000000-0000-0000-0000-000000000007", "text": "x", "days": 2}, 422, "unknown_input"),
        ("call_in", {"unit": "00000000-0000-0000-0000-000000000007", "text": "x"}, 403, "not_allowed"),
    ],
)
def test_part_when_it_cannot_begin_then_says_why(
    world: World, dispatcher: Client, act: str, values: dict[str, Any], status: int, code: str
) -> None:
    case = dispatched(world)

    assert told(change(dispatcher, f"/cases/{case.number}/parts/{act}", case, **values), status)["code"] == code
    assert case_of(case.id).version == case.version


def test_change_when_sent_again_under_its_name_then_is_made_once_and_answered_the_same(
    world: World, dispatcher: Client
) -> None:
    case = dispatched(world)
    address = f"/cases/{case.number}/parts/bring_in"

    first = told(change(dispatcher, address, case, "one", unit=world.lights.id, text="请协助"))
    again = told(change(dispatcher, address, case, "one", unit=world.lights.id, text="请协助"))
    other = told(change(dispatcher, address, case, "one", unit=world.town.id, text="请协助"), 409)

    assert (first, other["code"]) == (again, "key_used_before")
    assert Line.objects.filter(kind="case.part_brought_in").count() == 1
    assert AnsweredRequest.objects.get().answer == first


def test_change_when_refused_then_its_name_is_free_for_another_try(world: World, dispatcher: Client) -> None:
    case = dispatched(world)
    address = f"/cases/{case.number}/parts/bring_in"
    told(change(dispatcher, address, case, "one", unit=world.water.id, text="请协助"), 422)

    told(change(dispatcher, address, case, "one", unit=world.lights.id, text="请协助"))


@pytest.mark.parametrize(("version", "status"), [(None, 428), (7, 412), ("x", 412)])
def test_change_when_it_names_no_version_or_another_then_nothing_happens(
    world: World, dispatcher: Client, version: object, status: int
) -> None:
    case = dispatched(world)
    address = f"/cases/{case.number}/parts/bring_in"

    told(change(dispatcher, address, version, "one", unit=world.lights.id, text="请协助"), status)

    assert case_of(case.id).version == case.version
    assert not AnsweredRequest.objects.exists()


def test_change_when_its_answer_cannot_be_kept_then_is_not_made(world: World) -> None:
    case, viewer = dispatched(world), world.viewer("dispatcher")
    lines = Line.objects.count()

    def half_a_row(move: CaseMove) -> AnsweredRequest:
        return AnsweredRequest(token=str(move.id), content=b"", answer={}, answered_at=MORNING)

    with pytest.raises(IntegrityError), kept_with(half_a_row):
        bring_in_unit(by=viewer, case_id=case.id, unit_id=world.lights.id, text="请协助")

    assert (case_of(case.id).version, Line.objects.count()) == (case.version, lines)


def overdue(world: World) -> Case:
    """Return a closed case that the water centre handled a day late."""
    case = dispatched(world)
    with frozen_at(LATE):
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已更换")
        pass_check(by=world.viewer("checker"), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)
    return case_of(case.id)


@pytest.mark.parametrize(("is_upheld", "text"), [(True, ""), (False, "当日有人在家")])
def test_time_out_when_appealed_then_somebody_else_decides(
    world: World, desk: Client, water: Client, lights: Client, is_upheld: bool, text: str
) -> None:
    case = overdue(world)
    rows = read(water, f"/cases/{case.number}/clocks")["items"]
    clock = next(row["id"] for row in rows if row["step"] == "handling")
    address = f"/cases/{case.number}/clocks/{clock}/appeal"
    words = {"reason": "no_access", "text": "两次到场，业主均不在"}
    told(change(lights, address, case, **words), 404)
    told(change(water, address, case, "a", **words))
    (waiting,) = read(desk, "/appeals")["items"]
    assert (waiting["number"], waiting["clock"], waiting["decided"]) == (case.number, clock, None)
    told(change(water, f"{address}/decision", case.version + 1, is_upheld=True), 403)

    told(change(desk, f"{address}/decision", case.version + 1, is_upheld=is_upheld, text=text))

    (row,) = read(water, f"/cases/{case.number}/appeals")["items"]
    assert (row["is_upheld"], row["answer"]) == (is_upheld, text)
    assert read(desk, "/appeals")["items"] == []
    assert told(change(water, address, case_of(case.id), **words), 422)["code"] == "appeal_refused"
    assert read(water, "/appeals", 403)["code"] == "not_allowed"


def test_appeal_when_its_clock_was_kept_then_there_is_none(world: World, water: Client) -> None:
    case = closed(world)
    clock = case.clocks.get(step="handling").id

    address = f"/cases/{case.number}/clocks/{clock}/appeal"
    assert told(change(water, address, case, reason="no_access", text="x"), 404)["code"] == "not_found"
    codes = {row["code"] for row in read(water, "/appeals/reasons")["items"]}
    assert "no_access" in codes


def test_order_when_given_then_answered_and_judged_on_its_own_version(world: World, water: Client) -> None:
    supervisor = system(world, "supervisor")
    case = dispatched(world)
    address = f"/cases/{case.number}/supervisions"
    urged = told(change(supervisor, address, case, "order", level="order", text="请今天到场"))
    order = f"/supervisions/{urged['id']}"
    assert told(change(supervisor, address, case, "order", level="order", text="请今天到场")) == urged
    assert told(change(water, f"{order}/answer", 7, text="已到场"), 412)["code"] == "stale"

    told(change(water, f"{order}/answer", urged["version"], text="已到场"))
    sent_back = change(supervisor, f"{order}/send-back", 2, text="缺照片", answer_by="2024-09-14T18:00:00+08:00")
    told(sent_back)
    told(change(water, f"{order}/answer", 3, text="照片已补"))
    done = told(change(supervisor, f"{order}/accept", 4))

    assert (done["standing"], done["version"]) == ("accepted", 5)
    one = water.get(f"/api/v1{order}")
    assert one["ETag"] == '"5"'
    assert [each["said"] for each in one.json()["entries"]] == ["answer", "send_back", "answer", "accept"]
    assert one.json()["answer_due"] == "2024-09-14T18:00:00+08:00"
    assert read(supervisor, "/supervisions")["items"] == []
    assert [row["number"] for row in read(supervisor, "/supervisions?shown=ended")["items"]] == [case.number]
    assert len(read(supervisor, address)["items"]) == 1


def test_reminder_when_the_reporter_shows_the_receipt_then_is_given_once_a_day(world: World, lights: Client) -> None:
    receipt = report(world)
    address, case = f"/cases/{receipt.number}/supervisions", case_of(receipt.case_id)
    told(change(lights, address, case, level="reminder"), 404)
    told(change(lights, address, case, level="reminder", receipt="wrong"), 403)

    told(change(lights, address, case, level="reminder", receipt=receipt.code))

    again = change(lights, address, case, level="reminder", receipt=receipt.code)
    assert told(again, 422)["code"] == "already_urged"
    assert Supervision.objects.get().origin == "reporter"
    assert told(change(lights, address, case, level="order", receipt=receipt.code), 422)["code"] == "unknown_input"
    assert read(system(world, "resident"), "/supervisions", 403)["code"] == "not_allowed"


def test_supervision_when_of_another_unit_then_there_is_none(world: World, water: Client, lights: Client) -> None:
    case = dispatched(world)
    address = f"/cases/{case.number}/supervisions"
    urged = told(change(system(world, "supervisor"), address, case, level="order", text="请今天到场"))

    read(water, f"/supervisions/{urged['id']}")
    read(lights, f"/supervisions/{urged['id']}", 404)
    told(change(lights, f"/supervisions/{urged['id']}/answer", 1, text="x"), 404)


def drawn(world: World) -> tuple[Case, str]:
    set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=2)
    case = closed(world, phone="19900000123")
    closing = CaseMove.objects.get(case=case, name="close")
    row = draw_call_back(by=SETUP, closing_id=closing.id)
    assert row is not None
    return case, str(row.id)


def test_call_when_not_reached_and_then_not_solved_then_the_case_is_taken_up_again(world: World, desk: Client) -> None:
    case, call = drawn(world)
    address = f"/call-backs/{call}"
    assert desk.get(f"/api/v1{address}")["ETag"] == '"0"'
    first = told(change(desk, f"{address}/calls", 0, "one", is_reached=False))
    assert first == told(change(desk, f"{address}/calls", 0, "one", is_reached=False))
    assert told(change(desk, f"{address}/calls", 0, "two", is_reached=False), 412)["code"] == "stale"

    done = told(change(desk, f"{address}/calls", 1, is_reached=True, is_solved=False, text="仍在漏水"))

    assert (done["state"], done["result"]) == (case_of(case.id).state, "not_solved")
    assert case_of(case.id).ended_at is None
    assert read(desk, "/call-backs")["items"] == []
    assert [row["id"] for row in read(desk, "/call-backs?shown=not_solved")["items"]] == [call]
    assert read(system(world, "checker"), "/call-backs", 403)["code"] == "not_allowed"


def test_share_of_call_backs_when_set_then_is_listed(world: World, desk: Client) -> None:
    keeper = system(world, "system_admin")
    told(change(desk, "/call-back-rules", area=world.district.id, percent=30, most_calls=2), 403)

    made = told(change(keeper, "/call-back-rules", None, "r", area=world.district.id, percent=30, most_calls=2), 201)

    assert (
        told(change(keeper, "/call-back-rules", None, "r", area=world.district.id, percent=30, most_calls=2), 201)
        == made
    )
    assert [row["percent"] for row in read(keeper, "/call-back-rules")["items"]] == [30]


def test_report_when_changed_and_taken_back_by_its_receipt_then_the_case_ends(world: World, desk: Client) -> None:
    city_app = system(world, "resident")
    receipt = report(world)
    address = f"/cases/{receipt.number}"
    public = city_app.get(f"/api/v1{address}/public", headers={"receipt-code": receipt.code})
    assert told(public)["is_own"] is True
    assert (public["ETag"], public.json()["moves"][0]["name"]) == ('"1"', "report")
    assert "address" not in public.json()
    told(change(city_app, f"{address}/own/change", 1, receipt="wrong", text="路灯不亮"), 403)

    told(change(city_app, f"{address}/own/change", 1, receipt=receipt.code, text="路灯不亮"))
    assert [row["text"] for row in read(desk, f"{address}/reports")["items"]] == ["路灯不亮"]
    told(change(city_app, f"{address}/own/withdraw", 1, receipt=receipt.code), 412)
    gone = told(change(city_app, f"{address}/own/withdraw", 2, "w", receipt=receipt.code))

    assert (gone["state"], gone["has_ended"]) == ("withdrawn", True)
    assert told(change(city_app, f"{address}/own/withdraw", 2, "w", receipt=receipt.code)) == gone
    assert read(desk, f"{address}/reports?fields=is_withdrawn,has_contact")["items"] == [
        {"is_withdrawn": True, "has_contact": False}
    ]


def test_message_when_split_then_each_demand_is_a_case_once(world: World, desk: Client, water: Client) -> None:
    case = case_of(report(world, text="井盖坏了，路灯也不亮").case_id)
    address = f"/cases/{case.number}/split"

    response = change(desk, address, case, "s", text="路灯不亮")
    made = told(response, 201)

    assert response["Location"] == f"/api/v1/cases/{made['number']}"
    assert told(change(desk, address, case, "s", text="路灯不亮"), 201) == made
    assert Case.objects.count() == 2
    told(change(water, address, case, text="路灯不亮"), 404)
    assert told(change(desk, f"/cases/{filed(world).number}/split", 2, text="x"), 422)["code"] == "split_refused"


def test_report_when_it_is_about_a_unit_then_is_kept_from_it(world: World, desk: Client, water: Client) -> None:
    case = dispatched(world)
    read(water, f"/cases/{case.number}")
    named = change(desk, f"/cases/{case.number}/secret", case, units=[world.water.id])
    assert told(named, 422)["code"] == "secrecy_refused"
    told(change(desk, f"/cases/{case.number}/secret", case, units=[world.lights.id]))
    assert read(desk, f"/cases/{case.number}/secret")["units"] == [str(world.lights.id)]

    told(change(desk, f"/cases/{case.number}/secret/lift", case.version + 1, text="不是举报"))

    assert read(desk, f"/cases/{case.number}/secret")["is_secret"] is False


def test_case_when_its_unit_reads_it_then_has_been_opened(world: World, desk: Client, water: Client) -> None:
    case = dispatched(world)
    read(desk, f"/cases/{case.number}")
    assert Assignment.objects.get(case=case).opened_at is None

    read(water, f"/cases/{case.number}")

    assert Assignment.objects.get(case=case).opened_at is not None
