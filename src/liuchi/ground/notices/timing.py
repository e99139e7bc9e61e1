"""When somebody may be told: never in quiet hours but on duty, nothing ordinary outside working days.

Hours are China's (BURDEN.md 4.3, rule 9: one digest a day, except what is urgent).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from liuchi.ground.calendars.engine import CHINA, WorkCalendar

DIGEST_HOUR: Final = 9
QUIET_FROM: Final = 21
QUIET_TO: Final = 8


@dataclass(frozen=True)
class Habits:
    """Somebody's hours, 0 to 23: the digest, and from when to when it is quiet (never, where both are the same)."""

    digest_hour: int = DIGEST_HOUR
    quiet_from: int = QUIET_FROM
    quiet_to: int = QUIET_TO
    on_duty_until: datetime | None = None

    def is_quiet(self, hour: int) -> bool:
        """Tell whether an hour of the day is quiet."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to

    def is_on_duty(self, moment: datetime) -> bool:
        """Tell whether urgent messages come through at any hour."""
        return self.on_duty_until is not None and moment < self.on_duty_until


def urgent_at(moment: datetime, habits: Habits) -> datetime:
    """Return the first moment from `moment` (aware) on at which something urgent may be sent."""
    local = moment.astimezone(CHINA)
    if habits.is_on_duty(moment) or not habits.is_quiet(local.hour):
        return moment
    end = local.replace(hour=habits.quiet_to, minute=0, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)


def next_digest(moment: datetime, habits: Habits, calendar: WorkCalendar) -> datetime:
    """Return the first digest from `moment` on: at its hour, on a working day."""
    day = moment.astimezone(CHINA).date()
    if _digest_on(day, habits) < moment:
        day += timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return _digest_on(day, habits)


def is_digest_due(moment: datetime, habits: Habits, calendar: WorkCalendar) -> bool:
    """Tell whether today's digest should have gone out by `moment`, and may still go out."""
    local = moment.astimezone(CHINA)
    return calendar.is_workday(local.date()) and local.hour >= habits.digest_hour and not habits.is_quiet(local.hour)


def _digest_on(day: date, habits: Habits) -> datetime:
    return datetime.combine(day, time(habits.digest_hour), CHINA)
