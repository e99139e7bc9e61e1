"""Office time once more, for the weeks of the day in the life: a loop over quarters of a minute, obviously right.

The days off and the make-up days are those of the notice for 2026 (国庆节), typed from it and not read from the house.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
#: Three quarters of a quarter of an hour is no whole number of minutes.
TICK = timedelta(seconds=15)
MINUTE, HOUR = 60, 3600
#: 1 工作日 = 8 工作时.
DAY = 8 * HOUR
OFF = {date(2026, 10, day) for day in range(1, 8)}
MAKE_UP = {date(2026, 9, 20), date(2026, 10, 10)}
OPENINGS = ((time(8), time(12)), (time(14), time(18)))


def china(text: str) -> datetime:
    """Return the moment of "10-08 09:30" in the year of the day."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


@cache
def is_workday(day: date) -> bool:
    return day in MAKE_UP or (day not in OFF and day.isoweekday() <= 5)


def is_open(moment: datetime) -> bool:
    """Tell whether the quarter of a minute that begins now is office time."""
    return is_workday(moment.date()) and any(start <= moment.time() < end for start, end in OPENINGS)


def _next(moment: datetime) -> datetime:
    """Return a quarter of a minute later; a day off is stepped over at once."""
    return moment + TICK if is_workday(moment.date()) else midnight(moment) + timedelta(days=1)


def _before(moment: datetime) -> datetime:
    at_midnight = moment == midnight(moment)
    return moment - timedelta(days=1) if at_midnight and not is_workday((moment - TICK).date()) else moment - TICK


def midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), CHINA)


@cache
def walk(start: datetime, seconds: int) -> datetime:
    """Return the first moment by which so many seconds of office time have passed; before the start, if below 0."""
    moment, left = start.astimezone(CHINA), seconds
    while left > 0:
        left -= 15 * is_open(moment)
        moment = _next(moment)
    while left < 0 or (seconds <= 0 and not is_open(moment - TICK)):
        left += 15 * is_open(moment - TICK)
        moment = _before(moment)
    return moment


@cache
def between(start: datetime, end: datetime) -> int:
    """Return the seconds of office time between two moments."""
    moment, seconds = start.astimezone(CHINA), 0
    while moment < end:
        seconds += 15 * is_open(moment)
        moment = _next(moment)
    return seconds


def waits_for_an_opening(moment: datetime) -> bool:
    """Tell whether the office still opens that day, and neither is open nor closes just now."""
    local = moment.astimezone(CHINA)
    now, today = local.time(), is_workday(local.date())
    return today and now <= OPENINGS[-1][0] and not any(start < now <= end for start, end in OPENINGS)


def later(start: datetime, seconds: int, how: str, *, first: datetime | None = None) -> datetime:
    """Return when a limit ends: nights count (`all`), office hours do (`work`), or whole working days (`day`).

    Whole working days keep the side of the event: who is told before an opening has until that opening.
    """
    if how == "all":
        return start + timedelta(seconds=seconds)
    end = walk(start, seconds)
    if how == "day" and waits_for_an_opening(first or start):
        while not is_open(end):
            end = _next(end)
    return end
