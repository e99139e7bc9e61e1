"""`liuchi doctor`: what is wrong, and how to mend it."""

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from liuchi.doors.cli.house import clear_failures, data_option, open_house
from liuchi.ground.calendars.queries import find_version
from liuchi.ground.journal.folder import Busy
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.queries import dead_letters
from liuchi.ground.journal.sealing import sealing, settle
from liuchi.ground.journal.seals import JournalBroken
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.jobs import failed_jobs, overdue_jobs
from liuchi.ground.kernel.keyring import FILE
from liuchi.ground.territory.models import Area

ROOM_NEEDED = 500 * 1024 * 1024
SEALED_WITHIN = timedelta(minutes=1)
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `mend` is empty where all is well."""

    what: str
    mend: str = ""


@click.command(name="doctor")
@data_option
def command() -> None:
    """Look at the whole instance; exits 1 where something has to be mended."""
    findings = [_room(), _keys()]
    try:
        with open_house(), clear_failures():
            findings.extend(check() for check in CHECKS)
    except click.ClickException as error:
        findings.append(Finding("instance: cannot be opened", error.message))
    for finding in findings:
        click.echo(f"{'ok   ' if not finding.mend else 'MEND '} {finding.what}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
    sys.exit(1 if any(finding.mend for finding in findings) else 0)


def _room() -> Finding:
    place = next(_existing(Path(settings.LIUCHI_DATA)))
    free = shutil.disk_usage(place).free
    what = f"disk: {free // 1024**2} MB free for {settings.LIUCHI_DATA}"
    return Finding(what, "" if free > ROOM_NEEDED else f"Make room: {ROOM_NEEDED // 1024**2} MB are needed.")


def _existing(path: Path) -> Iterator[Path]:
    for each in (path, *path.parents):
        with suppress(OSError):
            each.stat()
            yield each


def _keys() -> Finding:
    path = Path(settings.LIUCHI_KEYS) / FILE
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return Finding(f"keys: none in {path.parent}")
    except OSError as error:
        return Finding(f"keys: {path}", f"This account cannot look at them ({error.strerror}): run as their owner.")
    open_to_others = f"Others can read the keys (mode {mode:o}): chmod 600 {path}"
    return Finding(f"keys: {path}", open_to_others if mode & 0o077 else "")


def _server() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone() or ("?",)
    return Finding(f"PostgreSQL {version}")


def _commit_order() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        (value,) = cursor.fetchone() or ("off",)
    what = f"order of the journal: track_commit_timestamp is {value}"
    if value == "on":
        return Finding(what)
    return Finding(f"{what}: within a batch lines stand in the order of writing; set it on for the order of commit")


def _seals() -> Finding:
    what = f"seals: {settings.LIUCHI_JOURNAL}"
    try:
        with sealing(wait=False) as folder:
            settle(folder)
    except Busy:
        return Finding(f"{what}, the worker is at them")
    except JournalBroken as error:
        return Finding(what, str(error))
    return Finding(what)


def _sealing() -> Finding:
    waiting = Line.objects.filter(position=None, recorded_at__lt=clock.now() - SEALED_WITHIN).count()
    mend = "Start the worker: liuchi worker. If it runs, it says what it waits for."
    return Finding(f"sealing: {waiting} lines have waited longer than a minute", mend if waiting else "")


def _dead_letters() -> Finding:
    count = dead_letters().count()
    mend = "See `liuchi journal dead`, then `liuchi journal retry ID`."
    return Finding(f"reactions: {count} dead letters", mend if count else "")


def _jobs() -> Finding:
    late, failed = overdue_jobs(LATE_AFTER), len(failed_jobs())
    what = f"jobs: {failed} laid aside, {late} have waited longer than {LATE_AFTER.seconds // 60} minutes"
    if failed:
        return Finding(what, "See `liuchi jobs list`, then `liuchi jobs retry NUMBER`.")
    return Finding(what, "Start the worker: liuchi worker. If it runs, long jobs may hold it up." if late else "")


def _calendar() -> Finding:
    version = find_version()
    if version is None:
        return Finding("calendar: none", "Run `liuchi migrate`.")
    last = max(version.published_years)
    what = f"calendar: version {version.number}, published through {last}"
    late = last < timezone.localdate(clock.now()).year
    return Finding(what, "Import the holidays of this year: liuchi import holidays FILE" if late else "")


def _territory() -> Finding:
    count = Area.objects.filter(valid_to=None).count()
    mend = "" if count else "Import areas: liuchi import divisions FILE, or run `liuchi demo`."
    return Finding(f"territory: {count} areas", mend)


CHECKS: tuple[Callable[[], Finding], ...] = (
    _server,
    _commit_order,
    _seals,
    _sealing,
    _dead_letters,
    _jobs,
    _calendar,
    _territory,
)
