from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.check import verify_case
from liuchi.engines.cases.actions.decide import reject_decline, uphold_decline
from liuchi.engines.cases.actions.desk import refuse_case, send_to_verify
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.testing import World, case_of, dispatched, disputed, filed, handed_in, report, reworked
from liuchi.ground.journal.models import Line


def address(case: object, move: str = "") -> str:
    number = case.number  # type: ignore[attr-defined]
    return f"/office/cases/{number}/{move}/" if move else f"/office/cases/{number}/"


def offered(username: str, case: object) -> list[str]:
    return [move.name for move in browser(username).get(address(case)).context["moves"]]


def test_case_page_when_opened_then_offers_each_role_what_it_may_do(world: World) -> None:
    new, waiting, handling, checking = report(world), filed(world), dispatched(world), handed_in(world)

    assert offered("desk", new) == ["file", "send_to_verify", "refuse"]
    assert offered("dispatcher", waiting) == ["dispatch", "return_to_desk"]
    assert offered("water", handling) == ["hand_in", "decline", "ask_extension", "ask_pause", "ask_ending"]
    assert offered("desk", disputed(world)) == ["uphold_decline", "reject_decline"]
    assert offered("checker", checking) == ["pass_check", "fail_check"]
    assert offered("desk", waiting) == ["propose_ending"]
    assert (offered("dispatcher", new), offered("checker", handling)) == ([], [])


def test_case_page_when_outside_ones_area_or_part_then_is_not_there(world: World) -> None:
    case = dispatched(world)

    assert browser("water").get(address(case)).status_code == 200
    for stranger in ("lights", "other-desk", "other-checker"):
        assert browser(stranger).get(address(case)).status_code == 404


def test_case_page_when_its_reporter_is_a_resident_then_stays_behind_the_counter(world: World) -> None:
    receipt = report(world, by=world.viewer("resident"))

    assert browser("resident").get(address(receipt)).status_code == 403


def test_case_page_when_its_reporter_handles_elsewhere_then_stays_behind_the_counter(world: World) -> None:
    receipt = report(world, by=world.viewer("lights"))

    assert browser("lights").get(address(receipt)).status_code == 404


@pytest.mark.parametrize(
    ("username", "move", "values"),
    [
        ("desk", "dispatch", {"other": "{lights}", "reason": "x"}),
        ("dispatcher", "refuse", {"reason": "court", "text": "x"}),
        ("desk", "pass_check", {}),
    ],
)
def test_move_when_it_is_not_ones_own_then_403_or_conflict_and_nothing_changes(
    world: World, username: str, move: str, values: dict[str, str]
) -> None:
    case = filed(world) if move == "dispatch" else report(world) if move == "refuse" else handed_in(world)
    given = {name: value.format(lights=world.lights.id) for name, value in values.items()}
    before = Case.objects.get(number=case.number).version

    response = browser(username).post(address(case, move), given)

    assert response.status_code == 403
    assert Case.objects.get(number=case.number).version == before


def test_move_when_unknown_or_in_another_area_then_404(world: World) -> None:
    case = report(world)

    assert browser("desk").post(address(case, "explode")).status_code == 404
    assert browser("other-desk").post(address(case, "refuse"), {"reason": "court", "text": "x"}).status_code == 404


def test_move_when_incomplete_then_says_what_is_missing_and_keeps_what_was_typed(world: World) -> None:
    case = report(world)

    response = browser("desk").post(address(case, "refuse"), {"text": "请找法院 </textarea><script>"})

    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="refuse_reason_error"' in page
    assert "请找法院 &lt;/textarea&gt;&lt;script&gt;</textarea>" in page
    assert '<details class="move" open id="refuse">' in page


def test_move_when_the_text_is_too_long_then_nothing_is_cut_off(world: World) -> None:
    case, text = dispatched(world), "做" * 2001

    response = browser("water").post(address(case, "hand_in"), {"text": text})

    assert response.status_code == 422
    assert text in response.content.decode()
    assert case_of(case.id).state == State.HANDLING


