from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.calendars.limits import Limit, LimitError, Unit, to_hours, to_microseconds
from liuchi.ground.calendars.tests.strategies import limits


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("4 work_hour", "4", Unit.WORK_HOUR),
        (" 1.5  work_day ", "1.5", Unit.WORK_DAY),
        ("2urgent_hour", "2", Unit.URGENT_HOUR),
        ("1 Urgent Day", "1", Unit.URGENT_DAY),
        ("3 natural-day", "3", Unit.NATURAL_DAY),
    ],
)
def test_parse_when_the_text_is_an_amount_and_a_unit_then_that_limit(text: str, value: str, unit: Unit) -> None:
    assert Limit.parse(text) == Limit(Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4 work_hours", "Did you mean work_hour"),
        ("4 wrk_day", "Did you mean work_day"),
        ("4 工作时", "Units: work_hour, work_day"),
        ("4", "Write an amount and a unit"),
        ("", "Write an amount and a unit"),
        ("work_hour", "Write an amount and a unit"),
        ("-1 work_day", "Write an amount and a unit"),
        ("nan work_day", "Write an amount and a unit"),
        ("1e3 work_day", "no unit of time"),
        ("0 work_day", "more than zero"),
        ("36526 work_day", "at most a hundred years"),
        ("0.00000000001 work_hour", "at least one microsecond"),
    ],
)
def test_parse_when_the_text_is_something_else_then_the_error_says_what_to_write(text: str, told: str) -> None:
    with pytest.raises(LimitError, match=told):
        Limit.parse(text)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), 4])
def test_limit_when_the_amount_is_no_number_then_it_is_refused(value: object) -> None:
    with pytest.raises(LimitError, match="is a number"):
        Limit(value, Unit.WORK_DAY)  # type: ignore[arg-type]


@given(limits)
def test_str_and_parse_undo_each_other(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit


@given(st.integers(-(10**18), 10**18))
def test_hours_and_microseconds_undo_each_other(microseconds: int) -> None:
    assert to_microseconds(to_hours(microseconds)) == microseconds
