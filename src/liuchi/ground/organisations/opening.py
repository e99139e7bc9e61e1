"""Whether venues are open, by the working calendars that hold for them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from liuchi.ground.calendars.engine import WorkCalendar
from liuchi.ground.calendars.queries import find_version, work_calendar
from liuchi.ground.calendars.shipped import CODE
from liuchi.ground.organisations.models import Venue
from liuchi.ground.organisations.venues import is_open_at


def open_now(venues: Iterable[Venue], moment: datetime) -> Mapping[UUID, bool | None]:
    """Tell of each venue whether it is open at a moment; None where no hours are known, or no calendar is there.

    One query for each calendar in use.
    """
    calendars: dict[str, WorkCalendar | None] = {}
    found: dict[UUID, bool | None] = {}
    for venue in venues:
        code = venue.calendar.code if venue.calendar is not None else CODE
        if code not in calendars:
            version = find_version(code)
            calendars[code] = work_calendar(version) if version is not None else None
        hours, calendar = list(venue.hours.all()), calendars[code]
        found[venue.id] = is_open_at(hours, moment, calendar) if hours and calendar is not None else None
    return found
