"""Deadlines on a working calendar: due, elapsed, resume, warn. Pure computation, no database.

All work is counted on one axis, the microseconds of office time. `due` steps along it by a limit, `elapsed` measures
along it, so each undoes the other. Two moments may lie at the same place on the axis (a closing and the next opening):
a limit in hours ends at the closing; whole working days keep the event's own side (GB/T 30428 practice: day 0 is the
day of the event; Civil Code art. 201, 203: the day of the event does not count, the last day ends with office hours).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from liuchi.ground.calendars.limits import EXACT, Limit, Unit, to_hours, to_microseconds
from liuchi.ground.calendars.office_hours import OfficeHours, microseconds_of

CHINA = ZoneInfo("Asia/Shanghai")
CHINA_HOURS = OfficeHours(((time(8), time(12)), (time(14), time(18))))
YELLOW = Decimal("0.75")
_MICROSECOND = timedelta(microseconds=1)
_NOTHING = Decimal(0)


class MomentError(ValueError):
    """A moment without a time zone, or an end before its start, or a date no calendar reaches."""


class DayKind(StrEnum):
    """What the government's notice makes of a day: a holiday (休) or a make-up working day (班)."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment, whether it rests on days not yet published (暂定), and the calendar version that made it."""

    at: datetime
    is_provisional: bool
    calendar: str
    version_id: UUID | None = None