def test_move_when_somebody_was_faster_then_shows_what_changed_and_keeps_what_was_typed(world: World) -> None:
    receipt = report(world)
    before = Case.objects.get(number=receipt.number).version
    send_to_verify(by=world.viewer("desk"), case_id=receipt.case_id)

    response = browser("desk").post(
        address(receipt, "refuse"), {"reason": "court", "text": "写了很久的话", "version": str(before)}
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "案件已被其他人更新" in page
    assert [entry.title for entry in response.context["news"]] == ["已安排现场核实"]
    assert "写了很久的话" in page


def test_move_when_stale_but_still_open_then_can_be_sent_again_from_the_same_page(world: World) -> None:
    case = dispatched(world)
    old = case.version - 1
    client = browser("water")

    refused = client.post(address(case, "hand_in"), {"text": "修好了", "version": str(old)})
    again = client.post(address(case, "hand_in"), {"text": "修好了", "version": str(case.version)})

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "修好了</textarea>" in page
    assert f'name="version" value="{case.version}"' in page
    assert again.status_code == 302


def test_filing_when_words_are_searched_then_lists_conditions_and_keeps_the_rest(world: World) -> None:
    case = report(world)

    response = browser("desk").post(
        address(case, "file"), {"search": "1", "q": "井盖", "text": "已转交", "version": "1"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert "缺失、移位" in page
    assert "2 个紧急工作时" in page
    assert "不亮" not in page
    assert "已转交</textarea>" in page
    assert Case.objects.get(number=case.number).state == State.RECEIVED


def test_filing_when_not_searched_yet_then_suggests_classes_from_the_reporters_words(world: World) -> None:
    case, client = report(world, text="门口路灯又不亮了"), browser("desk")

    page = client.get(address(case)).content.decode()
    chosen = client.post(address(case, "file"), {"suggested": "路灯", "version": "1"}).content.decode()

    assert 'name="suggested" value="路灯"' in page
    assert "1 个工作日" in chosen


def test_filing_when_incomplete_then_still_suggests_classes(world: World) -> None:
    case = report(world, text="门口路灯又不亮了")

    page = browser("desk").post(address(case, "file"), {"version": "1"}).content.decode()

    assert "请选择立案条件。" in page
    assert 'name="suggested" value="路灯"' in page


def test_searching_when_somebody_filed_meanwhile_then_says_why_and_keeps_the_words(world: World) -> None:
    case = filed(world)

    page = browser("desk").post(address(case, "file"), {"search": "1", "q": "井盖", "text": "已转交"}).content.decode()

    assert "案件已被其他人更新" in page
    assert '<p class="words says">已转交</p>' in page


def test_next_step_when_nothing_was_found_on_the_spot_then_refusing_stands_first_with_its_reason(world: World) -> None:
    case = report(world)
    send_to_verify(by=world.viewer("desk"), case_id=case.case_id)
    verify_case(by=world.viewer("checker"), case_id=case.case_id, found=False, text="没有看到")

    moves = browser("desk").get(address(case)).context["moves"]

    assert (moves[0].name, moves[0].is_first) == ("refuse", True)
    assert moves[0].form["reason"].value() == "not_found"


def test_dispatching_when_it_was_decided_that_it_is_not_the_units_then_asks_why_it_is_after_all(world: World) -> None:
    case, client = disputed(world), browser("dispatcher", "en")
    uphold_decline(by=world.viewer("desk"), case_id=case.id)
    same = {"unit": str(world.water.id)}

    page = client.get(address(case)).content.decode()
    unasked = client.post(address(case, "dispatch"), {})
    again = client.post(address(case, "dispatch"), same)
    reasoned = client.post(address(case, "dispatch"), {**same, "reason": "区里协调确定"})

    assert f'value="{world.water.id}">' in page
    assert f'value="{world.water.id}" checked' not in page
    assert "decided: not theirs" in page
    assert (unasked.status_code, again.status_code, reasoned.status_code) == (422, 422, 302)
    assert 'id="dispatch_reason_error"' in again.content.decode()
    assert case.assignments.get(ended_at=None).reason == "区里协调确定"


def test_filing_when_searched_by_address_then_lists_conditions_too(world: World) -> None:
    case = report(world)
    client = browser("desk")

    assert "不亮" in client.get(address(case), {"q": "路灯"}).content.decode()
    assert "没有找到相符的立案条件" in client.get(address(case), {"q": "飞船"}).content.decode()


def test_filing_when_the_place_is_corrected_then_lies_there(world: World) -> None:
    case = report(world)

    response = browser("desk").post(
        address(case, "file"),
        {"condition": str(world.conditions[0].id), "place": str(world.communities[3].id), "text": "", "version": "1"},
    )

    moved = Case.objects.get(number=case.number)
    assert response.status_code == 302
    assert (moved.state, moved.place_id) == (State.FILED, world.communities[3].id)


@pytest.mark.parametrize("condition", ["", "no-uuid", "00000000-0000-0000-0000-000000000000"])
def test_filing_when_no_condition_fits_then_says_so(world: World, condition: str) -> None:
    case = report(world)

    response = browser("desk").post(address(case, "file"), {"condition": condition})

    assert response.status_code in {409, 422}
    assert "请选择" in response.content.decode()


def test_dispatching_when_duties_fit_then_offers_them_with_the_document(world: World) -> None:
    case = filed(world)

    page = browser("dispatcher").get(address(case)).content.decode()

    assert "大观区权责清单（测试）" in page
    assert f'value="{world.water.id}" checked' in page


def test_dispatching_when_to_another_unit_then_asks_why(world: World) -> None:
    case, client = filed(world), browser("dispatcher")
    other = {"unit": str(world.water.id), "other": str(world.lights.id)}

    without = client.post(address(case, "dispatch"), other)
    with_reason = client.post(address(case, "dispatch"), {**other, "reason": "路灯井盖"})

    assert without.status_code == 422
    assert "请说明理由" in without.content.decode()
    assert with_reason.status_code == 302
    assert case_of(case.id).unit_id == world.lights.id


def test_declining_when_said_then_the_desk_reads_why_and_decides(world: World) -> None:
    case = dispatched(world)
    water, desk = browser("water"), browser("desk")

    asking = water.get(address(case)).content.decode()
    said = water.post(address(case, "decline"), {"reason": "other_owner", "text": "该井盖属通信公司"})
    page = desk.get(address(case)).content.decode()
    without = desk.post(address(case, "reject_decline"), {"reason": "on_the_list", "text": ""})
    decided = desk.post(address(case, "reject_decline"), {"reason": "on_the_list", "text": "清单第三条"})

    until = case.moves.get(name="dispatch").happened_at + timedelta(hours=24)
    assert f'datetime="{timezone.localtime(until).isoformat()}"' in asking
    assert (said.status_code, without.status_code, decided.status_code) == (302, 422, 302)
    assert '<p class="words">该井盖属通信公司</p>' in page
    assert offered("dispatcher", case) == []
    assert case_of(case.id).state == State.HANDLING


def test_declining_when_said_twice_then_is_not_offered_and_refused_with_the_words_kept(world: World) -> None:
    case = disputed(world)
    reject_decline(by=world.viewer("desk"), case_id=case.id, reason="on_the_list", text="清单第三条")
    water = browser("water")

    page = water.get(address(case)).content.decode()
    second = water.post(address(case, "decline"), {"reason": "not_our_duty", "text": "不归我们"})

    assert "本案已由你单位退回过一次" in page
    assert "decline_text" not in page
    assert second.status_code == 409
    assert "本案已由你单位退回过一次" in second.content.decode()
    assert "不归我们</textarea>" in second.content.decode()


def test_reporter_when_shown_then_name_and_phone_are_masked(world: World) -> None:
    case = report(world, name="张三丰", phone="19900001234")

    page = browser("desk").get(address(case)).content.decode()

    assert "张**" in page
    assert "199****1234" in page
    assert "张三丰" not in page
    assert "19900001234" not in page


def reveal(client: Client, case: Case, purpose: str = "clarify") -> object:
    return client.post(address(case, "reveal"), {"of": str(case.reports.get().id), "purpose": purpose})


def test_reveal_when_a_purpose_is_given_then_shows_once_and_leaves_a_line(world: World) -> None:
    receipt = report(world, name="张三丰", phone="19900001234")
    client, case = browser("desk"), Case.objects.get(number=receipt.number)

    shown = reveal(client, case)

    assert "张三丰" in shown.content.decode()  # type: ignore[attr-defined]
    assert "19900001234" in shown.content.decode()  # type: ignore[attr-defined]
    assert "no-store" in shown["Cache-Control"]  # type: ignore[index]
    assert "张三丰" not in client.get(address(case)).content.decode()
    line = Line.objects.get(kind="access.revealed")
    assert line.data == {"field": "contact", "purpose": "clarify", "person": None}
    assert line.subject_id == case.reports.get().id


def test_reveal_when_there_is_no_purpose_then_shows_nothing(world: World) -> None:
    receipt = report(world, name="张三丰", phone="19900001234")
    case = Case.objects.get(number=receipt.number)

    response = reveal(browser("desk"), case, purpose="curious")

    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "张三丰" not in response.content.decode()  # type: ignore[attr-defined]
    assert not Line.objects.filter(kind="access.revealed").exists()


def test_reveal_when_neither_desk_nor_the_unit_then_403(world: World) -> None:
    case = dispatched(world, name="张三丰", phone="19900001234")

    allowed, refused = reveal(browser("water"), case), reveal(browser("dispatcher"), case)

    assert allowed.status_code == 200  # type: ignore[attr-defined]
    assert refused.status_code == 403  # type: ignore[attr-defined]


def test_history_when_read_in_office_then_holds_internal_words(world: World) -> None:
    case = reworked(world)

    page = browser("desk").get(address(case)).content.decode()

    assert "井盖仍松动" in page
    assert "核查未通过，退回返工：只处置了一部分" in page


def test_ended_case_when_opened_then_says_that_nothing_is_to_do(world: World) -> None:
    receipt = report(world)
    refuse_case(by=world.viewer("desk"), case_id=receipt.case_id, reason="court", text="请找法院")

    assert "本案已办结。" in browser("desk").get(address(receipt)).content.decode()


def test_case_page_when_the_history_grows_then_asks_the_database_no_more_often(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    short, long = handed_in(world), reworked(world)
    client = browser("desk")
    client.get(address(short))

    with django_assert_num_queries(13):
        client.get(address(short))
    with django_assert_num_queries(13):
        client.get(address(long))


def test_case_page_when_forms_are_open_then_their_choices_cost_few_questions(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    new, waiting, checking = report(world), filed(world), handed_in(world)
    desk, dispatcher, checker = browser("desk"), browser("dispatcher"), browser("checker")
    desk.get(address(new))

    with django_assert_num_queries(19):
        desk.get(address(new))
    with django_assert_num_queries(17):
        desk.get(address(new), {"q": "井盖"})
    with django_assert_num_queries(20):
        dispatcher.get(address(waiting))
    with django_assert_num_queries(15):
        checker.get(address(checking))
