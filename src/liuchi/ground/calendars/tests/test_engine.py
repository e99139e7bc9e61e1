import timeit
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuchi.ground.calendars.engine import CHINA, Deadline, MomentError, WorkCalendar
from liuchi.ground.calendars.limits import Limit, Unit, to_microseconds
from liuchi.ground.calendars.office_hours import OfficeHours
from liuchi.ground.calendars.shipped import shipped_calendar
from liuchi.ground.calendars.tests import slow_oracle
from liuchi.ground.calendars.tests.strategies import amounts, calendars, limits, minutes, moments, whole_days

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
HOURLY = {Unit.WORK_DAY: 8, Unit.NATURAL_DAY: 24, Unit.URGENT_DAY: 24}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def due(start: str, limit: str) -> str:
    return shipped_calendar().due(at(start), Limit.parse(limit)).at.isoformat()


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2024-09-13", 5, "2024-09-23"),
        ("2024-09-27", 3, "2024-10-08"),
        ("2024-09-30", 1, "2024-10-08"),
        ("2020-09-30", 3, "2020-10-12"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2021-03-22", 15, "2021-04-13"),
    ],
)
@pytest.mark.parametrize("time_of_day", ["08:00:00", "10:20:30", "12:00:00", "18:00:00"])
def test_due_in_working_days_when_the_standard_gives_the_date_then_that_date(
    start: str, number: int, expected: str, time_of_day: str
) -> None:
    assert due(f"{start}T{time_of_day}", f"{number} work_day") == f"{expected}T{time_of_day}+08:00"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2024-09-13T16:30", "4 work_hour", "2024-09-14T10:30:00"),
        ("2024-09-30T17:00", "2 work_hour", "2024-10-08T09:00:00"),
        ("2024-10-12T11:30", "4 work_hour", "2024-10-12T17:30:00"),
        ("2024-10-12T08:00", "4 work_hour", "2024-10-12T12:00:00"),
        ("2024-10-12T07:00", "8 work_hour", "2024-10-12T18:00:00"),
        ("2024-10-12T12:30", "0.5 work_hour", "2024-10-12T14:30:00"),
        ("2024-10-01T09:00", "1 work_hour", "2024-10-08T09:00:00"),
        ("2024-10-11T17:59:59.999999", "1 work_hour", "2024-10-12T08:59:59.999999"),
    ],
)
def test_due_in_working_hours_when_nights_and_holidays_lie_between_then_only_office_time_counts(
    start: str, limit: str, expected: str
) -> None:
    assert due(start, limit) == f"{expected}+08:00"


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2024-10-14T06:30", "1 work_day", "2024-10-15T08:00:00"),
        ("2024-10-14T13:10", "1 work_day", "2024-10-15T14:00:00"),
        ("2024-10-14T12:00", "1 work_day", "2024-10-15T12:00:00"),
        ("2024-10-14T21:00", "1 work_day", "2024-10-15T18:00:00"),
        ("2024-10-13T09:00", "1 work_day", "2024-10-14T18:00:00"),
        ("2024-10-01T09:00", "2 work_day", "2024-10-09T18:00:00"),
        ("2024-10-14T10:00", "0.5 work_day", "2024-10-14T16:00:00"),
        ("2024-10-14T10:00", "1.5 work_day", "2024-10-15T16:00:00"),
        ("2024-10-14T08:00", "1.5 work_day", "2024-10-15T12:00:00"),
    ],
)
def test_due_in_working_days_when_the_event_falls_outside_office_hours_then_it_is_moved_into_them(
    start: str, limit: str, expected: str
) -> None:
    assert due(start, limit) == f"{expected}+08:00"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("2 urgent_hour", "2024-09-30T19:00:00"),
        ("1 urgent_day", "2024-10-01T17:00:00"),
        ("3 natural_day", "2024-10-03T17:00:00"),
        ("0.5 natural_day", "2024-10-01T05:00:00"),
    ],
)
def test_due_when_the_clock_is_continuous_then_nights_and_holidays_count(limit: str, expected: str) -> None:
    assert due("2024-09-30T17:00", limit) == f"{expected}+08:00"


