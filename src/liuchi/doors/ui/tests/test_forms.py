"""What all forms share."""

import pytest
from django import forms

from liuchi.doors.ui.forms import HouseForm


class DaysForm(HouseForm):
    day = forms.DateField()
    moment = forms.DateTimeField()


@pytest.mark.parametrize("year", ["0001", "1849", "2200", "9999"])
def test_day_when_outside_any_calendar_then_refused_at_its_field(year: str) -> None:
    form = DaysForm({"day": f"{year}-06-30", "moment": f"{year}-06-30T10:00"})

    assert set(form.errors) == {"day", "moment"}


def test_day_when_within_then_taken() -> None:
    assert DaysForm({"day": "1921-07-01", "moment": "2024-09-12T10:00"}).is_valid()
