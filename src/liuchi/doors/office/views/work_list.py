"""The work-list: what waits for me, what is open, the most urgent first, or a list kept under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liuchi.doors.office.list_choices import areas_to_choose, channels, matters, orders
from liuchi.doors.office.lists import filters_from, list_address
from liuchi.doors.office.supervising import waiting_orders
from liuchi.doors.ui.cursors import key_text
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.helping import due_of_parts
from liuchi.engines.cases.listings import WORK_LIST
from liuchi.engines.cases.models import SavedList, State
from liuchi.engines.cases.queries import (
    ListedCase,
    counts_by_state,
    first_words,
    public_place,
    whole_work_list,
    work_list,
)
from liuchi.engines.cases.queries_lists import lists_for
from liuchi.engines.cases.workflow import MOVES, OPEN_STATES, Move
from liuchi.ground.access.viewers import Viewer


@dataclass(frozen=True)
class Row:
    """One case in the list: its title (or the reporter's first words) and its place."""

    case: ListedCase
    title: str
    words: str
    place: str
    part_due: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """A link that narrows the list."""

    label: str
    address: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Kept:
    """A list kept under a name: how to open it, and for which unit it is, if for one."""

    id: UUID
    label: str
    address: str
    is_chosen: bool
    is_own: bool
    note: str


@needs(*WORK_POWERS)
@require_GET
def work_list_page(request: HttpRequest) -> HttpResponseBase:
    """Show a page of open cases, or hand out all of them as a file. The bare address opens the list chosen for that."""
    viewer = viewer_in(request)
    kept = lists_for(viewer)
    first = next((each for each in kept if each.is_default and each.account_id == viewer.id), None)
    if first is not None and not request.GET:
        return redirect(f"{reverse('work-list')}?{address_of(first)}")
    query = request.GET.dict()
    filters = filters_from(query)
    if is_export(request):
        return export_response(request, WORK_LIST, lambda by: whole_work_list(by, filters))
    page = work_list(viewer, filters)
    words = first_words(page.cases)
    parts = due_of_parts(viewer, [case.id for case in page.cases])
    counts = counts_by_state(viewer, filters.scope)
    facts = {
        "rows": [_row(case, words.get(case.id, ""), parts.get(case.id)) for case in page.cases],
        "filters": filters,
        "tabs": _tabs(filters),
        "saved": _kept(viewer, kept, query.get("saved", "")),
        "states": _states(query, filters, counts),
        "lateness": _lateness(query, filters),
        "areas": areas_to_choose(viewer),
        "matters": matters(),
        "channels": channels(),
        "orders": orders(),
        "steps": _steps(viewer, filters),
        "next": list_address(query, after=key_text(page.next_key)) if page.next_key else "",
        "first": list_address(query, after="") if filters.after else "",
        "is_later_page": filters.after is not None,
        "to_answer": waiting_orders(viewer),
        "here": list_address(query),
        "exports": export_offers(request, WORK_LIST),
        "is_narrowed": filters.is_narrowed,
        "is_more_narrowed": any((filters.area_id, filters.matter, filters.channel, filters.words, query.get("order"))),
        "unnarrowed": list_address({"scope": filters.scope}),
    }
    return render(request, "office/work_list.html", facts)


def address_of(kept: SavedList) -> str:
    """Return the query string that opens a list kept under a name."""
    return list_address({**kept.wanted, "saved": str(kept.id)})


def _row(case: ListedCase, words: str, part_due: datetime | None) -> Row:
    return Row(case, case.class_name or "", words, public_place(case), part_due)


def _steps(viewer: Viewer, filters: Filters) -> list[Move]:
    """Return the steps that the viewer may make with many cases, as far as the state chosen lets them begin."""
    state = State(filters.state) if filters.state in State.values else None
    return [
        move
        for move in MOVES.values()
        if move.in_bulk and viewer.allows(move.power) and (state is None or state in move.sources)
    ]


def _kept(viewer: Viewer, lists: Sequence[SavedList], chosen: str) -> list[Kept]:
    return [
        Kept(
            each.id,
            each.name,
            address_of(each),
            chosen == str(each.id),
            each.account_id == viewer.id,
            each.unit.short_name if each.unit else "",
        )
        for each in lists
    ]


def _tabs(filters: Filters) -> list[Choice]:
    area = str(filters.area_id or "")
    return [
        Choice(label, list_address({"scope": scope, "area": area}), filters.scope == scope)
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
