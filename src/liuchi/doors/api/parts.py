"""Units that help 协办: who does, what they answered, and what may be done about it."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from liuchi.doors.api.answers import etag, version_in
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, moved, once
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page
from liuchi.doors.api.problems import Refused
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MovedOut
from liuchi.doors.api.shapes_of_acts import BeginPartIn, PartIn, PartsPage
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.support import (
    answer_part,
    ask_for_unit,
    bring_in_unit,
    call_in_unit,
    decline_part,
    reject_part,
    take_back_part,
    uphold_part,
)
from liuchi.engines.cases.helping import Helping, helping_in, part_in
from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.queries import case_at_work

router = Router(tags=["parts"])
Begin = Literal["bring_in", "call_in", "ask_for"]
Act = Literal["answer_part", "decline_part", "uphold_part", "reject_part", "release_part"]
_BEGINS: Final[Mapping[str, Callable[..., CaseMove]]] = {
    "bring_in": bring_in_unit,
    "call_in": call_in_unit,
    "ask_for": ask_for_unit,
}
_ACTS: Final[Mapping[str, Callable[..., CaseMove]]] = {
    "answer_part": answer_part,
    "decline_part": decline_part,
    "uphold_part": uphold_part,
    "reject_part": reject_part,
    "release_part": take_back_part,
}
_WITH_REASON: Final = frozenset({"decline_part", "reject_part"})


@router.get("/{number}/parts", response=ok(PartsPage), url_name="api-parts", operation_id="listParts")
def list_parts(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List the units that help with a case 协办, oldest first, and what this key may do to begin a part."""
    viewer = viewer_in(request)
    case = case_at_work(viewer, plain(number))
    found = helping_in(viewer, case)
    return answer_page(
        request,
        found.parts,
        _row,
        paging,
        key=lambda part: (part.assigned_at.isoformat(), str(part.id)),
        headers={"ETag": etag(case.version)},
        beside={"begins": list(found.moves)},
    )


@router.post("/{number}/parts/{act}", response=ok(MovedOut), url_name="api-part-begin", operation_id="beginPart")
def begin_part(
    request: HttpRequest,
    number: str,
    act: Begin,
    given: BeginPartIn,
    key: RequestName = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Bring a unit in beside the lead 加派, call one in from the lists of duties, or ask the dispatcher for another."""
    viewer = viewer_in(request)
    if act == "ask_for" and given.days is not None:
        raise Refused(422, "unknown_input", _("This move takes no %(name)s.") % {"name": "days"})
    inputs: dict[str, Any] = {"unit_id": given.unit, "text": given.text}
    if given.days is not None:
        inputs["days"] = given.days

    def do() -> CaseMove:
        version, case = version_in(if_match), case_at_work(viewer, plain(number))
        return _BEGINS[act](by=viewer, case_id=case.id, version=version, **inputs)

    return changed(once(asked(viewer, key, "part", number, act, inputs), do, moved))


@router.post("/{number}/parts/{uuid:part}/{act}", response=ok(MovedOut), url_name="api-part", operation_id="actOnPart")
def act_on_part(
    request: HttpRequest,
    number: str,
    part: UUID,
    act: Act,
    given: PartIn,
    key: RequestName = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Answer a part 回复, say that it is not one's own 退件, decide on that, or take the part back 撤回."""
    viewer = viewer_in(request)
    if given.reason and act not in _WITH_REASON:
        raise Refused(422, "unknown_input", _("This move takes no %(name)s.") % {"name": "reason"})
    inputs = {"text": given.text, **({"reason": given.reason} if act in _WITH_REASON else {})}

    def do() -> CaseMove:
        version, case = version_in(if_match), case_at_work(viewer, plain(number))
        return _ACTS[act](by=viewer, case_id=case.id, part_id=part_in(case, part).id, version=version, **inputs)

    return changed(once(asked(viewer, key, "part", number, part, act, inputs), do, moved))


def _row(part: Helping) -> dict[str, Any]:
    return {
        "id": part.id,
        "unit": part.unit_id,
        "unit_name": part.unit_name,
        "asked": part.asked,
        "assigned": part.assigned_at,
        "due": part.running.due_at if part.running is not None else None,
        "ended": part.ended_at,
        "outcome": part.outcome,
        "is_disputed": part.is_disputed,
        "said": part.said,
        "answer": part.answer,
        "moves": list(part.moves),
        "decline_until": part.decline_until,
    }
