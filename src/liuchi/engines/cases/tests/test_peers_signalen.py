"""Where Signalen (Amsterdam, 2026) is weak, each as a test that its design would fail.

Facts were found in its published source or by running it; they are told in our words.
"""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from liuchi.engines.cases.actions.desk import file_case, send_to_verify
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.notices import TOLD, tell_of_move
from liuchi.engines.cases.queries import counts_by_state, standing, work_list
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.engines.cases.testing import (
    MORNING,
    World,
    case_of,
    closed,
    dispatched,
    filed,
    handed_in,
    paused,
    report,
    small_world,
)
from liuchi.engines.cases.tests.test_concurrency import at_once
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.models import Notice
from liuchi.ground.territory import queries
from liuchi.ground.territory.queries import forget

HERE = Path(__file__).resolve()


def _no_network(*_args: object, **_kwargs: object) -> NoReturn:
    raise AssertionError("something asked the network while a report was taken")


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
def test_history_when_it_cannot_be_written_then_the_move_does_not_happen(world: World) -> None:
    """History, routing and mail follow after the commit there: with history failing, reports and moves stand bare."""
    case = case_of(report(world).case_id)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_casemove ADD CONSTRAINT broken CHECK (name <> 'send_to_verify') NOT VALID")

    with pytest.raises(DatabaseError):
        send_to_verify(by=world.viewer("desk"), case_id=case.id)

    assert case_of(case.id).version == case.version
    assert Line.objects.filter(subject_id=case.id).count() == 1


