"""Reading organisations and duties."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from liuchi.ground.organisations.models import Duty, DutyRole, Organisation, OrganisationKind
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

_OFFICE_OF = {
    "town": (AreaKind.TOWN, OrganisationKind.TOWN),
    "community": (AreaKind.COMMUNITY, OrganisationKind.COMMUNITY),
}


@dataclass(frozen=True)
class DutyHolder:
    """An organisation that leads or assists in a matter at a place, and the document that says so."""

    organisation: Organisation
    role: str
    document: str
    note: str


def organisations() -> QuerySet[Organisation]:
    """Return the organisations in force, by code. Names and duties of public bodies are public."""
    return Organisation.objects.filter(valid_to=None).order_by("code")


def duty_holders(matter: str, place_id: UUID) -> list[DutyHolder]:
    """Return who leads and who assists in `matter` at a place, leads first (at most two queries)."""
    duties = list(
        Duty.objects.filter(matter=matter, valid_to=None)
        .exclude(role=DutyRole.TAKEN_BACK)
        .select_related("organisation")
        .order_by("-role", "organisation__code", "id")
    )
    offices = _offices(place_id) if any(duty.by_place for duty in duties) else {}
    found = [
        DutyHolder(body, duty.role, duty.document, duty.note)
        for duty in duties
        if (body := duty.organisation or offices.get(duty.by_place)) is not None
    ]
    return sorted(found, key=lambda each: (each.role != DutyRole.LEAD, each.organisation.code))


def _offices(place_id: UUID) -> dict[str, Organisation]:
    """Return the town office and the committee that serve a place."""
    areas = {
        by_place: area
        for by_place, (kind, _) in _OFFICE_OF.items()
        if (area := territory().ancestor(place_id, kind)) is not None
    }
    bodies = Organisation.objects.filter(
        valid_to=None,
        area_id__in=[area.id for area in areas.values()],
        kind__in=[kind for _, kind in _OFFICE_OF.values()],
    ).order_by("code")
    at = {(body.area_id, body.kind): body for body in bodies}
    return {
        by_place: at[area.id, _OFFICE_OF[by_place][1]]
        for by_place, area in areas.items()
        if (area.id, _OFFICE_OF[by_place][1]) in at
    }