@settings(max_examples=80, deadline=None)
@given(calendars, minutes(), amounts(20))
def test_due_in_working_hours_equals_the_walk_minute_by_minute(
    calendar: WorkCalendar, start: datetime, hours: Decimal
) -> None:
    expected = slow_oracle.walk_open_time(calendar, start, int(hours * 60), MINUTE)

    deadline = calendar.due(start, Limit(hours, Unit.WORK_HOUR))

    provisional = slow_oracle.sees_unpublished_day(calendar, start, expected)
    assert deadline == Deadline(expected, provisional, calendar.label)


@settings(max_examples=40, deadline=None)
@given(calendars, moments(), st.integers(1, 400))
def test_due_within_minutes_equals_the_walk_second_by_second(
    calendar: WorkCalendar, start: datetime, seconds: int
) -> None:
    start = start.replace(microsecond=0)
    opening = slow_oracle.walk_open_time(calendar, start.replace(second=0), 1, MINUTE) - MINUTE
    begin = max(start, opening)
    expected = slow_oracle.walk_open_time(calendar, begin, seconds, SECOND)

    deadline = calendar.due(start, Limit(Decimal(seconds) / 3600, Unit.WORK_HOUR))

    assert deadline.at == expected


@settings(max_examples=300, deadline=None)
@given(calendars, moments(), whole_days)
def test_due_in_whole_working_days_equals_counting_days(calendar: WorkCalendar, start: datetime, limit: Limit) -> None:
    expected = slow_oracle.nth_working_day(calendar, start, int(limit.value))

    deadline = calendar.due(start, limit)

    provisional = slow_oracle.sees_unpublished_day(calendar, start, expected)
    assert deadline == Deadline(expected, provisional, calendar.label)


@settings(max_examples=60, deadline=None)
@given(calendars, minutes(), st.integers(0, 5000))
def test_elapsed_equals_counting_minutes(calendar: WorkCalendar, start: datetime, later: int) -> None:
    end = start + later * MINUTE
    expected = Decimal(slow_oracle.count_open_time(calendar, start, end, MINUTE))

    assert calendar.elapsed(start, end, Unit.WORK_DAY) * 60 == pytest.approx(expected)
    assert calendar.elapsed(start, end, Unit.URGENT_HOUR) * 60 == pytest.approx(Decimal(later))


@settings(max_examples=300, deadline=None)
@given(calendars, moments(), limits)
def test_elapsed_undoes_due(calendar: WorkCalendar, start: datetime, limit: Limit) -> None:
    hours = limit.value * HOURLY.get(limit.unit, 1)
    if limit.unit is Unit.WORK_DAY:
        hours = limit.value * calendar.office_hours.hours

    elapsed = calendar.elapsed(start, calendar.due(start, limit).at, limit.unit)

    assert to_microseconds(elapsed) == to_microseconds(hours)


@settings(max_examples=300, deadline=None)
@given(calendars, moments(), limits, st.integers(0, 20 * 24 * 3_600_000_000))
def test_resume_after_a_pause_of_no_time_changes_nothing(
    calendar: WorkCalendar, start: datetime, limit: Limit, later: int
) -> None:
    deadline = calendar.due(start, limit)
    moment = start + timedelta(microseconds=later)
    consumed = calendar.elapsed(start, moment, limit.unit)

    resumed = calendar.resume(moment, limit, consumed, started_at=start)

    assert resumed.at == deadline.at
    assert resumed.is_provisional >= deadline.is_provisional


@settings(max_examples=300, deadline=None)
@given(calendars, moments(), limits, st.integers(0, 10**12), st.integers(0, 10**12))
def test_resume_after_a_pause_leaves_what_was_left(
    calendar: WorkCalendar, start: datetime, limit: Limit, running: int, pausing: int
) -> None:
    deadline = calendar.due(start, limit)
    paused_at = min(start + timedelta(microseconds=running), deadline.at)
    resumed_at = paused_at + timedelta(microseconds=pausing)

    later = calendar.resume(resumed_at, limit, calendar.elapsed(start, paused_at, limit.unit), started_at=start)

    left = to_microseconds(calendar.elapsed(paused_at, deadline.at, limit.unit))
    if left:
        assert to_microseconds(calendar.elapsed(resumed_at, later.at, limit.unit)) == left
    assert later.at >= deadline.at


