"""The bare limit does what the product does: the same rows, no more and no fewer."""

from collections.abc import Callable

import pytest
from django.db import connection

from liuchi.doors.cli.bench.bare import NotOneStatement, Statement, ready, rehearse
from liuchi.doors.cli.bench.writes import filings, reports
from liuchi.engines.cases.models import Case, CaseClock
from liuchi.engines.cases.testing import MORNING, World, report, small_world
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.models import Edition


@pytest.fixture
def world(db: None) -> World:
    with frozen_at(MORNING):
        return small_world()


def _rows() -> dict[str, int]:
    """Count the rows of every table."""
    with connection.cursor() as cursor:
        names = [each.name for each in connection.introspection.get_table_list(cursor)]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names))
        return dict(cursor.fetchall())


def _added(run: Callable[[], object]) -> dict[str, int]:
    before = _rows()
    run()
    return {name: count - before[name] for name, count in _rows().items() if count != before[name]}


def _barely(statement: Statement) -> Callable[[], object]:
    assert connection.connection is not None
    return ready(connection.connection, statement)


def test_report_when_done_barely_then_as_many_rows_of_each_table_are_written(world: World) -> None:
    actions = reports()

    with frozen_at(MORNING):
        by_action = _added(next(actions))
        statement = rehearse(next(actions))

    assert by_action == _added(_barely(statement))
    assert by_action["journal_line"] == by_action["cases_case"] == by_action["cases_report"] == 1


def test_move_when_done_barely_then_the_same_rows_are_written_and_changed(world: World) -> None:
    with frozen_at(MORNING):
        for grid in range(2):
            report(world, grid=grid)
        second, first = Case.objects.order_by("id")
        actions = filings(world.viewer("desk"))
        by_action = _added(next(actions))
        statement = rehearse(next(actions))

    assert by_action == _added(_barely(statement))
    assert by_action == {"cases_casemove": 1, "cases_caseclock": 2, "journal_line": 1}
    assert _standing(first) == _standing(second)


def _standing(case: Case) -> list[object]:
    facts = Case.objects.filter(id=case.id).values_list("state", "version", "filed_at", "step_due_at")
    clocks = CaseClock.objects.filter(case=case).order_by("kind", "step")
    return [*facts, *clocks.values_list("kind", "step", "running_since", "stopped_at", "is_overdue")]


def test_rehearsal_when_over_then_nothing_of_it_is_left(world: World) -> None:
    with frozen_at(MORNING):
        added = _added(lambda: rehearse(next(reports())))

    assert added == {}


def test_rehearsal_when_something_else_is_written_then_refused(world: World) -> None:
    with pytest.raises(NotOneStatement):
        rehearse(Edition.objects.all().delete)
