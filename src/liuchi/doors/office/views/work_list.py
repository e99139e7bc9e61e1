"""The work-list: what waits for me, what is open, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liuchi.doors.office.lists import filters_from, key_text, list_address
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.listings import WORK_LIST
from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import (
    Filters,
    ListedCase,
    counts_by_state,
    first_words,
    public_place,
    whole_work_list,
    work_list,
)
from liuchi.engines.cases.workflow import OPEN_STATES
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True)
class Row:
    """One case in the list: its title (or the reporter's first words) and its place."""

    case: ListedCase
    title: str
    words: str
    place: str


@dataclass(frozen=True)
class Choice:
    """A link that narrows the list."""

    label: str
    address: str
    is_chosen: bool
    count: int | None = None


@needs(*WORK_POWERS)
@require_GET
def work_list_page(request: HttpRequest) -> HttpResponseBase:
    """Show a page of open cases, or hand out all of them as a file."""
    viewer = viewer_in(request)
    query = request.GET.dict()
    filters = filters_from(query)
    if is_export(request):
        return export_response(request, WORK_LIST, lambda by: whole_work_list(by, filters))
    page = work_list(viewer, filters)
    words = first_words(page.cases)
    counts = counts_by_state(viewer, filters.scope)
    facts = {
        "rows": [_row(case, words.get(case.id, "")) for case in page.cases],
        "filters": filters,
        "tabs": _tabs(query, filters),
        "states": _states(query, filters, counts),
        "lateness": _lateness(query, filters),
        "towns": territory().of_kind(AreaKind.TOWN),
        "town": query.get("town", ""),
        "next": list_address(query, after=key_text(page.next_key)) if page.next_key else "",
        "first": list_address(query, after="") if filters.after else "",
        "is_later_page": filters.after is not None,
        "here": list_address(query),
        "exports": export_offers(request, WORK_LIST),
        "is_narrowed": any((filters.state, filters.town_id, filters.late, filters.words)),
        "unnarrowed": list_address({"scope": filters.scope}),
    }
    return render(request, "office/work_list.html", facts)


def _row(case: ListedCase, words: str) -> Row:
    return Row(case, case.class_name or "", words, public_place(case))


def _tabs(query: Mapping[str, str], filters: Filters) -> list[Choice]:
    town = query.get("town", "")
    return [
        Choice(label, list_address({"scope": scope, "town": town}), filters.scope == scope)
        for scope, label in (("mine", _("Waiting for me")), ("all", _("Everything open")))
    ]


def _states(query: Mapping[str, str], filters: Filters, counts: Mapping[str, int]) -> list[Choice]:
    total = Choice(_("All"), list_address(query, state="", after=""), not filters.state, sum(counts.values()))
    present = [state for state in State if state in OPEN_STATES and counts.get(state)]
    return [total] + [
        Choice(
            str(state.label), list_address(query, state=state.value, after=""), filters.state == state, counts[state]
        )
        for state in present
    ]


def _lateness(query: Mapping[str, str], filters: Filters) -> list[Choice]:
    return [
        Choice(label, list_address(query, late=late, after=""), filters.late == late)
        for late, label in (("", _("Any time")), ("soon", _("Running out")), ("overdue", _("Overdue")))
    ]