def test_resume_when_the_limit_was_overdrawn_then_lateness_stays() -> None:
    calendar = shipped_calendar()
    limit = Limit.parse("4 work_hour")

    deadline = calendar.resume(at("2024-10-08T09:00"), limit, Decimal(7))

    assert deadline.at == at("2024-09-30T16:00")


def test_resume_when_the_start_is_not_told_then_the_closing_is_taken() -> None:
    calendar = shipped_calendar()
    limit = Limit.parse("1 work_day")

    told = calendar.resume(at("2024-10-16T10:00"), limit, Decimal(2), started_at=at("2024-10-14T08:00"))
    untold = calendar.resume(at("2024-10-16T10:00"), limit, Decimal(2))

    assert told.at == at("2024-10-17T08:00")
    assert untold.at == at("2024-10-16T18:00")


@settings(max_examples=200, deadline=None)
@given(calendars, moments(), limits, st.integers(1, 100))
def test_warn_at_is_the_first_moment_when_the_share_is_used_up(
    calendar: WorkCalendar, start: datetime, limit: Limit, percent: int
) -> None:
    share = Decimal(percent) / 100

    warning = calendar.warn_at(start, limit, share)

    used = calendar.elapsed(start, warning, limit.unit)
    whole = calendar.elapsed(start, calendar.due(start, limit).at, limit.unit)
    before = calendar.elapsed(start, warning - timedelta(microseconds=1), limit.unit)
    assert abs(to_microseconds(used) - share * to_microseconds(whole)) <= 1
    assert before < used
    assert start < warning <= calendar.due(start, limit).at


def test_warn_at_when_the_clock_was_resumed_then_what_was_used_counts() -> None:
    calendar = shipped_calendar()
    limit = Limit.parse("4 work_hour")

    assert calendar.warn_at(at("2024-10-14T08:00"), limit) == at("2024-10-14T11:00")
    assert calendar.warn_at(at("2024-10-14T08:00"), limit, consumed=Decimal(1)) == at("2024-10-14T10:00")


@pytest.mark.parametrize("share", ["0", "-0.1", "1.01"])
def test_warn_at_when_the_share_is_out_of_bounds_then_it_is_refused(share: str) -> None:
    with pytest.raises(ValueError, match="share"):
        shipped_calendar().warn_at(at("2024-10-14T08:00"), Limit.parse("1 work_day"), Decimal(share))


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("2026-12-31T17:00", "1 work_hour", False),
        ("2026-12-31T17:00", "2 work_hour", True),
        ("2027-03-01T10:00", "1 work_hour", True),
        ("2014-12-31T17:00", "2 work_hour", True),
        ("2027-03-01T10:00", "3 natural_day", False),
        ("2027-03-01T10:00", "2 urgent_hour", False),
    ],
)
def test_due_when_a_year_is_not_published_then_the_deadline_is_provisional_and_never_refused(
    start: str, limit: str, provisional: bool
) -> None:
    assert shipped_calendar().due(at(start), Limit.parse(limit)).is_provisional is provisional


def test_due_when_a_year_is_not_published_then_mondays_to_fridays_are_counted() -> None:
    deadline = shipped_calendar().due(at("2027-10-01T09:00"), Limit.parse("1 work_day"))

    assert deadline == Deadline(at("2027-10-04T09:00"), is_provisional=True, calendar="cn shipped")


def test_due_when_a_year_between_is_missing_then_the_deadline_is_provisional() -> None:
    calendar = WorkCalendar("gap", {}, frozenset({2020, 2022}))

    assert calendar.due(at("2020-12-31T10:00"), Limit.parse("270 work_day")).is_provisional


