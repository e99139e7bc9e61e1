"""Jobs: work done later by the worker. Asked for inside a transaction, begun after its commit, done at least once."""

import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, TypeAlias

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector

from liuchi.ground.kernel import clock, guard

Lane: TypeAlias = Literal["quick", "long", "outgoing"]
Argument: TypeAlias = str | int | bool | list[str] | list[int] | None

#: Tells the place in a job's arguments where the class and place of its last failure stand.
FAILED_WITH = "_failed_with"
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_.:+-]{0,80}", re.ASCII)


class JobRefused(ValueError):
    """A job or what it was given breaks the rules; the message says what to do and repeats no value."""


class JobOutsideAction(RuntimeError):
    """A job was asked for where nothing may write; ask for it in the action or reaction that needs it."""


class Stopped(Exception):
    """The worker is about to stop; the job goes on where it was, with the next worker."""


@dataclass(frozen=True)
class Job:
    """One kind of work, by name. `run` takes the arguments given to `defer` and may be begun again after a kill.

    `cron` (five fields, China time) repeats it, without arguments: once, however many workers there are. After
    `attempts` failures it is laid aside. There are three lanes, which never wait for each other: what takes longer than
    a second or two (`is_long`) runs one at a time and should call `pause_if_stopping` every second or so; what waits
    for servers elsewhere `is_outgoing`; the others are quick.
    """

    name: str
    run: Callable[..., None]
    cron: str = ""
    attempts: int = 8
    is_long: bool = False
    is_outgoing: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise JobRefused(f"{self.name!r} is no name for a job; write it as room.what_it_does, in small letters")

    @property
    def lane(self) -> Lane:
        """Return where it waits."""
        return "long" if self.is_long else "outgoing" if self.is_outgoing else "quick"


@dataclass(frozen=True)
class Failure:
    """A job that was laid aside: `error` is class and place of what happened last, "" when the worker was killed."""

    id: int
    name: str
    arguments: Mapping[str, Any]
    attempts: int
    error: str
    failed_at: datetime


def defer(name: str, /, **arguments: Argument) -> None:
    """Have the job `name` run with `arguments` once the transaction in force is committed; never if it is not.

    Arguments are ids, codes and numbers: they wait in the clear, so names, phones and texts are refused.

    Raises:
        JobOutsideAction: where neither an action nor a reaction runs.
        JobRefused: for a job that nobody wired, or an argument that is no id, code or number.
    """
    _put(name, None, arguments)


def defer_at(moment: datetime, name: str, /, **arguments: Argument) -> None:
    """Do as `defer`, but not before `moment` (aware).

    Raises:
        JobOutsideAction: as `defer`.
        JobRefused: as `defer`, and for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise JobRefused(f"{name}: the moment needs a time zone")
    _put(name, moment, arguments)


def wired_jobs() -> Mapping[str, Job]:
    """Return the jobs that this house knows (`settings.LIUCHI_JOBS`), by name.

    Raises:
        JobRefused: when two bear the same name.
    """
    jobs: Sequence[Job] = import_string(settings.LIUCHI_JOBS)
    found = {job.name: job for job in jobs}
    if len(found) != len(jobs):
        raise JobRefused("two jobs bear the same name; see config/wiring.py")
    return found


def pause_if_stopping() -> None:
    """Leave a long job in time: what it has committed stays, and the next worker begins it again.

    Raises:
        Stopped: when the worker of this process was told to stop.
    """
    if stopping is not None and stopping.is_set():
        raise Stopped


def failed_jobs() -> list[Failure]:
    """Return the jobs that were laid aside, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED)
        # Django leaves JSON from bare statements as text.
        return [Failure(number, name, json.loads(given), *rest) for number, name, given, *rest in cursor.fetchall()]


def overdue_jobs(patience: timedelta) -> int:
    """Return how many jobs should have begun longer than `patience` ago."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, [clock.now() - patience])
        return int((cursor.fetchone() or (0,))[0])


def retry_job(number: int) -> bool:
    """Put a job that was laid aside back into its queue, and tell whether there was one of that number."""
    with connection.cursor() as cursor:
        cursor.execute(_RETRY, [number])
        return cursor.fetchone() is not None


def check_arguments(name: str, arguments: Mapping[str, object]) -> None:
    """Refuse arguments that could hold what somebody typed.

    Raises:
        JobRefused: naming the argument.
    """
    for key, value in arguments.items():
        values = value if isinstance(value, list) else [value]
        if not all(each is None or isinstance(each, int) or _is_code(each) for each in values):
            raise JobRefused(f"{name}: argument {key!r} is no id, code or number; give an id and read the rest")


#: Set by the process that runs jobs; see `job_worker`.
stopping: threading.Event | None = None

_FAILED = """
SELECT id, task_name, args - '_failed_with', attempts, coalesce(args ->> '_failed_with', ''), coalesce(
    (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'failed'), now())
FROM procrastinate_jobs AS job WHERE status = 'failed' ORDER BY id
"""
_OVERDUE = """
SELECT count(*) FROM procrastinate_jobs AS job WHERE status = 'todo' AND coalesce(scheduled_at,
    (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type <> 'scheduled')) < %s
"""
_RETRY = """
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL WHERE id = %s AND status = 'failed'
RETURNING id
"""


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _put(name: str, moment: datetime | None, arguments: dict[str, Any]) -> None:
    job = wired_jobs().get(name)
    if job is None:
        raise JobRefused(f"{name!r} is no job of this house; list it in config/wiring.py")
    if guard.current_scope() is None:
        raise JobOutsideAction(name)
    check_arguments(name, arguments)
    _queue().configure_task(name, queue=job.lane, schedule_at=moment).defer(**arguments)


@cache
def _queue() -> App:
    """Return the queue as seen by the connection of this thread, whose transaction a job joins."""
    return App(connector=DjangoConnector())
