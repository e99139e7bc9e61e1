"""Where DIGIT's complaint module (India, 2026) is weak, each as a test that its design would fail.

Facts are those of its published sources and handbooks, in our words.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.engines.cases import filtering
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import decline_case
from liuchi.engines.cases.actions.merging import merge_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.actions.standards import import_catalogue
from liuchi.engines.cases.actions.support import answer_part, bring_in_unit
from liuchi.engines.cases.catalogue import Row
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Case, CaseClock, Supervision
from liuchi.engines.cases.queries import case_at_work, counts_by_state, standing, work_list
from liuchi.engines.cases.supervision import due
from liuchi.engines.cases.supervision.actions.by_hand import order_case, remind_of_case
from liuchi.engines.cases.supervision.rules import LADDERS
from liuchi.engines.cases.supervision.tasks import SUPERVISOR, supervise
from liuchi.engines.cases.testing import (
    MORNING,
    SETUP,
    World,
    case_of,
    closed,
    dispatched,
    disputed,
    extending,
    filed,
    handed_in,
    paused,
    pausing,
    report,
    reworked,
)
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotFound, RuleBroken

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _received(world: World) -> Case:
    return case_of(report(world).case_id)


OPEN: dict[str, Callable[[World], Case]] = {
    "received": _received,
    "filed": filed,
    "handling": dispatched,
    "disputed": disputed,
    "extending": extending,
    "pausing": pausing,
    "checking": handed_in,
    "reworked": reworked,
}


@pytest.mark.parametrize("state", OPEN)
def test_escalation_when_a_case_is_stuck_anywhere_then_it_is_found(world: World, state: str) -> None:
    """Its job scans two states; what nobody was assigned to, or a supervisor holds, is never looked at again."""
    with frozen_at(MORNING):
        case = OPEN[state](world)
    with frozen_at(MORNING + 30 * DAY):
        supervise()

    assert Supervision.objects.filter(case=case).exists()


def test_escalation_when_many_old_cases_are_stuck_then_newer_ones_are_not_starved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its job reads the hundred oldest complaints at each run, so that as many stuck ones hide all the others."""
    monkeypatch.setattr(due, "BATCH", 3)
    with frozen_at(MORNING):
        for grid in range(7):
            dispatched(world, grid=grid)
    with frozen_at(MORNING + 30 * DAY):
        supervise()
        late = filed(world)
    with frozen_at(MORNING + 33 * DAY):
        supervise()

    assert Supervision.objects.filter(case=late).exists()


def test_escalation_when_every_level_is_wanted_then_the_shipped_rules_reach_it() -> None:
    """As shipped its first escalation leads where the job never looks: the second and third level cannot happen."""
    for kind in ("unit", "office"):
        for ladder in LADDERS[kind].values():
            climbed = [ladder.after(None)]
            while climbed[-1] is not None:
                climbed.append(ladder.after(climbed[-1].level))
            assert [rule.level for rule in climbed if rule] == ["reminder", "order", "yellow", "red"]


def test_limit_when_the_case_is_talked_about_then_it_does_not_begin_anew(world: World) -> None:
    """Its time is counted from the last change of the record, so that any comment resets it."""
    with frozen_at(MORNING):
        case = dispatched(world)
    before = list(CaseClock.objects.filter(case=case).order_by("id").values_list("due_at", flat=True))
    with frozen_at(MORNING + timedelta(hours=1)):
        remind_of_case(by=world.viewer("desk"), case_id=case.id, text="请快")
        order_case(by=SUPERVISOR, case_id=case.id, text="请到场")
        decline_case(by=world.viewer("water"), case_id=case.id, reason="other_owner", text="通信公司")

    assert list(CaseClock.objects.filter(case=case, step="handling").values_list("due_at", flat=True)) == before[-1:]
    assert case_of(case.id).due_at == case.due_at


def test_limit_when_a_holiday_comes_then_it_is_counted_in_working_time(world: World) -> None:
    """It counts milliseconds by the wall: no holidays, no make-up days, no office hours."""
    with frozen_at(MORNING + 2 * DAY + timedelta(hours=7)):  # Saturday 14 September 16:00, a make-up working day
        case = filed(world)

    # Two hours of four that day; the 15th to the 17th are Mid-Autumn; two more on Wednesday morning.
    assert case.due_at == MORNING + 6 * DAY + timedelta(hours=1)


def test_limit_when_the_case_rests_then_its_clocks_rest(world: World) -> None:
    """It has no suspension: whoever waits for weather or material is late."""
    with frozen_at(MORNING):
        case = paused(world, days=20)
    with frozen_at(MORNING + 10 * DAY):
        supervise()

    assert set(CaseClock.objects.filter(case=case, stopped_at=None).values_list("running_since", flat=True)) == {None}
    assert not Supervision.objects.filter(case=case).exists()


def test_rules_when_a_new_edition_comes_then_running_cases_keep_theirs(world: World) -> None:
    """It keeps no version of a definition with the running case: what changes, changes under it."""
    with frozen_at(MORNING):
        case = dispatched(world)
        row = Row(
            "component", "01", "公用设施", "0101", "上水井盖", "破损", "修复", "1天", Decimal(1), "work_day", "", ""
        )
        import_catalogue(
            by=SETUP,
            code="test",
            document="测试标准二版",
            city="测试市",
            rows=[row],
            content_hash="1" * 64,
            valid_from=date(2024, 9, 12),
        )

    kept = case_of(case.id)
    assert (kept.condition_id, kept.due_at) == (case.condition_id, case.due_at)
    assert str(CaseClock.objects.get(case=case, step="handling").limit_value.normalize()) == "4"


