import pytest

from liuchi.ground.calendars.engine import CHINA_HOURS
from liuchi.ground.calendars.office_hours import OfficeHours, OfficeHoursError


@pytest.mark.parametrize(
    "written",
    [
        [],
        [["08:00"]],
        [["08:00", "25:00"]],
        [["12:00", "08:00"]],
        [["08:00", "08:00"]],
        [["08:00", "12:00"], ["11:00", "18:00"]],
        [["14:00", "18:00"], ["08:00", "12:00"]],
        [[8, 12]],
    ],
)
def test_parse_when_the_intervals_make_no_day_then_they_are_refused(written: list[list[str]]) -> None:
    with pytest.raises(OfficeHoursError, match="Office hours are"):
        OfficeHours.parse(written)


def test_parse_when_the_intervals_are_the_default_then_a_day_has_eight_hours() -> None:
    hours = OfficeHours.parse([["08:00", "12:00"], ["14:00", "18:00"]])

    assert hours == CHINA_HOURS
    assert hours.hours == 8
    assert str(hours) == "08:00-12:00, 14:00-18:00"
