"""The first pages of the section: what I brought in, bringing in a file, templates, what was taken out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.exchange.forms import ExportSearch, FileForm, ImportSearch
from liuchi.doors.office.exchange.listings import EXPORTS, IMPORTS, TakenOut
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import Tab
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.queries import usernames_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.exchange.access import IMPORT, may_import
from liuchi.ground.exchange.actions import receive_file
from liuchi.ground.exchange.exporting import CONTENT_TYPES
from liuchi.ground.exchange.models import ExportFormat, ExportRecord
from liuchi.ground.exchange.queries import (
    ALL_EXPORTS,
    ALL_IMPORTS,
    AUDIT,
    Key,
    every_export,
    every_import,
    export_page,
    import_page,
)
from liuchi.ground.exchange.registers import Register, register_of, registers
from liuchi.ground.exchange.templates import template_file
from liuchi.ground.kernel.errors import RuleBroken

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


@needs(IMPORT, AUDIT)
@require_GET
def import_list(request: HttpRequest) -> HttpResponseBase:
    """Show what the viewer has brought in, newest first; auditors go on to what was taken out."""
    viewer = viewer_in(request)
    if not viewer.allows(IMPORT):
        return redirect("exports")
    offered = _open_to(viewer)
    search = ImportSearch(request.GET, registers=offered)
    filters = search.filters()
    if is_export(request):
        return export_response(request, IMPORTS, lambda by: every_import(by, filters))
    page = import_page(viewer, _key(request.GET.get("after", "")), filters)
    facts = {
        "rows": [(each, register_of(each.register).title) for each in page.rows],
        "next": _next(request, page.next),
        "is_later_page": "after" in request.GET,
        "is_narrowed": filters != ALL_IMPORTS,
        "search": search,
        "registers": list(offered.values()),
        "exports": export_offers(request, IMPORTS),
        "exchange_pages": pages_for(viewer),
    }
    return render(request, "office/exchange/imports.html", facts)


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    """Take a file for a register."""
    viewer = viewer_in(request)
    offered = _open_to(viewer)
    chosen = request.GET.get("register", "")
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, registers=offered)
    else:
        form = FileForm(initial={"register": chosen}, registers=offered)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            one = receive_file(
                by=viewer, register=form.cleaned_data["register"], filename=file.name, pieces=file.chunks()
            )
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect("import", one.id)
    facts = {"form": form, "registers": list(offered.values()), "chosen": offered.get(chosen)}
    return render(request, "office/exchange/new.html", facts, status=422 if form.errors else 200)


@needs(IMPORT)
@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out an empty table of a register, as XLSX or `?format=csv`."""
    register = register_of(code)
    fmt = ExportFormat.CSV if request.GET.get("format") == ExportFormat.CSV else ExportFormat.XLSX
    response = HttpResponse(template_file(register, fmt), content_type=CONTENT_TYPES[fmt])
    name = _("%(register)s - template") % {"register": register.title}
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{fmt}'.replace('/', '-'))}"
    return response


@needs(AUDIT)
@never_cache
@require_GET
def export_list(request: HttpRequest) -> HttpResponseBase:
    """Show which lists were taken out, by whom and what for; a number leads from a file found to who took it."""
    viewer = viewer_in(request)
    search = ExportSearch(request.GET)
    filters = search.filters()
    if is_export(request):
        return export_response(request, EXPORTS, lambda by: _named(every_export(by, filters)))
    page = export_page(viewer, _key(request.GET.get("after", "")), filters)
    facts = {
        "rows": list(_named(page.rows)),
        "next": _next(request, page.next),
        "is_later_page": "after" in request.GET,
        "is_narrowed": filters != ALL_EXPORTS,
        "search": search,
        "exports": export_offers(request, EXPORTS),
        "exchange_pages": pages_for(viewer),
    }
    return render(request, "office/exchange/exports.html", facts)


def pages_for(viewer: Viewer) -> list[Tab]:
    """Return the pages of this section that are open to a viewer."""
    pages = (
        Tab(gettext_lazy("Imports"), "imports", is_here=False),
        Tab(gettext_lazy("Lists taken out"), "exports", is_here=False),
    )
    powers = {"imports": IMPORT, "exports": AUDIT}
    return [each for each in pages if viewer.allows(powers[each.page])]


def _open_to(viewer: Viewer) -> Mapping[str, Register]:
    return {code: register for code, register in registers().items() if may_import(viewer, register)}


def _named(rows: Iterable[ExportRecord]) -> Iterator[TakenOut]:
    """Say of each export who made it, many at a time."""
    left = iter(rows)
    while some := list(islice(left, 500)):
        names = usernames_of({row.actor_id for row in some if row.actor_id})
        for row in some:
            yield TakenOut(row, names.get(row.actor_id, "") if row.actor_id else row.actor_name)


def _next(request: HttpRequest, key: Key | None) -> str:
    """Return the query of the next page, narrowed as this one; empty on the last."""
    if key is None:
        return ""
    query = request.GET.copy()
    query["after"] = f"{(key.at - _BEGINNING) // timedelta(microseconds=1)}-{key.id.hex}"
    return query.urlencode()


def _key(text: str) -> Key | None:
    micros, _dash, last = text.partition("-")
    if not (micros.isdecimal() and micros.isascii() and len(micros) <= 17):
        return None
    try:
        return Key(_BEGINNING + timedelta(microseconds=int(micros)), UUID(last))
    except ValueError:
        return None
