"""Loading the venues of the demo district: the hall of each town, and the party and service centre of each community.

Halls keep office hours; centres are open at weekends too, and lend a room for deliberations. All are made up.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time

from liuchi.demo.bodies import LOADER
from liuchi.demo.district.organisations import OrganisationRow, organisations
from liuchi.ground.organisations.actions.venues import open_venue
from liuchi.ground.organisations.models import Facility, OpenDay, Organisation, Venue, VenueKind
from liuchi.ground.organisations.venues import Hours, VenueFacts

SINCE = date(2023, 7, 1)
_MORNING, _AFTERNOON = (time(8, 30), time(12)), (time(14, 30), time(17, 30))
_WORKING = (OpenDay.WORK_DAY,)
_WEEKENDS_TOO = (OpenDay.WORK_DAY, OpenDay.REST_DAY)


def load_venues(bodies: Mapping[str, Organisation]) -> int:
    """Load whatever of the venues is not there yet; return how many were new."""
    known = set(Venue.objects.values_list("organisation_id", "name"))
    count = 0
    for row in organisations():
        keeper = bodies[row.code]
        for facts in _venues_of(row):
            if (keeper.id, facts.name) not in known:
                open_venue(by=LOADER, organisation_id=keeper.id, facts=facts, on=SINCE)
                count += 1
    return count


def _venues_of(row: OrganisationRow) -> Iterator[VenueFacts]:
    place = row.short_name
    if row.kind == "town":
        yield VenueFacts(
            f"{place}便民服务大厅",
            VenueKind.SERVICE_HALL,
            facilities=(Facility.RAMP, Facility.TOILET),
            hours=_hours(_WORKING),
        )
    if row.kind == "community":
        yield VenueFacts(
            f"{place}党群服务中心", VenueKind.SERVICE_HALL, facilities=(Facility.RAMP,), hours=_hours(_WEEKENDS_TOO)
        )
        yield VenueFacts(
            f"{place}议事厅", VenueKind.MEETING_ROOM, capacity=30, is_bookable=True, hours=_hours(_WEEKENDS_TOO)
        )


def _hours(days: tuple[OpenDay, ...]) -> tuple[Hours, ...]:
    return tuple(Hours(day, *span) for day in days for span in (_MORNING, _AFTERNOON))
