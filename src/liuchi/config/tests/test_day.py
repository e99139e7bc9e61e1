"""A day in the life: three hundred reports by twenty people at once, workers killed, a holiday crossed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from liuchi.config.tests.day.comparing import differences
from liuchi.config.tests.day.conductor import ACTORS, Day, Worker
from liuchi.config.tests.day.hours import china
from liuchi.config.tests.day.stories import stories
from liuchi.config.tests.day.workers import AtHand, Process
from liuchi.engines.cases.actions.calling import set_call_back_rule
from liuchi.engines.cases.models import Case, CaseClock, CaseIndexed, Report, Supervision
from liuchi.engines.cases.testing import SETUP, small_world
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.models import Notice
from liuchi.ground.territory.queries import forget
from liuchi.insight.figures.models import Tally

EVE = china("09-30 07:00")
MINUTE = timedelta(minutes=1)


def begun(worker: Worker) -> Day:
    """Return a day before its first report, in which every closing is called back that can be."""
    with frozen_at(EVE):
        day = Day(small_world(), worker)
        day.begin()
        set_call_back_rule(by=SETUP, area_id=day.world.district.id, percent=100, most_calls=3)
    return day


@pytest.fixture
def house(committed: None) -> Iterator[None]:
    yield
    forget()


@pytest.mark.serial
@pytest.mark.slow
def test_day_when_twenty_act_at_once_and_workers_are_killed_then_all_is_as_the_oracle_says(
    house: None, tmp_path: Path
) -> None:
    worker = Process(tmp_path, killed_at="09-30 11:20", killed_supervising_at="10-08 14:40")
    day = begun(worker)
    before = Line.objects.count()
    worker.set_clock(EVE)
    worker.start()
    try:
        day.play(stories())
    finally:
        assert worker.stop() == 0, worker.text()

    assert worker.deaths == ["following", "supervising"]
    assert (len(day.cases), len(ACTORS)) == (300, 20)
    assert day.again == 12
    assert len(day.refusals) >= 80
    assert differences(day, before) == []
    assert verify().is_green


def _one(model: type[Case | CaseClock | Notice | Tally | Report], **values: object) -> Callable[[], object]:
    """Return what changes one row of a table."""
    rows: QuerySet[Any] = model.objects.order_by("id")
    return lambda: rows.filter(pk__in=list(rows.values_list("pk", flat=True)[5:6])).update(**values)


def _drop(table: str, where: str = "true") -> Callable[[], object]:
    """Return what drops one row of a table, past every guard."""

    def drop() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table} WHERE {where})")

    return drop


def _tell_again() -> None:
    notice = Notice.objects.order_by("id").filter(template="cases.assigned")[0]
    notice.id, notice.source = new_id(), Line.objects.filter(id=notice.source).values_list("subject_id", flat=True)[0]
    notice.source = Line.objects.filter(subject_id=notice.source).order_by("seq").values_list("id", flat=True)[0]
    notice.save(force_insert=True)


def _write_again() -> None:
    line = Line.objects.filter(kind="case.filed").order_by("seq")[0]
    top = Line.objects.aggregate(top=Max("position"))["top"]
    line.id, line.position, line.seq = new_id(), top + 1, Line.objects.aggregate(top=Max("seq"))["top"] + 1
    line.save(force_insert=True)


#: What may go wrong, and what it would look like.
SPOILT: dict[str, Callable[[], object]] = {
    "a line of the journal is missing": _drop("journal_line", "kind = 'case.handed_in'"),
    "a line of a warning is missing": _drop("journal_line", "kind = 'case.deadlines_warned'"),
    "a line is there twice": _write_again,
    "a row of history is missing": _drop("cases_casemove", "name = 'pass_check'"),
    "a clock is due a minute later": _one(CaseClock, due_at=F("due_at") + MINUTE),
    "a clock warns a minute earlier": _one(CaseClock, warn_at=F("warn_at") - MINUTE),
    "a clock stopped a minute later": lambda: CaseClock.objects.filter(stopped_at__isnull=False).update(
        stopped_at=F("stopped_at") + MINUTE
    ),
    "a clock forgets what was used up": _one(CaseClock, consumed=7),
    "a late clock is called in time": lambda: CaseClock.objects.filter(is_overdue=True).update(is_overdue=False),
    "a case is promised for another minute": lambda: Case.objects.filter(due_at__isnull=False).update(
        due_at=F("due_at") + MINUTE
    ),
    "a case counts a move too many": _one(Case, version=F("version") + 1),
    "a report says something else": _one(Report, text="别的"),
    "a report lies with another case": lambda: Report.objects.filter(is_joined=True).update(
        case=Case.objects.order_by("id")[0]
    ),
    "nobody was reminded": _drop("cases_supervision", "level = 'red'"),
    "an order was a card": lambda: Supervision.objects.filter(level="order").update(level="yellow", clock=None),
    "an urging never ended": lambda: Supervision.objects.filter(standing="settled").update(
        standing="open", ended_at=None
    ),
    "somebody was not told": _drop("notices_notice", "template = 'cases.report_closed'"),
    "somebody was told twice": _tell_again,
    "somebody was not warned": _drop("notices_notice", "template = 'cases.due_soon'"),
    "a figure counts one too many": _one(Tally, count=F("count") + 1),
    "a case cannot be found": lambda: CaseIndexed.objects.filter(case=Case.objects.order_by("id")[0]).delete(),
}


@pytest.mark.slow
def test_oracle_when_one_thing_is_spoilt_then_it_says_so(house: None) -> None:
    day = begun(AtHand())
    before = Line.objects.count()
    day.play(stories(1))

    assert differences(day, before) == []
    assert [name for name, spoil in SPOILT.items() if not _is_noticed(day, before, spoil)] == []
    assert differences(day, before) == []


def _is_noticed(day: Day, before: int, spoil: Callable[[], object]) -> bool:
    """Spoil something, look, and undo it."""
    with transaction.atomic(), guard.scope("maintenance", "the oracle's own test"):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL liuchi.maintenance = 'on'")
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
        spoil()
        with frozen_at(EVE):
            found = differences(day, before)
        transaction.set_rollback(True)
    return bool(found)
