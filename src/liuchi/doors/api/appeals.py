"""Appeals against time-outs 超时申诉: a unit says that being late was not its doing, and somebody else decides."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from liuchi.doors.api.answers import etag, version_in
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, moved, once
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page
from liuchi.doors.api.problems import require
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MovedOut, Page, ReasonOut
from liuchi.doors.api.shapes_of_acts import AppealIn, AppealOut, DecisionIn
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.appeal import appeal_timeout, reject_appeal, uphold_appeal
from liuchi.engines.cases.appeals import appeals_of, appeals_waiting
from liuchi.engines.cases.models import Appeal, Case, CaseClock, CaseMove
from liuchi.engines.cases.queries import case_at_work, clocks_of
from liuchi.engines.cases.reasons import APPEAL_REASONS
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound

router = Router(tags=["appeals"])


@router.get("/appeals", response=ok(Page[AppealOut]), url_name="api-appeals", operation_id="listAppeals")
def list_appeals(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the appeals 超时申诉 that wait for a decision in the key's areas, the oldest first."""
    viewer = viewer_in(request)
    require(viewer, "cases.decide")
    return answer_page(request, appeals_waiting(viewer), _row, paging)


@router.get(
    "/appeals/reasons", response=ok(Page[ReasonOut]), url_name="api-appeal-reasons", operation_id="listAppealReasons"
)
def list_reasons(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List the reasons from which a unit chooses when it appeals."""
    rows = [{"code": code, "label": str(label)} for code, label in APPEAL_REASONS.items()]
    return answer_page(request, rows, lambda row: row, paging, key=lambda row: (row["code"],))


@router.get(
    "/cases/{number}/appeals", response=ok(Page[AppealOut]), url_name="api-case-appeals", operation_id="listCaseAppeals"
)
def list_case_appeals(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List the appeals of one case, decided ones too."""
    case = case_at_work(viewer_in(request), plain(number))
    return answer_page(request, appeals_of(case).values(), _row, paging, headers={"ETag": etag(case.version)})


@router.post(
    "/cases/{number}/clocks/{uuid:clock}/appeal", response=ok(MovedOut), url_name="api-appeal", operation_id="appeal"
)
def appeal(
    request: HttpRequest,
    number: str,
    clock: UUID,
    given: AppealIn,
    key: RequestName = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Appeal a time-out 申诉, as the unit whose time it was: once for each clock, after the case was closed."""
    viewer = viewer_in(request)

    def do() -> CaseMove:
        version, measured = version_in(if_match), _timeout(viewer, number, clock)
        return appeal_timeout(by=viewer, clock_id=measured.id, reason=given.reason, text=given.text, version=version)

    return changed(once(asked(viewer, key, "appeal", number, clock, given.dict()), do, moved))


@router.post(
    "/cases/{number}/clocks/{uuid:clock}/appeal/decision",
    response=ok(MovedOut),
    url_name="api-appeal-decision",
    operation_id="decideAppeal",
)
def decide(
    request: HttpRequest,
    number: str,
    clock: UUID,
    given: DecisionIn,
    key: RequestName = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Decide on an appeal 裁定: the time-out is excused, or counts. What was late stays late."""
    viewer = viewer_in(request)

    def do() -> CaseMove:
        version, measured = version_in(if_match), _timeout(viewer, number, clock)
        act = uphold_appeal if given.is_upheld else reject_appeal
        return act(by=viewer, clock_id=measured.id, text=given.text, version=version)

    return changed(once(asked(viewer, key, "decision", number, clock, given.dict()), do, moved))


def _timeout(viewer: Viewer, number: str, clock_id: UUID) -> CaseClock:
    """Return a time-out of a case that the viewer meets at work."""
    case: Case = case_at_work(viewer, plain(number))
    found = next((each for each in clocks_of(case) if each.id == clock_id and each.is_overdue), None)
    if found is None:
        raise NotFound(_("There is no such time-out."))
    return found


def _row(row: Appeal) -> dict[str, Any]:
    return {
        "number": row.case.number,
        "clock": row.clock_id,
        "unit": row.unit_id,
        "unit_name": row.unit.name,
        "asked": row.asked.happened_at,
        "reason": row.asked.reason_code,
        "text": row.asked.internal_text,
        "decided": row.decided.happened_at if row.decided else None,
        "is_upheld": row.is_upheld,
        "answer": row.decided.internal_text if row.decided else "",
    }
