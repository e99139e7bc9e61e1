"""Opening a jurisdiction beside the district, and bringing in its places and units as the records name them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from liuchi.engines.cases.actions.replayed import open_jurisdiction
from liuchi.engines.cases.models import Jurisdiction
from liuchi.ground.calendars.actions import open_foreign_calendar
from liuchi.ground.calendars.engine import DayKind
from liuchi.ground.calendars.holidays_file import NamedDay
from liuchi.ground.calendars.models import Calendar
from liuchi.ground.calendars.office_hours import OfficeHours, OfficeHoursError
from liuchi.ground.exchange.checkpoints import committed_together
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.organisations.actions import NewOrganisation, import_organisations
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.actions import NewArea, import_territory
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import forget

_NEEDED = ("code", "name", "area_code", "since")


class JurisdictionRefused(RuleBroken):
    """What is said of the jurisdiction is incomplete, or makes no sense."""

    code = "jurisdiction_refused"


@dataclass(frozen=True)
class Opening:
    """What a jurisdiction is: its name, the code of its area, its calendar (or one that is known), since when.

    `timezone`, `office_hours`, `years` and `holidays` make a calendar of the jurisdiction's own code.
    """

    code: str
    name: str
    area_code: str
    since: date
    source: str = ""
    calendar: str = ""
    timezone: str = ""
    office_hours: tuple[tuple[str, str], ...] = ()
    years: tuple[int, ...] = ()
    holidays: tuple[NamedDay, ...] = ()


def read_opening(document: Mapping[str, Any]) -> Opening:
    """Return what the section "jurisdiction" of a mapping says.

    Raises:
        JurisdictionRefused: naming what is missing or not known.
    """
    missing = [name for name in _NEEDED if not document.get(name)]
    if missing or not (document.get("calendar") or document.get("timezone")):
        said = _("A jurisdiction needs %(names)s, and a calendar or a timezone.")
        raise JurisdictionRefused(said % {"names": ", ".join(_NEEDED)}, field="jurisdiction")
    zone = str(document.get("timezone", ""))
    if zone and zone not in available_timezones():
        raise JurisdictionRefused(_("Expected a time zone such as Asia/Shanghai."), field="jurisdiction")
    try:
        days = [NamedDay(date.fromisoformat(each["date"]), each["name"], DayKind.OFF) for each in _days(document)]
        return Opening(
            code=str(document["code"]),
            name=str(document["name"]),
            area_code=str(document["area_code"]),
            since=date.fromisoformat(str(document["since"])),
            source=str(document.get("source", "")),
            calendar=str(document.get("calendar", "")),
            timezone=zone,
            office_hours=tuple((str(first), str(last)) for first, last in document.get("office_hours", ())),
            years=tuple(int(year) for year in document.get("years", ())),
            holidays=tuple(days),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise JurisdictionRefused(
            _("The section “jurisdiction” cannot be read: %(why)s") % {"why": error}, field="jurisdiction"
        ) from error


def ensure_jurisdiction(*, by: Actor, opening: Opening) -> Jurisdiction:
    """Return the jurisdiction of that code; open it with its area and its calendar where there is none yet.

    Raises:
        NotAllowed: the actor lacks the power cases.standards, territory.manage or calendars.publish.
        JurisdictionRefused: office hours that are none.
    """
    known = Jurisdiction.objects.filter(code=opening.code).first()
    if known is not None:
        return known
    with committed_together():
        code = opening.calendar or _open_calendar(by, opening)
        top = NewArea(AreaKind.CITY, opening.area_code, opening.name[:40], None, is_managed=False)
        import_territory(by=by, areas=[top], valid_from=opening.since)
        made = open_jurisdiction(
            by=by,
            code=opening.code,
            name=opening.name,
            source=opening.source,
            area_id=Area.objects.get(code=opening.area_code, valid_to=None).id,
            calendar_id=Calendar.objects.get(code=code).id,
        )
    forget()
    return made


def ensure_places(
    *, by: Actor, jurisdiction: Jurisdiction, places: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], UUID]:
    """Return the area of each place and part of it, as records name them; those that are new are brought in."""
    top = jurisdiction.area
    wanted = sorted({each for place, part in places for each in ((place, ""), (place, part)) if place})
    known = _places(top)
    fresh: list[NewArea] = []
    codes = {each: area.code for each, area in known.items()}
    for place, part in wanted:
        if (place, part) in codes:
            continue
        kind, parent = (AreaKind.COMMUNITY, codes[place, ""]) if part else (AreaKind.DISTRICT, top.code)
        codes[place, part] = parent + f"{_below(codes.values(), parent, 3 if part else 2):0{3 if part else 2}}"
        fresh.append(NewArea(kind, codes[place, part], (part or place)[:40], parent, is_managed=False))
    if fresh:
        import_territory(by=by, areas=fresh, valid_from=top.valid_from)
        forget()
        known = _places(top)
    return {("", ""): top.id} | {each: area.id for each, area in known.items()}


def ensure_units(*, by: Actor, jurisdiction: Jurisdiction, names: Iterable[str]) -> Mapping[str, UUID]:
    """Return the unit of each name in a jurisdiction; those that are new are brought in as its departments."""
    own = Organisation.objects.filter(area_id=jurisdiction.area_id, valid_to=None).order_by("code")
    known = dict(own.values_list("name", "id"))
    fresh = sorted({name[:60] for name in names if name} - known.keys())
    if fresh:
        import_organisations(
            by=by,
            organisations=[
                NewOrganisation(f"{jurisdiction.code}-{n:03}", name, name[:20], "department", jurisdiction.area)
                for n, name in enumerate(fresh, start=len(known) + 1)
            ],
            valid_from=jurisdiction.area.valid_from,
        )
        known = dict(own.values_list("name", "id"))
    return known


def _open_calendar(by: Actor, opening: Opening) -> str:
    try:
        hours = OfficeHours.parse(opening.office_hours or (("09:00", "17:00"),))
    except OfficeHoursError as error:
        raise JurisdictionRefused(str(error), field="office_hours") from error
    open_foreign_calendar(
        by=by,
        code=opening.code,
        name=opening.name[:80],
        source=opening.source or opening.code,
        timezone=opening.timezone,
        office_hours=hours,
        days=opening.holidays,
        years=opening.years,
    )
    return opening.code


def _places(top: Area) -> dict[tuple[str, str], Area]:
    rows = Area.objects.filter(code__startswith=top.code, valid_to=None).exclude(id=top.id)
    found: dict[tuple[str, str], Area] = {}
    for area in rows.select_related("statistical_parent").order_by("code"):
        above = area.statistical_parent
        if above is not None:
            found[(area.name, "") if above.id == top.id else (above.name, area.name)] = area
    return found


def _below(codes: Iterable[str], parent: str, digits: int) -> int:
    """Return the next number below a code."""
    length = len(parent) + digits
    return 1 + max((int(code[len(parent) :]) for code in codes if code.startswith(parent) and len(code) == length),
                   default=0)  # fmt: skip


def _days(document: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    found: Sequence[Mapping[str, str]] = document.get("holidays", ())
    return found
