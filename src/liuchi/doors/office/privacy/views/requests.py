"""Requests of people about their own data: the list, a new one, and the work on one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.privacy.finding import find_person_by
from liuchi.doors.office.privacy.forms import AnswerForm, LiftRestrictionForm, NewRequestForm, ProofForm, RefusalForm
from liuchi.doors.office.privacy.listings import REQUESTS
from liuchi.doors.office.privacy.pages import pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.packages import explanation, package_file, reads_about
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.people.actions import erase_person
from liuchi.ground.records.actions.requests import (
    answer_request,
    file_request,
    open_package,
    prove_request,
    refuse_request,
)
from liuchi.ground.records.actions.restricting import lift_restriction, restrict_person
from liuchi.ground.records.gathering import fates
from liuchi.ground.records.models import DataRequest, Ground, RequestKind, RequestState
from liuchi.ground.records.queries import (
    REQUESTS as POWER,
)
from liuchi.ground.records.queries import (
    RequestPage,
    ended_requests,
    every_request,
    open_requests,
    request_for,
    said_in,
)
from liuchi.ground.records.restricting import restriction_of

_MOVES: dict[str, tuple[type[HouseForm], Callable[..., object]]] = {
    "prove": (ProofForm, prove_request),
    "answer": (AnswerForm, answer_request),
    "refuse": (RefusalForm, refuse_request),
    "restrict": (HouseForm, restrict_person),
    "lift": (LiftRestrictionForm, lift_restriction),
}


@needs(POWER)
@require_GET
def request_list(request: HttpRequest) -> HttpResponseBase:
    """Show the requests that wait, the most urgent first, or those decided."""
    viewer, is_ended = viewer_in(request), request.GET.get("show") == "ended"
    if is_export(request):
        return export_response(request, REQUESTS, every_request)
    after = _key(request.GET.get("after", ""))
    page: RequestPage = ended_requests(viewer, after) if is_ended else open_requests(viewer, after)
    facts = {
        "privacy_pages": pages_for(viewer),
        "rows": [(row, _urgency(row)) for row in page.rows],
        "is_ended": is_ended,
        "next": f"{page.next[0].isoformat()}_{page.next[1]}" if page.next else "",
        "exports": export_offers(request, REQUESTS),
    }
    return render(request, "office/privacy/requests.html", facts)


@needs(POWER)
@require_http_methods(["GET", "POST"])
def new_request(request: HttpRequest) -> HttpResponseBase:
    """Take a request in at the desk: look the person up by an exact value, then file it."""
    form = NewRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        try:
            person_id = find_person_by(viewer_in(request), values.pop("who"))
            filed = file_request(by=viewer_in(request), person_id=person_id, **values)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("Taken in. Now check who asks."))
            return redirect("privacy-request", request_id=filed.id)
    status = 422 if form.errors else 200
    return render(request, "office/privacy/request_new.html", {"form": form}, status=status)


@needs(POWER)
@require_GET
def show_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request with what can be done next."""
    return _page(request, request_for(viewer_in(request), request_id))


@needs(POWER)
@require_POST
def move(request: HttpRequest, request_id: UUID, name: str) -> HttpResponse:
    """Prove who asks, answer, or refuse."""
    viewer = viewer_in(request)
    found = request_for(viewer, request_id)
    if name not in _MOVES:
        raise NotFound(_("There is no such page."))
    form_class, act = _MOVES[name]
    form = form_class(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            act(by=viewer, request_id=found.id, **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("Done."))
            return redirect("privacy-request", request_id=found.id)
    return _page(request, found, status=422, **{name: form})


@needs(POWER)
@require_POST
def show_package(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show everything kept about the person, once, or hand it out; a read line is left first."""
    found, holdings = open_package(by=viewer_in(request), request_id=request_id)
    if request.POST.get("as") == "json":
        return package_file(found, holdings)
    facts = {"found": found, "holdings": holdings, "reads": reads_about(found.person_id)}
    answer = render(request, "office/privacy/package.html", facts)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@needs("people.erase")
@require_POST
def erase(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Erase the person of a request for deletion, after who works on it has seen what goes and what stays."""
    viewer = viewer_in(request)
    found = request_for(viewer, request_id)
    if found.state != RequestState.WORKING or found.kind != RequestKind.DELETE:
        raise NotFound(_("This request does not ask for deletion, or is not being worked on."))
    try:
        erase_person(by=viewer, person_id=found.person_id)
    except RuleBroken as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Erased. Other records follow within a minute; then answer the request."))
    return redirect("privacy-request", request_id=found.id)


def _page(request: HttpRequest, found: DataRequest, status: int = 200, **forms: HouseForm) -> HttpResponse:
    viewer = viewer_in(request)
    is_working = found.state == RequestState.WORKING
    facts: dict[str, Any] = {
        "found": found,
        "said": said_in(found),
        "urgency": _urgency(found),
        "can_prove": found.state == RequestState.RECEIVED,
        "is_working": is_working,
        "is_open": found.ended_at is None,
        "fates": fates(found.person_id) if is_working and found.kind == RequestKind.DELETE else [],
        "can_erase": viewer.allows("people.erase"),
        "restriction": restriction_of(found),
        "can_restrict": is_working and found.kind == RequestKind.RESTRICT,
        "can_open": is_working and found.kind == RequestKind.CORRECT and viewer.allows("people.see"),
        **{
            name: forms.get(name) or form(auto_id=f"{name}_%s", initial=_known(found, name))
            for name, (form, _act) in _MOVES.items()
        },
    }
    return render(request, "office/privacy/request.html", facts, status=status)


def _known(found: DataRequest, name: str) -> dict[str, str]:
    """Return what the house can answer by itself; who works on the request reads it and sends it."""
    if found.state != RequestState.WORKING:
        return {}
    if name == "refuse" and found.kind == RequestKind.CORRECT:
        return {"ground": Ground.CORRECT}
    if name != "answer":
        return {}
    if found.kind == RequestKind.EXPLAIN:
        return {"answer": explanation(found.person_id)}
    if found.kind == RequestKind.RESTRICT and restriction_of(found) is None:
        return {}
    known = {
        RequestKind.RESTRICT: _("The use of your data is restricted from now on, as far as the law lets us."),
        RequestKind.VIEW: _("Everything kept about you stands in the package; take it from this page."),
        RequestKind.COPY: _("Everything kept about you stands in the package; take it from this page."),
    }
    return {"answer": known.get(RequestKind(found.kind), "")}


def _urgency(found: DataRequest) -> str:
    """Return the class of the mark that says how much time is left."""
    if found.ended_at is not None:
        return "late" if found.ended_at > found.due_at else "good"
    left = found.due_at - clock.now()
    return "late" if left.total_seconds() < 0 else "soon" if left.days < 3 else "now"


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _, row = text.partition("_")
    try:
        return datetime.fromisoformat(moment), UUID(row)
    except ValueError:
        return None
