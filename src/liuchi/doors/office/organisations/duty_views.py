"""Powers and duties lists, and the venues of the district."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liuchi.doors.office.choosing import area_choices, day_in, uuid_in
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.nav import ORGANISATION_READERS
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel import clock
from liuchi.ground.organisations.changing import today
from liuchi.ground.organisations.listings import DUTY_ITEMS, VENUES, side_name
from liuchi.ground.organisations.models import DutyItem, DutyList, DutyRole, ItemKind, ListKind, Venue, VenueKind
from liuchi.ground.organisations.opening import open_now
from liuchi.ground.organisations.queries import duty_item, duty_items, duty_kinds, duty_lists, venues

PAGE = 50
LONGEST_WORDS = 60
NAMES = ("list", "kind", "q", "on", "after")
VENUE_NAMES = ("area", "kind", "q", "after")


@needs(*ORGANISATION_READERS)
@require_GET
def duties(request: HttpRequest) -> HttpResponseBase:
    """Show one list as its document issued it, one kind of item at a time, or hand it out as a file."""
    query = request.GET.dict()
    on = day_in(query.get("on", ""))
    lists = list(duty_lists(on=on))
    chosen = _chosen(lists, query)
    kinds = duty_kinds(chosen.id) if chosen else {}
    kind = query.get("kind", "") if query.get("kind") in kinds else next(iter(kinds), "")
    words = query.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS]
    rows = duty_items(chosen.id, kind=kind, words=words) if chosen else duty_items(on=on).none()
    if is_export(request):
        return export_response(request, DUTY_ITEMS, lambda _by: rows.iterator(chunk_size=500))
    shown = list(rows.filter(number__gt=_after(query))[: PAGE + 1])
    facts = {
        "lists": lists,
        "chosen": chosen,
        "kinds": [(each, ItemKind(each).label, count) for each, count in kinds.items()],
        "kind": kind,
        "rows": [_sides(item) for item in shown[:PAGE]],
        "words": words,
        "on": on,
        "today": today(),
        "query": query,
        "next": _address(NAMES, query, after=str(shown[PAGE - 1].number)) if len(shown) > PAGE else "",
        "first": _address(NAMES, query, after=""),
        "is_later_page": _after(query) > 0,
        "same_list": _address(NAMES, query, after="", kind=""),
        "exports": export_offers(request, DUTY_ITEMS) if shown else [],
    }
    return render(request, "office/organisations/duties.html", facts)


@needs(*ORGANISATION_READERS)
@require_GET
def duty(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show one item with everything its document says."""
    item, sides = _sides(duty_item(item_id))
    return render(request, "office/organisations/duty.html", {"item": item, "sides": sides})


@needs(*ORGANISATION_READERS)
@require_GET
def venue_list(request: HttpRequest) -> HttpResponseBase:
    """Show a page of venues, or hand out all of them as a file."""
    query = request.GET.dict()
    kind = query.get("kind", "") if query.get("kind") in VenueKind.values else ""
    area, words = uuid_in(query.get("area", "")), query.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS]
    rows = venues(area_id=area, kind=kind, words=words)
    if is_export(request):
        return export_response(request, VENUES, lambda _by: rows.iterator(chunk_size=500))
    after = uuid_in(query.get("after", ""))
    shown: Sequence[Venue] = list(venues(area_id=area, kind=kind, words=words, after=after)[: PAGE + 1])
    is_open = open_now(shown[:PAGE], clock.now())
    facts = {
        "rows": [(each, is_open[each.id]) for each in shown[:PAGE]],
        "areas": area_choices(),
        "kinds": VenueKind.choices,
        "kind": kind,
        "words": words,
        "query": query,
        "next": _address(VENUE_NAMES, query, after=str(shown[PAGE - 1].id)) if len(shown) > PAGE else "",
        "first": _address(VENUE_NAMES, query, after=""),
        "is_later_page": after is not None,
        "is_narrowed": bool(area or kind or words),
        "exports": export_offers(request, VENUES),
    }
    return render(request, "office/organisations/venues.html", facts)


def _chosen(lists: Sequence[DutyList], query: Mapping[str, str]) -> DutyList | None:
    """Return the list that the address names, else the streets' own, else the newest in force."""
    wanted = uuid_in(query.get("list", ""))
    named = next((each for each in lists if each.id == wanted), None)
    towns = next((each for each in lists if each.kind == ListKind.TOWN), None)
    return named or towns or next(iter(lists), None)


def _sides(item: DutyItem) -> tuple[DutyItem, list[tuple[str, str, str]]]:
    """Return an item with its sides: the part in words, who it is, what they have to do."""
    order = {DutyRole.TAKEN_BACK: 0, DutyRole.LEAD: 1, DutyRole.ASSIST: 2}
    sides = sorted(item.sides.all(), key=lambda each: order[DutyRole(each.role)])
    return item, [(str(DutyRole(each.role).label), side_name(each), each.note) for each in sides]


def _after(query: Mapping[str, str]) -> int:
    text = query.get("after", "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 9 else 0


def _address(names: Sequence[str], query: Mapping[str, str], **changes: str) -> str:
    wanted = {name: query.get(name, "") for name in names} | changes
    return urlencode({name: value for name, value in wanted.items() if value})
