"""What may be done with a case, doing it, and what was done: every move of the table under its own name."""

import hashlib
import inspect
import json
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Router

from liuchi.doors.api.answers import answer, chosen, etag, version_in
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.problems import Refused, used_before
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import ClockOut, LineOut, MovedOut, MoveIn, OpenMoveOut, Page, PastMoveOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.acts import ACTS
from liuchi.engines.cases.beside import written_beside
from liuchi.engines.cases.explaining import explain_deadline
from liuchi.engines.cases.models import Case, CaseClock, CaseMove
from liuchi.engines.cases.moves import Part
from liuchi.engines.cases.queries import case_at_work, clocks_of, moves_of, public_case
from liuchi.engines.cases.reasons import REASONS
from liuchi.engines.cases.workflow import MOVES, Move
from liuchi.ground.access.keys import answered
from liuchi.ground.access.models import AnsweredRequest
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.queries import history_of
from liuchi.ground.kernel import clock

router = Router(tags=["moves"])
#: Under which names inputs go in, where the action calls them otherwise.
_NAMES = {"condition": "condition_id", "place": "place_id", "unit": "unit_id", "lead": "lead_id"}
RequestName = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=100,
        description="Chosen by the client, new for each move; the same again does nothing and answers the same.",
    ),
]


@router.get(
    "/{number}/open-moves", response=ok(Page[OpenMoveOut]), url_name="api-open-moves", operation_id="listOpenMoves"
)
def open_moves(request: HttpRequest, number: str) -> HttpResponse:
    """List the moves that this key may make with the case now, what each needs, and the reasons to choose from."""
    viewer = viewer_in(request)
    case = case_at_work(viewer, plain(number))
    rows = [_open(move) for move in moves_open_to(viewer, case) if move.name in ACTS]
    return answer({"items": rows, "next": None}, headers={"ETag": etag(case.version)})


@router.post("/{number}/moves/{move}", response=ok(MovedOut), url_name="api-move", operation_id="moveCase")
def make_move(request: HttpRequest, number: str, move: str, given: MoveIn, key: RequestName = None) -> HttpResponse:
    """Make a move with a case 办理: file, dispatch, hand in, check, close, rate, merge, … (see open-moves).

    Needs If-Match with the ETag last read. 412 says that somebody changed the case meanwhile, 409 that it is not where
    the move starts.
    """
    viewer, name = viewer_in(request), move
    if name not in ACTS:
        raise Refused(404, "no_such_move", _("There is no such move. The open moves of the case name them."))
    inputs = given.dict(exclude_none=True)
    content = hashlib.sha256(json.dumps([number, name, inputs], sort_keys=True, default=str).encode()).digest()
    known = _known(viewer, key, content)
    if known is not None:
        return _moved(known)
    version = version_in(request)
    case = _case(viewer, plain(number), MOVES[name], str(inputs.get("receipt", "")))
    told: list[dict[str, Any]] = []

    def remembered(after: Case, line_id: UUID) -> AnsweredRequest | None:
        told.append({"number": after.number, "state": after.state, "version": after.version, "line": str(line_id)})
        return _remembered(viewer, key, content, told[0])

    try:
        with written_beside(remembered):
            ACTS[name](by=viewer, case_id=case.id, version=version, **_arguments(viewer, name, inputs))
    except IntegrityError as error:
        # Two requests of one name at once: the other one was faster.
        known = _known(viewer, key, content) if "request_answered_once" in str(error) else None
        if known is None:
            raise
        return _moved(known)
    return _moved(told[0])


@router.get("/{number}/moves", response=ok(Page[PastMoveOut]), url_name="api-moves", operation_id="listMoves")
def list_moves(request: HttpRequest, number: str, fields: Fields = "") -> HttpResponse:
    """List what happened to a case, oldest first."""
    case = case_at_work(viewer_in(request), plain(number))
    return answer({"items": chosen([_past(each) for each in moves_of(case)], fields), "next": None})


@router.get("/{number}/clocks", response=ok(Page[ClockOut]), url_name="api-clocks", operation_id="listClocks")
def list_clocks(request: HttpRequest, number: str) -> HttpResponse:
    """List the clocks of a case, oldest first, each with what its deadline follows from."""
    case = case_at_work(viewer_in(request), plain(number))
    return answer({"items": [_clock(each) for each in clocks_of(case)], "next": None})


@router.get("/{number}/lines", response=ok(Page[LineOut]), url_name="api-lines", operation_id="listLines")
def list_lines(request: HttpRequest, number: str) -> HttpResponse:
    """List the journal's lines about a case, oldest first; each can be verified with `liuchi journal verify`."""
    case = case_at_work(viewer_in(request), plain(number))
    return answer({"items": [_line(each) for each in history_of("cases.case", case.id)], "next": None})


def plain(number: str) -> str:
    """Return what somebody typed without the character that PostgreSQL cannot hold."""
    return number.replace("\0", "")


def _case(viewer: Viewer, number: str, move: Move, receipt: str) -> Case:
    """Return the case as whoever makes the move may know it: at work, or as its reporter."""
    return public_case(number, viewer, receipt).case if move.part == Part.REPORTER else case_at_work(viewer, number)


def _arguments(viewer: Viewer, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs as the action takes them.

    Raises:
        Refused: 422, an input that the move does not know, or lacks.
    """
    takes = _takes(name)
    unknown = sorted(inputs.keys() - takes.keys())
    if unknown:
        raise Refused(422, "unknown_input", _("This move takes no %(name)s.") % {"name": unknown[0]})
    missing = sorted(name for name, is_needed in takes.items() if is_needed and name not in inputs)
    if missing:
        raise Refused(422, "missing_input", _("This move needs %(name)s.") % {"name": missing[0]})
    if "lead" in inputs:
        inputs = {**inputs, "lead": case_at_work(viewer, plain(inputs["lead"])).id}
    return {_NAMES.get(name, name): value for name, value in inputs.items()}


@cache
def _takes(name: str) -> dict[str, bool]:
    """Return the inputs that the action of a move takes, and whether it needs each."""
    known = {_NAMES.get(field, field): field for field in MoveIn.model_fields}
    parameters = inspect.signature(ACTS[name]).parameters.values()
    return {known[each.name]: each.default is each.empty for each in parameters if each.name in known}


def _known(viewer: Viewer, name: str | None, content: bytes) -> dict[str, Any] | None:
    """Return what a request of that name was answered.

    Raises:
        Refused: 409, the name was used for something else.
    """
    before = answered(viewer.key_id, name) if viewer.key_id is not None and name else None
    if before is None:
        return None
    if bytes(before.content) != content:
        raise used_before()
    return dict(before.answer)


def _remembered(viewer: Viewer, name: str | None, content: bytes, told: dict[str, Any]) -> AnsweredRequest | None:
    if viewer.key_id is None or not name:
        return None
    return AnsweredRequest(key_id=viewer.key_id, token=name, content=content, answer=told, answered_at=clock.now())


def _moved(told: dict[str, Any]) -> HttpResponse:
    return answer(told, headers={"ETag": etag(int(told["version"]))})


def _open(move: Move) -> dict[str, Any]:
    takes = _takes(move.name)
    return {
        "name": move.name,
        "label": str(move.label),
        "needs": sorted({*(name for name, is_needed in takes.items() if is_needed), *move.needs}),
        "takes": sorted(takes),
        "reasons": [{"code": code, "label": str(label)} for code, label in REASONS.get(move.name, {}).items()],
    }


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
