"""The rules of the working calendar once more, slow and obviously right: walk the time and look at every step."""

from datetime import date, datetime, time, timedelta

from liuchi.ground.calendars.engine import WorkCalendar

DAY = timedelta(days=1)


def is_open_day(calendar: WorkCalendar, day: date) -> bool:
    if day in calendar.days:
        return calendar.days[day] == "work"
    return day.isoweekday() not in (6, 7)


def is_open(calendar: WorkCalendar, moment: datetime) -> bool:
    if not is_open_day(calendar, moment.date()):
        return False
    return any(opening <= moment.time() < closing for opening, closing in calendar.office_hours.intervals)


def walk_open_time(calendar: WorkCalendar, start: datetime, steps: int, step: timedelta) -> datetime:
    """Return the moment when `steps` steps of open time have passed since `start`."""
    moment = start
    while steps:
        steps -= is_open(calendar, moment)
        moment += step
    return moment


def count_open_time(calendar: WorkCalendar, start: datetime, end: datetime, step: timedelta) -> int:
    """Return how many steps of open time lie between two moments."""
    moment, steps = start, 0
    while moment < end:
        steps += is_open(calendar, moment)
        moment += step
    return steps


def nth_working_day(calendar: WorkCalendar, start: datetime, number: int) -> datetime:
    """Return the event's time of day, moved into office hours, on the n-th working day after the event's day."""
    day = start.date()
    while number:
        day += DAY
        number -= is_open_day(calendar, day)
    moved = into_office_hours(calendar, start.time()) if is_open_day(calendar, start.date()) else closing(calendar)
    return datetime.combine(day, moved, tzinfo=start.tzinfo)


def into_office_hours(calendar: WorkCalendar, moment: time) -> time:
    for opening, end in calendar.office_hours.intervals:
        if moment < opening:
            return opening
        if moment <= end:
            return moment
    return closing(calendar)


def closing(calendar: WorkCalendar) -> time:
    return calendar.office_hours.intervals[-1][1]


def sees_unpublished_day(calendar: WorkCalendar, start: datetime, end: datetime) -> bool:
    day, seen = start.date(), False
    while day <= end.date():
        seen = seen or day.year not in calendar.published_years
        day += DAY
    return seen
