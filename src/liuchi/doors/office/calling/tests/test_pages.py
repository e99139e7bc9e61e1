"""Call-backs at the desk: the list, one call, the rule."""

from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.calling import draw_call_back, set_call_back_rule
from liuchi.engines.cases.models import CallBack, CallBackRule, CaseMove, State
from liuchi.engines.cases.testing import SETUP, World, case_of, closed, give_role


def _drawn(world: World) -> CallBack:
    set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=2)
    case = closed(world, by=world.viewer("resident"), text="井盖坏了，晚上很危险")
    closing = CaseMove.objects.get(case=case, name="close")
    row = draw_call_back(by=SETUP, closing_id=closing.id)
    assert row is not None
    return row


def _text(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def test_list_when_empty_then_says_so_and_with_rows_leads_to_the_call(world: World) -> None:
    desk = browser("desk")
    assert "empty" in _text(desk, "/office/call-backs/")
    row = _drawn(world)

    page = _text(desk, "/office/call-backs/")
    assert row.case.number in page
    assert f"/office/call-backs/{row.id}/" in page
    assert "empty" in _text(desk, "/office/call-backs/?shown=solved")
    for stranger in ("water", "checker", "dispatcher"):
        assert browser(stranger).get("/office/call-backs/").status_code == 403
    assert row.case.number not in _text(browser("other-desk"), "/office/call-backs/")


def test_list_when_taken_out_then_every_row_is_in_the_file(world: World) -> None:
    row = _drawn(world)
    answer = browser("desk").get("/office/call-backs/?format=csv")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]

    assert row.case.number in body.decode("utf-8", "replace")


def test_call_when_entered_by_page_then_counted_ended_or_taken_up_again(world: World) -> None:
    row = _drawn(world)
    desk, page = browser("desk"), f"/office/call-backs/{row.id}/"

    assert "井盖坏了" in _text(desk, page)
    assert desk.post(page, {}).status_code == 422
    assert desk.post(page, {"solved": "unreached", "calls": "0"}).status_code == 302
    stale = desk.post(page, {"solved": "yes", "calls": "0", "text": "写了很久的话"})
    assert stale.status_code == 409
    assert "写了很久的话" in stale.content.decode()
    assert desk.post(page, {"solved": "no", "calls": "1"}).status_code == 422
    assert desk.post(page, {"solved": "no", "calls": "1", "satisfied": "no", "text": "还在漏水"}).status_code == 302

    row.refresh_from_db()
    assert (row.result, row.calls, row.is_satisfied) == ("not_solved", 2, False)
    assert case_of(row.case_id).state == State.FILED


def test_call_when_opened_by_who_had_a_part_or_another_area_then_404(world: World) -> None:
    give_role("both", "desk", world.district)
    give_role("both", "handler", world.district, world.water)
    row = _drawn(world)

    for stranger in ("both", "other-desk"):
        assert browser(stranger).get(f"/office/call-backs/{row.id}/").status_code in {403, 404}


def test_rule_when_set_by_page_then_it_holds(world: World) -> None:
    give_role("keeper", "system_admin", world.district)
    keeper, page = browser("keeper"), "/office/call-backs/rules/"

    assert keeper.get(page).status_code == 200
    assert keeper.post(page, {"area": str(world.district.id), "percent": "101", "most_calls": "3"}).status_code == 422
    assert keeper.post(page, {"area": str(world.district.id), "percent": "30", "most_calls": "3"}).status_code == 302
    assert CallBackRule.objects.get().percent == 30
    assert "30" in _text(keeper, page)
    assert browser("desk").get(page).status_code == 403
