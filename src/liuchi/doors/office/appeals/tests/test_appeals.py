"""Appeals against time-outs: from the case page to the decision."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.appeal import appeal_timeout
from liuchi.engines.cases.models import CaseClock
from liuchi.engines.cases.testing import World, closed
from liuchi.engines.cases.tests.test_appeals import handling, overdue


def address(clock: CaseClock) -> str:
    return f"/office/appeals/{clock.case.number}/{clock.id}/"


def test_appeal_when_sent_from_the_case_page_then_the_desk_finds_it_listed_and_excuses_it(world: World) -> None:
    case = overdue(world)
    page = address(handling(case))
    water, desk = browser("water", "en"), browser("desk", "en")

    offered = water.get(f"/office/cases/{case.number}/").content.decode()
    without = water.post(page, {"reason": "no_access", "text": ""})
    sent = water.post(page, {"reason": "no_access", "text": "两次到场业主不在"})
    listed = desk.get("/office/appeals/").content.decode()
    read = desk.get(page).content.decode()
    undecided = desk.post(page, {"text": "属实"})
    decided = desk.post(page, {"decision": "uphold", "text": "属实"})
    after = water.get(f"/office/cases/{case.number}/").content.decode()

    assert f'href="{page}">Appeal</a>' in offered
    assert (without.status_code, sent.status_code, undecided.status_code, decided.status_code) == (422, 302, 422, 302)
    assert f'href="{page}"' in listed
    assert "Nobody let the unit in" in read
    assert "两次到场业主不在" in read
    assert "excused</span>" in after
    assert "overdue</span>" in after
    assert "The time-out is excused; that it was late stays" in after
    assert f'href="{page}"' not in desk.get("/office/appeals/").content.decode()


def test_appeal_when_it_is_nobodys_turn_or_no_time_out_then_says_so(world: World) -> None:
    case, in_time = overdue(world), closed(world)
    page = address(handling(case))

    assert browser("desk").post(page, {"decision": "uphold"}).status_code == 403
    assert browser("water").get(address(handling(in_time))).status_code == 404
    assert browser("lights").get(page).status_code == 404
    assert browser("water").get("/office/appeals/").status_code == 403
    assert '<form method="post" class="stack"' not in browser("checker").get(page).content.decode()


def test_appeal_when_the_case_changed_meanwhile_then_the_words_stay_and_it_says_so(world: World) -> None:
    case = overdue(world)
    page = address(handling(case))
    appeal_timeout(by=world.viewer("water"), clock_id=handling(case).id, reason="weather", text="暴雨")

    late = browser("desk").post(page, {"decision": "reject", "text": "无预警记录", "version": case.version})

    assert late.status_code == 409
    assert "无预警记录</textarea>" in late.content.decode()


def test_list_when_several_appeals_wait_then_all_are_read_at_once(world: World) -> None:
    for _ in range(2):
        case = overdue(world)
        appeal_timeout(by=world.viewer("water"), clock_id=handling(case).id, reason="weather", text="暴雨")
    desk = browser("desk")
    desk.get("/office/appeals/")

    with CaptureQueriesContext(connection) as counted:
        rows = desk.get("/office/appeals/").content.decode().count("<tr>")

    assert rows == 3
    assert len([each for each in counted.captured_queries if "cases_appeal" in each["sql"]]) == 1
