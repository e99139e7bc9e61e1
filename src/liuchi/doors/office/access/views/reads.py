"""The read log."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liuchi.doors.office.access.forms import ReadsForm, start_of
from liuchi.doors.office.access.listings import READS, area_name, kind_words, reason_words
from liuchi.doors.office.access.pages import AUDIT, pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.queries_reads import ReadFilters, every_read, read_log


@needs(AUDIT)
@require_GET
def read_list(request: HttpRequest) -> HttpResponseBase:
    """Show who read protected data, whose, when and what for; or hand it out, which leaves a line of its own."""
    viewer = viewer_in(request)
    form = ReadsForm(request.GET)
    filters = _filters(form, request.GET.get("after", ""))
    if is_export(request):
        return export_response(request, READS, lambda by: every_read(by, filters))
    page = read_log(viewer, filters)
    kept = {name: value for name, value in request.GET.items() if value and name in ReadsForm.base_fields}
    facts = {
        "pages": pages_for(viewer),
        "form": form,
        "rows": [
            {"row": row, "kind": kind_words(row), "purpose": reason_words(row), "area": area_name(row)}
            for row in page.rows
        ],
        "next": urlencode({**kept, "after": page.next}) if page.next is not None else "",
        "exports": export_offers(request, READS),
    }
    return render(request, "office/access/reads.html", facts)


def _filters(form: ReadsForm, after: str) -> ReadFilters:
    given = form.cleaned_data if form.is_valid() else {}
    until = start_of(given.get("until"))
    return ReadFilters(
        person_id=given.get("person"),
        username=given.get("username", ""),
        kind=given.get("kind", ""),
        purpose=given.get("what_for", ""),
        since=start_of(given.get("since")),
        until=until + timedelta(days=1) if until is not None else None,
        after=int(after) if after.isascii() and after.isdecimal() and len(after) < 18 else None,
    )
