"""Calendars, moments and limits for the properties: near holidays, make-up days, year ends and unpublished years."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from liuchi.ground.calendars.engine import CHINA, CHINA_HOURS, DayKind, WorkCalendar
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.calendars.office_hours import OfficeHours
from liuchi.ground.calendars.shipped import shipped_calendar

EDGES = (time(7, 59), time(8), time(12), time(13), time(14), time(17, 57), time(18), time(23, 57), time(0))
TURNS = (
    date(2015, 1, 1),
    date(2020, 1, 30),
    date(2020, 10, 1),
    date(2024, 2, 10),
    date(2024, 9, 30),
    date(2026, 12, 30),
)
OTHER_HOURS = (
    OfficeHours.parse([["09:00", "12:00"], ["13:30", "18:00"]]),
    OfficeHours.parse([["00:00", "23:57"]]),
    OfficeHours.parse([["08:30", "11:00"], ["11:00", "12:00"], ["15:00", "15:03"]]),
)


@st.composite
def invented_calendars(draw: st.DrawFn) -> WorkCalendar:
    first = date(2023, 12, 20)
    days = draw(st.dictionaries(st.integers(0, 30), st.sampled_from(DayKind), max_size=20))
    hours = draw(st.sampled_from((CHINA_HOURS, *OTHER_HOURS)))
    named = {first + timedelta(days=number): kind for number, kind in days.items()}
    return WorkCalendar("invented", named, frozenset({2023}), CHINA, hours)


calendars = st.one_of(st.builds(shipped_calendar), invented_calendars())


@st.composite
def minutes(draw: st.DrawFn) -> datetime:
    """Return a moment on a multiple of three minutes, often at an edge of the office day, near a turn of the year."""
    near = draw(st.sampled_from((*TURNS, date(2023, 12, 28), date(2024, 1, 10))))
    day = near + timedelta(days=draw(st.integers(-9, 9)))
    at = draw(st.one_of(st.sampled_from(EDGES), st.times()))
    return datetime.combine(day, at.replace(minute=at.minute // 3 * 3, second=0, microsecond=0), tzinfo=CHINA)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Return a moment down to the microsecond."""
    return draw(minutes()) + timedelta(microseconds=draw(st.one_of(st.just(0), st.integers(-90_000_000, 90_000_000))))


def amounts(most: int) -> st.SearchStrategy[Decimal]:
    """Return positive amounts in twentieths (an hour's twentieth is three minutes)."""
    return st.integers(1, most * 20).map(lambda twentieths: Decimal(twentieths) / 20)


whole_days = st.integers(1, 30).map(lambda number: Limit(Decimal(number), Unit.WORK_DAY))
limits = st.one_of(whole_days, st.builds(Limit, amounts(40), st.sampled_from(Unit)))
