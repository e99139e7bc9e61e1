from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from liuchi.ground.calendars.models import Calendar, CalendarVersion, SpecialDay
from liuchi.ground.kernel.guard import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> CalendarVersion:
    with scope("maintenance", "test"):
        calendar = Calendar.objects.create(code="test", name="Test")
        made = CalendarVersion.objects.create(
            calendar=calendar,
            number=1,
            source="test",
            timezone="Asia/Shanghai",
            office_hours=[["08:00", "12:00"]],
            published_years=[2024],
        )
        SpecialDay.objects.create(version=made, date=date(2024, 10, 1), kind="off", name="国庆节")
    return made


@pytest.mark.parametrize("change", [{"source": "other"}, {"published_years": [2025]}, {"office_hours": []}])
def test_version_when_somebody_changes_it_then_the_database_refuses(
    version: CalendarVersion, change: dict[str, Any]
) -> None:
    with scope("maintenance", "test"), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        CalendarVersion.objects.filter(id=version.id).update(**change)


def test_version_when_somebody_deletes_a_day_then_the_database_refuses(version: CalendarVersion) -> None:
    with scope("maintenance", "test"), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        SpecialDay.objects.filter(version=version).delete()


def test_special_day_when_somebody_changes_its_kind_then_the_database_refuses(version: CalendarVersion) -> None:
    with scope("maintenance", "test"), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        SpecialDay.objects.filter(version=version).update(kind="work")


@pytest.mark.parametrize(
    ("kind", "on", "constraint"),
    [("work", date(2024, 10, 1), "special_day_once_a_version"), ("half", date(2024, 10, 2), "special_day_kind")],
)
def test_special_day_when_it_is_double_or_of_no_kind_then_the_database_refuses(
    version: CalendarVersion, kind: str, on: date, constraint: str
) -> None:
    with scope("maintenance", "test"), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SpecialDay.objects.create(version=version, date=on, kind=kind, name="国庆节")


@pytest.mark.parametrize(
    ("number", "constraint"), [(1, "calendar_version_number"), (0, "calendar_version_counts_from_one")]
)
def test_version_when_its_number_is_taken_or_zero_then_the_database_refuses(
    version: CalendarVersion, number: int, constraint: str
) -> None:
    with scope("maintenance", "test"), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        CalendarVersion.objects.create(
            calendar=version.calendar,
            number=number,
            source="test",
            timezone="Asia/Shanghai",
            office_hours=[],
            published_years=[],
        )
