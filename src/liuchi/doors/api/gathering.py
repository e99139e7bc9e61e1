"""Making several cases of one message, and keeping a case from the unit that it is about."""

from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from ninja import Router

from liuchi.doors.api.answers import answer, etag, version_in
from liuchi.doors.api.changes import IfMatch, RequestName, asked, changed, moved, once, standing
from liuchi.doors.api.history import case_in, tag
from liuchi.doors.api.responses import ok
from liuchi.doors.api.shapes import MovedOut
from liuchi.doors.api.shapes_of_acts import AccusedIn, LiftIn, MadeOut, SecretOut, SplitIn
from liuchi.doors.ui.middleware import viewer_in
from liuchi.engines.cases.actions.secret import lift_secrecy, name_accused
from liuchi.engines.cases.actions.splitting import split_off
from liuchi.engines.cases.models import Case, CaseMove
from liuchi.engines.cases.secrecy import left_out_units

router = Router(tags=["moves"])


@router.post("/{number}/split", response=ok(MadeOut, 201), url_name="api-split", operation_id="splitCase")
def split(
    request: HttpRequest, number: str, given: SplitIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Make one demand of a message a case of its own 拆分, while it waits to be accepted; returns the new case."""
    viewer = viewer_in(request)
    token = uuid5(NAMESPACE_URL, f"liuchi:split:{viewer.key_line}:{key}") if key else uuid4()

    def do() -> Case:
        version, case = version_in(if_match), case_in(request, number)
        return split_off(by=viewer, case_id=case.id, token=token, text=given.text, version=version)

    told = once(asked(viewer, key, "split", number, given.dict()), do, lambda made: standing(made.id))
    headers = {"ETag": etag(int(told["version"])), "Location": f"/api/v1/cases/{told['number']}"}
    return answer(told, 201, headers=headers)


@router.get("/{number}/secret", response=ok(SecretOut), url_name="api-secret", operation_id="readSecrecy")
def read_secrecy(request: HttpRequest, number: str) -> HttpResponse:
    """Tell from which units a case is kept 举报保密, to whoever may know of it."""
    case = case_in(request, number)
    units = [unit.id for unit in left_out_units(case)]
    shown: dict[str, Any] = {
        "number": case.number,
        "is_secret": case.is_secret,
        "units": units,
        "version": case.version,
    }
    return answer(shown, headers=tag(case))


@router.post("/{number}/secret", response=ok(MovedOut), url_name="api-secret-name", operation_id="nameAccused")
def name_units(
    request: HttpRequest, number: str, given: AccusedIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Say which units a report is about 被举报单位: from now on it is kept from them and from all under them."""
    viewer = viewer_in(request)

    def do() -> CaseMove:
        version, case = version_in(if_match), case_in(request, number)
        return name_accused(by=viewer, case_id=case.id, unit_ids=given.units, text=given.text, version=version)

    return changed(once(asked(viewer, key, "secret", number, given.dict()), do, moved))


@router.post("/{number}/secret/lift", response=ok(MovedOut), url_name="api-secret-lift", operation_id="liftSecrecy")
def lift(
    request: HttpRequest, number: str, given: LiftIn, key: RequestName = None, if_match: IfMatch = None
) -> HttpResponse:
    """Say that a report is about no unit after all 解除保密, and why."""
    viewer = viewer_in(request)

    def do() -> CaseMove:
        version, case = version_in(if_match), case_in(request, number)
        return lift_secrecy(by=viewer, case_id=case.id, text=given.text, version=version)

    return changed(once(asked(viewer, key, "lift", number, given.dict()), do, moved))
