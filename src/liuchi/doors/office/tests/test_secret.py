"""Secret reports at the desk's door and in public."""

from django.test import Client

from liuchi.doors.office.tests.test_parts import _page
from liuchi.doors.ui.explaining import QuestionUnclear, tell
from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.secret import name_accused
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, case_of, filed, give_role, report
from liuchi.ground.attachments.actions import keep_attachment
from liuchi.ground.attachments.belonging import Files
from liuchi.ground.attachments.links import holder_mark, link_token
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.testing import photo

WORDS = "路灯所职工收受好处"


def _insider(world: World) -> Client:
    """Return the browser of one who accepts and dispatches, and has a hat in the lights squad."""
    for role in ("desk", "dispatcher"):
        give_role("insider", role, world.district)
    give_role("insider", "handler", world.district, world.lights)
    return browser("insider")


def test_pages_when_a_case_is_about_ones_unit_then_it_is_nowhere(world: World) -> None:
    case = filed(world, text=WORDS)
    insider = _insider(world)
    pages = (_page(case), "/office/?scope=all", "/office/?scope=all&format=csv", f"/office/search/?q={case.number}")
    for page in pages:
        assert case.number in _read(insider, page), "it could be shown"
    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

    assert insider.get(_page(case)).status_code == 404
    for page in pages[1:]:
        answer = _read(insider, page)
        assert f"/office/cases/{case.number}" not in answer
        assert WORDS not in answer
        assert case.number in _read(browser("dispatcher"), page)
    for url in ("secret/", "secret/lift/", "parts/bring_in/", "dispatch/"):
        assert insider.post(_page(case) + url, {"text": "x"}).status_code == 404
    assert browser().get(f"/cases/{case.number}/").status_code == 404


def _read(client: Client, page: str) -> str:
    answer = client.get(page, follow=True)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return str(body.decode("utf-8", "replace"))


def test_photo_when_the_case_is_about_ones_unit_then_no_link_of_others_opens_it(world: World) -> None:
    insider, holder = _insider(world), holder_mark(f"account:{world.viewer('desk').id}")
    kept = keep_attachment(by=world.viewer("desk"), prepared=prepare(photo((80, 60)), "证据.jpg"), holder=holder)
    receipt = report(world, text=WORDS, files=Files([kept.id], holder))
    case = case_of(receipt.case_id)
    link = link_token(kept, "file", holder)
    assert "证据.jpg" in _read(insider, _page(case)), "it could be shown"
    served = browser("desk").get(f"/files/{link}/")
    assert (served.status_code, bool(b"".join(served.streaming_content))) == (200, True)  # type: ignore[attr-defined]
    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

    assert insider.get(_page(case)).status_code == 404
    assert insider.get(f"/files/{link}/").status_code in {403, 404}


def test_dispatch_form_when_a_unit_is_left_out_then_says_so_and_does_not_offer_it(world: World) -> None:
    case = filed(world, text=WORDS)
    dispatcher = browser("dispatcher")
    assert f'value="{world.water.id}"' in dispatcher.get(_page(case)).content.decode(), "it could be offered"
    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.water.id])

    page = dispatcher.get(_page(case)).content.decode()
    assert f'value="{world.water.id}"' not in page
    assert [unit.name for unit in dispatcher.get(_page(case)).context["accused"]] == ["大观区供水服务中心"]
    assert "大观区供水服务中心" in page
    sent = dispatcher.post(f"{_page(case)}dispatch/", {"other": str(world.water.id), "reason": "清单"})
    assert sent.status_code == 422


def test_reporter_when_the_case_is_secret_then_known_to_desk_and_unit_in_charge_only(world: World) -> None:
    case = filed(world, text=WORDS, name="金丝雀", phone="19900007777")
    for username in ("dispatcher", "checker", "desk"):
        assert "金*" in browser(username).get(_page(case)).content.decode(), "it could be shown"
    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])
    dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id, reason="清单")

    for username, shown in (("dispatcher", False), ("checker", False), ("desk", True), ("water", True)):
        page = browser(username).get(_page(case)).content.decode()
        assert ("金*" in page) is shown
        assert ("7777" in page) is shown


def test_desk_when_it_names_and_lifts_by_page_then_the_case_follows(world: World) -> None:
    case = filed(world, text=WORDS)
    desk = browser("desk")
    assert f"{_page(case)}secret/" in desk.get(_page(case)).content.decode()
    assert desk.post(f"{_page(case)}secret/", {}).status_code == 422

    assert desk.post(f"{_page(case)}secret/", {"units": [str(world.lights.id)]}).status_code == 302
    assert case_of(case.id).is_secret
    assert browser("dispatcher").get(f"{_page(case)}secret/").status_code == 403
    assert desk.post(f"{_page(case)}secret/lift/", {"text": "不涉及单位人员"}).status_code == 302
    assert not case_of(case.id).is_secret


def test_resident_when_reporting_in_secret_then_follows_it_with_the_code_and_nobody_else_does(world: World) -> None:
    client = browser()
    number, code = report_by_page(client, WORDS, is_secret="on", about_unit=str(world.lights.id))
    case = Case.objects.get(number=number)

    assert case.is_secret
    assert list(case.accused.values_list("unit_id", flat=True)) == [world.lights.id]
    assert client.get(f"/cases/{number}/").status_code == 200
    assert browser().get(f"/cases/{number}/").status_code == 404
    stranger = browser()
    assert stranger.post("/cases/open/", {"number": number, "code": ""}).status_code == 422
    assert stranger.post("/cases/open/", {"number": number, "code": code}).status_code == 302
    assert stranger.get(f"/cases/{number}/").status_code == 200
    assert number not in browser().get("/").content.decode()


def test_explaining_when_a_case_is_about_a_unit_of_theirs_then_says_so_but_not_to_themselves(world: World) -> None:
    case = filed(world, text=WORDS)
    _insider(world)
    insider, dispatcher = world.viewer("insider", "own"), world.viewer("dispatcher")
    assert tell(insider, case.number).is_allowed, "it could be open"
    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

    told = tell(insider, case.number, dispatcher)
    assert not told.is_allowed
    assert any("secret" in line for line in told.lines)
    assert not any("路灯" in line for line in told.lines if "secret" in line)
    assert tell(dispatcher, case.number).is_allowed
    for asked in (case.number, f"/office/cases/{case.number}/"):
        try:
            answer = tell(dispatcher, asked, insider)
        except QuestionUnclear:
            continue
        assert not any("secret" in line for line in answer.lines)
