"""Reads of calendars: the version in force, and the working calendar of any version."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from liuchi.ground.calendars.engine import DayKind, WorkCalendar
from liuchi.ground.calendars.models import CalendarVersion, SpecialDay
from liuchi.ground.calendars.office_hours import OfficeHours
from liuchi.ground.calendars.shipped import CODE
from liuchi.ground.kernel.errors import NotFound

VERSIONS_KEPT_IN_PROCESS = 64
_held: ContextVar[dict[str, CalendarVersion | None] | None] = ContextVar("held_versions", default=None)
_NEWEST = """
SELECT version.id FROM calendars_calendarversion AS version JOIN calendars_calendar AS calendar
    ON calendar.id = version.calendar_id WHERE calendar.code = %s ORDER BY version.number DESC LIMIT 1
"""


class UnknownCalendar(NotFound):
    """There is no calendar of that code, or it has no version yet."""

    code = "unknown_calendar"


def find_version(code: str = CODE) -> CalendarVersion | None:
    """Return the newest version of a calendar with its calendar, or None.

    Every deadline asks. The number is read each time, and plainly; the rest is kept, for a version never changes.
    """
    held = _held.get()
    if held is not None and code in held:
        return held[code]
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [code])
        newest = cursor.fetchone()
    found = _version(newest[0]) if newest else None
    if held is not None:
        held[code] = found
    return found


@contextmanager
def versions_held() -> Iterator[None]:
    """Let the newest version of each calendar be read once within the block, for loads of many deadlines."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def current_version(code: str = CODE) -> CalendarVersion:
    """Return the newest version of a calendar: the one new deadlines are computed with.

    Raises UnknownCalendar when there is none.
    """
    version = find_version(code)
    if version is None:
        raise UnknownCalendar(_("There is no calendar “%(code)s”.") % {"code": code}, field="calendar")
    return version


def work_calendar(version: CalendarVersion | UUID) -> WorkCalendar:
    """Return the working calendar of a version, or of its id; kept in the process, for a version never changes.

    Raises UnknownCalendar when the id is no version's.
    """
    return _load(version if isinstance(version, UUID) else version.id)


@lru_cache(maxsize=VERSIONS_KEPT_IN_PROCESS)
def _version(version_id: UUID) -> CalendarVersion:
    version = CalendarVersion.objects.select_related("calendar").filter(id=version_id).first()
    if version is None:
        raise UnknownCalendar(_("There is no calendar version of that id."), field="calendar")
    return version


@lru_cache(maxsize=VERSIONS_KEPT_IN_PROCESS)
def _load(version_id: UUID) -> WorkCalendar:
    version = _version(version_id)
    days = SpecialDay.objects.filter(version=version).order_by("date").values_list("date", "kind")
    return WorkCalendar(
        label=f"{version.calendar.code} {version.number}",
        days={day: DayKind(kind) for day, kind in days},
        published_years=frozenset(version.published_years),
        timezone=ZoneInfo(version.timezone),
        office_hours=OfficeHours.parse(version.office_hours),
        version_id=version.id,
    )