def test_reopening_when_something_is_said_meanwhile_then_its_window_does_not_move(world: World) -> None:
    """Its window counts from the last change: a comment opens it anew; and page and server once had two windows."""
    with frozen_at(MORNING):
        case = closed(world, by=world.viewer("resident"))
    with frozen_at(MORNING + 29 * DAY):
        rate_case(by=world.viewer("resident"), case_id=case.id, rating=2)
    with frozen_at(MORNING + 31 * DAY), pytest.raises(RuleBroken):
        reopen_case(by=world.viewer("resident"), case_id=case.id, text="又坏了")


def test_report_when_made_then_it_stands_on_the_work_list_and_can_be_moved_at_once(world: World) -> None:
    """Its writes go through a queue: a complaint appears later or never, and tests sleep between two steps."""
    with frozen_at(MORNING):
        receipt = report(world)
        listed = [each.id for each in work_list(world.viewer("desk"), Filters()).cases]
        file_case(by=world.viewer("desk"), case_id=receipt.case_id, condition_id=world.conditions[0].id)
        dispatch_case(by=world.viewer("dispatcher"), case_id=receipt.case_id, unit_id=world.water.id, reason="清单")

    assert listed == [receipt.case_id]


def test_list_when_its_page_is_small_then_the_pages_together_are_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sorted by time left in the browser: with another page size rows vanished."""
    with frozen_at(MORNING):
        made = {dispatched(world, grid=each % 8).id for each in range(7)}
        desk, found, after = world.viewer("desk"), [], None
        monkeypatch.setattr(filtering, "PAGE", 2)
        while True:
            page = work_list(desk, Filters(scope="all", after=after))
            found += [each.id for each in page.cases]
            after = page.next_key
            if after is None:
                break

    assert len(found) == len(made)
    assert set(found) == made


def test_figures_when_a_case_is_reopened_then_it_counts_as_open_again(world: World) -> None:
    """Its resolved counts include what was reopened."""
    with frozen_at(MORNING):
        case = closed(world, by=world.viewer("resident"))
        before = standing().open
        reopen_case(by=world.viewer("resident"), case_id=case.id, text="又坏了")

    assert (before, standing().open) == (0, 1)
    assert counts_by_state(world.viewer("desk"), "all") == {"filed": 1}


def test_viewer_when_their_scope_cannot_be_told_then_they_see_nothing(world: World) -> None:
    """Scopes that resolved to nothing opened everything, until mid-2026; tenants saw each other's rows."""
    with frozen_at(MORNING):
        case = dispatched(world)
        resident, elsewhere = world.viewer("resident"), world.viewer("other-desk")

        for viewer in (resident, elsewhere, world.viewer("lights")):
            assert work_list(viewer, Filters(scope="all")).cases == []
            assert counts_by_state(viewer, "all") == {}
            with pytest.raises(NotFound):
                case_at_work(viewer, case.number)


def test_inbox_when_called_mine_then_it_holds_nobody_elses_work(world: World) -> None:
    """Its "My" held the work of three other people, until mine came to mean the assignee's alone."""
    with frozen_at(MORNING):
        handling = dispatched(world)
        checking = handed_in(world)
        mine = {
            who: {each.id for each in work_list(world.viewer(who), Filters()).cases}
            for who in ("desk", "dispatcher", "checker", "water", "lights")
        }

    assert mine == {
        "desk": set(),
        "dispatcher": set(),
        "checker": {checking.id},
        "water": {handling.id},
        "lights": set(),
    }


def test_unit_when_the_table_allows_it_no_more_then_the_move_is_refused(world: World) -> None:
    """Its actions know roles and states only: no condition on time, number or what happened before."""
    with frozen_at(MORNING):
        case = dispatched(world)
    with frozen_at(MORNING + 25 * timedelta(hours=1)), pytest.raises(RuleBroken):
        decline_case(by=world.viewer("water"), case_id=case.id, reason="other_owner", text="通信公司")


def test_case_when_looked_up_then_by_its_number_and_an_index(world: World) -> None:
    """A look-up by LIKE '%id%' and a foreign key without an index cost it factors of 769 and 200 at a million rows."""
    with frozen_at(MORNING):
        case = dispatched(world)
    with CaptureQueriesContext(connection) as asked:
        case_at_work(world.viewer("desk"), case.number)

    sql = asked.captured_queries[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "LIKE" not in sql.upper()
    assert "Seq Scan on cases_case " not in plan


def test_reports_when_they_are_of_one_matter_then_one_case(world: World) -> None:
    """It merges no duplicates: three neighbours make three complaints, worked on three times."""
    with frozen_at(MORNING):
        lead, later = dispatched(world), filed(world)
        merge_case(by=world.viewer("desk"), case_id=later.id, lead_id=lead.id)

    assert standing().open == 1
    assert case_of(later.id).state == "merged"


def test_case_when_it_needs_several_units_then_each_answers_its_part_in_its_own_time(world: World) -> None:
    """One department owns a complaint there: no joint handling, no second unit with a time and answer of its own."""
    with frozen_at(MORNING):
        case = dispatched(world)
        bring_in_unit(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text="请配合", days=2)
        part = case.assignments.get(unit=world.lights)
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")

    lead = CaseClock.objects.get(case=case, step="handling")
    help_ = CaseClock.objects.get(assignment=part)
    assert lead.due_at != help_.due_at
    assert (lead.stopped_at, help_.stopped_at) == (None, MORNING)
