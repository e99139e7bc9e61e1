"""What is known of a venue, what makes sense of it, and when it is open."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.calendars.engine import DayKind, WorkCalendar
from liuchi.ground.organisations.changing import ChangeRefused
from liuchi.ground.organisations.models import Facility, OpenDay, OpeningHours, Venue, VenueKind
from liuchi.ground.territory.models import Area

_HOURS = re.compile(r"([0-9]{1,2})[:：]([0-9]{2})[-–—~至到]([0-9]{1,2})[:：]([0-9]{2})")
_BETWEEN_HOURS = re.compile(r"[\s,，、;；]+")
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE = 60, 120, 20


@dataclass(frozen=True)
class Hours:
    """From when until when a venue is open on one sort of day."""

    day: str
    opens_at: time
    closes_at: time


@dataclass(frozen=True)
class VenueFacts:
    """What is known of a venue; without an area it lies in its organisation's."""

    name: str
    kind: str
    area_id: UUID | None = None
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    phone: str = ""
    capacity: int | None = None
    facilities: tuple[str, ...] = ()
    is_bookable: bool = False
    hours: tuple[Hours, ...] = ()


def facts_of(venue: Venue) -> VenueFacts:
    """Return what is known of a venue at present (one query, for its hours)."""
    hours = [Hours(each.day, each.opens_at, each.closes_at) for each in venue.hours.all()]
    return VenueFacts(
        name=venue.name,
        kind=venue.kind,
        area_id=venue.area_id,
        address=venue.address,
        longitude=venue.longitude,
        latitude=venue.latitude,
        phone=venue.phone,
        capacity=venue.capacity,
        facilities=tuple(venue.facilities),
        is_bookable=venue.is_bookable,
        hours=tuple(sorted(hours, key=_order)),
    )


def set_facts(venue: Venue, facts: VenueFacts) -> None:
    """Put facts into a venue that is not saved yet.

    Raises:
        ChangeRefused: facts that make no sense, naming the field.
    """
    _require_texts(venue, facts)
    _require_use(facts)
    if facts.area_id is not None and not Area.objects.filter(id=facts.area_id, valid_to=None).exists():
        raise ChangeRefused(_("Choose the area where it lies."), field="area")
    venue.name, venue.kind = facts.name.strip(), facts.kind
    venue.area_id = facts.area_id or venue.area_id
    venue.address, venue.phone = facts.address.strip(), facts.phone.strip()
    venue.longitude, venue.latitude = facts.longitude, facts.latitude
    venue.capacity, venue.is_bookable = facts.capacity, facts.is_bookable
    venue.facilities = list(facts.facilities)


def hours_of(venue: Venue, facts: VenueFacts) -> list[OpeningHours]:
    """Return, unsaved, the hours of a venue."""
    return [
        OpeningHours(venue=venue, day=each.day, opens_at=each.opens_at, closes_at=each.closes_at)
        for each in sorted(facts.hours, key=_order)
    ]


def hours_in(day: str, text: str) -> tuple[Hours, ...]:
    """Return the hours that people write as "08:30-12:00 14:00-17:30" for one sort of day; none for an empty text.

    Raises:
        ChangeRefused: what cannot be read so.
    """
    found = []
    for part in _BETWEEN_HOURS.split(text.strip()):
        if part:
            written = _HOURS.fullmatch(part)
            if written is None:
                raise ChangeRefused(_("Write hours such as 08:30-12:00 14:00-17:30."), field=day)
            try:
                found.append(Hours(day, *(time(int(h), int(m)) for h, m in (written.group(1, 2), written.group(3, 4)))))
            except ValueError as error:
                raise ChangeRefused(_("Write hours such as 08:30-12:00 14:00-17:30."), field=day) from error
    return tuple(found)


def hours_text(hours: Iterable[Hours], day: str) -> str:
    """Return the hours of one sort of day as `hours_in` reads them."""
    return " ".join(f"{each.opens_at:%H:%M}-{each.closes_at:%H:%M}" for each in hours if each.day == day)


def sort_of(day: date, calendar: WorkCalendar) -> OpenDay:
    """Return what sort of day it is: a make-up Saturday is a working day, a Monday off is a public holiday."""
    if calendar.is_workday(day):
        return OpenDay.WORK_DAY
    return OpenDay.HOLIDAY if calendar.days.get(day) is DayKind.OFF else OpenDay.REST_DAY


def is_open_at(hours: Iterable[OpeningHours | Hours], moment: datetime, calendar: WorkCalendar) -> bool:
    """Tell whether a venue with these hours is open at a moment (aware); closing time itself is closed."""
    local = moment.astimezone(calendar.timezone)
    sort, at = sort_of(local.date(), calendar), local.time().replace(tzinfo=None)
    return any(each.day == sort and each.opens_at <= at < each.closes_at for each in hours)


def _order(hours: Hours) -> tuple[str, time]:
    return hours.day, hours.opens_at


def _require_texts(venue: Venue, facts: VenueFacts) -> None:
    if not facts.name.strip():
        raise ChangeRefused(_("Give the venue's name."), field="name")
    longest = (("name", LONGEST_NAME), ("address", LONGEST_ADDRESS), ("phone", LONGEST_PHONE))
    for field, most in longest:
        if len(str(getattr(facts, field)).strip()) > most:
            raise ChangeRefused(
                _("This is longer than %(longest)d characters. Give a shorter one.") % {"longest": most}, field=field
            )
    same = Venue.objects.filter(organisation_id=venue.organisation_id, name=facts.name.strip(), valid_to=None)
    if same.exclude(id=venue.id).exists():
        raise ChangeRefused(_("This organisation has a venue of this name already."), field="name")


def _require_use(facts: VenueFacts) -> None:
    if facts.kind not in VenueKind.values:
        raise ChangeRefused(_("Choose what the venue is for."), field="kind")
    if not set(facts.facilities) <= set(Facility.values):
        raise ChangeRefused(_("Choose facilities from the list."), field="facilities")
    if (facts.longitude is None) != (facts.latitude is None):
        raise ChangeRefused(_("A position has a longitude and a latitude."), field="longitude")
    if facts.is_bookable and not facts.capacity:
        raise ChangeRefused(_("What can be booked needs to say how many fit in."), field="capacity")
    for each in facts.hours:
        if each.day not in OpenDay.values or each.opens_at >= each.closes_at:
            raise ChangeRefused(_("Opening hours end after they begin."), field="hours")
    for first, second in pairwise(sorted(facts.hours, key=_order)):
        if first.day == second.day and second.opens_at < first.closes_at:
            raise ChangeRefused(_("Opening hours of one day overlap."), field="hours")
