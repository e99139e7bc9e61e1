from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuchi.ground.exchange.cells import csv_cell, plain_cell, starts_formula

#: What the programs that open a table take for the beginning of a formula.
BEGINNINGS = "=+-@\t\r＝＋－＠"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 199",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u202e=1",
        "\xad=1",
        "\u2066+1",
        "﹦1",
        "−1",
    ],
)
def test_text_when_it_might_calculate_then_it_carries_the_mark_of_text(text: str) -> None:
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["张三", "1-2", "a=b", "990803001001", "", "—", "※"])
def test_text_when_harmless_then_it_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text


@given(st.text())
def test_text_when_written_then_no_cell_begins_with_what_calculates(text: str) -> None:
    written = csv_cell(text)

    assert not starts_formula(written)
    assert written[:1] not in BEGINNINGS or not written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-5, "-5"),
        (Decimal("-12.50"), "-12.50"),
        (-0.5, "-0.5"),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (date(2024, 9, 12), "2024-09-12"),
        (datetime(2024, 9, 12, 1, 0, tzinfo=UTC), "2024-09-12 09:00:00"),
        (990803199001011234, "990803199001011234"),
        ("a\x00b\x07c\ud800", "abc"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_value_when_written_then_numbers_stay_numbers_and_days_are_plain(value: object, written: str) -> None:
    assert csv_cell(value) == written  # type: ignore[arg-type]


def test_number_when_longer_than_a_spreadsheet_keeps_then_it_is_text() -> None:
    assert plain_cell(999_999_999_999_999) == 999_999_999_999_999
    assert plain_cell(1_000_000_000_000_000) == "1000000000000000"
