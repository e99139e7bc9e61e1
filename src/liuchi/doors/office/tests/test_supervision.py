"""The pages of supervision: the list, the block on a case's page, and what is sent from there."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Case, Supervision
from liuchi.engines.cases.supervision import queries
from liuchi.engines.cases.supervision.actions.answering import answer_supervision
from liuchi.engines.cases.supervision.actions.by_hand import order_case, remind_of_case
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.engines.cases.testing import MORNING, World, closed, dispatched, give_role
from liuchi.ground.kernel.clock import frozen_at


@pytest.fixture
def case(world: World) -> Case:
    give_role("supervisor", "supervisor", world.district)
    return dispatched(world)


def _ordered(world: World, case: Case) -> Supervision:
    return order_case(by=world.viewer("supervisor"), case_id=case.id, text="请今天到场")


def _post(who: str, case: Case, rest: str, **values: str) -> tuple[int, str]:
    answer = browser(who).post(f"/office/cases/{case.number}/supervision/{rest}", values)
    return answer.status_code, answer.content.decode()


def test_list_when_empty_then_says_what_comes_here(world: World, case: Case) -> None:
    page = browser("supervisor").get("/office/supervision/").content.decode()

    assert "Nobody has to be urged" in page or "没有需要催办督办的案件" in page


def test_list_when_narrowed_then_shows_what_fits(world: World, case: Case) -> None:
    remind_of_case(by=world.viewer("desk"), case_id=case.id)
    row = _ordered(world, case)
    other = dispatched(world, grid=7)
    _ordered(world, other)

    def shown(who: str, **query: str) -> list[str]:
        rows = browser(who).get("/office/supervision/", query).context["rows"]
        return [f"{each.row.level} {each.row.case.number[-1]}" for each in rows]

    one, two = case.number[-1], other.number[-1]
    town = world.grids[7].statistical_parent.statistical_parent_id  # type: ignore[union-attr]
    assert shown("supervisor") == [f"order {two}", f"order {one}", f"reminder {one}"]
    assert shown("supervisor", level="reminder") == [f"reminder {one}"]
    assert shown("supervisor", town=str(town)) == [f"order {two}"]
    assert shown("supervisor", unit=str(world.lights.id)) == []
    assert shown("supervisor", shown="answered") == []
    assert shown("supervisor", after=str(row.id)) == [f"reminder {one}"]
    assert shown("water") == [f"order {two}", f"order {one}", f"reminder {one}"]
    assert shown("lights") == []
    assert shown("other-desk") == [f"order {two}"]


def test_list_when_longer_than_a_page_then_paged_and_exported_whole(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    cases = [case, *(dispatched(world, grid=each) for each in range(4))]
    for each in cases:
        _ordered(world, each)
    client, found, address = browser("supervisor"), [], ""
    for _ in range(3):
        context = client.get(f"/office/supervision/?{address}").context
        found += [row.row.case.number for row in context["rows"]]
        address = context["next"]

    text = client.get("/office/supervision/?format=csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]

    assert found == [row[0] for row in rows] == [each.number for each in reversed(cases)]
    assert address == ""


@pytest.mark.parametrize("count", [1, 3])
def test_list_when_it_has_more_rows_then_the_same_queries(
    world: World, case: Case, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for grid in range(count):
        _ordered(world, dispatched(world, grid=grid))
    client = browser("supervisor")

    with django_assert_max_num_queries(12):
        assert len(client.get("/office/supervision/").context["rows"]) == count


@pytest.mark.parametrize(
    ("who", "acts"), [("supervisor", ["remind", "order"]), ("desk", ["remind"]), ("water", []), ("checker", [])]
)
def test_case_page_when_opened_then_offers_what_the_reader_may_do(
    world: World, case: Case, who: str, acts: list[str]
) -> None:
    shown = browser(who).get(f"/office/cases/{case.number}/").context["supervision"]

    assert [act.name for act in shown.acts] == acts


def test_order_when_sent_then_stands_on_the_case_page_and_above_the_work_list_of_the_unit(
    world: World, case: Case
) -> None:
    status, _page = _post("supervisor", case, "order/", text="请今天到场", days="2", version=str(case.version))

    page = browser("water").get(f"/office/cases/{case.number}/").content.decode()
    strip = browser("water").get("/office/")
    row = Supervision.objects.get()
    assert (status, row.level) == (302, "order")
    assert row.answer_due_at - row.issued_at >= timedelta(days=1, hours=12)
    assert "请今天到场" in page
    assert [count for _label, count in strip.context["to_answer"]] == [1]
    assert browser("lights").get("/office/").context["to_answer"] == []


def test_order_when_words_are_missing_then_typed_values_survive(world: World, case: Case) -> None:
    status, page = _post("supervisor", case, "order/", text=" ", days="3")

    assert status == 422
    assert '<option value="3" selected>' in page


def test_order_when_the_case_changed_meanwhile_then_told_so_and_nothing_typed_is_lost(world: World, case: Case) -> None:
    status, page = _post("supervisor", case, "order/", text="请今天到场", version=str(case.version - 1))

    assert status == 409
    assert "请今天到场" in page
    assert not Supervision.objects.exists()


def test_answer_when_sent_back_and_accepted_by_page_then_everything_is_shown(world: World, case: Case) -> None:
    row = _ordered(world, case)

    assert _post("water", case, f"{row.id}/answer/", text="")[0] == 422
    assert _post("water", case, f"{row.id}/answer/", text="明天做", version="1")[0] == 302
    assert _post("water", case, f"{row.id}/answer/", text="再答", version="1")[0] == 409
    assert _post("supervisor", case, f"{row.id}/send-back/", text="几点？", days="1")[0] == 302
    assert _post("water", case, f"{row.id}/answer/", text="上午十点")[0] == 302
    assert _post("supervisor", case, f"{row.id}/accept/")[0] == 302
    assert _post("supervisor", case, f"{row.id}/withdraw/", text="迟了")[0] == 409

    page = browser("desk").get(f"/office/cases/{case.number}/supervision/").content.decode()
    for words in ("请今天到场", "明天做", "几点？", "上午十点"):
        assert words in page


def test_answer_when_somebody_else_sends_it_then_refused(world: World, case: Case) -> None:
    row = _ordered(world, case)
    elsewhere = dispatched(world, grid=3)

    assert _post("desk", case, f"{row.id}/answer/", text="我答")[0] == 403
    assert _post("lights", case, f"{row.id}/answer/", text="我答")[0] == 404
    assert _post("water", elsewhere, f"{row.id}/answer/", text="我答")[0] == 404
    assert _post("water", case, f"{row.id}/shout/", text="我答")[0] == 404
    assert _post("supervisor", case, "shout/")[0] == 404


def test_case_page_when_the_rule_urged_then_says_by_how_much_it_was_over(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    for hours in (9, 25, 33, 49, 58, 150, 170, 175):
        with frozen_at(MORNING + timedelta(hours=hours)):
            supervise()
    with frozen_at(MORNING + timedelta(hours=180)):
        shown = browser("desk", "en").get(f"/office/cases/{case.number}/").context["supervision"]

    assert [each.row.level for each in shown.rows] == ["red", "yellow", "order", "reminder"]
    assert shown.rows[-1].why.startswith("By rule: overdue by 3 working hours")
    assert "working days" in shown.rows[1].why


def test_ended_case_when_opened_then_offers_nothing(world: World) -> None:
    give_role("supervisor", "supervisor", world.district)
    case = closed(world)

    assert browser("supervisor").get(f"/office/cases/{case.number}/").context["supervision"].acts == []
    page = browser("supervisor").get(f"/office/cases/{case.number}/supervision/")
    assert page.status_code == 200


def test_answer_when_looked_at_then_the_unit_may_not_judge_it(world: World, case: Case) -> None:
    row = _ordered(world, case)
    answer_supervision(by=world.viewer("water"), supervision_id=row.id, text="明天做")

    def offered(client: Client) -> list[str]:
        shown = client.get(f"/office/cases/{case.number}/").context["supervision"]
        return [act.name for act in shown.rows[0].acts]

    assert offered(browser("water")) == []
    assert offered(browser("supervisor")) == ["accept", "send-back", "withdraw"]
