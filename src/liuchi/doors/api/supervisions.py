"""Supervision 督办: reminders, orders and cards, and what is said about them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from liuchi.doors.api.answers import answer, chosen, etag, page_after, version_in
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, once
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page, uuid_after
from liuchi.doors.api.problems import Refused, require
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import Page
from liuchi.doors.api.shapes_of_acts import SayIn, SupervisionFull, SupervisionOut, UrgedOut, UrgeIn
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import SUPERVISION_READERS
from liuchi.engines.cases.models import Level, Supervision, SupervisionEntry
from liuchi.engines.cases.queries import case_at_work, public_case
from liuchi.engines.cases.supervision.actions.answering import accept_answer, answer_supervision, send_back_answer
from liuchi.engines.cases.supervision.actions.by_hand import order_case, remind_of_case, withdraw_supervision
from liuchi.engines.cases.supervision.queries import Filters, supervision_for, supervisions, supervisions_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound

router = Router(tags=["supervision"])
SupervisionLevel = StrEnum("SupervisionLevel", {each.name: str(each.value) for each in Level})  # type: ignore[misc]
Act = Literal["answer", "accept", "send-back", "withdraw"]
_ACTS: Final[Mapping[str, Callable[..., SupervisionEntry]]] = {
    "answer": answer_supervision,
    "accept": accept_answer,
    "send-back": send_back_answer,
    "withdraw": withdraw_supervision,
}


@router.get(
    "/supervisions", response=ok(Page[SupervisionOut]), url_name="api-supervisions", operation_id="listSupervisions"
)
def list_supervisions(
    request: HttpRequest,
    paging: Query[Paging],
    shown: Literal["open", "late", "answered", "ended"] = "open",
    level: SupervisionLevel | None = None,
    unit: UUID | None = None,
    town: UUID | None = None,
) -> HttpResponse:
    """List reminders 催办, orders 督办 and cards 红黄牌 of the key's areas and units, newest first."""
    viewer = viewer_in(request)
    require(viewer, *SUPERVISION_READERS)
    page = supervisions(
        viewer, Filters(shown, level or "", unit, town, after=uuid_after(paging.after), limit=paging.limit)
    )
    rows = [_row(row) for row in page.rows]
    return page_after(request, rows, str(page.next_key) if page.next_key else "", paging.fields)


@router.get(
    "/supervisions/{uuid:supervision_id}",
    response=ok(SupervisionFull),
    url_name="api-supervision",
    operation_id="readSupervision",
)
def read_supervision(request: HttpRequest, supervision_id: UUID, fields: Fields = "") -> HttpResponse:
    """Return one supervision with what was said about it."""
    row = _met(viewer_in(request), supervision_id)
    full = next(each for each in supervisions_of(row.case) if each.id == row.id)
    return answer(chosen([_full(full)], fields)[0], headers={"ETag": etag(full.version)})


@router.get(
    "/cases/{number}/supervisions",
    response=ok(Page[SupervisionFull]),
    url_name="api-case-supervisions",
    operation_id="listCaseSupervisions",
)
def list_case_supervisions(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List what was urged about one case 督办记录, oldest first, with what was said about each."""
    case = case_at_work(viewer_in(request), plain(number))
    return answer_page(request, supervisions_of(case), _full, paging, headers={"ETag": etag(case.version)})


@router.post("/cases/{number}/supervisions", response=ok(UrgedOut), url_name="api-urge", operation_id="urge")
def urge(
    request: HttpRequest, number: str, given: UrgeIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Remind of a case 催办, as the office or with the receipt of a report in it, or order 督办 and await an answer."""
    viewer = viewer_in(request)
    _require_fitting(given)

    def do() -> Supervision:
        version = version_in(if_match)
        if given.level == "reminder":
            case = _reminded(viewer, plain(number), given.receipt)
            return remind_of_case(by=viewer, case_id=case, version=version, text=given.text, receipt=given.receipt)
        return order_case(
            by=viewer,
            case_id=case_at_work(viewer, plain(number)).id,
            version=version,
            text=given.text,
            unit_id=given.unit,
            answer_by=given.answer_by,
        )

    return changed(once(asked(viewer, key, "urge", number, given.dict()), do, lambda row: _urged(row.id)))


@router.post(
    "/supervisions/{uuid:supervision_id}/{act}",
    response=ok(UrgedOut),
    url_name="api-supervision-act",
    operation_id="sayOfSupervision",
)
def say(
    request: HttpRequest,
    supervision_id: UUID,
    act: Act,
    given: SayIn,
    key: RequestName = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Answer an order or a card 回复, accept the answer 认可, send it back 退回, or withdraw what was urged 撤回.

    If-Match names the version of the supervision.
    """
    viewer = viewer_in(request)
    if given.answer_by is not None and act != "send-back":
        raise _takes_no("answer_by")
    inputs: dict[str, str | datetime] = {"text": given.text}
    if given.answer_by is not None:
        inputs["answer_by"] = given.answer_by

    def do() -> SupervisionEntry:
        version, row = version_in(if_match), _met(viewer, supervision_id)
        return _ACTS[act](by=viewer, supervision_id=row.id, version=version, **inputs)

    named = asked(viewer, key, "supervision", supervision_id, act, inputs)
    return changed(once(named, do, lambda entry: _urged(entry.supervision_id)))


def _require_fitting(given: UrgeIn) -> None:
    """Refuse what a reminder, or an order, does not take."""
    of_orders = {"unit": given.unit, "answer_by": given.answer_by}
    for name, value in (of_orders if given.level == "reminder" else {"receipt": given.receipt}).items():
        if value:
            raise _takes_no(name)


def _takes_no(name: str) -> Refused:
    return Refused(422, "unknown_input", _("This move takes no %(name)s.") % {"name": name})


def _reminded(viewer: Viewer, number: str, receipt: str) -> UUID:
    """Return the case as whoever reminds may know it: at work, or as its reporter."""
    return public_case(number, viewer, receipt).case.id if receipt else case_at_work(viewer, number).id


def _met(viewer: Viewer, supervision_id: UUID) -> Supervision:
    require(viewer, *SUPERVISION_READERS)
    row = supervision_for(viewer, supervision_id)
    if row is None:
        raise NotFound(_("There is no such reminder, order or card."))
    return row


def _urged(supervision_id: UUID) -> dict[str, Any]:
    row = Supervision.objects.select_related("case").get(id=supervision_id)
    return {
        "id": row.id,
        "number": row.case.number,
        "level": row.level,
        "standing": row.standing,
        "version": row.version,
    }


def _row(row: Supervision) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.case.number,
        "level": row.level,
        "standing": row.standing,
        "origin": row.origin,
        "unit": row.unit_id,
        "step": row.step,
        "text": row.text,
        "is_urgent": row.is_urgent,
        "issued": row.issued_at,
        "answer_due": row.answer_due_at,
        "ended": row.ended_at,
        "version": row.version,
    }


def _full(row: Supervision) -> dict[str, Any]:
    said = [{"said": each.said, "text": each.text, "at": each.happened_at} for each in row.entries.all()]
    return {**_row(row), "entries": said}
