"""Whoever reported something, with their receipt: how it stands, changing what they said, taking it back."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router

from liuchi.doors.api.answers import answer, chosen, etag, version_in
from liuchi.doors.api.areas import Fields
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, once, standing
from liuchi.doors.api.history import case_in, tag
from liuchi.doors.api.moves import plain
from liuchi.doors.api.paging import Paging, answer_page
from liuchi.doors.api.problems import Refused
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MovedOut, Page
from liuchi.doors.api.shapes_of_acts import ChangeReportIn, PublicCaseOut, ReportOut, WithdrawIn, WithdrawnOut
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.access import may_reach_reporter
from liuchi.engines.cases.actions.changing import EDITED, edit_report, withdraw_report
from liuchi.engines.cases.models import CaseMove, Report
from liuchi.engines.cases.queries import own_reports, public_case, reports_of

router = Router(tags=["reports"])
Receipt = Annotated[
    str, Header(alias="Receipt-Code", max_length=40, description="回执码: opens a secret case to who reported it.")
]


@router.get("/{number}/reports", response=ok(Page[ReportOut]), url_name="api-reports", operation_id="listReports")
def list_reports(request: HttpRequest, number: str, paging: Query[Paging]) -> HttpResponse:
    """List what was reported of a case 诉求内容, oldest first; who said it is for people at the desk."""
    viewer, case = viewer_in(request), case_in(request, number)
    is_kept_back = case.is_secret and not may_reach_reporter(viewer, case)
    return answer_page(
        request,
        reports_of(case),
        lambda row: _report(row, is_kept_back=is_kept_back),
        paging,
        key=lambda row: (row.received_at.isoformat(), str(row.id)),
        headers=tag(case),
    )


@router.get("/{number}/public", response=ok(PublicCaseOut), url_name="api-public-case", operation_id="readPublicCase")
def read_public_case(request: HttpRequest, number: str, receipt: Receipt = "", fields: Fields = "") -> HttpResponse:
    """Return what anybody may know of a case, ended ones too; with the receipt, of a secret one as well."""
    viewer, receipt = viewer_in(request), plain(receipt)
    found = public_case(plain(number), viewer, receipt)
    case = found.case
    shown = {
        "number": case.number,
        "state": case.state,
        "title": found.title,
        "place": found.place,
        "reported": case.reported_at,
        "due": case.due_at,
        "ended": case.ended_at,
        "rating": case.rating,
        "is_own": bool(receipt) and bool(own_reports(viewer, case, receipt)),
        "moves": [{"name": each.name, "at": each.happened_at, "text": each.public_text} for each in found.moves],
        "version": case.version,
    }
    return answer(chosen([shown], fields)[0], headers={"ETag": etag(case.version)})


@router.post("/{number}/own/change", response=ok(MovedOut), url_name="api-own-change", operation_id="changeReport")
def change_report(
    request: HttpRequest, number: str, given: ChangeReportIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Change what one reported 修改诉求, until the desk has filed it; what stood there before is kept."""
    viewer = viewer_in(request)
    if (given.longitude is None) != (given.latitude is None):
        raise Refused(422, "half_a_point", _("Give longitude and latitude, or neither."))

    def do() -> Report:
        version = version_in(if_match)
        case = public_case(plain(number), viewer, given.receipt).case
        return edit_report(
            by=viewer,
            case_id=case.id,
            text=given.text,
            receipt=given.receipt,
            address=given.address,
            longitude=given.longitude,
            latitude=given.latitude,
            area_id=given.area,
            version=version,
        )

    return changed(once(asked(viewer, key, "own", number, given.dict()), do, _edited))


@router.post(
    "/{number}/own/withdraw", response=ok(WithdrawnOut), url_name="api-own-withdraw", operation_id="withdrawReport"
)
def withdraw(
    request: HttpRequest, number: str, given: WithdrawIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Take back what one reported 撤回诉求.

    The case ends with it where nobody else stands behind it and no unit has it.
    """
    viewer = viewer_in(request)
    named = asked(viewer, key, "withdraw", number, given.dict())
    ids: list[Any] = []

    def do() -> bool:
        version = version_in(if_match)
        ids.append(public_case(plain(number), viewer, given.receipt).case.id)
        return withdraw_report(by=viewer, case_id=ids[0], receipt=given.receipt, text=given.text, version=version)

    def tell(has_ended: bool) -> dict[str, Any]:  # noqa: FBT001 - what the action returns
        found = standing(ids[0])
        return {name: found[name] for name in ("number", "state", "version")} | {"has_ended": has_ended}

    return changed(once(named, do, tell))


def _edited(row: Report) -> dict[str, Any]:
    """Return where the case stands whose report was changed; without a line where nothing was."""
    last = CaseMove.objects.filter(report=row, name=EDITED).order_by("-id").values_list("line_id", flat=True).first()
    return standing(row.case_id, last)


def _report(row: Report, *, is_kept_back: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "matter": row.matter,
        "channel": row.channel,
        "received": row.received_at,
        "is_joined": row.is_joined,
        "is_withdrawn": row.withdrawn_at is not None,
        "has_contact": None if is_kept_back else row.phone_sealed is not None or row.name_sealed is not None,
    }
