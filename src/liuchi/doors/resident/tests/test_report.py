from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.html import escape

from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.models import Case, Report
from liuchi.engines.cases.testing import World, point_in
from liuchi.ground.access.models import Account
from liuchi.ground.kernel.clock import frozen_at, now
from liuchi.ground.kernel.texts import plain_text


def test_report_when_only_words_are_given_then_is_taken_in(world: World) -> None:
    client = browser()

    response = client.post("/report/", {"text": "井盖坏了"})

    assert response["Location"] == "/report/done/"
    report = Report.objects.get()
    assert (report.text, report.case.place_id, report.reporter_id) == ("井盖坏了", world.district.id, None)


def test_report_when_taken_in_then_number_and_code_stand_on_the_receipt_and_in_no_address(world: World) -> None:
    client = browser()

    answer = client.post("/report/", {"text": "井盖坏了"})
    page = client.get("/report/done/")

    case = Case.objects.get()
    code = page.context["code"]
    assert case.number in page.content.decode()
    assert code in page.content.decode()
    assert f"/cases/{case.number}/#code={code}" in page.content.decode()
    assert code not in answer["Location"]
    assert code not in str(dict(client.session.items()))


def test_report_when_sent_twice_then_is_one_case_with_the_same_receipt(world: World) -> None:
    client, token = browser(), uuid4()

    first = report_by_page(client, token=token)
    second = report_by_page(client, token=token)

    assert first == second
    assert Case.objects.count() == 1


def test_report_when_the_same_words_come_again_after_back_then_leads_to_the_first_receipt(world: World) -> None:
    client = browser()
    first = report_by_page(client, "路灯不亮", address="菜场北门")
    report_by_page(client, "井盖坏了")

    client.post("/report/", {"token": str(uuid4()), "text": "路灯不亮", "address": "菜场北门"})
    receipt = client.get("/report/done/")

    assert (receipt.context["number"], receipt.context["code"]) == first
    assert "这件事刚才已经提交过" in receipt.content.decode()
    assert Case.objects.count() == 2


def test_report_when_back_lost_the_point_on_the_map_then_is_the_same_report(world: World) -> None:
    client, (longitude, latitude) = browser(), point_in(world, 3)

    first = report_by_page(client, longitude=str(longitude), latitude=str(latitude))
    second = report_by_page(client)

    assert first == second


@pytest.mark.parametrize(
    ("grid", "other"), [(3, {"address": "南门"}), (3, {"text": "井盖又坏了"}), (3, {"phone": "19900000002"}), (4, {})]
)
def test_report_when_anything_differs_then_is_a_case_of_its_own(world: World, grid: int, other: dict[str, str]) -> None:
    client, here, there = browser(), point_in(world, 3), point_in(world, grid)
    said = {"text": "井盖坏了", "address": "北门"}
    client.post("/report/", {**said, "longitude": str(here[0]), "latitude": str(here[1])})

    client.post("/report/", {**said, "longitude": str(there[0]), "latitude": str(there[1]), **other})

    assert Case.objects.count() == 2


def test_report_when_the_same_words_come_from_elsewhere_or_later_then_is_a_case_of_its_own(world: World) -> None:
    client = browser()
    report_by_page(client)

    report_by_page(browser())
    with frozen_at(now() + timedelta(minutes=31)):
        report_by_page(client)

    assert Case.objects.count() == 3


def test_report_when_everything_is_given_then_is_kept_sealed_and_placed(world: World) -> None:
    longitude, latitude = point_in(world, 3)

    report_by_page(
        browser("resident"),
        longitude=str(longitude),
        latitude=str(latitude),
        address="菜场北门",
        name="张三",
        phone="+86 199-0000-0001",
    )

    report = Report.objects.select_related("case").get()
    assert (report.case.place_id, report.case.address) == (world.grids[3].id, "菜场北门")
    assert report.reporter_id == Account.objects.get(username="resident").person_id
    assert "张三".encode() not in bytes(report.name_sealed or b"")
    assert b"19900000001" not in bytes(report.phone_sealed or b"")


def test_report_when_a_community_is_chosen_then_lies_there(world: World) -> None:
    report_by_page(browser(), community=str(world.communities[2].id))

    assert Case.objects.get().place_id == world.communities[2].id


@pytest.mark.parametrize("given", [{"longitude": "nan", "latitude": "91"}, {"longitude": "x", "latitude": "30"}])
def test_report_when_the_browser_gives_no_real_place_then_is_taken_in_all_the_same(
    world: World, given: dict[str, str]
) -> None:
    browser().post("/report/", {"text": "井盖坏了", **given})

    assert Case.objects.get().place_id == world.district.id


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"text": "  \n"}, "请用几句话说说是什么事。"),
        ({"text": "长" * 6000}, "最多 5000 字，目前 6000 字。"),
        ({"text": "井盖", "phone": "call me"}, "请检查号码"),
        ({"text": "井盖", "address": "街" * 201}, "200"),
        ({"text": "井盖", "community": "no-such"}, "no-such"),
    ],
)
def test_report_when_refused_then_says_why_beside_the_field_and_keeps_everything(
    world: World, values: dict[str, str], error: str
) -> None:
    everything = {"token": str(uuid4()), "address": "菜场北门", "name": "张三", "phone": "19900000001", **values}

    response = browser().post("/report/", everything)

    page = response.content.decode()
    assert response.status_code == 422
    assert error in page
    assert 'class="errors"' in page
    kept = {name: response.context["form"][name].value() for name in everything}
    assert kept == everything
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "nul\0byte and \x1b[31m", "bidi \u202eевил\u2066", "表情 😀 和 𠮷", "{{ 7|add:7 }}"],
)
def test_report_when_words_are_hostile_then_are_shown_as_words_to_their_author_only(world: World, text: str) -> None:
    author, stranger = browser(), browser()

    number, _code = report_by_page(author, text)
    own, public = (each.get(f"/cases/{number}/").content.decode() for each in (author, stranger))

    assert "<script>alert" not in own
    assert "\0" not in own
    assert "\x1b" not in own
    words = escape(plain_text(text))
    assert "\u202e" not in own
    assert f'<p class="words">{words}</p>' in own
    assert words not in public


def test_report_when_about_the_software_then_says_so_in_its_words(world: World) -> None:
    client = browser()

    page = client.get("/report/?about=software").content.decode()
    client.post("/report/", {"text": "地图打不开", "about": "software"})

    assert "这个软件哪里不好用？" in page
    assert Report.objects.get().text == "关于本软件：地图打不开"


def test_receipt_page_when_nothing_was_reported_then_leads_to_the_form(world: World) -> None:
    assert browser().get("/report/done/")["Location"] == "/report/"


def test_form_when_opened_then_needs_no_script_and_asks_no_category(world: World) -> None:
    page = browser().get("/report/").content.decode()

    assert '<form method="post" action="/report/"' in page
    assert 'class="stack" autocomplete="off" novalidate' in page
    assert ('autocomplete="name"' in page, 'autocomplete="tel"' in page) == (True, True)
    assert '<optgroup label="第1街道">' in page
    assert "category" not in page
