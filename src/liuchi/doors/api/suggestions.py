"""What the house suggests for a case: classes to file it by, units to dispatch it to. A guess decides nothing."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import etag
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page, in_order
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Page, SuggestedClassOut, SuggestedUnitOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.suggesting import classes_for, cleared_units, item_of, units_for_dispatch, why_unit
from liuchi.engines.cases.access import require_move
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.queries import case_at_work, classes, duties_for, moves_of, reports_of
from liuchi.engines.cases.secrecy import accused_units
from liuchi.engines.cases.suggesting.practice import SuggestedUnit
from liuchi.engines.cases.workflow import move_from
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.queries import DutyHolder

router = Router(tags=["cases"])


@router.get(
    "/{number}/suggested-classes",
    response=ok(Page[SuggestedClassOut]),
    url_name="api-suggested-classes",
    operation_id="suggestClasses",
)
def suggest_classes(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """Suggest classes to file a case by 建议小类, for who may file it now; each says why, and none decides."""
    viewer = viewer_in(request)
    case = _case(viewer, number, "file")
    reports = list(reports_of(case))
    said = " ".join(report.text for report in reports)
    chosen = {report.matter for report in reports if report.matter}
    found = classes_for(viewer, case, said, [report.id for report in reports], chosen)
    known = list(classes())
    rows = [
        {"matter": each.matter, "name": each.name, "why": suggested.why}
        for suggested in found
        for each in known
        if each.name == suggested.name
    ]
    return _ranked(request, case, rows, paging)


@router.get(
    "/{number}/suggested-units",
    response=ok(Page[SuggestedUnitOut]),
    url_name="api-suggested-units",
    operation_id="suggestUnits",
)
def suggest_units(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """Suggest units to dispatch a case to 建议处置单位, for who may dispatch it now; the lists' other units follow."""
    viewer = viewer_in(request)
    case = _case(viewer, number, "dispatch")
    past, duties = list(moves_of(case)), duties_for(case)
    found = units_for_dispatch(viewer, case, duties, past)
    out, cleared = accused_units(case) | {each.unit.id for each in found}, cleared_units(past)
    others = [each for each in duties.holders if each.organisation.id not in out]
    others.sort(key=lambda each: each.organisation.id in cleared)
    rows = [_suggested(each) for each in found]
    rows += [_listed(each, is_cleared=each.organisation.id in cleared) for each in others]
    return _ranked(request, case, rows, paging)


def _case(viewer: Viewer, number: str, move: str) -> Case:
    """Return a case with which the viewer may make a move now; suggestions are for whoever decides."""
    case = case_at_work(viewer, plain(number))
    require_move(viewer, move_from(move, case.state), case)
    return case


def _ranked(request: HttpRequest, case: Case, rows: Sequence[dict[str, Any]], paging: Paging) -> HttpResponse:
    return answer_page(
        request,
        enumerate(rows),
        lambda each: each[1],
        paging,
        key=in_order,
        headers={"ETag": etag(case.version)},
    )


def _suggested(found: SuggestedUnit) -> dict[str, Any]:
    why = why_unit(found, by_name=True)
    return {
        "unit": found.unit.id,
        "name": found.unit.name,
        "role": found.duty.role if found.duty else "",
        "why": why,
        "reason": (_by_duty(found.duty) if found.duty else why)[:300],
        "is_suggested": True,
        "is_sure": found.is_sure,
    }


def _listed(holder: DutyHolder, *, is_cleared: bool) -> dict[str, Any]:
    return {
        "unit": holder.organisation.id,
        "name": holder.organisation.name,
        "role": holder.role,
        "why": item_of(holder, by_name=True),
        "reason": "" if is_cleared else _by_duty(holder)[:300],
        "is_suggested": False,
        "is_sure": False,
    }


def _by_duty(holder: DutyHolder) -> str:
    return f"{holder.document} {holder.note}".strip()