@dataclass(frozen=True)
class WorkCalendar:
    """Working days and office hours; days that no notice names are working days Monday to Friday.

    `label` names the version and `version_id` is its row, if it has one; `days` holds what the notices name; a deadline
    is provisional beyond `published_years`.
    """

    label: str
    days: Mapping[date, DayKind] = field(default_factory=dict, repr=False, hash=False)
    published_years: frozenset[int] = frozenset()
    timezone: ZoneInfo = CHINA
    office_hours: OfficeHours = CHINA_HOURS
    version_id: UUID | None = None

    def __post_init__(self) -> None:
        named = {day: DayKind(kind) for day, kind in self.days.items()}
        object.__setattr__(self, "days", MappingProxyType(named))

    def is_workday(self, day: date) -> bool:
        """Return whether the office is open that day."""
        return self._is_open(day.toordinal())

    def is_published(self, day: date) -> bool:
        """Return whether the year's notice is part of this version."""
        return day.year in self.published_years

    def due(self, start: datetime, limit: Limit) -> Deadline:
        """Return when a limit that starts at `start` ends.

        Urgent and natural limits run through nights and holidays. Working limits end at the first moment by which
        their office time is used up; whole working days end on the n-th later working day at the event's time of day,
        moved into office hours. Never refuses for want of a published year: the deadline is then provisional.
        Raises MomentError when `start` has no time zone.
        """
        return self._deadline(start, limit, self._length(limit), start)

    def resume(self, at: datetime, limit: Limit, consumed: Decimal, *, started_at: datetime | None = None) -> Deadline:
        """Return when a paused limit ends that goes on at `at` with `consumed` of it used up (hours, see `elapsed`).

        A limit used up by more than itself ends before `at` by just that much: a pause forgives no lateness.
        `started_at`, the first start, decides between a closing and the next opening for whole working days; without
        it the closing is taken. A pause of no time changes nothing. Raises MomentError as `due` does.
        """
        return self._deadline(at, limit, self._length(limit) - to_microseconds(consumed), started_at)

    def warn_at(
        self, start: datetime, limit: Limit, share: Decimal = YELLOW, *, consumed: Decimal = _NOTHING
    ) -> datetime:
        """Return the first moment when `share` (0 to 1) of the limit is used up; for a resumed clock see `resume`.

        Raises MomentError as `due` does, ValueError for a share out of bounds.
        """
        if not 0 < share <= 1:
            raise ValueError(f"A share lies above 0 and at most at 1, not at {share}.")
        length = int(EXACT.multiply(share, Decimal(self._length(limit))).to_integral_value())
        return self._deadline(start, limit, length - to_microseconds(consumed), None).at

    def elapsed(self, start: datetime, end: datetime, unit: Unit) -> Decimal:
        """Return the hours between two moments on a unit's own clock: office hours for work_*, else all hours.

        Raises MomentError when `end` lies before `start` or a moment has no time zone.
        """
        begin, finish = self._local(start), self._local(end)
        span = finish.astimezone(UTC) - begin.astimezone(UTC)
        if span < timedelta(0):
            raise MomentError(f"{end.isoformat()} lies before {start.isoformat()}.")
        if unit.is_continuous:
            return to_hours(span // _MICROSECOND)
        return to_hours(self._worked_between(begin, finish))

    @cached_property
    def _named(self) -> dict[int, bool]:
        return {day.toordinal(): kind is DayKind.WORK for day, kind in self.days.items()}

    def _is_open(self, ordinal: int) -> bool:
        named = self._named.get(ordinal)
        return (ordinal - 1) % 7 < 5 if named is None else named

    def _length(self, limit: Limit) -> int:
        return limit.microseconds(hours_in_work_day=self.office_hours.hours)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None or moment.utcoffset() is None:
            raise MomentError(f"{moment.isoformat()} has no time zone.")
        return moment.astimezone(self.timezone)

    def _deadline(self, start: datetime, limit: Limit, length: int, side_of: datetime | None) -> Deadline:
        begin = self._local(start)
        try:
            if limit.unit.is_continuous:
                at = (begin.astimezone(UTC) + length * _MICROSECOND).astimezone(self.timezone)
                return Deadline(at, False, self.label, self.version_id)
            at = self._step(begin, length, at_opening=self._ends_at_opening(limit, side_of))
        except (OverflowError, ValueError) as error:
            raise MomentError(f"{limit} from {start.isoformat()} ends outside any calendar.") from error
        years = (begin.year, at.year, self._local(side_of or start).year)
        return Deadline(at, not self._are_published(min(years), max(years)), self.label, self.version_id)

    def _ends_at_opening(self, limit: Limit, start: datetime | None) -> bool:
        if start is None or limit.unit is not Unit.WORK_DAY or not limit.is_whole:
            return False
        begin = self._local(start)
        return self.is_workday(begin) and self.office_hours.is_waiting(microseconds_of(begin.time()))

    def _are_published(self, first: int, last: int) -> bool:
        if first == last:
            return first in self.published_years
        return self.published_years.issuperset(range(first, last + 1))

    def _step(self, begin: datetime, length: int, *, at_opening: bool) -> datetime:
        day = begin.toordinal()
        worked = self.office_hours.worked_by(microseconds_of(begin.time())) if self._is_open(day) else 0
        days, worked = divmod(worked + length, self.office_hours.length)
        if worked == 0 and not at_opening:
            days, worked = days - 1, self.office_hours.length
        moment = self.office_hours.latest(worked) if at_opening else self.office_hours.earliest(worked)
        midnight = datetime.fromordinal(self._open_day(day, days))
        return (midnight + moment * _MICROSECOND).replace(tzinfo=self.timezone)

    def _open_day(self, day: int, steps: int) -> int:
        """Return the first open day from `day` on, moved by so many open days."""
        while not self._is_open(day):
            day += 1
        direction = 1 if steps > 0 else -1
        while steps:
            day += direction
            if self._is_open(day):
                steps -= direction
        return day

    def _worked_between(self, begin: datetime, finish: datetime) -> int:
        first, last = begin.toordinal(), finish.toordinal()
        full = sum(map(self._is_open, range(first, last)))
        return full * self.office_hours.length + self._worked_on(finish) - self._worked_on(begin)

    def _worked_on(self, moment: datetime) -> int:
        if not self._is_open(moment.toordinal()):
            return 0
        return self.office_hours.worked_by(microseconds_of(moment.time()))
