from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.actions.desk import refuse_case, send_to_verify
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.receipts import receipt_code
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, filed, handed_in, report, reworked
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id


def page_of(number: str, client: Client | None = None) -> str:
    return (client or browser()).get(f"/cases/{number}/").content.decode()


@pytest.fixture
def opened(world: World) -> tuple[Client, Case]:
    """Give a closed case and a browser that opened it with its receipt."""
    token, client = new_id(), browser()
    case = closed(world, token=token, text="只有我知道的话")
    client.post("/cases/open/", {"number": case.number, "code": receipt_code(token)})
    return client, case


def test_case_when_unknown_then_404(world: World) -> None:
    assert browser().get("/cases/20240101-999999/").status_code == 404


def test_case_when_a_stranger_looks_then_shows_steps_and_no_private_word(world: World) -> None:
    case = reworked(world, text="只有我知道的话", name="欧阳小明", phone="19900001234", address="菜场北门 3 号")

    page = page_of(case.number)

    assert "已更换井盖" in page
    assert "核查未通过，退回返工：只处置了一部分" in page
    assert "供水中心" in page
    for private in ("只有我知道的话", "欧阳", "1990000", "菜场北门", "井盖仍松动", "权责清单"):
        assert private not in page


def test_case_when_its_reporter_is_signed_in_then_own_words_are_shown(world: World) -> None:
    receipt = report(world, by=world.viewer("resident"), text="只有我知道的话", address="菜场北门")

    own, other = page_of(receipt.number, browser("resident")), page_of(receipt.number, browser("other-resident"))

    assert "只有我知道的话" in own
    assert "菜场北门" in own
    assert "只有我知道的话" not in other


