"""Joining a case, changing a report, taking it back; and what nobody learns by it."""

from uuid import uuid4

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.ending import approve_ending, propose_ending
from liuchi.engines.cases.actions.merging import merge_case
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.actions.splitting import split_off
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.testing import World, case_of, closed, filed, give_role, point_in, report

SECRET, STREET = "我家三栋二零一，别告诉邻居", "六尺巷六号"


def _page(client: object, case: Case) -> str:
    return str(client.get(f"/cases/{case.number}/").content.decode())  # type: ignore[attr-defined]


def test_join_when_tapped_by_a_visitor_then_gives_a_receipt_and_shows_nothing_of_the_first(world: World) -> None:
    case, client = filed(world, text=SECRET, address=STREET), browser()
    assert client.get(f"/cases/{case.number}/").context["may_join"]

    answer = client.post(f"/cases/{case.number}/join/", {"token": str(uuid4())})
    shown = client.get(f"/cases/{case.number}/")

    assert answer["Location"] == "/report/done/"
    assert (shown.context["people"], shown.context["may_join"]) == (2, False)
    assert [each.is_joined for each in shown.context["own"]] == [True]
    assert SECRET not in shown.content.decode()
    assert STREET not in shown.content.decode()


def test_join_when_tapped_twice_then_counts_once(world: World) -> None:
    case, client = filed(world), browser("resident")

    for _ in range(2):
        client.post(f"/cases/{case.number}/join/", {"token": str(uuid4())})

    assert Report.objects.filter(case=case).count() == 2


def test_case_page_when_the_first_wrote_why_it_is_not_solved_then_who_joined_does_not_read_it(world: World) -> None:
    case = filed(world, by=world.viewer("resident"))
    client = browser("other-resident")
    client.post(f"/cases/{case.number}/join/", {"token": str(uuid4())})
    done = closed(world, by=world.viewer("resident"), grid=1)
    reopen_case(by=world.viewer("resident"), case_id=done.id, text=SECRET)
    client.post(f"/cases/{done.number}/join/", {"token": str(uuid4())})

    assert SECRET in _page(browser("resident"), done)
    assert SECRET not in _page(client, done)


def test_report_when_something_like_it_is_open_then_it_is_offered_and_may_be_sent_anyway(world: World) -> None:
    case, client = filed(world, text=SECRET), browser()
    longitude, latitude = point_in(world, 1)
    sent = {"text": "上水井盖破损", "longitude": longitude, "latitude": latitude, "token": str(uuid4())}

    offered = client.post("/report/", sent)
    page = offered.content.decode()

    assert Report.objects.count() == 1
    assert (case.number in page, "上水井盖破损" in page, SECRET in page) == (True, True, False)
    joined = browser().post(f"/cases/{case.number}/join/", sent)
    assert joined["Location"] == "/report/done/"
    assert Report.objects.get(is_joined=True).text == "上水井盖破损"
    assert client.post("/report/", {**sent, "token": str(uuid4()), "anyway": "1"})["Location"] == "/report/done/"
    assert Case.objects.count() == 2


def test_edit_when_sent_then_the_desk_reads_the_new_words(world: World) -> None:
    receipt = report(world, by=world.viewer("resident"), address=STREET)
    client, case = browser("resident"), case_of(receipt.case_id)

    form = client.get(f"/cases/{case.number}/edit/").content.decode()
    client.post(f"/cases/{case.number}/edit/", {"text": "井盖没了", "address": STREET})
    desk = browser("desk").get(f"/office/cases/{case.number}/")

    assert STREET in form
    assert "井盖没了" in desk.content.decode()
    assert "井盖坏了，晚上很危险" in desk.content.decode()
    assert desk.context["gathered"].versions
    assert case_of(case.id).place_id == case.place_id


def test_edit_when_filed_meanwhile_then_nothing_typed_is_lost(world: World) -> None:
    receipt = report(world, by=world.viewer("resident"))
    case, client = case_of(receipt.case_id), browser("resident")
    file_case(by=world.viewer("desk"), case_id=case.id, condition_id=world.conditions[0].id)

    answer = client.post(f"/cases/{case.number}/edit/", {"text": "刚写的新内容"})

    assert answer.status_code == 409
    assert "刚写的新内容" in answer.content.decode()


def test_edit_when_the_report_is_somebody_elses_then_is_refused(world: World) -> None:
    case = case_of(report(world, by=world.viewer("resident")).case_id)

    assert browser("other-resident").get(f"/cases/{case.number}/edit/").status_code == 403
    assert browser().get(f"/cases/{case.number}/edit/").status_code == 403


def test_withdraw_when_no_unit_has_it_then_says_that_the_case_ended(world: World) -> None:
    case = filed(world, by=world.viewer("resident"))
    client = browser("resident")
    assert client.get(f"/cases/{case.number}/").context["ends_with_it"]

    client.post(f"/cases/{case.number}/withdraw/")

    assert case_of(case.id).state == "withdrawn"
    assert not client.get(f"/cases/{case.number}/").context["may_withdraw"]


def test_case_page_when_merged_then_leads_to_the_other_and_its_receipt_opens_that(world: World) -> None:
    lead, client = filed(world), browser()
    client.post("/report/", {"text": "井盖坏了", "anyway": "1"})
    case = Case.objects.exclude(id=lead.id).get()
    merge_case(by=world.viewer("desk"), case_id=case.id, lead_id=lead.id)

    assert lead.number in _page(client, case)
    assert "井盖坏了" in _page(client, lead)


def test_case_page_when_the_message_was_split_then_one_entry_shows_the_parts(world: World) -> None:
    receipt = report(world, by=world.viewer("resident"))
    part = split_off(by=world.viewer("desk"), case_id=receipt.case_id, token=uuid4(), text="路灯也不亮")
    client = browser("resident")

    assert part.number in _page(client, case_of(receipt.case_id))
    assert "路灯也不亮" in _page(client, part)
    assert part.number not in _page(browser(), case_of(receipt.case_id))


def test_case_page_when_formally_ended_then_shows_reasons_and_what_can_be_done(world: World) -> None:
    give_role("officer", "duty_officer", world.district)
    case = filed(world, by=world.viewer("resident"))
    propose_ending(by=world.viewer("desk"), case_id=case.id, reason="court", text="内部意见")
    approve_ending(by=world.viewer("officer"), case_id=case.id, reason="court", text="该事项已由法院受理")

    page = _page(browser("resident"), case)

    assert "该事项已由法院受理" in page
    assert "12348" in page
    assert "内部意见" not in page


def test_home_when_cases_ended_otherwise_then_every_ending_is_shown(world: World) -> None:
    filed(world)

    shown = browser().get("/")

    assert shown.context["ended"].left_out == {"refused": 0, "dismissed": 0, "merged": 0, "withdrawn": 0}
