"""What happened to a case: what was reported, every move, its clocks, and the journal's lines about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from liuchi.doors.api.answers import etag
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Key, Paging, answer_page
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import ClockOut, LineOut, Page, PastMoveOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.explaining import explain_deadline
from liuchi.engines.cases.models import Case, CaseClock, CaseMove
from liuchi.engines.cases.queries import case_at_work, clocks_of, moves_of
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.queries import history_of
from liuchi.ground.kernel import clock

router = Router(tags=["history"])


@router.get("/{number}/moves", response=ok(Page[PastMoveOut]), url_name="api-moves", operation_id="listMoves")
def list_moves(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List what happened to a case 办理过程, oldest first."""
    case = case_in(request, number)
    return answer_page(request, moves_of(case), _past, paging, headers=tag(case))


@router.get("/{number}/clocks", response=ok(Page[ClockOut]), url_name="api-clocks", operation_id="listClocks")
def list_clocks(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List the clocks of a case 时限, oldest first, each with what its deadline follows from."""
    case = case_in(request, number)
    return answer_page(request, clocks_of(case), _clock, paging, key=_by_start, headers=tag(case))


@router.get("/{number}/lines", response=ok(Page[LineOut]), url_name="api-lines", operation_id="listLines")
def list_lines(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List the journal's lines about a case 日志, oldest first; each can be verified with `liuchi journal verify`."""
    case = case_in(request, number)
    return answer_page(request, history_of("cases.case", case.id), _line, paging, key=_by_place, headers=tag(case))


def case_in(request: HttpRequest, number: str) -> Case:
    """Return a case that the key of a request meets at work.

    Raises:
        NotFound: there is none, or it is not for this key to know.
    """
    return case_at_work(viewer_in(request), plain(number))


def tag(case: Case) -> dict[str, str]:
    """Return the header that names the version of a case."""
    return {"ETag": etag(case.version)}


def _by_start(row: CaseClock) -> Key:
    return (row.started_at.isoformat(), str(row.id))


def _by_place(row: Line) -> Key:
    return (f"{row.seq:020d}",)


def _past(move: CaseMove) -> dict[str, Any]:
    return {
        "name": move.name,
        "at": move.happened_at,
        "from_state": move.from_state,
        "to_state": move.to_state,
        "unit": move.unit.short_name if move.unit else None,
        "reason": move.reason_code,
        "public_text": move.public_text,
        "internal_text": move.internal_text,
        "line": move.line_id,
    }


def _clock(row: CaseClock) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "step": row.step,
        "started": row.started_at,
        "warns": row.warn_at,
        "due": row.due_at,
        "is_provisional": row.is_provisional,
        "paused": row.paused_at,
        "stopped": row.stopped_at,
        "is_overdue": row.is_overdue,
        "because": explain_deadline(row, clock.now()).because,
    }


def _line(row: Line) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "happened": row.happened_at,
        "recorded": row.recorded_at,
        "actor_kind": row.actor_kind,
        "actor": row.actor_id,
        "on_behalf_of": row.on_behalf_of,
        "place": row.place_id,
        "data": row.data,
        "is_sealed": row.position is not None,
    }
