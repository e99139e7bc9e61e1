import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from liuchi.ground.kernel import clock, guard, jobs
from liuchi.ground.kernel.job_worker import CHINA, last_moment
from liuchi.ground.kernel.jobs import Job, JobOutsideAction, JobRefused, Stopped, defer, defer_at
from liuchi.ground.kernel.testing import run_jobs, waiting_jobs

pytestmark = pytest.mark.django_db
DONE: list[dict[str, Any]] = []
WIRED = (Job("tests.note", lambda **given: DONE.append(given)), Job("tests.long", lambda: None, is_long=True))


@pytest.fixture(autouse=True)
def _wired(settings: Settings) -> None:
    settings.LIUCHI_JOBS = f"{__name__}.WIRED"
    DONE.clear()


def test_job_when_deferred_in_an_action_then_it_waits_with_its_arguments() -> None:
    with guard.scope("action", "tests"):
        defer("tests.note", case="0192-ab", count=3, parts=["a", "b"])

    assert waiting_jobs() == [("tests.note", {"case": "0192-ab", "count": 3, "parts": ["a", "b"]})]


def test_job_when_its_transaction_is_undone_then_it_was_never_asked_for() -> None:
    with guard.scope("action", "tests"), transaction.atomic():
        defer("tests.note")
        transaction.set_rollback(True)

    assert waiting_jobs() == []


def test_job_when_deferred_where_nothing_may_write_then_refused() -> None:
    with pytest.raises(JobOutsideAction):
        defer("tests.note")


def test_job_when_nobody_wired_it_then_refused() -> None:
    with guard.scope("action", "tests"), pytest.raises(JobRefused):
        defer("tests.unknown")


@pytest.mark.parametrize("value", ["张三", "a b", 1.5, {"a": 1}, ["张三"], "x" * 81])
def test_job_when_an_argument_could_be_free_text_then_refused_without_repeating_it(value: Any) -> None:
    with guard.scope("action", "tests"), pytest.raises(JobRefused) as caught:
        defer("tests.note", value=value)

    assert str(value) not in str(caught.value)


def test_job_when_run_then_it_gets_its_arguments_once() -> None:
    with guard.scope("action", "tests"):
        defer("tests.note", case="7")

    assert (run_jobs(), run_jobs(), DONE) == (["tests.note"], [], [{"case": "7"}])


def test_job_when_its_moment_has_not_come_then_it_waits() -> None:
    with guard.scope("action", "tests"):
        defer_at(clock.now() + timedelta(minutes=1), "tests.note")

    assert run_jobs() == []
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        assert run_jobs() == ["tests.note"]


def test_job_when_its_moment_has_no_time_zone_then_refused() -> None:
    with guard.scope("action", "tests"), pytest.raises(JobRefused):
        defer_at(datetime(2024, 9, 12), "tests.note")


def test_names_when_two_jobs_bear_the_same_then_refused(settings: Settings) -> None:
    settings.LIUCHI_JOBS = f"{__name__}.TWICE"

    with pytest.raises(JobRefused):
        jobs.wired_jobs()


def test_name_when_not_of_the_form_then_refused() -> None:
    with pytest.raises(JobRefused):
        Job("Send mail", lambda: None)


def test_long_job_when_the_worker_stops_then_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.pause_if_stopping()
    stop = threading.Event()
    monkeypatch.setattr(jobs, "stopping", stop)
    jobs.pause_if_stopping()
    stop.set()

    with pytest.raises(Stopped):
        jobs.pause_if_stopping()


@pytest.mark.parametrize(
    ("cron", "now", "expected"),
    [
        ("0 9 * * *", "2024-09-12T09:00:01", "2024-09-12T09:00:00"),
        ("0 9 * * *", "2024-09-12T08:59:59", "2024-09-11T09:00:00"),
        ("*/10 * * * *", "2024-09-12T00:09:00", "2024-09-12T00:00:00"),
        ("0 1 * * 1", "2024-09-12T12:00:00", "2024-09-09T01:00:00"),
        ("30 23 28 2 *", "2025-01-01T00:00:00", "2024-02-28T23:30:00"),
    ],
)
def test_moment_when_a_job_repeats_then_it_is_read_as_chinas_time(cron: str, now: str, expected: str) -> None:
    seen = datetime.fromisoformat(now).replace(tzinfo=CHINA)

    assert last_moment(cron, seen) == datetime.fromisoformat(expected).replace(tzinfo=CHINA)


TWICE = (WIRED[0], WIRED[0])
