"""Breaking the glass in an emergency, and looking at it afterwards."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.access import listings
from liuchi.doors.office.access.forms import GlassForm, ReviewForm
from liuchi.doors.office.access.pages import AUDIT, GLASS, pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs, signed_in
from liuchi.ground.access.actions import break_glass, put_glass_back, review_glass
from liuchi.ground.access.powers import POWERS
from liuchi.ground.access.queries_admin import broken_glass, glass_for, reads_under
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken


@needs(GLASS)
@require_http_methods(["GET", "POST"])
def break_it(request: HttpRequest) -> HttpResponse:
    """Break the glass: powers at once, for an hour at most, loudly."""
    viewer = viewer_in(request)
    is_sent = request.method == "POST"
    form = GlassForm(request.POST if is_sent else None, viewer=viewer)
    if is_sent and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            break_glass(by=viewer, area_id=UUID(given.pop("area")), **given)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The glass is broken. Everything you read from now on is marked and reviewed."))
            return redirect("access-glass")
    facts = {"pages": pages_for(viewer), "form": form}
    return render(request, "office/access/glass.html", facts, status=422 if form.errors else 200)


@signed_in
@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Put one's own glass back before its time."""
    viewer = viewer_in(request)
    if viewer.glass is not None and viewer.glass.glass_id is not None:
        put_glass_back(by=viewer, glass_id=viewer.glass.glass_id)
        messages.success(request, _("The glass is back in its place."))
    return redirect("home")


@needs(AUDIT)
@require_GET
def reviews(request: HttpRequest) -> HttpResponseBase:
    """Show the broken glass that waits for its review, or what was reviewed."""
    viewer, is_reviewed = viewer_in(request), request.GET.get("show") == "reviewed"
    if is_export(request):
        return export_response(
            request, listings.GLASS, lambda by: broken_glass(by, is_reviewed=is_reviewed, most=10_000)
        )
    facts = {
        "pages": pages_for(viewer),
        "rows": broken_glass(viewer, is_reviewed=is_reviewed),
        "is_reviewed": is_reviewed,
        "exports": export_offers(request, listings.GLASS),
    }
    return render(request, "office/access/glass_reviews.html", facts)


@needs(AUDIT)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """Look at broken glass and say what was found."""
    viewer = viewer_in(request)
    glass = glass_for(viewer, glass_id)
    is_sent = request.method == "POST"
    form = ReviewForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            review_glass(by=viewer, glass_id=glass.id, **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("The review is kept."))
            return redirect("access-glass-reviews")
    facts = {
        "pages": pages_for(viewer),
        "glass": glass,
        "powers": [POWERS.get(power, power) for power in glass.powers],
        "lines": reads_under(viewer, glass),
        "is_open": glass.ends_at > clock.now(),
        "form": form,
    }
    return render(request, "office/access/glass_review.html", facts, status=422 if form.errors else 200)
