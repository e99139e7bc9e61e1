"""Reporting, and the receipt for it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.resident.drawing import spot_on_map
from liuchi.doors.resident.forms import ReportForm
from liuchi.doors.ui.files import NO_FILES_YET, Brought, bring_files, holder_of, is_only_about_files
from liuchi.doors.ui.kept import find_sent, keep_receipt, keep_sent, last_receipt, take_kept_fields
from liuchi.doors.ui.middleware import actor_of
from liuchi.doors.ui.rules import public
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.duplicates.queries import open_like
from liuchi.engines.cases.opening import ReportRefused
from liuchi.engines.cases.queries import PublicCase, as_public
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.kernel import clock
from liuchi.ground.territory.queries import territory

#: How wide the map in the form is shown, in CSS pixels: the browser sends the tapped pixel, and needs no script for it.
SHOWN_WIDTH = 288


@public
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take in a report; the same page twice, or the same words again after Back, give the same receipt."""
    if request.method == "GET":
        kept = take_kept_fields(request)
        fresh = {"token": str(uuid4()), "about": request.GET.get("about", "")[:20]}
        return _page(request, ReportForm(initial={**fresh, **kept}), was_kept=bool(kept))
    if "map.x" in request.POST:
        return _page(request, ReportForm(initial=_pointed_at(request.POST)), bring_files(request))
    form, brought = ReportForm(request.POST), bring_files(request)
    if is_only_about_files(request):
        return _page(request, ReportForm(initial=request.POST.dict()), brought)
    if not brought.errors and form.is_valid():
        offers = [] if "anyway" in request.POST else _offers(request, form.report())
        if offers and form.cleaned_data["about"] != "software":
            return _page(request, form, brought, offers=offers)
        try:
            _take_in(request, form.report(), brought)
        except ReportRefused as error:
            form.refuse(error)
        else:
            return redirect("report-done")
    return _page(request, form, brought, status=422)


@public
@never_cache
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Show the receipt given last in this browser."""
    receipt = last_receipt(request)
    if receipt is None:
        return redirect("report")
    number, code = receipt
    link = request.build_absolute_uri(reverse("case", args=[number])) + f"#code={code}"
    return render(request, "resident/receipt.html", {"number": number, "code": code, "link": link})


def _take_in(request: HttpRequest, given: dict[str, Any], brought: Brought) -> None:
    words = {name: value for name, value in given.items() if name != "token"}
    elsewhere = {**words, "longitude": None, "latitude": None}
    token: UUID = find_sent(request, words) or given["token"]
    files = Files(brought.ids, holder_of(request)) if brought.files else NO_FILES
    receipt = report_case(by=actor_of(request), files=files, **{**given, "token": token})
    keep_sent(request, words, token)
    keep_sent(request, elsewhere, token)  # Back brings the words again, though not always the point on the map
    keep_receipt(request, receipt.number, receipt.code)
    if not receipt.is_new:
        messages.info(
            request,
            _("You sent this already; here is its receipt. Is it another matter? Say what is different, and send it."),
        )


def _offers(request: HttpRequest, given: dict[str, Any]) -> list[PublicCase]:
    """Return open cases of the community that this may be about, unless it was sent before."""
    words = {name: value for name, value in given.items() if name != "token"}
    place = _community(given)
    if place is None or find_sent(request, words) is not None:
        return []
    return [as_public(each.case) for each in open_like(given["text"], place, clock.now())]


def _community(given: dict[str, Any]) -> UUID | None:
    longitude, latitude = given["longitude"], given["latitude"]
    area: UUID | None = given["area_id"]
    if longitude is not None and latitude is not None:
        found = territory().locate(longitude, latitude)
        return found.id if found is not None else area
    return area


def _pointed_at(sent: QueryDict) -> dict[str, str]:
    """Return the fields as sent, with the place that was tapped on the map."""
    fields = {name: str(sent[name]) for name in sent}
    with suppress(ValueError):
        spot = spot_on_map(float(fields["map.x"]), float(fields.get("map.y", "")), SHOWN_WIDTH)
        if spot is not None:
            fields |= {"longitude": f"{spot[0]:.6f}", "latitude": f"{spot[1]:.6f}"}
    return fields


def _place_name(form: ReportForm) -> str:
    """Return where the coordinates in the form lie, in words; empty without coordinates or outside."""
    with suppress(ValueError, TypeError):
        found = territory().locate(float(form["longitude"].value()), float(form["latitude"].value()))
        return "" if found is None else found.name
    return ""


def _page(
    request: HttpRequest,
    form: ReportForm,
    brought: Brought = NO_FILES_YET,
    *,
    status: int = 200,
    was_kept: bool = False,
    offers: Sequence[PublicCase] = (),
) -> HttpResponse:
    about_software = (form["about"].value() or "") == "software"
    facts = {
        "form": form,
        "offers": offers,
        "brought": brought,
        "was_kept": was_kept,
        "about_software": about_software,
        "spot": _place_name(form),
        "map_width": SHOWN_WIDTH,
    }
    return render(request, "resident/report.html", facts, status=status)
