from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from liuchi.ground.calendars.actions import (
    CalendarCodeRefused,
    CalendarExists,
    Published,
    ensure_base_calendar,
    import_holidays,
    open_calendar,
)
from liuchi.ground.calendars.engine import CHINA, DayKind
from liuchi.ground.calendars.holidays_file import NamedDay, read_holidays
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.calendars.models import CalendarVersion, SpecialDay
from liuchi.ground.calendars.office_hours import OfficeHours
from liuchi.ground.calendars.queries import UnknownCalendar, current_version, find_version, work_calendar
from liuchi.ground.calendars.shipped import shipped_calendar, shipped_holidays
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.errors import NotAllowed

database = pytest.mark.django_db

SETUP = System("set-up")
NOTICE_2027 = (
    "date,name,kind\n2026-12-31,元旦,off\n2027-01-01,元旦,off\n2027-01-09,元旦,work\n"
    "2027-02-07,春节,off\n2027-02-08,春节,off\n"
).encode()


def import_2027() -> Published:
    return import_holidays(by=SETUP, source="notice 2027", days=read_holidays(NOTICE_2027).days)


def published_lines() -> list[Line]:
    return list(Line.objects.filter(kind="calendar.published").order_by("seq"))


@database
def test_ensure_base_calendar_when_nothing_stands_then_the_shipped_years_are_published() -> None:
    outcome = ensure_base_calendar(by=SETUP)

    assert outcome == Published(current_version(), True, date(2015, 1, 1), date(2026, 12, 31))
    calendar = work_calendar(outcome.version)
    assert dict(calendar.days) == dict(shipped_calendar().days)
    assert calendar.published_years == shipped_holidays().years
    assert calendar.office_hours == shipped_calendar().office_hours
    assert calendar.label == "cn 1"


@database
def test_ensure_base_calendar_when_done_twice_then_nothing_is_written() -> None:
    first = ensure_base_calendar(by=SETUP)

    second = ensure_base_calendar(by=SETUP)

    assert second == Published(first.version, is_new=False)
    assert CalendarVersion.objects.count() == 1
    assert len(published_lines()) == 1


@database
def test_ensure_base_calendar_when_somebody_corrected_a_day_then_the_correction_stays() -> None:
    ensure_base_calendar(by=SETUP)
    corrected = NamedDay(date(2026, 10, 1), "国庆节", DayKind.WORK)
    import_holidays(by=SETUP, source="correction", days=[corrected])

    outcome = ensure_base_calendar(by=SETUP)

    assert not outcome.is_new
    assert work_calendar(current_version()).is_workday(date(2026, 10, 1))


@database
def test_import_holidays_when_the_file_brings_a_year_then_a_new_version_holds_both() -> None:
    ensure_base_calendar(by=SETUP)

    outcome = import_2027()

    assert (outcome.version.number, outcome.version.source) == (2, "notice 2027")
    assert outcome.is_new
    assert (outcome.first, outcome.last) == (date(2026, 12, 31), date(2027, 12, 31))
    calendar = work_calendar(outcome.version)
    assert calendar.published_years == frozenset(range(2015, 2028))
    assert len(calendar.days) == 405 + 5


@database
def test_import_holidays_when_a_deadline_was_provisional_then_computed_again_it_is_final() -> None:
    before = work_calendar(ensure_base_calendar(by=SETUP).version)
    start, limit = datetime(2026, 12, 30, 17, tzinfo=CHINA), Limit.parse("1 work_day")

    after = work_calendar(import_2027().version)

    old, new = before.due(start, limit), after.due(start, Limit.parse("2 work_day"))
    assert (old.at, old.is_provisional) == (datetime(2026, 12, 31, 17, tzinfo=CHINA), False)
    assert (new.at, new.is_provisional) == (datetime(2027, 1, 5, 17, tzinfo=CHINA), False)
    assert (old.calendar, old.version_id) == ("cn 1", before.version_id)
    assert (new.calendar, new.version_id) == ("cn 2", current_version().id)


@database
def test_import_holidays_when_the_file_changes_nothing_then_no_version_and_no_line() -> None:
    ensure_base_calendar(by=SETUP)
    first = import_2027()

    second = import_2027()

    assert second == Published(first.version, is_new=False)
    assert CalendarVersion.objects.count() == 2
    assert len(published_lines()) == 2


