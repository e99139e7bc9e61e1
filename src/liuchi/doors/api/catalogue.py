"""Classes, filing conditions, units, and who comes in: what a client has to know before it reports or moves a case."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import answer, chosen
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import ClassOut, ConditionOut, Me, OrganisationOut, Page
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.models import CaseClass, FilingCondition
from liuchi.engines.cases.queries import classes, conditions
from liuchi.ground.organisations.queries import units

router = Router()
#: Conditions shown for one question: no class has nearly as many.
MOST = 200
Words = Annotated[str, Query(max_length=60)]


@router.get(
    "/classes", response=ok(Page[ClassOut]), tags=["catalogue"], url_name="api-classes", operation_id="listClasses"
)
def list_classes(request: HttpRequest, fields: Fields = "") -> HttpResponse:
    """List the classes of matters in force, by kind and code."""
    del request
    return answer({"items": chosen([_class(each) for each in classes()], fields), "next": None})


@router.get(
    "/conditions",
    response=ok(Page[ConditionOut]),
    tags=["catalogue"],
    url_name="api-conditions",
    operation_id="listConditions",
)
def list_conditions(request: HttpRequest, q: Words = "", fields: Fields = "") -> HttpResponse:
    """List filing conditions that hold every word of `q` in class or wording; at most 200, so give words."""
    del request
    rows = conditions(q.replace("\0", ""), MOST)
    return answer({"items": chosen([_condition(each) for each in rows], fields), "next": None})


@router.get(
    "/organisations",
    response=ok(Page[OrganisationOut]),
    tags=["organisations"],
    url_name="api-organisations",
    operation_id="listOrganisations",
)
def list_organisations(request: HttpRequest, fields: Fields = "") -> HttpResponse:
    """List the units that cases are given to, by code."""
    del request
    rows = [
        {
            "id": each.id,
            "code": each.code,
            "name": each.name,
            "short_name": each.short_name,
            "kind": each.kind,
            "area": each.area_id,
        }
        for each in units()
    ]
    return answer({"items": chosen(rows, fields), "next": None})


@router.get("/me", response=ok(Me), tags=["keys"], url_name="api-me", operation_id="readMe")
def me(request: HttpRequest) -> HttpResponse:
    """Tell who comes in with this key, and what it opens where."""
    viewer = viewer_in(request)
    grants = [
        {
            "powers": sorted(grant.powers),
            "area": grant.area_id,
            "organisation": grant.organisation_id,
            "role": grant.role,
        }
        for grant in viewer.grants
    ]
    return answer({"account": viewer.id, "username": viewer.username, "key": viewer.key_id, "grants": grants})


def _class(row: CaseClass) -> dict[str, Any]:
    return {
        "matter": row.matter,
        "kind": row.kind,
        "code": row.code,
        "name": row.name,
        "major_code": row.major_code,
        "major_name": row.major_name,
    }


def _condition(row: FilingCondition) -> dict[str, Any]:
    return {
        "id": row.id,
        "matter": row.case_class.matter,
        "number": row.number,
        "condition": row.condition,
        "closing": row.closing,
        "limit": row.limit_text,
    }
