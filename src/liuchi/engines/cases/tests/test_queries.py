"""Reading cases: who sees which, how many queries it costs, and that every page holds every row once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.engines.cases.actions.check import fail_check
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.desk import refuse_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import decline_case
from liuchi.engines.cases.filtering import PAGE, Filters
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.queries import (
    case_at_work,
    case_for,
    cases_reported_by,
    conditions,
    counts_by_state,
    moves_of,
    own_reports,
    public_case,
    receipt_opens,
    recent_public_cases,
    standing,
    units_for,
    work_list,
)
from liuchi.engines.cases.testing import (
    MORNING,
    World,
    case_of,
    closed,
    dispatched,
    filed,
    give_role,
    handed_in,
    report,
)
from liuchi.ground.access.viewers import PUBLIC, Viewer
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.queries import territory_held


def numbers(viewer: Viewer, scope: str = "mine", **filters: object) -> set[str]:
    return {case.number for case in work_list(viewer, Filters(scope=scope, **filters)).cases}  # type: ignore[arg-type]


def queries_of(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_when_there_are_one_or_three_cases_then_cost_the_same(world: World, rows: int) -> None:
    with frozen_at(MORNING), territory_held():
        for _ in range(rows):
            case = dispatched(world, by=world.viewer("resident"))
        desk, resident = world.viewer("desk"), world.viewer("resident")
        costs = {
            "work_list": queries_of(lambda: repr(work_list(desk, Filters(scope="all")).cases)),
            "counts_by_state": queries_of(lambda: counts_by_state(desk, "all")),
            "case_for": queries_of(lambda: str(case_for(desk, case.number).condition)),
            "public_case": queries_of(lambda: [str(move.unit) for move in public_case(case.number).moves]),
            "recent_public_cases": queries_of(lambda: [each.title + each.place for each in recent_public_cases()]),
            "cases_reported_by": queries_of(lambda: [each.title for each in cases_reported_by(resident)]),
            "standing": queries_of(standing),
            "units_for": queries_of(lambda: [each.organisation.name for each in units_for(case)]),
        }

    assert costs == {
        "work_list": 1,
        "counts_by_state": 1,
        "case_for": 1,
        "public_case": 2,
        "recent_public_cases": 1,
        "cases_reported_by": 1,
        "standing": 1,
        "units_for": 2,
    }


def test_work_list_when_many_steps_are_due_at_one_moment_then_the_pages_hold_every_case_once(world: World) -> None:
    total = 2 * PAGE + 7
    with frozen_at(MORNING):
        all_numbers = [case_of(report(world).case_id).number for _ in range(total)]
    with frozen_at(MORNING - timedelta(minutes=1)):
        all_numbers.append(case_of(report(world).case_id).number)
    desk, seen, key, pages = world.viewer("desk"), [], None, 0
    with frozen_at(MORNING):
        desk = world.viewer("desk")
        while pages == 0 or key is not None:
            page = work_list(desk, Filters(after=key))
            seen += [case.number for case in page.cases]
            key, pages = page.next_key, pages + 1

    assert pages == 3
    assert sorted(seen) == sorted(all_numbers)
    assert seen[0] == all_numbers[-1]


def test_work_list_when_exactly_one_page_is_full_then_there_is_no_next(world: World) -> None:
    with frozen_at(MORNING):
        for _ in range(PAGE):
            report(world)
        page = work_list(world.viewer("desk"), Filters())

    assert (len(page.cases), page.next_key) == (PAGE, None)


def test_work_list_when_somebody_holds_no_grant_or_only_a_residents_then_is_empty(world: World) -> None:
    with frozen_at(MORNING):
        dispatched(world)
        report(world)
        nobody = Viewer(id=new_id(), person_id=new_id(), username="nobody", grants=())
        for viewer in (nobody, world.viewer("resident")):
            for scope in ("mine", "all"):
                assert numbers(viewer, scope) == set()
                assert counts_by_state(viewer, scope) == {}
        assert len(numbers(world.viewer("desk"), "all")) == 2


def test_work_list_when_cases_stand_at_every_stage_then_each_waits_for_whom_it_should(world: World) -> None:
    with frozen_at(MORNING):
        waiting = {
            "received": case_of(report(world).case_id),
            "filed": filed(world),
            "handling": dispatched(world),
            "checking": handed_in(world),
        }
        elsewhere = case_of(report(world, grid=5).case_id)
        closed(world)
        mine = {
            name: numbers(world.viewer(name))
            for name in ("desk", "dispatcher", "water", "lights", "checker", "other-checker", "other-desk")
        }
        counts = counts_by_state(world.viewer("desk"), "all")

    assert mine == {
        "desk": {waiting["received"].number, elsewhere.number},
        "dispatcher": {waiting["filed"].number},
        "water": {waiting["handling"].number},
        "lights": set(),
        "checker": {waiting["checking"].number},
        "other-checker": set(),
        "other-desk": {elsewhere.number},
    }
    assert counts == {"received": 2, "filed": 1, "handling": 1, "checking": 1}


def test_case_when_looked_for_by_each_then_only_those_concerned_see_it(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world, by=world.viewer("resident"))
        decline_case(by=world.viewer("water"), case_id=case.id, reason="not_our_duty", text="不是")
        uphold_decline(by=world.viewer("desk"), case_id=case.id)
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id)
        give_role("town-handler", "handler", world.communities[3], world.lights)
        names = [
            "desk",
            "dispatcher",
            "checker",
            "water",
            "lights",
            "town-handler",
            "resident",
            "other-resident",
            "other-desk",
            "other-checker",
        ]
        seen = {name for name in names if _sees(case_for, world.viewer(name), case)}
        at_work = {name for name in names if _sees(case_at_work, world.viewer(name), case)}

    assert seen == {"desk", "dispatcher", "checker", "water", "lights", "town-handler", "resident"}
    assert at_work == seen - {"resident"}


def _sees(ask: Callable[[Viewer, str], Case], viewer: Viewer, case: Case) -> bool:
    try:
        return ask(viewer, case.number).id == case.id
    except NotFound:
        return False


def test_case_when_there_is_none_of_the_number_then_not_found(world: World) -> None:
    with frozen_at(MORNING):
        for ask in (case_for, case_at_work):
            with pytest.raises(NotFound):
                ask(world.viewer("desk"), "20240912-999999")
    with pytest.raises(NotFound):
        public_case("20240912-999999")
    assert not receipt_opens("20240912-999999", "22222-22222")


def test_public_page_when_read_then_tells_the_truth_but_no_word_of_the_reporter(world: World) -> None:
    with frozen_at(MORNING):
        case = handed_in(
            world, by=world.viewer("resident"), text="我家门口", address="某巷一号", name="张三", phone="13900000000"
        )
        fail_check(by=world.viewer("checker"), case_id=case.id, reason="not_done", text="内部意见")
        shown = public_case(case.number)

    assert (shown.title, shown.place) == ("上水井盖", "第1街道 · 001001社区")
    assert [move.name for move in shown.moves] == ["report", "file", "dispatch", "hand_in", "fail_check"]
    public = " ".join([shown.title, shown.place, *(move.public_text for move in shown.moves)])
    assert "已更换井盖" in public
    assert not [word for word in ("我家门口", "某巷", "张三", "139", "内部意见") if word in public]


def test_case_when_not_filed_yet_then_its_public_title_says_so(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world, longitude=None, latitude=None)

    assert public_case(receipt.number).title
    assert public_case(receipt.number).place == world.district.name


def test_receipt_when_typed_in_any_way_then_opens_its_own_case_only(world: World) -> None:
    with frozen_at(MORNING):
        first, second = report(world), report(world)

    assert receipt_opens(first.number, first.code)
    assert receipt_opens(first.number, f" {first.code.replace('-', ' ').lower()} ")
    assert not receipt_opens(first.number, second.code)
    assert not receipt_opens(first.number, "")
    assert not receipt_opens(first.number, first.code[:-1])


def test_own_reports_when_asked_with_and_without_receipt_then_only_ones_own(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world)
        case = case_of(receipt.case_id)
        mine = case_of(report(world, by=world.viewer("resident")).case_id)
        resident = world.viewer("resident")

    assert len(own_reports(PUBLIC, case, receipt.code)) == 1
    assert own_reports(PUBLIC, case) == own_reports(PUBLIC, case, "22222-22222") == own_reports(resident, case) == []
    assert len(own_reports(resident, mine)) == 1
    assert [each.case.number for each in cases_reported_by(resident)] == [mine.number]


def test_standing_when_cases_wait_run_late_or_are_checked_then_counts_the_truth(world: World) -> None:
    with frozen_at(MORNING):
        report(world)
        filed(world)
        handed_in(world)
        closed(world)
        refused = report(world).case_id
        refuse_case(by=world.viewer("desk"), case_id=refused, reason="court", text="请向法院")
        now = standing()
    with frozen_at(MORNING + timedelta(hours=6, seconds=1)):
        later = standing()
    with frozen_at(MORNING + timedelta(hours=6)):
        on_the_dot = standing()

    assert (now.open, now.due_soon, now.overdue) == (3, 2, 0)
    assert (on_the_dot.open, on_the_dot.overdue) == (3, 0)
    assert (later.open, later.due_soon, later.overdue) == (3, 0, 1)


def test_work_list_when_narrowed_then_holds_what_was_asked_for(world: World) -> None:
    with frozen_at(MORNING):
        lamp = case_of(report(world, address="长江路 100% 处").case_id)
        lid = dispatched(world)
        other = case_of(report(world, grid=5).case_id)
        desk = world.viewer("desk")

        assert numbers(desk, "all") == {lamp.number, lid.number, other.number}
        assert numbers(desk, "all", state=State.HANDLING) == {lid.number}
        assert numbers(desk, "all", words="上水井盖 供水") == {lid.number}
        assert numbers(desk, "all", words="100%") == {lamp.number}
        assert numbers(desk, "all", words=other.number) == {other.number}
        assert numbers(desk, "all", area_id=world.communities[0].management_parent_id) == {lamp.number, lid.number}
        assert numbers(desk, "all", late="overdue") == set()
    with frozen_at(MORNING + timedelta(minutes=12)):
        assert numbers(desk, "all", late="soon") == {lamp.number, other.number}
    with frozen_at(MORNING + timedelta(minutes=16)):
        assert numbers(desk, "all", late="overdue") == {lamp.number, other.number}


def test_conditions_when_searched_then_every_word_has_to_fit(world: World) -> None:
    assert [each.condition for each in conditions("井盖 破损")] == ["破损"]
    assert [each.condition for each in conditions("0101")] == ["破损", "缺失、移位"]
    assert len(conditions()) == 3
    assert list(conditions("没有的")) == []


def test_units_when_a_case_is_filed_then_lead_first_each_with_its_document(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        waiting = case_of(report(world).case_id)

    assert [(each.organisation.code, each.role) for each in units_for(case)] == [
        ("water", "lead"),
        ("town-1", "assist"),
    ]
    assert {each.document for each in units_for(case)} == {"大观区权责清单（测试）"}
    assert units_for(waiting) == []
    assert [move.name for move in moves_of(case)] == ["report", "file"]
