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
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from liuchi.ground.calendars.limits import EXACT, Limit, Unit, to_hours, to_microseconds
from liuchi.ground.calendars.office_hours import OfficeHours, microseconds_of

CHINA = ZoneInfo("Asia/Shanghai")
CHINA_HOURS = OfficeHours(((time(8), time(12)), (time(14), time(18))))
YELLOW = Decimal("0.75")
_MICROSECOND = timedelta(microseconds=1)
_NOTHING, _NO_TIME = Decimal(0), timedelta(0)
#: Of each kind of answer that a calendar remembers.
_KEPT = 20_000
Key = TypeVar("Key")
Value = TypeVar("Value")


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
        return self._deadline(start, limit, _part(share, self._length(limit)) - to_microseconds(consumed), None).at

    def promise(self, since: datetime, limit: Limit, used: int, *, started_at: datetime) -> "Promise":
        """Return when a limit ends that runs from `since` with `used` microseconds used up, and when it warns.

        As `resume` and `warn_at`, in one go; it never warns after it is due. Raises MomentError as `due` does.
        """
        length = self._length(limit)
        at = self._end(since, limit, length - used, at_opening=self._ends_at_opening(limit, started_at))
        warn_at = self._end(since, limit, _part(YELLOW, length) - used, at_opening=False)
        return Promise(at, self._is_provisional(limit, since, started_at, at), min(warn_at, at))

    def elapsed(self, start: datetime, end: datetime, unit: Unit) -> Decimal:
        """Return the hours between two moments on a unit's own clock: office hours for work_*, else all hours.

        Raises MomentError when `end` lies before `start` or a moment has no time zone.
        """
        return to_hours(self.microseconds_between(start, end, unit))

    def microseconds_between(self, start: datetime, end: datetime, unit: Unit) -> int:
        """Return what `elapsed` does in microseconds."""
        span = self._universal(end) - self._universal(start)
        if span < _NO_TIME:
            raise MomentError(f"{end.isoformat()} lies before {start.isoformat()}.")
        return span // _MICROSECOND if unit.is_continuous else self._worked_between(start, end)

    @cached_property
    def _named(self) -> dict[int, bool]:
        return {day.toordinal(): kind is DayKind.WORK for day, kind in self.days.items()}

    def _is_open(self, ordinal: int) -> bool:
        named = self._named.get(ordinal)
        return (ordinal - 1) % 7 < 5 if named is None else named

    # What was worked out lately: most moments of a load lie on few days, are asked about again, and limits are few.

    @cached_property
    def _places(self) -> dict[datetime, "_Place"]:
        return {}

    @cached_property
    def _midnights(self) -> dict[tuple[int, int], datetime]:
        return {}

    @cached_property
    def _spans(self) -> dict[tuple[int, int], int]:
        return {}

    def _length(self, limit: Limit) -> int:
        return _length(limit.value, limit.unit, self.office_hours.length)

    def _local(self, moment: datetime) -> datetime:
        zone = moment.tzinfo
        if zone is self.timezone:
            return moment
        if zone is not UTC and (zone is None or moment.utcoffset() is None):
            raise MomentError(f"{moment.isoformat()} has no time zone.")
        return moment.astimezone(self.timezone)

    def _universal(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo is UTC else self._local(moment).astimezone(UTC)

    def _deadline(self, start: datetime, limit: Limit, length: int, side_of: datetime | None) -> Deadline:
        at = self._end(start, limit, length, at_opening=self._ends_at_opening(limit, side_of))
        return Deadline(at, self._is_provisional(limit, start, side_of, at), self.label, self.version_id)

    def _is_provisional(self, limit: Limit, start: datetime, first: datetime | None, at: datetime) -> bool:
        if limit.unit.is_continuous:
            return False
        years = (at.year, self._placed(start).year, self._placed(first or start).year)
        return not self._are_published(min(years), max(years))

    def _end(self, begin: datetime, limit: Limit, length: int, *, at_opening: bool) -> datetime:
        """Return the moment `length` microseconds on from `begin`, on the limit's clock, in the calendar's time zone.

        Raises MomentError when no calendar reaches it.
        """
        try:
            if limit.unit.is_continuous:
                return (self._universal(begin) + length * _MICROSECOND).astimezone(self.timezone)
            return self._step(begin, length, at_opening=at_opening)
        except (OverflowError, ValueError) as error:
            if isinstance(error, MomentError):
                raise
            raise MomentError(f"{limit} from {begin.isoformat()} ends outside any calendar.") from error

    def _ends_at_opening(self, limit: Limit, start: datetime | None) -> bool:
        if start is None or limit.unit is not Unit.WORK_DAY:
            return False
        return self._placed(start).is_waiting and limit.is_whole

    def _are_published(self, first: int, last: int) -> bool:
        if first == last:
            return first in self.published_years
        return self.published_years.issuperset(range(first, last + 1))

    def _step(self, begin: datetime, length: int, *, at_opening: bool) -> datetime:
        day, worked, _, _ = self._placed(begin)
        days, worked = divmod(worked + length, self.office_hours.length)
        if worked == 0 and not at_opening:
            days, worked = days - 1, self.office_hours.length
        moment = self.office_hours.latest(worked) if at_opening else self.office_hours.earliest(worked)
        return self._midnight(day, days) + timedelta(0, 0, moment)

    def _placed(self, moment: datetime) -> "_Place":
        known = self._places.get(moment)
        return _kept(self._places, moment, self._place(moment)) if known is None else known

    def _place(self, moment: datetime) -> "_Place":
        local = self._local(moment)
        day, hours = local.toordinal(), self.office_hours
        if not self._is_open(day):
            return _Place(day, 0, local.year, is_waiting=False)
        at = microseconds_of(local)
        return _Place(day, hours.worked_by(at), local.year, hours.is_waiting(at))

    def _midnight(self, day: int, steps: int) -> datetime:
        """Return where the first open day from `day` on begins, moved by so many open days."""
        known = self._midnights.get((day, steps))
        if known is None:
            begins = datetime.fromordinal(self._walked(day, steps)).replace(tzinfo=self.timezone)
            known = _kept(self._midnights, (day, steps), begins)
        return known

    def _walked(self, day: int, steps: int) -> int:
        while not self._is_open(day):
            day += 1
        direction = 1 if steps > 0 else -1
        while steps:
            day += direction
            if self._is_open(day):
                steps -= direction
        return day

    def _worked_between(self, begin: datetime, finish: datetime) -> int:
        first, last = self._placed(begin), self._placed(finish)
        days = (first.day, last.day)
        full = self._spans.get(days)
        if full is None:
            full = _kept(self._spans, days, sum(map(self._is_open, range(*days))))
        return full * self.office_hours.length + last.worked - first.worked


class Promise(NamedTuple):
    """When a limit ends, whether that rests on days not yet published, and when it warns."""

    at: datetime
    is_provisional: bool
    warn_at: datetime


class _Place(NamedTuple):
    """Where a moment lies: its day, what was worked on it by then, its year, whether the office is still to open."""

    day: int
    worked: int
    year: int
    is_waiting: bool


def _kept(known: dict[Key, Value], key: Key, value: Value) -> Value:
    """Remember a value, and forget all others when they are many."""
    if len(known) >= _KEPT:
        known.clear()
    known[key] = value
    return value


@lru_cache(maxsize=4096)
def _length(value: Decimal, unit: Unit, office_day: int) -> int:
    return Limit(value, unit).microseconds(hours_in_work_day=to_hours(office_day))


@lru_cache(maxsize=4096)
def _part(share: Decimal, length: int) -> int:
    return int(EXACT.multiply(share, Decimal(length)).to_integral_value())
