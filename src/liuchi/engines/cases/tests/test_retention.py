"""Cases whose time is over: counted first, put away in steps, kept where somebody has a reason; the journal stays."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.testing import MORNING, SETUP, World, closed, report, small_world
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.testing import committed as committed
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.testing import run_jobs
from liuchi.ground.records.actions.retention import (
    RetentionRefused,
    finish_run,
    lift_hold,
    make_trial,
    place_hold,
    put_rows_away,
    set_period,
    start_run,
)
from liuchi.ground.records.models import RetentionCount, RetentionRun
from liuchi.ground.records.retention import put_away
from liuchi.ground.territory.queries import forget

LATER = MORNING + timedelta(days=3660)
PHONE, WORDS, STREET = "19900001234", "路灯坏了说的话", "六尺巷六号"


@pytest.fixture
def world(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    forget()


KEPT = ("cases.case", "cases.indexed", "cases.move", "cases.report", "cases.report_version")


def _closed(world: World) -> Case:
    with frozen_at(MORNING):
        return closed(world, text=WORDS, name="张三", phone=PHONE, address=STREET)


def _counts(run: RetentionRun) -> dict[str, tuple[int, int, int, int]]:
    """Return due, held, done and blocked of the types of this room."""
    rows = RetentionCount.objects.filter(run=run, type_name__startswith="cases.")
    return {row.type_name: (row.due, row.held, row.done, row.blocked) for row in rows}


def _run(moment: datetime = LATER) -> RetentionRun:
    with frozen_at(moment):
        run = start_run(by=SETUP, trial_id=make_trial(by=SETUP).id)
        assert run_jobs() == ["records.put_away"]
    return run


def test_cases_when_their_time_is_over_then_words_and_names_go_and_everything_else_stays(world: World) -> None:
    case = _closed(world)
    seal_once()
    kept = (Case.objects.count(), Report.objects.count(), CaseMove.objects.count())

    run = _run()
    seal_once()

    row, said = Case.objects.get(id=case.id), Report.objects.get(case=case)
    assert (row.address, row.longitude, row.rating, row.state) == ("", None, case.rating, "closed")
    assert (said.text, said.name_sealed, said.phone_sealed, said.phone_index) == ("", None, None, None)
    assert set(CaseMove.objects.values_list("public_text", "internal_text")) == {("", "")}
    assert (Case.objects.count(), Report.objects.count(), CaseMove.objects.count()) == kept
    moves = CaseMove.objects.filter(case=case).count()
    counts = _counts(run)
    assert counts["cases.case"] == (1, 0, 1, 0)
    assert counts["cases.report"] == (1, 0, 1, 0)
    assert counts["cases.move"][0] == counts["cases.move"][2] <= moves
    assert RetentionRun.objects.get(id=run.id).finished_at is not None
    assert verify().is_green


def test_cases_when_open_or_younger_then_are_left(world: World) -> None:
    _closed(world)
    with frozen_at(MORNING):
        report(world, text=WORDS)

    run = _run(MORNING + timedelta(days=3640))

    counts = _counts(run)
    assert set(KEPT) <= counts.keys()
    assert set(counts.values()) == {(0, 0, 0, 0)}
    assert set(Report.objects.values_list("text", flat=True)) == {WORDS}


def test_trial_when_made_then_counts_and_touches_nothing(world: World) -> None:
    _closed(world)

    with frozen_at(LATER):
        trial = make_trial(by=SETUP)

    assert _counts(trial)["cases.report"] == (1, 0, 0, 0)
    assert Report.objects.get().text == WORDS
    assert Line.objects.get(kind="records.retention_trial").data["held"] == 0


def test_run_when_done_then_the_next_trial_finds_nothing_and_doing_it_again_does_nothing(world: World) -> None:
    _closed(world)
    run = _run()
    lines = Line.objects.count()

    put_away(by=SETUP, run_id=run.id)
    with frozen_at(LATER + timedelta(days=1)):
        again = make_trial(by=SETUP)

    assert {due for due, *_ in _counts(again).values()} == {0}
    assert Line.objects.count() == lines + 1


def test_case_when_held_then_is_kept_and_counted_until_the_hold_is_lifted(world: World) -> None:
    case = _closed(world)
    said = Report.objects.get(case=case)
    with frozen_at(MORNING):
        hold = place_hold(by=SETUP, type_name="cases.report", row_id=said.id, reason="行政诉讼")

    first = _run()
    assert _counts(first)["cases.report"] == (0, 1, 0, 0)
    assert Report.objects.get(id=said.id).text == WORDS

    with frozen_at(LATER):
        lift_hold(by=SETUP, hold_id=hold.id, reason="判决生效")
    second = _run(LATER + timedelta(hours=1))
    assert _counts(second)["cases.report"] == (1, 0, 1, 0)
    with pytest.raises(NotFound):
        lift_hold(by=SETUP, hold_id=hold.id, reason="再来")


def test_person_when_held_then_everything_about_them_is_kept(world: World) -> None:
    viewer = world.viewer("resident")
    with frozen_at(MORNING):
        closed(world, by=viewer, text=WORDS, address=STREET)
        place_hold(by=SETUP, person_id=viewer.person_id, reason="信访复查")

    counts = _counts(_run())

    assert (counts["cases.report"], counts["cases.case"]) == ((0, 1, 0, 0), (0, 1, 0, 0))
    assert Report.objects.get().text == WORDS


def test_period_when_the_archives_decide_another_then_that_one_counts(world: World) -> None:
    _closed(world)
    with frozen_at(MORNING):
        set_period(by=SETUP, type_name="cases.report", days=30, document="档案〔2024〕1号")

    counts = _counts(_run(MORNING + timedelta(days=40)))

    assert (counts["cases.report"], counts["cases.case"]) == ((1, 0, 1, 0), (0, 0, 0, 0))


def test_run_when_killed_between_steps_then_goes_on_and_counts_nothing_twice(world: World) -> None:
    for _ in range(3):
        _closed(world)
    with frozen_at(LATER):
        run = start_run(by=SETUP, trial_id=make_trial(by=SETUP).id)
        put_rows_away(by=SETUP, run_id=run.id, type_name="cases.report", limit=2)

        assert run_jobs() == ["records.put_away"]

    assert _counts(run)["cases.report"] == (3, 0, 3, 0)
    with pytest.raises(NotFound):
        finish_run(by=SETUP, run_id=run.id)


def test_run_when_what_came_due_after_the_trial_then_waits_for_the_next(world: World) -> None:
    _closed(world)
    with frozen_at(MORNING + timedelta(days=1)):
        closed(world, text=WORDS)
    on_the_day = Case.objects.order_by("ended_at")[0].ended_at
    assert on_the_day is not None
    with frozen_at(on_the_day + timedelta(days=3653, hours=1)):
        trial = make_trial(by=SETUP)

    with frozen_at(on_the_day + timedelta(days=3656)):
        run = start_run(by=SETUP, trial_id=trial.id)
        run_jobs()

    assert _counts(run)["cases.report"] == (1, 0, 1, 0)
    assert sorted(Report.objects.values_list("text", flat=True)) == ["", WORDS]


def test_run_when_the_trial_is_old_or_was_followed_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        old = make_trial(by=SETUP)
    with frozen_at(MORNING + timedelta(days=8)):
        with pytest.raises(RetentionRefused, match="older than a week"):
            start_run(by=SETUP, trial_id=old.id)
        fresh = make_trial(by=SETUP)
        start_run(by=SETUP, trial_id=fresh.id)
        with pytest.raises(RetentionRefused, match="already"):
            start_run(by=SETUP, trial_id=fresh.id)
        with pytest.raises(RetentionRefused, match="Make a trial"):
            start_run(by=SETUP, trial_id=new_id())


def test_settings_when_they_make_no_sense_then_refused_with_the_field(world: World) -> None:
    for field, wrong in (
        ("type_name", lambda: set_period(by=SETUP, type_name="journal.line", days=9, document="x")),
        ("document", lambda: set_period(by=SETUP, type_name="cases.report", days=9, document=" ")),
        ("days", lambda: set_period(by=SETUP, type_name="cases.report", days=0, document="x")),
        ("reason", lambda: place_hold(by=SETUP, person_id=new_id(), reason=" ")),
        ("person_id", lambda: place_hold(by=SETUP, reason="x")),
        ("person_id", lambda: place_hold(by=SETUP, type_name="cases.report", reason="x")),
        (
            "person_id",
            lambda: place_hold(by=SETUP, type_name="cases.report", row_id=new_id(), person_id=new_id(), reason="x"),
        ),
    ):
        with pytest.raises(RetentionRefused) as refusal:
            wrong()
        assert refusal.value.field == field
    hold = place_hold(by=SETUP, person_id=new_id(), reason="x")
    with pytest.raises(RetentionRefused):
        lift_hold(by=SETUP, hold_id=hold.id, reason=" ")


def test_retention_when_asked_for_without_the_power_then_refused(world: World) -> None:
    nobody, some = Visitor(frozenset()), new_id()

    for attempt in (
        lambda: make_trial(by=nobody),
        lambda: start_run(by=nobody, trial_id=some),
        lambda: put_rows_away(by=nobody, run_id=some, type_name="cases.report"),
        lambda: finish_run(by=nobody, run_id=some),
        lambda: set_period(by=nobody, type_name="cases.report", days=9, document="x"),
        lambda: place_hold(by=nobody, person_id=some, reason="x"),
        lambda: lift_hold(by=nobody, hold_id=some, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert connection.in_atomic_block is False
