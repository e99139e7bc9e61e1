"""The inventory of personal data."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liuchi.doors.office.privacy.listings import INVENTORY
from liuchi.doors.office.privacy.pages import pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.records.queries import inventory_for


@needs("records.inventory")
@require_GET
def show_inventory(request: HttpRequest) -> HttpResponseBase:
    """Show what personal data is kept, why and how long, or hand it out as a file."""
    viewer = viewer_in(request)
    entries = inventory_for(viewer)
    if is_export(request):
        return export_response(request, INVENTORY, entries)
    facts = {
        "privacy_pages": pages_for(viewer),
        "entries": entries,
        "exports": export_offers(request, INVENTORY),
    }
    return render(request, "office/privacy/inventory.html", facts)
