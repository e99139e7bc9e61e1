"""Cases: the work-list with its filters, one case, and a new report."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router

from liuchi.doors.api.answers import answer, chosen, etag, key_in, page
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.paging import Paging
from liuchi.doors.api.problems import Refused, used_before
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MATTER, CaseOut, Page, ReceiptOut, ReportIn
from liuchi.doors.api.uploads import files_named
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.actions.opening import note_opening
from liuchi.engines.cases.filtering import Filters, Order
from liuchi.engines.cases.models import Case, Channel, State
from liuchi.engines.cases.queries import ListedCase, line_at_work, said_with, work_list
from liuchi.ground.kernel.texts import plain_text

router = Router(tags=["cases"])
CaseState = StrEnum("CaseState", {each.name: str(each.value) for each in State})  # type: ignore[misc]
CaseChannel = StrEnum("CaseChannel", {each.name: str(each.value) for each in Channel})  # type: ignore[misc]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        description="Chosen by the client, new for each report; the same again returns the first answer.",
    ),
]


@router.get("", response=ok(Page[CaseOut]), url_name="api-cases", operation_id="listCases")
def list_cases(
    request: HttpRequest,
    scope: Annotated[
        Literal["mine", "all"], Query(description="Waiting for this key, or every open case seen.")
    ] = "all",
    state: CaseState | None = None,
    area: UUID | None = None,
    unit: UUID | None = None,
    matter: Annotated[str, Query(pattern=MATTER)] = "",
    channel: CaseChannel | None = None,
    late: Literal["overdue", "soon"] | None = None,
    q: Annotated[str, Query(max_length=60)] = "",
    order: Order = Order.STEP,
    *,
    paging: Query[Paging],
) -> HttpResponse:
    """List open cases 工作清单, page by page, in the order chosen."""
    filters = Filters(
        scope=scope,
        state=state or "",
        area_id=area,
        unit_id=unit,
        matter=matter,
        channel=channel or "",
        late=late or "",
        words=plain_text(q),
        order=order,
        after=key_in(paging.after),
        limit=paging.limit,
    )
    found = work_list(viewer_in(request), filters)
    return page(request, [_listed(case) for case in found.cases], found.next_key, paging.fields)


@router.get("/{number}", response=ok(CaseOut), url_name="api-case", operation_id="readCase")
def read_case(request: HttpRequest, number: str, fields: Fields = "") -> HttpResponse:
    """Return one case that this key meets at work, ended ones too.

    The unit that has it to handle has opened it then: its dispatch is no longer taken back.
    """
    viewer = viewer_in(request)
    case = line_at_work(viewer, number.replace("\0", ""))
    if case.state == State.HANDLING and viewer.allows_in("cases.handle", case.unit_id):
        note_opening(by=viewer, case_id=case.id)
    return answer(chosen([_listed(case)], fields)[0], headers={"ETag": etag(case.version)})


@router.post(
    "", response={**ok(ReceiptOut, 201), 200: ReceiptOut}, url_name="api-cases-report", operation_id="reportCase"
)
def report(request: HttpRequest, given: ReportIn, key: Key) -> HttpResponse:
    """Report something 上报. It is located in its grid, and a receipt is given at once.

    The same Idempotency-Key again returns the first receipt with 200, whatever became of the first answer; 409 where
    it came with another text.
    """
    viewer = viewer_in(request)
    if (given.longitude is None) != (given.latitude is None):
        raise Refused(422, "half_a_point", _("Give longitude and latitude, or neither."))
    receipt = report_case(
        by=viewer,
        token=uuid5(NAMESPACE_URL, f"liuchi:{viewer.key_line}:{key}"),
        text=given.text,
        channel=Channel.API,
        longitude=given.longitude,
        latitude=given.latitude,
        area_id=given.area,
        address=given.address,
        name=given.name,
        phone=given.phone,
        is_secret=given.is_secret,
        about_unit_id=given.about_unit,
        matter=given.matter,
        files=files_named(viewer, given.files),
    )
    if not receipt.is_new and said_with(receipt.code) not in {"", plain_text(given.text)}:
        raise used_before()
    content = {"number": receipt.number, "code": receipt.code, "is_new": receipt.is_new}
    headers = {"Location": f"/api/v1/cases/{receipt.number}"}
    return answer(content, 201 if receipt.is_new else 200, headers=headers)


def shown(case: Case) -> dict[str, Any]:
    """Return one case as it goes out."""
    title = case.condition.case_class.name if case.condition else None
    return _row(case, title, case.unit.short_name if case.unit else None, case.ended_at)


def _listed(case: ListedCase) -> dict[str, Any]:
    return _row(case, case.class_name, case.unit_name, case.ended_at)


def _row(case: Case | ListedCase, title: str | None, unit: str | None, ended: datetime | None) -> dict[str, Any]:
    return {
        "number": case.number,
        "state": case.state,
        "condition": case.condition_id,
        "title": title,
        "place": case.place_id,
        "address": case.address,
        "unit": unit,
        "due": case.due_at,
        "is_provisional": case.is_provisional,
        "step_due": case.step_due_at,
        "ended": ended,
        "version": case.version,
    }
