"""Looking after what was given to other cities: how it goes, and sending again what did not arrive."""

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.forwarding.listings import FORWARDED
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.engines.forwarding.actions import NotToRetry, retry_forwarding
from liuchi.engines.forwarding.models import Forwarded, ForwardState
from liuchi.engines.forwarding.queries import OPEN_QUESTIONS, endpoints, forwarded_for
from liuchi.ground.access.viewers import Viewer

POWERS = ("hooks.manage", "cases.dispatch")


@needs(*POWERS)
@require_GET
def forwarded(request: HttpRequest) -> HttpResponseBase:
    """Show what was given to other cities, newest first, or hand it out as a file."""
    viewer, query = viewer_in(request), request.GET
    state = query.get("state", "") if query.get("state") in ForwardState.values else ""
    cities = list(endpoints(viewer))
    city = _uuid(query.get("city", ""))
    if is_export(request):
        return export_response(request, FORWARDED, lambda by: _whole(by, state, city))
    log = forwarded_for(viewer, state=state, endpoint=city, after=_uuid(query.get("after", "")))
    kept = {name: value for name, value in (("state", state), ("city", str(city or ""))) if value}
    facts = {
        "rows": [(row, row.state in OPEN_QUESTIONS) for row in log.rows],
        "cities": [(str(each.id), each.name, each.id == city) for each in cities],
        "endpoints": cities,
        "states": [(value, label, value == state) for value, label in ForwardState.choices],
        "is_narrowed": bool(kept),
        "next": urlencode({**kept, "after": log.next_key.hex}) if log.next_key else "",
        "exports": export_offers(request, FORWARDED),
        "may_see_cases": viewer.allows("cases.see"),
    }
    return render(request, "office/forwarding/forwarded.html", facts)


@needs(*POWERS)
@require_POST
def retry(request: HttpRequest, forwarded: UUID) -> HttpResponse:
    """Send once more what did not arrive."""
    try:
        retry_forwarding(by=viewer_in(request), forwarded_id=forwarded)
        messages.success(request, _("It is sent once more."))
    except NotToRetry as error:
        messages.error(request, str(error))
    return redirect("forwarded")


def _whole(viewer: Viewer, state: str, city: UUID | None) -> Iterator[Forwarded]:
    after: UUID | None = None
    while True:
        log = forwarded_for(viewer, state=state, endpoint=city, after=after)
        yield from log.rows
        if log.next_key is None:
            return
        after = log.next_key


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
