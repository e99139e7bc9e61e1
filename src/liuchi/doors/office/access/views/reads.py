"""The read log."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from liuchi.doors.office.access.forms import ReadsForm, start_of
from liuchi.doors.office.access.pages import AUDIT, pages_for
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.purposes import READ_PURPOSES
from liuchi.ground.access.queries_reads import ReadFilters, read_log
from liuchi.ground.exchange.purposes import PURPOSES as EXPORT_PURPOSES
from liuchi.ground.territory.queries import territory

_KINDS = {"access.revealed": _("looked at"), "access.looked_up": _("looked for"), "exchange.exported": _("taken out")}


@needs(AUDIT)
@require_GET
def read_list(request: HttpRequest) -> HttpResponse:
    """Show who read protected data, whose, when and what for."""
    viewer = viewer_in(request)
    form = ReadsForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    until = start_of(given.get("until"))
    after = request.GET.get("after", "")
    filters = ReadFilters(
        person_id=given.get("person"),
        username=given.get("username", ""),
        purpose=given.get("purpose", ""),
        since=start_of(given.get("since")),
        until=until + timedelta(days=1) if until is not None else None,
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 18 else None,
    )
    page = read_log(viewer, filters)
    purposes = {**EXPORT_PURPOSES, **READ_PURPOSES}
    areas = territory().areas
    rows = [
        {
            "row": row,
            "kind": _KINDS.get(row.kind, row.kind),
            "purpose": purposes.get(row.purpose, row.purpose),
            "area": areas.get(row.place_id) if row.place_id is not None else None,
        }
        for row in page.rows
    ]
    kept = {name: value for name, value in request.GET.items() if value and name in ReadsForm.base_fields}
    facts = {
        "pages": pages_for(viewer),
        "form": form,
        "rows": rows,
        "next": urlencode({**kept, "after": page.next}) if page.next is not None else "",
    }
    return render(request, "office/access/reads.html", facts)
