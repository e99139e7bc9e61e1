"""When somebody may be told, against an oracle that walks through every minute."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liuchi.ground.calendars.engine import CHINA, DayKind, WorkCalendar
from liuchi.ground.notices.testing import in_china
from liuchi.ground.notices.timing import Habits, is_digest_due, next_digest, urgent_at

#: The National Day of 2024: seven days off, a Sunday before and a Saturday after it at work.
CALENDAR = WorkCalendar(
    "cn 1",
    {
        **{date(2024, 10, day): DayKind.OFF for day in range(1, 8)},
        date(2024, 9, 29): DayKind.WORK,
        date(2024, 10, 12): DayKind.WORK,
    },
    frozenset({2024}),
)
HOURS = st.integers(0, 23)
MOMENTS = st.datetimes(datetime(2024, 9, 20), datetime(2024, 10, 20)).map(lambda at: at.replace(tzinfo=CHINA))


def _is_quiet(habits: Habits, at: datetime) -> bool:
    """Say by a list of hours whether it is quiet."""
    hours, hour = [], habits.quiet_from
    while hour != habits.quiet_to:
        hours.append(hour)
        hour = (hour + 1) % 24
    return at.astimezone(CHINA).hour in hours


def _slow_urgent(at: datetime, habits: Habits) -> datetime:
    if habits.on_duty_until is not None and at < habits.on_duty_until:
        return at
    walked = at
    while _is_quiet(habits, walked):
        walked = (walked + timedelta(minutes=1)).replace(second=0, microsecond=0)
    return walked


def _slow_digest(at: datetime, habits: Habits) -> datetime:
    hour = at.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)
    while hour < at or hour.hour != habits.digest_hour or not CALENDAR.is_workday(hour.date()):
        hour += timedelta(hours=1)
    return hour


@given(MOMENTS, HOURS, HOURS, st.none() | MOMENTS)
def test_urgent_message_when_it_may_go_then_as_an_oracle_walking_by_minutes_says(
    at: datetime, quiet_from: int, quiet_to: int, until: datetime | None
) -> None:
    habits = Habits(9, quiet_from, quiet_to, until)

    assert urgent_at(at, habits) == _slow_urgent(at, habits)


@given(MOMENTS, HOURS)
def test_digest_when_it_is_next_then_as_an_oracle_walking_by_hours_says(at: datetime, hour: int) -> None:
    habits = Habits(hour, 0, 0)

    assert next_digest(at, habits, CALENDAR) == _slow_digest(at, habits)


@given(MOMENTS, HOURS, HOURS, HOURS)
def test_digest_when_due_then_the_day_is_a_working_day_and_the_hour_is_not_quiet(
    at: datetime, hour: int, quiet_from: int, quiet_to: int
) -> None:
    habits = Habits(hour, quiet_from, quiet_to)
    assume(is_digest_due(at, habits, CALENDAR))

    assert CALENDAR.is_workday(at.date())
    assert at.hour >= hour
    assert not _is_quiet(habits, at)


@pytest.mark.parametrize(
    ("at", "until", "expected"),
    [
        ("2024-09-12T20:59", None, "2024-09-12T20:59"),
        ("2024-09-12T21:00", None, "2024-09-13T08:00"),
        ("2024-09-12T23:59", None, "2024-09-13T08:00"),
        ("2024-09-13T00:00", None, "2024-09-13T08:00"),
        ("2024-09-13T07:59", None, "2024-09-13T08:00"),
        ("2024-09-13T08:00", None, "2024-09-13T08:00"),
        ("2024-09-15T10:00", None, "2024-09-15T10:00"),
        ("2024-09-12T23:00", "2024-09-13T06:00", "2024-09-12T23:00"),
        ("2024-09-13T06:00", "2024-09-13T06:00", "2024-09-13T08:00"),
    ],
)
def test_urgent_message_when_at_the_edges_of_quiet_hours_then_as_the_table_says(
    at: str, until: str | None, expected: str
) -> None:
    habits = Habits(on_duty_until=in_china(until) if until else None)

    assert urgent_at(in_china(at), habits) == in_china(expected)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2024-09-12T08:59", "2024-09-12T09:00"),
        ("2024-09-12T09:00", "2024-09-12T09:00"),
        ("2024-09-12T09:01", "2024-09-13T09:00"),
        ("2024-09-13T12:00", "2024-09-16T09:00"),
        ("2024-09-28T12:00", "2024-09-29T09:00"),
        ("2024-09-30T12:00", "2024-10-08T09:00"),
        ("2024-10-11T12:00", "2024-10-12T09:00"),
    ],
)
def test_digest_when_holidays_and_working_weekends_come_then_as_the_table_says(at: str, expected: str) -> None:
    assert next_digest(in_china(at), Habits(), CALENDAR) == in_china(expected)
