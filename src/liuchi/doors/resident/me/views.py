"""My data: what is kept about me, masked; who looked at it, and what for; what I have asked, with its clock."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.resident.me.forms import OwnRequestForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.packages import package_file, reads_about
from liuchi.doors.ui.rules import signed_in
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.people.actions.consents import withdraw_consent
from liuchi.ground.people.models import ConsentWay
from liuchi.ground.people.queries_own import own_consents
from liuchi.ground.records.actions.requests import file_request, open_package, withdraw_request
from liuchi.ground.records.declared import same_person
from liuchi.ground.records.gathering import gather
from liuchi.ground.records.models import DataRequest, RequestState
from liuchi.ground.records.queries import own_requests, request_for, said_in
from liuchi.ground.records.restricting import is_restricted


@signed_in
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    """Show what is kept about me, masked, with purpose, basis and period."""
    viewer = viewer_in(request)
    facts = {
        "holdings": gather(viewer.person_id, masked=True),
        "is_restricted": is_restricted(same_person(viewer.person_id)),
        "reads": len(reads_about(viewer.person_id)),
        "open": sum(1 for each in own_requests(viewer) if each.ended_at is None),
    }
    return render(request, "resident/me/data.html", facts)


@signed_in
@require_GET
def my_reads(request: HttpRequest) -> HttpResponse:
    """Show who looked at my data: when, which unit, what for; not the name of who it was."""
    rows = [(each.read, each.purpose) for each in reads_about(viewer_in(request).person_id)]
    return render(request, "resident/me/reads.html", {"rows": rows})


@signed_in
@require_http_methods(["GET", "POST"])
def my_consents(request: HttpRequest) -> HttpResponseBase:
    """Show what I agreed to, to which words; and take it back with one tap and no reason (PIPL art. 15)."""
    viewer = viewer_in(request)
    if request.method == "POST":
        purpose = request.POST.get("purpose", "")
        withdraw_consent(by=viewer, person_id=viewer.person_id, purpose=purpose, way=ConsentWay.ONLINE)
        messages.success(request, _("Taken back. What was done before stays lawful; it ends now."))
        return redirect("me-consents")
    return render(request, "resident/me/consents.html", {"rows": own_consents(viewer)})


@signed_in
@require_http_methods(["GET", "POST"])
def my_requests(request: HttpRequest) -> HttpResponseBase:
    """Show what I have asked, and take in what I ask."""
    viewer = viewer_in(request)
    form = OwnRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            filed = file_request(by=viewer, person_id=viewer.person_id, **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("Taken in. The clock runs."))
            return redirect("me-request", request_id=filed.id)
    facts = {"rows": list(own_requests(viewer)), "form": form}
    return render(request, "resident/me/requests.html", facts, status=422 if form.errors else 200)


@signed_in
@require_GET
def my_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one thing I have asked, and its answer."""
    found = _mine(viewer_in(request), request_id)
    facts = {"found": found, "said": said_in(found), "has_package": found.state == RequestState.ANSWERED}
    return render(request, "resident/me/request.html", facts)


@signed_in
@require_POST
def my_package(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Hand out everything kept about me, once my request has been answered."""
    viewer = viewer_in(request)
    _mine(viewer, request_id)
    return package_file(*open_package(by=viewer, request_id=request_id))


@signed_in
@require_POST
def take_back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take my request back."""
    viewer = viewer_in(request)
    withdraw_request(by=viewer, request_id=_mine(viewer, request_id).id)
    messages.success(request, _("Taken back."))
    return redirect("me-requests")


def _mine(viewer: Viewer, request_id: UUID) -> DataRequest:
    """Return a request of the viewer's own; whoever works on requests of others does that at the desk.

    Raises:
        NotFound: there is none.
    """
    found = request_for(viewer, request_id)
    if found.person_id not in same_person(viewer.person_id):
        raise NotFound(_("There is no such request."))
    return found
