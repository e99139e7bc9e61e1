"""What may be done with a case, and doing it: every move of the table under its own name."""

import inspect
from functools import cache
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from liuchi.doors.api.answers import etag, version_in
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed
from liuchi.doors.api.paging import Paging, answer_page
from liuchi.doors.api.problems import Refused
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MovedOut, MoveIn, OpenMoveOut, Page
from liuchi.doors.api.uploads import files_named
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.acts import ACTS
from liuchi.engines.cases.beside import written_beside
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.moves import Part
from liuchi.engines.cases.queries import case_at_work, line_at_work, public_case
from liuchi.engines.cases.reasons import REASONS
from liuchi.engines.cases.workflow import MOVES, Move
from liuchi.ground.access.models import AnsweredRequest
from liuchi.ground.access.viewers import Viewer

router = Router(tags=["moves"])
#: Under which names inputs go in, where the action calls them otherwise.
_NAMES = {"condition": "condition_id", "place": "place_id", "unit": "unit_id", "lead": "lead_id"}


@router.get(
    "/{number}/open-moves", response=ok(Page[OpenMoveOut]), url_name="api-open-moves", operation_id="listOpenMoves"
)
def open_moves(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List the moves that this key may make with the case now, what each needs, and the reasons to choose from."""
    viewer = viewer_in(request)
    case = case_at_work(viewer, plain(number))
    moves = [move for move in moves_open_to(viewer, case) if move.name in ACTS]
    order, headers = list(MOVES), {"ETag": etag(case.version)}
    return answer_page(
        request, moves, _open, paging, key=lambda move: (f"{order.index(move.name):03d}",), headers=headers
    )


@router.post("/{number}/moves/{move}", response=ok(MovedOut), url_name="api-move", operation_id="moveCase")
def make_move(
    request: HttpRequest, number: str, move: str, given: MoveIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Make a move with a case 办理: file, dispatch, hand in, check, close, rate, merge, … (see open-moves).

    Needs If-Match with the ETag last read. 412 says that somebody changed the case meanwhile, 409 that it is not where
    the move starts.
    """
    viewer, name = viewer_in(request), move
    if name not in ACTS:
        raise Refused(404, "no_such_move", _("There is no such move. The open moves of the case name them."))
    inputs = given.dict(exclude_none=True)
    named = asked(viewer, key, number, name, inputs)
    known = named.known()
    if known is not None:
        return changed(known)
    version = version_in(if_match)
    case_id = _case_id(viewer, plain(number), MOVES[name], str(inputs.get("receipt", "")))
    told: list[dict[str, Any]] = []

    def remembered(after: Case, line_id: UUID) -> AnsweredRequest | None:
        told.append({"number": after.number, "state": after.state, "version": after.version, "line": str(line_id)})
        return named.remembered(told[0])

    try:
        with written_beside(remembered):
            ACTS[name](by=viewer, case_id=case_id, version=version, **_arguments(viewer, name, inputs))
    except IntegrityError as error:
        # Two requests of one name at once: the other one was faster.
        known = named.known() if "request_answered_once" in str(error) else None
        if known is None:
            raise
        return changed(known)
    return changed(told[0])


def plain(number: str) -> str:
    """Return what somebody typed without the character that PostgreSQL cannot hold."""
    return number.replace("\0", "")


def _case_id(viewer: Viewer, number: str, move: Move, receipt: str) -> UUID:
    """Return the case that whoever makes the move may know: at work, or as its reporter."""
    if move.part == Part.REPORTER:
        return public_case(number, viewer, receipt).case.id
    return line_at_work(viewer, number).id


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
        inputs = {**inputs, "lead": line_at_work(viewer, plain(inputs["lead"])).id}
    if "files" in inputs:
        inputs = {**inputs, "files": files_named(viewer, inputs["files"])}
    return {_NAMES.get(name, name): value for name, value in inputs.items()}


@cache
def _takes(name: str) -> dict[str, bool]:
    """Return the inputs that the action of a move takes, and whether it needs each."""
    known = {_NAMES.get(field, field): field for field in MoveIn.model_fields}
    parameters = inspect.signature(ACTS[name]).parameters.values()
    return {known[each.name]: each.default is each.empty for each in parameters if each.name in known}


def _open(move: Move) -> dict[str, Any]:
    takes = _takes(move.name)
    return {
        "name": move.name,
        "label": str(move.label),
        "needs": sorted({*(name for name, is_needed in takes.items() if is_needed), *move.needs}),
        "takes": sorted(takes),
        "reasons": [{"code": code, "label": str(label)} for code, label in REASONS.get(move.name, {}).items()],
    }