@pytest.mark.django_db
def test_history_when_somebody_edits_it_then_the_database_refuses(world: World) -> None:
    """Its history is an ordinary table: anybody who may write there may rewrite it."""
    report(world)

    for change in (
        "UPDATE cases_casemove SET name = 'file'",
        "DELETE FROM cases_casemove",
        "UPDATE journal_line SET kind = 'case.closed'",
    ):
        with (
            guard.scope("maintenance", "tests"),
            pytest.raises(DatabaseError, match="refuses"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


@pytest.mark.django_db
def test_message_when_nobody_could_send_it_then_it_is_told_later(world: World) -> None:
    """With its broker away a mail is lost for good; only a line in a log remembers it."""
    with frozen_at(MORNING):
        case = dispatched(world)
    reaction = Reaction("peers.notices", TOLD, tell_of_move)

    with frozen_at(MORNING + timedelta(hours=5)):
        for line in Line.objects.filter(kind__in=TOLD).order_by("seq"):
            apply_once(reaction, line)

    assert Notice.objects.filter(template="cases.assigned", parameters__number=case.number).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [2, 20])
def test_list_when_it_is_longer_then_no_more_questions(
    world: World, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of 50 cost it 272 to 384 statements, one of 100 522 to 749; its report grows with the categories."""
    monkeypatch.setattr(queries, "STALE_AFTER", 3600.0)
    with frozen_at(MORNING):
        for each in range(rows):
            filed(world, grid=each % 8)
        desk = world.viewer("desk")
        standing()
        with CaptureQueriesContext(connection) as asked:
            shown = [(each.number, each.class_name, each.unit_name) for each in work_list(desk, _all()).cases]
            counts_by_state(desk, "all")
            standing()

    assert len(shown) == rows
    assert len(asked) == 3


@pytest.mark.django_db
def test_report_when_the_network_is_dead_then_taken_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address service was asked inside the public form, without a time-out: workers hung five seconds each."""
    monkeypatch.setattr(socket, "getaddrinfo", _no_network)
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    with frozen_at(MORNING):
        receipt = report(world, address="菜场北门")

    assert case_of(receipt.case_id).address == "菜场北门"


def test_connections_when_requests_end_then_they_are_kept() -> None:
    """Each request opened a database connection; keeping them doubled what one machine could answer."""
    assert int(str(settings.DATABASES["default"]["CONN_MAX_AGE"])) >= 60


@pytest.mark.django_db
@pytest.mark.parametrize(
    "narrowed", [{}, {"state": "filed"}, {"late": "overdue"}, {"scope": "mine"}], ids=["all", "state", "late", "mine"]
)
def test_list_when_narrowed_then_an_index_serves_it(world: World, narrowed: dict[str, str]) -> None:
    """State, area and deadline had no index there: each filtered list read all of 100,000 rows."""
    with frozen_at(MORNING):
        filed(world)
        desk = world.viewer("desk")
        with CaptureQueriesContext(connection) as asked:
            work_list(desk, _all(**narrowed))

    plan = _plan(asked.captured_queries[-1]["sql"])
    assert "Seq Scan on cases_case " not in plan
    assert "OFFSET" not in asked.captured_queries[-1]["sql"].upper()


@pytest.fixture
def house(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    forget()


def test_case_when_many_change_it_at_once_then_one_wins_and_the_others_are_told(house: World) -> None:
    """48 at once on one case: three errors 500 and 45 successes, of which the last one overwrote the others."""
    case = case_of(report(house).case_id)
    desk, condition = house.viewer("desk"), house.conditions[0]

    def move() -> CaseMove:
        return file_case(by=desk, case_id=case.id, condition_id=condition.id, version=case.version)

    answers = at_once(*[move] * 12)

    assert sum(isinstance(each, CaseMove) for each in answers) == 1
    assert sum(isinstance(each, RuleBroken) for each in answers) == 11
    assert case_of(case.id).version == case.version + 1


@pytest.mark.django_db
def test_report_when_sent_twice_then_one_case(world: World) -> None:
    """The same request twice, marked as the same, made two cases."""
    token = new_id()

    first, second = (report(world, token=token) for _ in range(2))

    assert first.case_id == second.case_id
    assert (Case.objects.count(), Report.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_counts_when_somebody_has_one_town_then_they_count_that_town(world: World) -> None:
    """Its reports ignored the department: whoever saw half the cases was shown the totals of all."""
    with frozen_at(MORNING):
        filed(world, grid=0)
        filed(world, grid=7)

    assert counts_by_state(world.viewer("desk"), "all") == {"filed": 2}
    assert counts_by_state(world.viewer("other-desk"), "all") == {"filed": 1}


def test_engine_when_read_then_it_names_no_place_of_the_district() -> None:
    """City, districts, boundaries and language were written into its code; other towns patch it to this day."""
    room = HERE.parent.parent
    named = re.compile("大观|安庆|340803|30\\.5[0-9]|117\\.0")
    found = [
        str(path.relative_to(room))
        for path in sorted(room.rglob("*.py"))
        if "tests" not in path.parts and path.name != "testing.py" and named.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_house_when_installed_then_it_is_light() -> None:
    """133 packages and five more daemons beside the database (broker, search, beat, workers) are needed to run it."""
    lock = next(folder for folder in HERE.parents if (folder / "requirements").is_dir()) / "requirements" / "run.txt"
    packages = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", lock.read_text(encoding="utf-8"), re.MULTILINE)

    assert 0 < len(packages) <= 60


@pytest.mark.django_db
def test_limit_when_days_are_free_or_the_case_rests_or_nothing_happens_then_it_knows(world: World) -> None:
    """Its limits know no holidays and no rest, and when they pass nothing follows."""
    with frozen_at(MORNING + timedelta(days=2, hours=7)):  # a Saturday that is worked, before three free days
        over_the_holiday = filed(world)
    with frozen_at(MORNING):
        resting = paused(world, days=20)
    with frozen_at(MORNING + timedelta(days=9)):
        supervise()

    assert over_the_holiday.due_at == MORNING + timedelta(days=6, hours=1)
    assert [row.level for row in over_the_holiday.supervisions.all()] == ["reminder"]
    assert not resting.supervisions.exists()


@pytest.mark.django_db
def test_handed_over_case_when_nobody_answers_then_it_does_not_get_stuck(world: World) -> None:
    """For eight years its users kept reporting cases stuck at a hand-over; each time one more command freed them."""
    with frozen_at(MORNING):
        cases = [dispatched(world), handed_in(world), filed(world)]
        closed(world)
    for days in range(1, 20):
        with frozen_at(MORNING + timedelta(days=days)):
            supervise()

    assert {case.id: case.supervisions.filter(level="red").count() for case in cases} == {case.id: 1 for case in cases}


def _all(**narrowed: str) -> Filters:
    return Filters(**{"scope": "all", **narrowed})  # type: ignore[arg-type]
