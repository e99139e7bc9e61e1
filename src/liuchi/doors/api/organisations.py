"""Units 处置单位, what they serve, and what the lists of powers and duties 权责清单 say that they do."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from liuchi.doors.api.answers import answer, chosen
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.catalogue import Words
from liuchi.doors.api.paging import Key, Paging, answer_page
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MATTER, Page
from liuchi.doors.api.shapes_of_units import DutyOut, OrganisationFull, OrganisationOut, WhoActs
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.models import Duty, DutyItem, Organisation
from liuchi.ground.organisations.queries import DutyHolder, duties_at, duty_items, served_by, units
from liuchi.ground.territory.queries import known_area, territory

router = Router(tags=["organisations"])


@router.get(
    "/organisations",
    response=ok(Page[OrganisationOut]),
    url_name="api-organisations",
    operation_id="listOrganisations",
)
def list_organisations(
    request: HttpRequest,
    paging: Query[Paging],
    below: Annotated[UUID | None, Query(description="Registered in this area, or in one within it.")] = None,
    kind: Annotated[str, Query(max_length=20, description="department, squad, centre, town, community, …")] = "",
    q: Words = "",
) -> HttpResponse:
    """List the units that cases are given to 处置单位, by code."""
    rows = units().filter(kind=kind.replace("\0", "")) if kind else units()
    if below is not None:
        rows = rows.filter(is_one_of("area_id", territory().with_descendants(below)))
    for word in q.replace("\0", "").split():
        rows = rows.filter(name__icontains=word)
    return answer_page(request, rows, _row, paging, key=lambda row: (row.code, str(row.id)))


@router.get(
    "/organisations/{uuid:organisation_id}",
    response=ok(OrganisationFull),
    url_name="api-organisation",
    operation_id="readOrganisation",
)
def read_organisation(request: HttpRequest, organisation_id: UUID, fields: Fields = "") -> HttpResponse:
    """Return one unit with what stands above it and which areas it serves beside its own."""
    del request
    body = _unit(organisation_id)
    shown = {
        **_row(body),
        "directed_by": body.management_parent_id,
        "counted_by": body.statistical_parent_id,
        "serves": [each.area_id for each in served_by(body.id)],
    }
    return answer(chosen([shown], fields)[0])


@router.get(
    "/organisations/{uuid:organisation_id}/duties",
    response=ok(Page[DutyOut]),
    url_name="api-duties",
    operation_id="listDuties",
)
def list_duties(request: HttpRequest, organisation_id: UUID, paging: Query[Paging]) -> HttpResponse:
    """List what the public lists in force name a unit for 权责清单, in the order of their documents."""
    body = _unit(organisation_id)
    rows = [
        (item, side)
        for item in duty_items(organisation_id=body.id, only_public=True)
        for side in item.sides.all()
        if side.organisation_id == body.id
    ]
    return answer_page(request, rows, lambda row: _duty(*row), paging, key=_by_item)


@router.get("/duties/at", response=ok(WhoActs), url_name="api-duties-at", operation_id="whoActs")
def who_acts(
    request: HttpRequest,
    matter: Annotated[str, Query(description="A class: kind and code.", pattern=MATTER, min_length=1)],
    area: UUID,
) -> HttpResponse:
    """Tell who leads and who assists 牵头/配合 in a matter at a place, by which item of which list."""
    del request
    found = duties_at(matter, known_area(area).id)
    return answer(
        {
            "holders": [_holder(each) for each in found.holders],
            "taken_back": [
                {"unit": each.unit, "document": each.document, "method": each.method} for each in found.taken_back
            ],
        }
    )


def _unit(organisation_id: UUID) -> Organisation:
    found = units().filter(id=organisation_id).first()
    if found is None:
        raise NotFound(_("There is no such organisation."))
    return found


def _row(body: Organisation) -> dict[str, Any]:
    return {
        "id": body.id,
        "code": body.code,
        "name": body.name,
        "short_name": body.short_name,
        "kind": body.kind,
        "area": body.area_id,
    }


def _by_item(row: tuple[DutyItem, Duty]) -> Key:
    item, side = row
    return (str(item.duty_list_id), item.kind, f"{item.number:06d}", str(side.id))


def _duty(item: DutyItem, side: Duty) -> dict[str, Any]:
    return {
        "document": str(item.duty_list),
        "number": item.number,
        "kind": item.kind,
        "name": item.name,
        "role": side.role,
        "note": side.note,
        "matters": item.matters,
    }


def _holder(holder: DutyHolder) -> dict[str, Any]:
    return {
        "unit": holder.organisation.id,
        "name": holder.organisation.name,
        "role": holder.role,
        "document": holder.document,
        "number": holder.number,
        "note": holder.note,
    }
