"""Jobs with a worker that really runs, in a database that really commits."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from liuchi.doors.cli.testing import wait_for
from liuchi.ground.journal.testing import committed
from liuchi.ground.kernel import guard, jobs
from liuchi.ground.kernel.job_worker import MOST_DEATHS, JobWorker
from liuchi.ground.kernel.jobs import Job, defer, failed_jobs, pause_if_stopping, retry_job

__all__ = ["committed"]
pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.serial]
DONE: list[Any] = []
LET_GO = threading.Event()


def _fail() -> None:
    DONE.append("tried")
    raise ZeroDivisionError("张三")


def _hang() -> None:
    DONE.append("hanging")
    LET_GO.wait(20)


def _go_on() -> None:
    DONE.append("begun")
    while True:
        pause_if_stopping()
        time.sleep(0.02)


WIRED = (
    Job("tests.note", lambda **given: DONE.append(given)),
    Job("tests.fail", _fail, attempts=2),
    Job("tests.hang", _hang),
    Job("tests.go_on", _go_on, is_long=True),
)
MINUTELY = (Job("tests.minutely", lambda: DONE.append("minute"), cron="* * * * *"),)


@pytest.fixture(autouse=True)
def _wired(settings: Settings) -> Iterator[None]:
    settings.LIUCHI_JOBS = f"{__name__}.WIRED"
    DONE.clear()
    LET_GO.clear()
    yield
    LET_GO.set()
    jobs.stopping = None


@contextmanager
def _working(count: int = 1) -> Iterator[Callable[[], bool]]:
    """Run workers within the block; what is yielded stops them and tells whether they ended in time."""
    workers = [JobWorker(jobs.wired_jobs(), threading.Event()) for _ in range(count)]
    for worker in workers:
        worker.start()
    try:
        yield lambda: _end(workers, 2)
    finally:
        assert _end(workers, 10)


def _end(workers: list[JobWorker], within: float) -> bool:
    for worker in workers:
        worker.stop.set()
    ended = [worker.end(within) for worker in workers]
    return all(ended)


def _ask(name: str, **given: Any) -> None:
    with guard.scope("action", "tests"):
        defer(name, **given)


def _states() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


def _set_doing(attempts: int = 0) -> None:
    """Leave the jobs as a worker does that was killed: begun, and nobody at them."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [attempts])


def test_job_when_committed_then_it_is_run_once_and_leaves_nothing_behind() -> None:
    with _working(2) as end:
        _ask("tests.note", case="7")

        assert wait_for(lambda: bool(DONE), 5)
        assert wait_for(lambda: _states() == [], 5)
        assert end()
    assert DONE == [{"case": "7"}]


def test_job_when_it_fails_again_and_again_then_it_is_laid_aside_with_class_and_place_and_can_be_retried() -> None:
    with _working():
        _ask("tests.fail")

        assert wait_for(lambda: bool(failed_jobs()), 15)
        (failure,) = failed_jobs()
        assert (failure.name, failure.attempts, DONE) == ("tests.fail", 2, ["tried", "tried"])
        assert failure.error.startswith("ZeroDivisionError at ")
        assert "张三" not in failure.error
        assert (failure.arguments, retry_job(failure.id), retry_job(failure.id)) == ({}, True, False)
        assert wait_for(lambda: len(DONE) == 4, 15)


def test_job_when_its_worker_was_killed_then_another_takes_it_up() -> None:
    _ask("tests.note", case="8")
    _set_doing()

    with _working():
        assert wait_for(lambda: DONE == [{"case": "8"}], 10)


def test_job_when_it_kills_every_worker_then_it_is_laid_aside() -> None:
    _ask("tests.note")
    _set_doing(attempts=MOST_DEATHS)

    with _working():
        assert wait_for(lambda: [each.error for each in failed_jobs()] == [""], 10)
    assert DONE == []


def test_worker_when_stopped_in_the_midst_of_a_job_that_hangs_then_it_ends_in_time_and_the_job_waits() -> None:
    with _working() as end:
        _ask("tests.hang")
        assert wait_for(lambda: bool(DONE), 5)
        begun = time.monotonic()

        assert end()

        assert time.monotonic() - begun < 2
    assert _states() == [("tests.hang", "todo")]


def test_long_job_when_the_worker_stops_then_it_is_put_back_and_quick_ones_never_waited_for_it() -> None:
    with _working() as end:
        _ask("tests.go_on")
        _ask("tests.go_on")
        assert wait_for(lambda: DONE == ["begun"], 5)
        _ask("tests.note")
        assert wait_for(lambda: DONE == ["begun", {}], 5)

        assert end()
    assert _states() == [("tests.go_on", "todo"), ("tests.go_on", "todo")]


def test_worker_when_the_database_ends_its_connections_then_it_goes_on() -> None:
    with _working():
        _ask("tests.note", case="1")
        assert wait_for(lambda: len(DONE) == 1, 5)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        _ask("tests.note", case="2")

        assert wait_for(lambda: {"case": "2"} in DONE, 15)


def test_repeated_job_when_two_workers_run_then_each_moment_comes_once(settings: Settings) -> None:
    settings.LIUCHI_JOBS = f"{__name__}.MINUTELY"

    with _working(2):
        assert wait_for(lambda: bool(DONE), 5)
        time.sleep(1.5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_periodic_defers")
        (moments,) = cursor.fetchone() or (0,)
    # A minute may turn while we look; what counts is that no moment comes twice.
    assert len(DONE) in {1, 2}
    assert moments == 1
