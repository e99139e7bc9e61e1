"""The first page: how things stand, and the way in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.resident.forms import OpenForm
from liuchi.doors.ui.kept import keep_receipt
from liuchi.doors.ui.middleware import actor_of, find_viewer
from liuchi.doors.ui.rules import public
from liuchi.engines.cases.queries import (
    PublicCase,
    cases_reported_by,
    public_case,
    receipt_opens,
    recent_public_cases,
    standing,
)
from liuchi.ground.kernel.errors import NotFound
from liuchi.insight.figures.endings import endings

RECENT = 10
OWN = 5
#: Of the newest cases, at most so many that have no class yet: ten rows of "not yet classified" tell nobody anything.
UNCLASSIFIED = 3


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show how the district stands and what was reported lately."""
    return _page(request, OpenForm())


@public
@require_POST
def open_with_code(request: HttpRequest) -> HttpResponse:
    """Open a case by number, and with the code as its reporter; the code stays out of every address."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        public_case(number, actor_of(request), code)
    except NotFound as error:
        form.add_error("number", str(error))
        return _page(request, form, status=422)
    if code and not receipt_opens(number, code):
        form.add_error("code", _("This code does not belong to this number. Check both on your receipt."))
        return _page(request, form, status=422)
    if code:
        keep_receipt(request, number, code)
    return redirect("case", number=number)


def _page(request: HttpRequest, form: OpenForm, status: int = 200) -> HttpResponse:
    viewer = find_viewer(request)
    facts = {
        "standing": standing(),
        "ended": endings(),
        "recent": _mixed(recent_public_cases(RECENT * 4)),
        "mine": cases_reported_by(viewer, OWN) if viewer is not None else [],
        "form": form,
    }
    return render(request, "resident/home.html", facts, status=status)


def _mixed(newest: list[PublicCase]) -> list[PublicCase]:
    """Return the newest cases, those without a class only as far as there is room for them."""
    room, kept = UNCLASSIFIED, []
    for shown in newest:
        if shown.case.condition_id is None and shown.case.ended_at is None:
            room -= 1
            if room < 0:
                continue
        kept.append(shown)
    return kept[:RECENT]
