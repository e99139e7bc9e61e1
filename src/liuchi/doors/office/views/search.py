"""Finding a case again, open or ended, by whatever one remembers of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from liuchi.doors.office.lists import OF_SEARCH, search_address
from liuchi.doors.office.searching import next_text, search_from, whole_number
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import WORK_POWERS
from liuchi.doors.ui.rules import needs
from liuchi.engines.cases.listings import FOUND_CASES
from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import is_at_work, public_place
from liuchi.engines.cases.search.marking import Marker, Part
from liuchi.engines.cases.search.people import LOOK_UP
from liuchi.engines.cases.search.queries import FoundCase, all_found, find_cases, words_in
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True)
class Row:
    """One result: the case, its matter, what was said and its address with what was looked for marked."""

    case: FoundCase
    title: Sequence[Part]
    said: Sequence[Part]
    address: Sequence[Part]
    place: str


@needs(*WORK_POWERS)
@require_GET
def search(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the cases that fit the words, the best first, or hand out all of them as a file.

    A whole number leads to its case at once: it needs no index, which may be seconds behind.
    """
    viewer, query = viewer_in(request), request.GET.dict()
    wanted = search_from(query)
    if is_export(request):
        return export_response(request, FOUND_CASES, lambda by: all_found(by, wanted))
    number = whole_number(wanted.words)
    if number and is_at_work(viewer, number):
        return redirect("office-case", number=number)
    found = find_cases(viewer, wanted)
    words = words_in(viewer, found.cases) if found.cases else {}
    marker = Marker(wanted.words, found.closeness)
    kept = {**query, "after": ""}
    begin_next = next_text(found)
    facts = {
        "rows": [_row(case, words.get(case.id, ()), marker) for case in found.cases],
        "search": wanted,
        "closeness": found.closeness,
        "states": State.choices,
        "towns": territory().of_kind(AreaKind.TOWN),
        "next": search_address({**kept, "after": begin_next}) if begin_next else "",
        "first": search_address(kept) if wanted.after else "",
        "here": f"{OF_SEARCH}?{search_address(query)}",
        "is_narrowed": any((wanted.state, wanted.town_id, wanted.since, wanted.until)),
        "unnarrowed": urlencode({"q": wanted.words}),
        "exports": export_offers(request, FOUND_CASES),
        "may_ask_for_people": viewer.allows(LOOK_UP),
    }
    return render(request, "office/search.html", facts)


def _row(case: FoundCase, words: Sequence[str], marker: Marker) -> Row:
    return Row(
        case,
        marker.parts(case.class_name or ""),
        marker.parts(marker.first_with_hit(words)),
        marker.parts(case.address),
        public_place(case),
    )
