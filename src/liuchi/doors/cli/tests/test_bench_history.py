"""The history laid for the bench, and what the work-list costs on it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from liuchi.doors.cli.bench.bare import listening
from liuchi.doors.cli.bench.history import OPEN_EACH, TABLES, lay_history
from liuchi.doors.cli.bench.reads import questions
from liuchi.engines.cases.filtering import PAGE
from liuchi.engines.cases.models import Case, CaseClock, CaseIndexed, CaseMove, ClockKind
from liuchi.engines.cases.queries import work_list
from liuchi.engines.cases.search.blocks import marks_of
from liuchi.engines.cases.testing import MORNING, World, small_world
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at

CASES = 5000


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


def _lay(world: World, cases: int) -> None:
    """Lay some thousand cases, and let the planner know of them."""
    with frozen_at(MORNING):
        lay_history(cases=cases, until=MORNING, who=world.viewer("desk").id)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")


def test_history_when_laid_then_it_is_plausible(world: World) -> None:
    _lay(world, CASES)

    open_cases = Case.objects.filter(ended_at=None)
    running = CaseClock.objects.filter(stopped_at=None)

    assert (Case.objects.count(), open_cases.count()) == (CASES, CASES // OPEN_EACH)
    assert dict(open_cases.values_list("state").annotate(n=Count("id")).order_by()) == {
        "received": 15,
        "filed": 10,
        "handling": 50,
        "checking": 15,
        "checked": 10,
    }
    assert running.filter(kind=ClockKind.STEP).count() == open_cases.count()
    assert running.filter(kind=ClockKind.CASE).count() == open_cases.exclude(state="received").count()
    assert set(CaseMove.objects.values_list("line_id")) <= set(Line.objects.values_list("id"))
    assert not Case.objects.filter(reported_at__gt=MORNING).exists()
    indexed = dict(CaseIndexed.objects.values_list("case_id", "words"))
    assert len(indexed) == CASES
    assert all(f"'{mark}'" in words for case_id, words in indexed.items() for mark in marks_of(case_id))


def test_work_list_when_most_cases_are_closed_then_only_indexes_of_open_ones_are_searched(world: World) -> None:
    # In fewer rows than this the planner may rightly prefer reading them all to fifty look-ups by key.
    _lay(world, 5 * CASES)

    for viewer, filters in questions(world.viewer("desk"), world.viewer("checker"), world.viewer("dispatcher")):
        with listening(lambda sql: '"cases_case"' in sql) as heard:
            page = work_list(viewer, filters)

        assert page.cases
        assert len(heard) == 1
        searched = {(scan["Node Type"], scan.get("Index Name")) for scan in _scans(heard[0].sql, heard[0].params)}
        assert ("Seq Scan", None) not in searched
        assert {name for _, name in searched} - {"cases_case_pkey"} <= {
            "case_open_by_step_due",
            "case_open_by_state_place",
            "case_open_by_unit",
        }
        assert len(searched) == 2


def test_work_list_when_paged_then_every_case_is_listed_once(world: World) -> None:
    _lay(world, CASES)
    (viewer, filters), (_, later) = questions(
        world.viewer("desk"), world.viewer("checker"), world.viewer("dispatcher")
    )[3:]

    pages = [work_list(viewer, each) for each in (filters, later)]

    listed = [case.id for page in pages for case in page.cases]
    assert [len(page.cases) for page in pages] == [PAGE, CASES // OPEN_EACH - PAGE]
    assert pages[1].next_key is None
    assert listed == list(Case.objects.filter(ended_at=None).order_by("step_due_at", "id").values_list("id", flat=True))


def _scans(sql: str, params: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    """Yield the scans of the table of cases in the plan of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone() or ("[]",)
    plans = [each["Plan"] for each in (json.loads(found) if isinstance(found, str) else found)]
    while plans:
        plan = plans.pop()
        plans.extend(plan.get("Plans", ()))
        if plan.get("Relation Name") == "cases_case":
            yield plan
