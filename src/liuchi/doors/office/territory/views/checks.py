"""Reports on the areas: faults of boundaries, and grids with too few or too many households."""

from functools import lru_cache
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.territory.norms import NormForm
from liuchi.doors.office.territory.pages import tabs_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.actions import set_norm
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.checking import BoundaryReport, FaultKind, check_boundaries
from liuchi.ground.territory.listings import FAULTS, SIZES
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory
from liuchi.ground.territory.sizing import norm_history, norms_on, size_warnings

#: Faults shown on the page; the file holds all of them.
_SHOWN = 200


@needs(POWER)
@require_GET
def boundary_report(request: HttpRequest) -> HttpResponseBase:
    """Show what is wrong with boundaries today: the kind of fault, where, and how large. It stops nobody's work."""
    known = territory()
    report = _report(known.edition, known.root().id)
    kind = request.GET.get("kind", "")
    faults = [fault for fault in report.faults if not kind or fault.kind == kind]
    if is_export(request):
        return export_response(request, FAULTS, faults)
    facts = {
        "tabs": tabs_for(viewer_in(request)),
        "report": report,
        "faults": faults[:_SHOWN],
        "hidden": max(len(faults) - _SHOWN, 0),
        "kind": kind,
        "kinds": [(each, len(report.of_kind(each))) for each in FaultKind if report.of_kind(each)],
        "exports": export_offers(request, FAULTS),
    }
    return render(request, "office/territory/boundaries.html", facts)


@needs(POWER)
@require_GET
def sizes(request: HttpRequest) -> HttpResponseBase:
    """Show the grids outside the norm of their kind, and the norms."""
    viewer = viewer_in(request)
    if is_export(request):
        return export_response(request, SIZES, size_warnings(viewer))
    return _sizes_page(request, NormForm())


@needs(POWER)
@require_POST
def norm(request: HttpRequest) -> HttpResponse:
    """Set the norm of a kind of grid from a day on."""
    form = NormForm(request.POST)
    if form.is_valid():
        try:
            set_norm(by=viewer_in(request), **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The norm is set."))
            return redirect("territory-sizes")
    return _sizes_page(request, form, status=422)


def _sizes_page(request: HttpRequest, form: NormForm, status: int = 200) -> HttpResponse:
    known = territory()
    warnings = size_warnings(viewer_in(request))
    facts = {
        "tabs": tabs_for(viewer_in(request)),
        "rows": [(each, known.path(each.area.id)[-2:-1]) for each in warnings],
        "norms": [(AreaKind(kind).label, each) for kind, each in norms_on().items()],
        "past": list(norm_history()),
        "form": form,
        "exports": export_offers(request, SIZES),
    }
    return render(request, "office/territory/sizes.html", facts, status=status)


@lru_cache(maxsize=2)
def _report(edition: int, district: UUID) -> BoundaryReport:
    del edition  # it is part of the key: another edition is checked anew
    return check_boundaries(below=district)
