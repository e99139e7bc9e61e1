"""Which places stand beside the district, with a calendar and a time zone of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from liuchi.engines.cases.models import Jurisdiction
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.calendars.queries import current_version
from liuchi.ground.calendars.shipped import CODE
from liuchi.ground.territory.queries import territory
from liuchi.ground.territory.snapshot import Territory


@dataclass(frozen=True)
class _Known:
    """The jurisdictions of one snapshot of the territory, by their top area. One never opens without new areas."""

    of: Territory
    by_area: Mapping[UUID, Jurisdiction]
    aside: frozenset[UUID]


_held: _Known | None = None


def _known() -> _Known:
    global _held  # noqa: PLW0603 - every clock asks; one reading per snapshot of the territory is the point
    present, held = territory(), _held
    if held is None or held.of is not present:
        found = {each.area_id: each for each in Jurisdiction.objects.select_related("calendar").order_by("code")}
        aside = frozenset[UUID]().union(*map(present.with_descendants, found))
        _held = held = _Known(present, found, aside)
    return held


def jurisdiction_of(place_id: UUID) -> Jurisdiction | None:
    """Return the jurisdiction in which an area lies; None for the district itself."""
    known = _known()
    if place_id not in known.aside:
        return None
    above = territory().with_ancestors(place_id)
    return next(each for area_id, each in known.by_area.items() if area_id in above)


def calendar_at(place_id: UUID) -> CalendarVersion:
    """Return the calendar version in force at a place: its jurisdiction's, else the country's."""
    found = jurisdiction_of(place_id)
    return current_version(found.calendar.code if found is not None else CODE)


def zone_at(place_id: UUID) -> tzinfo:
    """Return the time zone in which moments of a place are shown."""
    if jurisdiction_of(place_id) is None:
        return timezone.get_default_timezone()
    return ZoneInfo(calendar_at(place_id).timezone)


def is_of_district(place_id: UUID) -> bool:
    """Tell whether a place is the district's own: what happens in jurisdictions beside it counts in no figure."""
    return place_id not in _known().aside


def outside_district() -> frozenset[UUID]:
    """Return every area that lies in a jurisdiction beside the district."""
    return _known().aside


def of_district(path: str = "") -> Q:
    """Return the condition that cases (at `path`, such as "case__") are the district's own; empty while all are."""
    aside = _known().aside
    return ~Q(**{f"{path}place_id__in": aside}) if aside else Q()
