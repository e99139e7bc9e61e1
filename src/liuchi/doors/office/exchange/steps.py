"""One import, step by step: being read, its columns, the check with a preview, running, the result, taking it back."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.exchange.forms import MappingForm, ReadingForm
from liuchi.doors.ui.exports import file_response
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.exchange.access import IMPORT
from liuchi.ground.exchange.actions import (
    choose_reading,
    forget_import,
    set_mapping,
    start_import,
    stop_import,
    take_back_import,
)
from liuchi.ground.exchange.models import AT_WORK, Import, State
from liuchi.ground.exchange.preview import preview_rows
from liuchi.ground.exchange.queries import import_for
from liuchi.ground.exchange.refused_rows import refused_file
from liuchi.ground.exchange.registers import Register, register_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import RuleBroken

#: Seconds after which a page of an import at work asks anew; without a sign of life for so long, it says so.
_AGAIN, _SILENT = 2, 60
#: What may be done with an import by a button, and what is said then.
_ACTS: Final = {"start": start_import, "stop": stop_import, "forget": forget_import, "undo": take_back_import}


@needs(IMPORT)
@never_cache
@require_GET
def show(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show an import where it stands; while it is at work the page comes again by itself."""
    return _page(request, import_for(viewer_in(request), import_id))


@needs(IMPORT)
@require_POST
def read_anew(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Have the file read with another encoding, delimiter, sheet or row of headings."""
    viewer = viewer_in(request)
    one = import_for(viewer, import_id)
    form = ReadingForm(request.POST, one=one)
    if form.is_valid():
        try:
            choose_reading(by=viewer, import_id=one.id, options=form.options())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect("import", one.id)
    return _page(request, one, {"reading": form}, status=422)


@needs(IMPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Ask which heading is which column; then all rows are checked."""
    viewer = viewer_in(request)
    one = import_for(viewer, import_id)
    register = register_of(one.register)
    if one.state not in {State.READ, State.CHECKED}:
        return redirect("import", one.id)
    form = MappingForm(request.POST if request.method == "POST" else None, one=one, register=register)
    if request.method == "POST" and form.is_valid():
        try:
            set_mapping(by=viewer, import_id=one.id, document=form.document())
        except RuleBroken as error:
            form.refuse(error)
        else:
            return redirect("import", one.id)
    return _page(request, one, {"mapping": form}, status=422 if form.errors else 200)


@needs(IMPORT)
@require_GET
def refused(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """Hand out the rows that were refused, with the reasons, in the form they came in."""
    viewer = viewer_in(request)
    return file_response(refused_file(by=viewer, one=import_for(viewer, import_id)))


@needs(IMPORT)
@require_POST
def act(request: HttpRequest, import_id: UUID, name: str) -> HttpResponse:
    """Start, stop, take back or forget an import."""
    if name not in _ACTS:
        raise Http404
    viewer = viewer_in(request)
    one = import_for(viewer, import_id)
    try:
        _ACTS[name](by=viewer, import_id=one.id)
    except RuleBroken as error:
        return _page(request, import_for(viewer, import_id), {"refusal": str(error)}, status=409)
    messages.success(request, _told(name))
    return redirect("import", one.id)


def _told(name: str) -> str:
    return {
        "start": _("The rows are being brought in."),
        "stop": _("Stopped. What was brought in stays; you can go on or take it back."),
        "forget": _("The file and its rows are deleted."),
        "undo": _("What was brought in is being taken back."),
    }[name]


def _page(request: HttpRequest, one: Import, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    register = register_of(one.register)
    is_at_work = one.state in AT_WORK
    facts: dict[str, Any] = {
        "one": one,
        "register": register,
        "is_at_work": is_at_work,
        "is_silent": is_at_work and one.beat_at is not None and (clock.now() - one.beat_at).total_seconds() > _SILENT,
        "step": one.state,
        "state": State(one.state).label,
        "count": one.checked if one.state == State.CHECKING else one.done,
        "speed": _speed(one),
        "good": one.total - one.bad,
        "has_file": one.key_sealed is not None,
        "found": _found(one),
        "findings": [
            (_label(register, column), message, is_note, count)
            for column, message, is_note, count in one.findings.get("counts", [])
        ],
        "first": [
            (row, _label(register, column), message, is_note)
            for row, column, message, is_note in one.findings.get("shown", [])
        ],
        "can_go_on": one.state == State.STOPPED and one.started_at is not None and one.done < one.total,
        "can_undo": one.state in {State.DONE, State.STOPPED} and bool(one.created + one.changed),
        "mapping": None,
        "reading": None,
        "preview": [],
        "preview_columns": [],
        "conflicts": (one.trouble or {}).get("rows", ()),
        "refusal": "",
        **(more or {}),
    }
    _add_forms(request, one, register, facts)
    response = render(request, "office/exchange/import.html", facts, status=status)
    if is_at_work:
        response.headers["Refresh"] = str(_AGAIN)
    return response


def _add_forms(request: HttpRequest, one: Import, register: Register, facts: dict[str, Any]) -> None:
    """Add what the step asks and shows, unless a form that was sent is being shown again."""
    if not facts["has_file"]:
        return
    may_read_anew = one.state in {State.READ, State.CHECKED} or (one.state == State.STOPPED and one.started_at is None)
    if may_read_anew and facts["reading"] is None:
        facts["reading"] = ReadingForm(one=one)
    if one.state == State.READ and facts["mapping"] is None:
        facts["mapping"] = MappingForm(one=one, register=register)
    if one.state == State.CHECKED and facts["mapping"] is None:
        facts["preview"] = rows = preview_rows(viewer_in(request), one)
        keys = [column.key for column in register.columns if not column.is_once]
        facts["preview_columns"] = [key for key in keys if any(row.values.get(key) for row in rows)]


def _speed(one: Import) -> int:
    if one.state != State.RUNNING or one.started_at is None or one.beat_at is None:
        return 0
    seconds = (one.beat_at - one.started_at).total_seconds()
    return round(one.done / seconds) if seconds > 0 else 0


def _found(one: Import) -> list[str]:
    """Return in a few words what the file was taken for."""
    found = one.found
    words = [str(found.get("form", "")).upper()]
    if found.get("encoding"):
        words.append({"utf-8-sig": "UTF-8", "gb18030": "GB 18030"}.get(found["encoding"], found["encoding"].upper()))
    if found.get("delimiter"):
        names = {",": _("comma"), "\t": _("tab"), ";": _("semicolon"), "|": _("bar")}
        words.append(_("delimiter: %(delimiter)s") % {"delimiter": names.get(found["delimiter"], found["delimiter"])})
    if found.get("sheet"):
        words.append(_("sheet: %(sheet)s") % {"sheet": found["sheet"]})
    if found.get("form") != "json" and "header_row" in found:
        row = found["header_row"]
        words.append(_("headings in row %(row)d") % {"row": row} if row else _("no headings"))
    return [word for word in words if word]


def _label(register: Register, key: str) -> str:
    return str(register.column(key).label) if key else ""
