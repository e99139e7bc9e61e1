"""Reporting, and the receipt for it."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.resident.forms import ReportForm
from liuchi.doors.ui.kept import keep_receipt, last_receipt, take_kept_fields
from liuchi.doors.ui.middleware import actor_of, public
from liuchi.engines.cases.actions.intake import ReportRefused, report_case


@public
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Take in a report; sending the same page twice gives the same receipt."""
    if request.method == "GET":
        kept = take_kept_fields(request)
        fresh = {"token": str(uuid4()), "about": request.GET.get("about", "")[:20]}
        return _page(request, ReportForm(initial={**fresh, **kept}), was_kept=bool(kept))
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            receipt = report_case(by=actor_of(request), **form.report())
        except ReportRefused as error:
            form.refuse(error)
        else:
            keep_receipt(request, receipt.number, receipt.code)
            return redirect("report-done")
    return _page(request, form, status=422)


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


def _page(request: HttpRequest, form: ReportForm, status: int = 200, *, was_kept: bool = False) -> HttpResponse:
    about_software = (form["about"].value() or "") == "software"
    facts = {"form": form, "was_kept": was_kept, "about_software": about_software}
    return render(request, "resident/report.html", facts, status=status)
