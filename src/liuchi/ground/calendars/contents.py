"""What a calendar version says, before it has a number: to merge and to compare."""

from dataclasses import dataclass
from datetime import date

from liuchi.ground.calendars.engine import CHINA, CHINA_HOURS, DayKind
from liuchi.ground.calendars.holidays_file import NamedDay
from liuchi.ground.calendars.models import CalendarVersion, SpecialDay
from liuchi.ground.calendars.office_hours import OfficeHours


@dataclass(frozen=True, slots=True)
class Contents:
    """Named days by date, the years whose notice is in, office hours as pairs of times, the time zone's name."""

    days: dict[date, NamedDay]
    years: frozenset[int]
    office_hours: list[list[str]]
    timezone: str

    @property
    def kinds(self) -> dict[date, DayKind]:
        """The named days without their names, which no deadline depends on."""
        return {on: day.kind for on, day in self.days.items()}

    def span_changed(self, before: "Contents") -> tuple[date, date] | None:
        """Return the first and the last date that may count differently than before, or None.

        A year that becomes published changes whole: its deadlines stop being provisional.
        """
        dates = [on for on, _kind in self.kinds.items() ^ before.kinds.items()]
        for year in self.years ^ before.years:
            dates += [date(year, 1, 1), date(year, 12, 31)]
        return (min(dates), max(dates)) if dates else None


def read_contents(version: CalendarVersion) -> Contents:
    """Return what a stored version says."""
    rows = SpecialDay.objects.filter(version=version).order_by("date")
    return Contents(
        days={row.date: NamedDay(row.date, row.name, DayKind(row.kind)) for row in rows},
        years=frozenset(version.published_years),
        office_hours=version.office_hours,
        timezone=version.timezone,
    )


def hours_as_written(office_hours: OfficeHours) -> list[list[str]]:
    """Return office hours as they are stored: pairs of ISO times."""
    return [[opening.isoformat(), closing.isoformat()] for opening, closing in office_hours.intervals]


EMPTY = Contents(days={}, years=frozenset(), office_hours=hours_as_written(CHINA_HOURS), timezone=CHINA.key)
