"""Writes of calendars: every one makes a new version, and none changes an old one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from liuchi.ground.calendars.access import may_publish
from liuchi.ground.calendars.contents import EMPTY, Contents, hours_as_written, read_contents
from liuchi.ground.calendars.engine import CHINA_HOURS
from liuchi.ground.calendars.holidays_file import NamedDay, years_carried
from liuchi.ground.calendars.models import LONGEST_CODE, Calendar, CalendarVersion, SpecialDay
from liuchi.ground.calendars.office_hours import OfficeHours
from liuchi.ground.calendars.queries import current_version, find_version
from liuchi.ground.calendars.shipped import CODE, NAME, SOURCE, shipped_holidays
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import CODE as CODE_FORM
from liuchi.ground.journal.kinds import declare
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken, Stale

PUBLISHED = declare(
    "calendar.published", calendar=str, version=int, years=list[int], first=date | None, last=date | None
)


class CalendarExists(RuleBroken):
    """Another calendar bears that code."""

    code = "calendar_exists"


class CalendarCodeRefused(RuleBroken):
    """The code is too long or holds other characters than the journal takes."""

    code = "calendar_code_refused"


@dataclass(frozen=True, slots=True)
class Published:
    """The version now in force, and the span of dates (both ends included) that may count differently from before.

    Nothing was written where `is_new` is False. Open deadlines that reach into the span want computing again.
    """

    version: CalendarVersion
    is_new: bool
    first: date | None = None
    last: date | None = None


@action
def import_holidays(
    *,
    by: Actor,
    source: str,
    days: Iterable[NamedDay],
    calendar_code: str = CODE,
    years: Iterable[int] | None = None,
) -> Published:
    """Publish a new version of a calendar: the newest one, with the file's days put over days of the same date.

    `years` are those whose notice the days carry whole (see `holidays_file`); by default they are told from the days.
    A day named by mistake is put right by naming it again with the other kind. Doing it twice changes nothing and
    makes no version: `is_new` is then False. Journal: `calendar.published`; deadlines from `first` on are to be
    computed again. Raises NotAllowed, UnknownCalendar.
    """
    _check_power(by)
    _wait_for_other_publishers()
    newest = current_version(calendar_code)
    before = read_contents(newest)
    named = {day.on: day for day in days}
    carried = years_carried(named.values()) if years is None else frozenset(years)
    after = replace(before, days={**before.days, **named}, years=before.years | carried)
    return _publish(by=by, calendar=newest.calendar, newest=newest, after=after, source=source)


@action
def ensure_base_calendar(*, by: Actor) -> Published:
    """Make sure that the calendar "cn" stands and knows every year that the product ships; safe to do at every set-up.

    Years that somebody has imported are left as they are. Journal: `calendar.published`. Raises NotAllowed.
    """
    _check_power(by)
    _wait_for_other_publishers()
    newest = find_version(CODE)
    calendar = newest.calendar if newest else _new_calendar(CODE, NAME)
    before = read_contents(newest) if newest else EMPTY
    shipped = shipped_holidays()
    added = {} if shipped.years <= before.years else {day.on: day for day in shipped.days}
    after = replace(before, days={**added, **before.days}, years=before.years | shipped.years)
    return _publish(by=by, calendar=calendar, newest=newest, after=after, source=SOURCE)


@action
def open_calendar(
    *, by: Actor, code: str, name: str, source: str, office_hours: OfficeHours = CHINA_HOURS, based_on: str = CODE
) -> Published:
    """Open an organisation's own calendar: its office hours over the days and time zone of another calendar.

    Journal: `calendar.published`. Raises NotAllowed, UnknownCalendar for `based_on`, CalendarExists and
    CalendarCodeRefused for `code`.
    """
    _check_power(by)
    _refuse_code(code)
    _wait_for_other_publishers()
    base = read_contents(current_version(based_on))
    _refuse_known(code)
    after = replace(base, office_hours=hours_as_written(office_hours))
    return _publish(by=by, calendar=_new_calendar(code, name), newest=None, after=after, source=source)


@action
def open_foreign_calendar(
    *,
    by: Actor,
    code: str,
    name: str,
    source: str,
    timezone: str,
    office_hours: OfficeHours,
    days: Iterable[NamedDay],
    years: Iterable[int],
) -> Published:
    """Open the calendar of another country or place: its own time zone, office hours, named days, known years.

    Journal: `calendar.published`. Raises NotAllowed, CalendarExists and CalendarCodeRefused for `code`.
    """
    _check_power(by)
    _refuse_code(code)
    _wait_for_other_publishers()
    _refuse_known(code)
    after = Contents(
        days={day.on: day for day in days},
        years=frozenset(years),
        office_hours=hours_as_written(office_hours),
        timezone=timezone,
    )
    return _publish(by=by, calendar=_new_calendar(code, name), newest=None, after=after, source=source)


@action
def republish_version(*, by: Actor, calendar_code: str, number: int, newest: int, source: str) -> Published:
    """Publish anew what version `number` says, so that what `newest` has put over it no longer counts.

    Versions never change: the calendar gets one more. Journal: `calendar.published`. Raises NotAllowed,
    UnknownCalendar, and Stale when there is a version after `newest`.
    """
    _check_power(by)
    _wait_for_other_publishers()
    present = current_version(calendar_code)
    before = CalendarVersion.objects.filter(calendar=present.calendar, number=number).first()
    if before is None or present.number != newest:
        raise Stale(_("The calendar has changed since: its newest version is %(number)d.") % {"number": present.number})
    return _publish(by=by, calendar=present.calendar, newest=present, after=read_contents(before), source=source)


def _refuse_code(code: str) -> None:
    if not CODE_FORM.fullmatch(code) or len(code) > LONGEST_CODE:
        raise CalendarCodeRefused(_("A calendar's code is up to 40 of A-Z a-z 0-9 _ . : + -"), field="code")


def _refuse_known(code: str) -> None:
    if Calendar.objects.filter(code=code).exists():
        raise CalendarExists(_("There is a calendar “%(code)s” already.") % {"code": code}, field="code")


def _check_power(by: Actor) -> None:
    if not may_publish(by):
        raise NotAllowed(_("You may not publish calendars."))


def _wait_for_other_publishers() -> None:
    # A row lock would not do: the first calendar has no row yet, and a lost race to insert it counts as a write.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('calendars.publish'))")


def _new_calendar(code: str, name: str) -> Calendar:
    calendar = Calendar(code=code, name=name)
    calendar.save(force_insert=True)
    return calendar


def _publish(
    *, by: Actor, calendar: Calendar, newest: CalendarVersion | None, after: Contents, source: str
) -> Published:
    before = read_contents(newest) if newest else EMPTY
    span = after.span_changed(before)
    if newest and span is None:
        return Published(newest, is_new=False)
    version = _insert(calendar, newest.number + 1 if newest else 1, after, source)
    first, last = span or (None, None)
    record(
        kind=PUBLISHED,
        by=by,
        subject_type="calendar",
        subject_id=calendar.id,
        data={
            "calendar": calendar.code,
            "version": version.number,
            "years": sorted(after.years),
            "first": first,
            "last": last,
        },
    )
    return Published(version, is_new=True, first=first, last=last)


def _insert(calendar: Calendar, number: int, contents: Contents, source: str) -> CalendarVersion:
    version = CalendarVersion(
        calendar=calendar,
        number=number,
        source=source,
        timezone=contents.timezone,
        office_hours=contents.office_hours,
        published_years=sorted(contents.years),
    )
    version.save(force_insert=True)
    SpecialDay.objects.bulk_create(
        SpecialDay(version=version, date=day.on, kind=day.kind, name=day.name) for day in contents.days.values()
    )
    return version
