"""Finding the cases of somebody who gives their phone, identity number or name, for a purpose that is kept."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.lists import OF_PEOPLE
from liuchi.doors.office.reporters import Reporter, reporters_of
from liuchi.doors.ui.forms import PlainText
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.reveals import PurposeForm
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.queries import public_place
from liuchi.engines.cases.search.people import LOOK_UP, OfPerson, cases_of_person
from liuchi.engines.cases.search.queries import FoundCase
from liuchi.ground.access.actions import record_look_up
from liuchi.ground.access.purposes import ANSWER, CLARIFY, EMERGENCY, HANDLING, REQUESTED
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import RuleBroken

#: The person asks after their case, first of all; the others as on the case page.
PURPOSES = (REQUESTED, HANDLING, CLARIFY, ANSWER, EMERGENCY)
_UNREMEMBERED = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class WhoForm(PurposeForm):
    """One exact value, and what it is needed for."""

    exact = PlainText(
        label=gettext_lazy("Phone, identity number or full name"),
        longest=40,
        help_text=gettext_lazy("Exactly as it was given. Pinyin, parts and similar names find nothing here."),
        widget=forms.TextInput(attrs=_UNREMEMBERED),
    )
    field_order = ("exact", "purpose")


@dataclass(frozen=True)
class Row:
    """One case, the report of this person in it, masked, and the place."""

    case: FoundCase
    reporter: Reporter
    place: str


@needs(LOOK_UP)
@never_cache
@require_http_methods(["GET", "POST"])
def search_people(request: HttpRequest) -> HttpResponse:
    """Ask who and what for; show their cases. Every question leaves a line, found or not; nothing is in an address."""
    viewer = viewer_in(request)
    form = WhoForm(request.POST if request.method == "POST" else None, purposes=PURPOSES, auto_id="who_%s")
    found: OfPerson | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _find_and_record(viewer, form.cleaned_data["exact"], form.cleaned_data["purpose"])
        except RuleBroken as error:
            form.refuse(error)
    facts = {
        "form": form,
        "found": found,
        "rows": _rows(found) if found else [],
        "here": OF_PEOPLE,
        "may_ask_for_people": True,
    }
    return render(request, "office/search_people.html", facts, status=422 if form.errors else 200)


def _find_and_record(viewer: Viewer, exact: str, purpose: str) -> OfPerson:
    """Find the cases and leave the read line before anything is shown."""
    found = cases_of_person(viewer, exact)
    record_look_up(
        by=viewer,
        field=found.field,
        value=found.value,
        purpose=purpose,
        found=found.person_id if found.cases else None,
        place_id=found.home_id if found.cases else None,
        is_found=bool(found.cases),
    )
    return found


def _rows(found: OfPerson) -> list[Row]:
    cases = [report.case_id for report in found.reports]
    reporters = dict(zip(cases, reporters_of(found.reports), strict=True))
    return [Row(case, reporters[case.id], public_place(case)) for case in found.cases]
