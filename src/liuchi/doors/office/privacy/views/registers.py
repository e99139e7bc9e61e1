"""The registers of sharing, breaches and impact assessments: list, new entry, entry with what can be done next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.privacy.pages import pages_for
from liuchi.doors.office.privacy.registers import REGISTERS, Register
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.doors.ui.templatetags.liuchi import moment
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.records.entries import POWER
from liuchi.ground.records.queries_registers import entry_for, every_entry


@needs(POWER)
@require_GET
def register_list(request: HttpRequest, which: str) -> HttpResponseBase:
    """Show the entries in force or those ended, or hand the whole register out as a file."""
    viewer, register = viewer_in(request), REGISTERS[which]
    if is_export(request):
        return export_response(request, register.listing, lambda by: every_entry(by, register.model))
    is_ended = request.GET.get("show") == "ended"
    page = register.rows(viewer, is_ended=is_ended, after=_uuid(request.GET.get("after", "")))
    facts = {
        "privacy_pages": pages_for(viewer),
        "register": register,
        "new_page": f"{register.page}-new",
        "entry_page": f"{register.page}-entry",
        "columns": register.listing.columns[1 : register.columns],
        "heading": register.listing.columns[0].label,
        "rows": [(row, _cells(register, row, register.columns), register.mark(row)) for row in page.rows],
        "is_ended": is_ended,
        "next": page.next.hex if page.next else "",
        "exports": export_offers(request, register.listing),
    }
    return render(request, "office/privacy/register.html", facts)


@needs(POWER)
@require_http_methods(["GET", "POST"])
def new_entry(request: HttpRequest, which: str) -> HttpResponseBase:
    """Enter something into a register."""
    register = REGISTERS[which]
    form = register.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = register.add(by=viewer_in(request), entry=form.entry())
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("Entered."))
            return redirect(f"{register.page}-entry", row_id=row.id)
    facts = {"register": register, "form": form}
    return render(request, "office/privacy/register_new.html", facts, status=422 if form.errors else 200)


@needs(POWER)
@require_GET
def show_entry(request: HttpRequest, which: str, row_id: UUID) -> HttpResponse:
    """Show one entry with what can be done next."""
    register = REGISTERS[which]
    return _page(request, register, entry_for(viewer_in(request), register.model, row_id))


@needs(POWER)
@require_POST
def move_entry(request: HttpRequest, which: str, row_id: UUID, name: str) -> HttpResponse:
    """End an entry; of a breach write down how many it touches and who was told, or close it."""
    viewer, register = viewer_in(request), REGISTERS[which]
    row = entry_for(viewer, register.model, row_id)
    if name not in register.moves:
        raise NotFound(_("There is no such page."))
    form = register.moves[name].form(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            register.moves[name].act(by=viewer, row_id=row.id, **form.cleaned_data)
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("Done."))
            return redirect(f"{register.page}-entry", row_id=row.id)
    return _page(request, register, row, status=422, sent={name: form})


def _page(
    request: HttpRequest, register: Register, row: Any, status: int = 200, sent: dict[str, HouseForm] | None = None
) -> HttpResponse:
    is_open = getattr(row, "ended_at", None) is None and getattr(row, "ended_on", None) is None
    forms = [
        (name, move, (sent or {}).get(name) or move.form(auto_id=f"{name}_%s", initial=_known(move.form, row)))
        for name, move in register.moves.items()
    ]
    facts = {
        "register": register,
        "move_page": f"{register.page}-move",
        "row": row,
        "mark": register.mark(row),
        "facts": [(label, value) for label, value in _cells(register, row) if value not in ("", None)],
        "tellings": list(row.tellings.all()) if "tell" in register.moves else [],
        "forms": forms if is_open else [],
    }
    return render(request, "office/privacy/register_entry.html", facts, status=status)


def _known(form: type[HouseForm], row: Any) -> dict[str, object]:
    """Return what the entry says already of what a form asks for."""
    known = {name: getattr(row, name, None) for name in form.base_fields}
    return {name: value for name, value in known.items() if value not in (None, "")}


def _cells(register: Register, row: Any, most: int | None = None) -> list[tuple[Any, object]]:
    return [(column.label, _shown(column.value(row))) for column in register.listing.columns[:most]]


def _shown(value: object) -> object:
    return moment(value) if isinstance(value, datetime) else value


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