@database
def test_import_holidays_when_a_day_changes_then_old_versions_keep_theirs() -> None:
    ensure_base_calendar(by=SETUP)
    day = NamedDay(date(2024, 10, 14), "Local day", DayKind.OFF)

    outcome = import_holidays(by=SETUP, source="correction", days=[day])

    assert (outcome.first, outcome.last) == (day.on, day.on)
    assert outcome.version.published_years == sorted(shipped_holidays().years)
    old, new = CalendarVersion.objects.order_by("number")
    assert work_calendar(old).is_workday(day.on)
    assert not work_calendar(new).is_workday(day.on)
    assert SpecialDay.objects.get(version=new, date=day.on).name == "Local day"


@database
def test_import_holidays_leaves_one_line_that_says_what_changed() -> None:
    ensure_base_calendar(by=SETUP)

    outcome = import_2027()

    line = published_lines()[-1]
    assert (line.subject_type, line.subject_id) == ("calendar", outcome.version.calendar_id)
    assert line.data == {
        "calendar": "cn",
        "version": 2,
        "years": list(range(2015, 2028)),
        "first": "2026-12-31",
        "last": "2027-12-31",
    }


@database
def test_import_holidays_when_the_years_are_told_then_they_count_even_without_a_holiday() -> None:
    ensure_base_calendar(by=SETUP)

    outcome = import_holidays(by=SETUP, source="quiet year", days=[], years=[2030])

    assert 2030 in outcome.version.published_years
    assert (outcome.first, outcome.last) == (date(2030, 1, 1), date(2030, 12, 31))


@database
def test_import_holidays_when_there_is_no_such_calendar_then_it_is_refused() -> None:
    with translation.override("en"), pytest.raises(UnknownCalendar, match="no calendar “nowhere”"):
        import_holidays(by=SETUP, source="x", days=[], calendar_code="nowhere")


@database
def test_actions_when_the_actor_may_not_publish_then_they_are_refused() -> None:
    ensure_base_calendar(by=SETUP)
    visitor = Visitor(frozenset())

    with pytest.raises(NotAllowed):
        ensure_base_calendar(by=visitor)
    with pytest.raises(NotAllowed):
        import_holidays(by=visitor, source="x", days=read_holidays(NOTICE_2027).days)
    with pytest.raises(NotAllowed):
        open_calendar(by=visitor, code="x", name="x", source="x")
    assert CalendarVersion.objects.count() == 1


@database
def test_open_calendar_when_an_office_keeps_other_hours_then_it_shares_the_days() -> None:
    ensure_base_calendar(by=SETUP)
    hours = OfficeHours.parse([["09:00", "17:00"]])

    outcome = open_calendar(by=SETUP, code="window", name="Service window", source="notice", office_hours=hours)

    calendar = work_calendar(current_version("window"))
    assert (calendar.label, calendar.version_id) == ("window 1", outcome.version.id)
    assert calendar.office_hours == hours
    assert dict(calendar.days) == dict(shipped_calendar().days)
    assert current_version("cn").number == 1
    assert published_lines()[-1].data["calendar"] == "window"


@database
def test_open_calendar_when_the_code_is_taken_then_it_is_refused() -> None:
    ensure_base_calendar(by=SETUP)

    with pytest.raises(CalendarExists):
        open_calendar(by=SETUP, code="cn", name="Again", source="x")


@database
@pytest.mark.parametrize("code", ["", "区局", "two words", "x" * 41])
def test_open_calendar_when_the_code_is_no_code_then_it_is_refused(code: str) -> None:
    ensure_base_calendar(by=SETUP)

    with pytest.raises(CalendarCodeRefused):
        open_calendar(by=SETUP, code=code, name="Again", source="x")


@database
def test_find_version_when_there_is_none_then_none() -> None:
    assert find_version("cn") is None


@database
def test_work_calendar_when_the_id_is_unknown_then_it_is_refused() -> None:
    with pytest.raises(UnknownCalendar):
        work_calendar(UUID(int=0))


@database
def test_work_calendar_when_asked_again_then_the_database_is_left_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    version = ensure_base_calendar(by=SETUP).version
    first = work_calendar(version)

    with django_assert_num_queries(0):
        second = work_calendar(version.id)

    assert second is first


@database
def test_current_version_when_asked_again_then_only_its_number_is_read(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ensure_base_calendar(by=SETUP)
    current_version()

    with django_assert_num_queries(1):
        code = current_version().calendar.code

    assert code == "cn"


@pytest.mark.usefixtures("committed")
def test_publishing_when_many_do_it_at_once_then_one_version_each() -> None:
    def set_up_and_import(_number: int) -> tuple[Published, Published]:
        try:
            return ensure_base_calendar(by=SETUP), import_2027()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        outcomes = list(pool.map(set_up_and_import, range(4)))

    assert sum(based.is_new for based, _ in outcomes) == 1
    assert sum(imported.is_new for _, imported in outcomes) == 1
    assert list(CalendarVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert len(published_lines()) == 2
