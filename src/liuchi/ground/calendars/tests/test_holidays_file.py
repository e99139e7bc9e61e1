import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.calendars.holidays_file import HolidaysFileRefused, NamedDay, read_holidays
from liuchi.ground.calendars.shipped import shipped_holidays

CSV = "date,name,kind\n2027-02-07,春节,off\n2027-02-14,春节,work\n2026-12-31,元旦,off\n"
DAYS = (
    NamedDay(date(2026, 12, 31), "元旦", DayKind.OFF),
    NamedDay(date(2027, 2, 7), "春节", DayKind.OFF),
    NamedDay(date(2027, 2, 14), "春节", DayKind.WORK),
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def as_json(year: object, *days: object) -> bytes:
    return json.dumps({"year": year, "days": days}, ensure_ascii=False).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_read_csv_when_it_is_saved_by_any_spreadsheet_then_the_days_are_read(encoding: str, line_end: str) -> None:
    holidays = read_holidays(CSV.replace("\n", line_end).encode(encoding))

    assert holidays.days == DAYS
    assert holidays.years == {2027}


def test_read_json_when_it_is_one_year_then_that_year_is_carried() -> None:
    content = as_json(
        2027,
        {"name": "春节", "date": "2027-02-14", "isOffDay": False},
        {"name": "春节", "date": "2027-02-07", "isOffDay": True},
        {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
    )

    holidays = read_holidays(content)

    assert holidays.days == DAYS
    assert holidays.years == {2027}


def test_read_csv_when_lines_are_bad_then_every_one_is_named_and_nothing_is_read() -> None:
    content = CSV + "2027-02-30,元旦,off\n20270102,元旦,off\n2027-01-02,,rest\n\n2027-01-02\n2027-02-07,春节,off\n"

    with pytest.raises(HolidaysFileRefused) as caught:
        read_holidays(content.encode())

    assert [number for number, _ in caught.value.problems] == [5, 6, 7, 7, 9, 10]
    assert "line 5: “2027-02-30” is no date; expected a day such as 2027-01-01" in str(caught.value)
    assert "expected off (holiday) or work (make-up working day)" in str(caught.value)
    assert "2027-02-07 is named twice" in str(caught.value)


def test_read_csv_when_very_many_lines_are_bad_then_the_message_stays_short() -> None:
    with pytest.raises(HolidaysFileRefused) as caught:
        read_holidays(("date,name,kind\n" + "x,元旦,off\n" * 500).encode())

    assert len(caught.value.problems) == 500
    assert str(caught.value).endswith("... and 490 more")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "expected the header date,name,kind"),
        (b"day,title\n", "expected the header date,name,kind"),
        (b"date,name,kind\n", "names no day"),
        (b"\xff\xff\xff", "neither UTF-8 nor GB 18030"),
        (b"{not json", "not JSON"),
        (b"[]", 'expected {"year": 2027'),
        (as_json("2027", {"name": "a", "date": "2027-01-01", "isOffDay": True}), 'expected {"year": 2027'),
        (as_json(2027), 'expected {"year": 2027'),
        (as_json(2027, "2027-01-01"), "entry 1: expected three values"),
        (as_json(2027, {"name": "元旦", "date": "2027-01-01"}), "is no kind of day"),
        (as_json(2027, {"name": "元旦", "date": "2027-01-01", "isOffDay": []}), "is no kind of day"),
        (as_json(2027, {"name": "元旦", "date": "2031-01-01", "isOffDay": True}), "far from the year 2027"),
    ],
)
def test_read_when_the_file_is_no_list_of_holidays_then_the_error_says_what_is_expected(
    content: bytes, told: str
) -> None:
    with pytest.raises(HolidaysFileRefused, match=told):
        read_holidays(content)


def test_shipped_holidays_cover_2015_to_2026() -> None:
    holidays = shipped_holidays()

    assert len(holidays.days) == 405
    assert holidays.years == frozenset(range(2015, 2027))
    assert (holidays.days[0].on, holidays.days[-1].on) == (date(2015, 1, 1), date(2026, 10, 10))