def test_case_when_the_promise_runs_then_tells_what_is_left_and_the_exact_moment(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
    with frozen_at(MORNING + timedelta(hours=1)):
        in_time = page_of(case.number)
    with frozen_at(MORNING + timedelta(hours=9)):
        late = page_of(case.number)

    assert "还剩 5 小时" in in_time
    assert '<time datetime="2024-09-12T15:00:00+08:00" title="2024-09-12 15:00:00">9月12日 15:00</time>' in in_time
    assert "超时 3 小时" in late


def test_case_when_being_checked_then_says_that_the_limit_rests(world: World) -> None:
    with frozen_at(MORNING):
        case = handed_in(world)
    with frozen_at(MORNING + timedelta(days=2)):
        page = page_of(case.number)

    assert "等待核查和结案期间不计时" in page
    assert "超时" not in page


def test_case_when_being_verified_then_says_so(world: World) -> None:
    case = report(world)
    send_to_verify(by=world.viewer("desk"), case_id=case.case_id)

    assert "正在安排人员到现场核实" in page_of(case.number)


def test_case_when_closed_then_says_whether_in_time_and_what_was_done(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world)

    page = page_of(case.number)

    assert "按期办结" in page
    assert page.index("处置结果") < page.index("已更换井盖") < page.index("办理过程")


def test_case_when_beyond_the_calendar_then_explains_that_the_date_is_provisional(world: World) -> None:
    with frozen_at(MORNING.replace(year=2035)):
        case = filed(world)

        page = page_of(case.number)

    assert "暂定" in page


def test_case_when_refused_then_gives_reason_and_where_to_go(world: World) -> None:
    receipt = report(world)
    refuse_case(by=world.viewer("desk"), case_id=receipt.case_id, reason="court", text="请向区人民法院立案窗口咨询")

    page = page_of(receipt.number)

    assert "不予立案：应通过诉讼、仲裁或行政复议等途径解决" in page
    assert "请向区人民法院立案窗口咨询" in page


def test_rating_when_given_with_the_receipt_then_is_kept_once(opened: tuple[Client, Case]) -> None:
    client, case = opened

    first = client.post(f"/cases/{case.number}/rate/", {"rating": "4", "text": "挺快"}, follow=True)
    second = client.post(f"/cases/{case.number}/rate/", {"rating": "1"})

    case.refresh_from_db()
    assert case.rating == 4
    assert "感谢您的评价。" in first.content.decode()
    assert "挺快" in first.content.decode()
    assert second.status_code == 422
    assert "本案已评价过" in second.content.decode()


def test_rating_when_no_grade_is_chosen_then_words_are_kept(opened: tuple[Client, Case]) -> None:
    client, case = opened

    response = client.post(f"/cases/{case.number}/rate/", {"text": "写了很久的话"})

    assert response.status_code == 422
    assert "请选择一个满意度。" in response.content.decode()
    assert "写了很久的话</textarea>" in response.content.decode()


def test_reopening_when_not_solved_then_goes_back_to_work(opened: tuple[Client, Case]) -> None:
    client, case = opened

    empty = client.post(f"/cases/{case.number}/reopen/", {"text": " "})
    response = client.post(f"/cases/{case.number}/reopen/", {"text": "还在漏"}, follow=True)

    case.refresh_from_db()
    assert empty.status_code == 422
    assert case.state == State.FILED
    assert "已转回重新办理" in response.content.decode()
    assert "还在漏" in response.content.decode()
    assert "还在漏" not in page_of(case.number)


@pytest.mark.parametrize(("move", "values"), [("rate", {"rating": "1"}), ("reopen", {"text": "x"})])
def test_move_when_somebody_else_makes_it_then_is_refused(
    world: World, opened: tuple[Client, Case], move: str, values: dict[str, str]
) -> None:
    _client, case = opened

    stranger = browser().post(f"/cases/{case.number}/{move}/", values)
    colleague = browser("desk").post(f"/cases/{case.number}/{move}/", values)

    case.refresh_from_db()
    assert (stranger.status_code, colleague.status_code) == (422, 422)
    assert "只有反映人本人可以操作" in stranger.content.decode()
    assert (case.state, case.rating) == (State.CLOSED, None)


def test_forms_when_not_the_reporter_then_are_not_offered(opened: tuple[Client, Case]) -> None:
    client, case = opened

    own, public = page_of(case.number, client), page_of(case.number)

    assert ("/rate/" in own, "/reopen/" in own) == (True, True)
    assert ("/rate/" in public, "/reopen/" in public) == (False, False)


def test_move_pages_when_asked_for_by_get_then_lead_to_the_case(opened: tuple[Client, Case]) -> None:
    client, case = opened

    assert client.get(f"/cases/{case.number}/rate/")["Location"] == f"/cases/{case.number}/"
    assert client.get(f"/cases/{case.number}/reopen/")["Location"] == f"/cases/{case.number}/"


def test_receipt_when_reported_in_this_browser_then_opens_at_once(world: World) -> None:
    client = browser()

    number, _code = report_by_page(client, "只有我知道的话")

    assert "只有我知道的话" in page_of(number, client)


def test_case_when_its_history_grows_then_asks_the_database_no_more_often(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    short, long = report(world), reworked(world)
    client = browser()
    client.get(f"/cases/{short.number}/")

    with django_assert_num_queries(5):
        client.get(f"/cases/{short.number}/")
    with django_assert_num_queries(5):
        client.get(f"/cases/{long.number}/")


def test_dispatched_case_when_shown_then_names_the_unit_in_charge(world: World) -> None:
    case = dispatched(world)

    assert "大观区供水服务中心" in page_of(case.number)


def test_case_when_forgotten_on_this_device_then_is_a_strangers_again(world: World) -> None:
    client = browser()
    number, code = report_by_page(client, "邻居太吵")
    receipt, before = client.get("/report/done/").content.decode(), client.get(f"/cases/{number}/").content.decode()

    client.post(f"/cases/{number}/forget/")

    after = client.get(f"/cases/{number}/").content.decode()
    button = f'action="/cases/{number}/forget/"'
    assert ("邻居太吵" in before, "邻居太吵" in after) == (True, False)
    assert (button in receipt, button in before, button in after) == (True, True, False)
    assert client.get("/report/done/")["Location"] == "/report/"
    client.post("/cases/open/", {"number": number, "code": code})
    assert "邻居太吵" in client.get(f"/cases/{number}/").content.decode()
