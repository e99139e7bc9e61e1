"""The calendar that comes with the product: China's published holidays and make-up working days."""

from functools import cache
from importlib.resources import files

from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.holidays_file import HolidaysFile, read_holidays

CODE = "cn"
NAME = "全国"
SOURCE = "shipped: State Council notices on public holidays"


@cache
def shipped_holidays() -> HolidaysFile:
    """Return the shipped days, read once: 2015 to 2026."""
    return read_holidays(files("liuchi.ground.calendars").joinpath("data/holidays_cn.csv").read_bytes())


@cache
def shipped_calendar() -> WorkCalendar:
    """Return the shipped days as a calendar, for use without a database; its label is "cn shipped"."""
    holidays = shipped_holidays()
    days = {day.on: day.kind for day in holidays.days}
    return WorkCalendar(label=f"{CODE} shipped", days=days, published_years=holidays.years)
