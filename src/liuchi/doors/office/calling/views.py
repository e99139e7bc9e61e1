"""Call-backs: the list, one call, and the rule by which closings are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.calling.forms import CallForm, RuleForm
from liuchi.doors.office.placing import uuid_in
from liuchi.doors.ui.cursors import key_text, moment_key
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.kept import mark_of, take_kept_fields
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.doors.ui.timeline import entries
from liuchi.engines.cases.actions.calling import enter_call_back, set_call_back_rule
from liuchi.engines.cases.calling.drawing import DEFAULT_CALLS, DEFAULT_PERCENT
from liuchi.engines.cases.calling.queries import (
    WAITING,
    CallFilters,
    call_back_for,
    call_backs,
    call_figures,
    every_call_back,
    rules_of,
)
from liuchi.engines.cases.listings import CALL_BACKS
from liuchi.engines.cases.models import CallBack, CallBackResult
from liuchi.engines.cases.queries import moves_of, public_place, reports_of
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

NAMES = ("shown", "town", "after")


@dataclass(frozen=True)
class Row:
    """A call-back in the list, and where its case lies."""

    call: CallBack
    place: str


@dataclass(frozen=True)
class Choice:
    """A link that narrows the list."""

    label: str
    address: str
    is_chosen: bool


@needs("cases.accept")
@require_GET
def call_list(request: HttpRequest) -> HttpResponseBase:
    """Show a page of call-backs, or hand out all of them as a file."""
    viewer, query = viewer_in(request), request.GET.dict()
    shown = query.get("shown", WAITING)
    shown = shown if shown in {WAITING, "ended", *CallBackResult.values} else WAITING
    filters = CallFilters(shown, uuid_in(query.get("town", "")), moment_key(query.get("after", "")))
    if is_export(request):
        return export_response(request, CALL_BACKS, lambda by: every_call_back(by, filters))
    page = call_backs(viewer, filters)
    facts = {
        "rows": [Row(call, public_place(call.case)) for call in page.rows],
        "filters": filters,
        "choices": _choices(query, shown),
        "towns": territory().of_kind(AreaKind.TOWN),
        "figures": call_figures(viewer, filters),
        "may_set_rules": viewer.allows("cases.standards"),
        "next": _address(query, after=key_text(page.next_key)) if page.next_key else "",
        "first": _address(query, after="") if filters.after else "",
        "is_later_page": filters.after is not None,
        "exports": export_offers(request, CALL_BACKS),
    }
    return render(request, "office/calling/list.html", facts)


@needs("cases.accept")
@never_cache
@require_http_methods(["GET", "POST"])
def show_call(request: HttpRequest, call: UUID) -> HttpResponse:
    """Show what was reported and answered, and take in what came of a call."""
    viewer = viewer_in(request)
    row = call_back_for(viewer, call)
    if request.method == "GET":
        return _call_page(request, row, CallForm(initial={"calls": row.calls, **take_kept_fields(request)}))
    form, status = CallForm(request.POST), 422
    if form.is_valid():
        try:
            enter_call_back(by=viewer, call_back_id=row.id, said=form.said(), calls=form.cleaned_data["calls"])
        except RuleBroken as error:
            form.refuse(error)
            status = 403 if isinstance(error, NotAllowed) else 409
            row = call_back_for(viewer, call)
        else:
            messages.success(request, _("%(number)s: the call is entered.") % {"number": row.case.number})
            return redirect("call-backs")
    return _call_page(request, row, form, status)


@needs("cases.standards")
@never_cache
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show and set which share of closings is called back."""
    viewer = viewer_in(request)
    form = RuleForm(request.POST or None, viewer=viewer)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_call_back_rule(by=viewer, **form.arguments())
            except RuleBroken as error:
                form.refuse(error)
                status = 403 if isinstance(error, NotAllowed) else 409
            else:
                messages.success(request, _("The rule holds for closings from now on."))
                return redirect("call-back-rules")
    facts = {
        "rules": rules_of(viewer)[:100],
        "form": form,
        "percent": DEFAULT_PERCENT,
        "calls": DEFAULT_CALLS,
        "made_for": mark_of(request),
    }
    return render(request, "office/calling/rules.html", facts, status=status)


def _call_page(request: HttpRequest, row: CallBack, form: CallForm, status: int = 200) -> HttpResponse:
    told = entries(list(moves_of(row.case)), inside=True)
    facts = {
        "call": row,
        "case": row.case,
        "place": public_place(row.case),
        "reports": list(reports_of(row.case)),
        "entries": told,
        "form": form,
        "made_for": mark_of(request),
    }
    return render(request, "office/calling/call.html", facts, status=status)


def _choices(query: Mapping[str, str], shown: str) -> list[Choice]:
    offered = [(WAITING, _("Waiting")), *((value, str(label)) for value, label in CallBackResult.choices)]
    offered.append(("ended", _("All that ended")))
    return [Choice(label, _address(query, shown=value, after=""), value == shown) for value, label in offered]


def _address(query: Mapping[str, str], **changes: str) -> str:
    wanted = {name: query.get(name, "") for name in NAMES} | changes
    return urlencode({name: value for name, value in wanted.items() if value})
