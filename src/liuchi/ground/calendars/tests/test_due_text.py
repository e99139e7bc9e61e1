import pytest

from liuchi.ground.calendars.due_text import due_command, explain_due, read_moment
from liuchi.ground.calendars.engine import MomentError, WorkCalendar
from liuchi.ground.calendars.limits import Limit, LimitError
from liuchi.ground.calendars.shipped import shipped_calendar


@pytest.mark.parametrize(
    ("moment", "limit", "expected"),
    [
        ("2024-09-13T16:30", "4 work_hour", "2024-09-14T10:30:00+08:00"),
        ("2024-09-13 16:30:15", "2 urgent_hour", "2024-09-13T18:30:15+08:00"),
        ("2024-09-13", "3 natural_day", "2024-09-16T00:00:00+08:00"),
        ("2024-09-13T08:30Z", "4 work_hour", "2024-09-14T10:30:00+08:00"),
    ],
)
def test_due_command_prints_the_moment_with_its_offset_and_nothing_else(moment: str, limit: str, expected: str) -> None:
    assert due_command(moment, limit, shipped_calendar()) == (expected, "")


def test_due_command_when_the_year_is_not_published_then_the_second_text_says_provisional() -> None:
    printed, warning = due_command("2027-03-01T10:00", "1 work_hour", shipped_calendar())

    assert printed == "2027-03-01T11:00:00+08:00"
    assert warning.startswith("provisional: holidays are known for 2015 to 2026")


def test_due_command_when_no_year_is_known_then_it_says_so() -> None:
    _, warning = due_command("2027-03-01T10:00", "1 work_hour", WorkCalendar("bare"))

    assert "no year's holidays are known" in warning


def test_due_command_when_the_moment_is_no_moment_then_the_error_shows_one() -> None:
    with pytest.raises(MomentError, match="2024-09-13T16:30"):
        due_command("yesterday", "4 work_hour", shipped_calendar())


def test_due_command_when_the_limit_is_no_limit_then_the_error_suggests_one() -> None:
    with pytest.raises(LimitError, match="Did you mean work_hour"):
        due_command("2024-09-13", "4 work_hr", shipped_calendar())


def test_explain_due_names_the_days_that_the_notice_moved() -> None:
    calendar = shipped_calendar()

    text = explain_due(read_moment("2024-09-13T16:30", calendar), Limit.parse("4 work_hour"), calendar)

    assert "ends 2024-09-14T10:30:00+08:00 (calendar cn shipped)" in text
    assert "2 working days of 2" in text
    assert "2024-09-14 work" in text


def test_explain_due_when_the_clock_is_continuous_then_no_days_are_counted() -> None:
    calendar = shipped_calendar()

    text = explain_due(read_moment("2027-09-13", calendar), Limit.parse("1 urgent_day"), calendar)

    assert text == "1 urgent_day from 2027-09-13T00:00:00+08:00 ends 2027-09-14T00:00:00+08:00 (calendar cn shipped)."


def test_explain_due_when_provisional_then_the_reason_follows() -> None:
    calendar = shipped_calendar()

    text = explain_due(read_moment("2027-09-13", calendar), Limit.parse("1 work_day"), calendar)

    assert text.splitlines()[1].startswith("provisional: ")
