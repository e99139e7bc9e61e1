"""Call-backs 回访: closings drawn by the house, what came of calls, and which share is drawn."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import answer, chosen, etag, key_in, page, plain_content, version_in
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, once
from liuchi.doors.api.paging import Paging, answer_page
from liuchi.doors.api.problems import require
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Page
from liuchi.doors.api.shapes_of_acts import CallBackOut, CalledOut, CallIn, CallRuleIn, CallRuleOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.calling import Said, enter_call_back, set_call_back_rule
from liuchi.engines.cases.calling.queries import CallFilters, call_back_for, call_backs, rules_of
from liuchi.engines.cases.models import CallBack, CallBackRule, CaseMove
from liuchi.ground.access.viewers import Viewer

router = Router(tags=["calls"])
Shown = Literal["waiting", "ended", "solved", "not_solved", "unreached", "lapsed"]


@router.get("/call-backs", response=ok(Page[CallBackOut]), url_name="api-call-backs", operation_id="listCallBacks")
def list_call_backs(
    request: HttpRequest, paging: Query[Paging], shown: Shown = "waiting", town: UUID | None = None
) -> HttpResponse:
    """List closings drawn for a call-back 回访, oldest first: those that wait, or by what came of them."""
    viewer = viewer_in(request)
    require(viewer, "cases.accept")
    found = call_backs(viewer, CallFilters(shown, town, key_in(paging.after), limit=paging.limit))
    return page(request, [_row(row) for row in found.rows], found.next_key, paging.fields)


@router.get(
    "/call-backs/{uuid:call_back_id}",
    response=ok(CallBackOut),
    url_name="api-call-back",
    operation_id="readCallBack",
)
def read_call_back(request: HttpRequest, call_back_id: UUID, fields: Fields = "") -> HttpResponse:
    """Return one call-back; its ETag counts the calls made."""
    row = _found(viewer_in(request), call_back_id)
    return answer(chosen([_row(row)], fields)[0], headers={"ETag": etag(row.calls)})


@router.post(
    "/call-backs/{uuid:call_back_id}/calls", response=ok(CalledOut), url_name="api-call", operation_id="enterCall"
)
def enter_call(
    request: HttpRequest, call_back_id: UUID, given: CallIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Enter what came of a call 回访登记, by somebody who had no part in the case; not solved takes it up again.

    If-Match names how many calls had been made.
    """
    viewer = viewer_in(request)
    said = Said(given.is_reached, given.is_solved, given.is_satisfied, given.text)

    def do() -> CaseMove:
        calls, row = version_in(if_match), _found(viewer, call_back_id)
        return enter_call_back(by=viewer, call_back_id=row.id, said=said, calls=calls)

    return changed(once(asked(viewer, key, "call", call_back_id, given.dict()), do, lambda _: _called(call_back_id)))


@router.get("/call-back-rules", response=ok(Page[CallRuleOut]), url_name="api-call-rules", operation_id="listCallRules")
def list_rules(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """List which share of closings is called back 回访比例, and was before, in the key's areas; the newest last."""
    viewer = viewer_in(request)
    require(viewer, "cases.standards")
    return answer_page(request, rules_of(viewer), _rule, paging, key=lambda row: (row.since.isoformat(), str(row.id)))


@router.post("/call-back-rules", response=ok(CallRuleOut, 201), url_name="api-call-rule", operation_id="setCallRule")
def set_rule(request: HttpRequest, given: CallRuleIn, key: RequestName = None) -> HttpResponse:
    """Say which share of an area's closings is called back from now on; it overwrites nothing, so needs no If-Match."""
    viewer = viewer_in(request)

    def do() -> CallBackRule:
        return set_call_back_rule(by=viewer, area_id=given.area, percent=given.percent, most_calls=given.most_calls)

    return answer(once(asked(viewer, key, "call-rule", given.dict()), do, lambda row: plain_content(_rule(row))), 201)


def _found(viewer: Viewer, call_back_id: UUID) -> CallBack:
    require(viewer, "cases.accept")
    return call_back_for(viewer, call_back_id)


def _called(call_back_id: UUID) -> dict[str, Any]:
    row = CallBack.objects.select_related("case").get(id=call_back_id)
    return {
        "id": row.id,
        "number": row.case.number,
        "state": row.case.state,
        "calls": row.calls,
        "result": row.result,
        "version": row.calls,
    }


def _row(row: CallBack) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.case.number,
        "drawn": row.drawn_at,
        "calls": row.calls,
        "most_calls": row.most_calls,
        "last_called": row.last_called_at,
        "result": row.result,
        "is_satisfied": row.is_satisfied,
        "ended": row.ended_at,
    }


def _rule(row: CallBackRule) -> dict[str, Any]:
    return {
        "id": row.id,
        "area": row.area_id,
        "percent": row.percent,
        "most_calls": row.most_calls,
        "since": row.since,
    }