def test_is_workday_when_the_notice_names_a_day_then_the_notice_rules() -> None:
    calendar = shipped_calendar()
    days = [date(2024, 9, 14), date(2024, 9, 15), date(2024, 10, 1), date(2024, 10, 5), date(2024, 10, 8)]

    assert [calendar.is_workday(day) for day in days] == [True, False, False, False, True]


def test_is_published_when_the_year_is_beyond_the_notices_then_no() -> None:
    calendar = shipped_calendar()

    assert calendar.is_published(date(2026, 12, 31))
    assert not calendar.is_published(date(2027, 1, 1))


def test_due_when_the_start_is_told_in_another_zone_then_the_office_zone_counts() -> None:
    start = datetime(2024, 9, 13, 8, 30, tzinfo=UTC)

    assert shipped_calendar().due(start, Limit.parse("4 work_hour")).at.isoformat() == "2024-09-14T10:30:00+08:00"


def test_due_when_summer_time_begins_then_continuous_hours_are_real_hours() -> None:
    zone = ZoneInfo("America/New_York")
    calendar = WorkCalendar("elsewhere", timezone=zone)
    start = datetime(2023, 3, 12, 1, 30, tzinfo=zone)

    deadline = calendar.due(start, Limit.parse("1 urgent_hour"))

    assert deadline.at.isoformat() == "2023-03-12T03:30:00-04:00"
    assert calendar.elapsed(start, deadline.at, Unit.URGENT_HOUR) == 1


def test_due_when_the_office_day_has_other_hours_then_a_working_day_is_that_day() -> None:
    hours = OfficeHours.parse([["09:00", "12:00"], ["13:30", "17:30"]])
    calendar = WorkCalendar("seven hours", office_hours=hours)
    start = at("2023-06-05T10:00")

    assert calendar.due(start, Limit.parse("2 work_day")).at == at("2023-06-07T10:00")
    assert calendar.elapsed(start, at("2023-06-07T10:00"), Unit.WORK_DAY) == 14


@pytest.mark.parametrize("call", ["due", "elapsed", "warn_at"])
def test_engine_when_a_moment_has_no_zone_then_it_is_refused(call: str) -> None:
    naive = datetime(2024, 9, 13, 8, 30)
    second = Unit.WORK_HOUR if call == "elapsed" else Limit.parse("1 work_day")
    arguments = [naive, naive, second] if call == "elapsed" else [naive, second]

    with pytest.raises(MomentError, match="no time zone"):
        getattr(shipped_calendar(), call)(*arguments)


def test_elapsed_when_the_end_lies_before_the_start_then_it_is_refused() -> None:
    with pytest.raises(MomentError, match="lies before"):
        shipped_calendar().elapsed(at("2024-09-13T10:00"), at("2024-09-13T09:59"), Unit.WORK_HOUR)


@pytest.mark.parametrize("limit", ["36000 natural_day", "36000 work_day"])
def test_due_when_it_would_leave_the_calendar_of_the_world_then_it_is_refused(limit: str) -> None:
    with pytest.raises(MomentError, match="outside any calendar"):
        shipped_calendar().due(at("9990-01-01T10:00"), Limit.parse(limit))


def test_due_when_the_surrounding_code_rounds_coarsely_then_nothing_changes() -> None:
    limit = Limit.parse("1.123456 work_day")
    expected = shipped_calendar().due(at("2024-10-14T10:00"), limit)

    with localcontext() as coarse:
        coarse.prec = 3
        deadline = shipped_calendar().due(at("2024-10-14T10:00"), limit)

    assert deadline == expected


def test_calendar_when_its_source_is_changed_later_then_it_does_not_change() -> None:
    days = {date(2024, 10, 14): "off"}
    calendar = WorkCalendar("copied", days)  # type: ignore[arg-type]

    days.clear()

    assert not calendar.is_workday(date(2024, 10, 14))


def test_due_when_the_limit_is_short_then_it_is_fast_enough_for_every_move_of_a_case() -> None:
    calendar, start, limit = shipped_calendar(), at("2024-09-13T16:30"), Limit.parse("4 work_hour")

    best = min(timeit.repeat(lambda: calendar.due(start, limit), number=200, repeat=10)) / 200

    assert best < 100e-6
