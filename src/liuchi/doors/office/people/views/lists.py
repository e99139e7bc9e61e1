"""The people of my area, and the care register: narrowed, page by page, names masked."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from liuchi.doors.office.people.fields import place_choices, place_words, uuid_in
from liuchi.doors.office.people.forms import today
from liuchi.doors.office.people.listings import CARE, PEOPLE
from liuchi.doors.office.people.pages import pages_for
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.people import access
from liuchi.ground.people.care_register import CareFilters, care_page, care_rows, categories
from liuchi.ground.people.showing import Filters, people_page, people_rows

LONGEST_NAME = 40
#: The ages that lists are narrowed to with one tap: under 14, under 18, from 60, from 80.
AGES: dict[str, tuple[Promise, int | None, int | None]] = {
    "": (gettext_lazy("Any age"), None, None),
    "child": (gettext_lazy("Under 14"), None, 13),
    "minor": (gettext_lazy("Under 18"), None, 17),
    "60": (gettext_lazy("60 and older"), 60, None),
    "80": (gettext_lazy("80 and older"), 80, None),
}
#: An entry of the register is looked at again when it ends within so many days.
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Choice:
    """A link that narrows a list."""

    label: str | Promise
    address: str
    is_chosen: bool


@needs(access.SEE)
@require_GET
def people_list(request: HttpRequest) -> HttpResponseBase:
    """Show the people within reach, by name."""
    viewer, query = viewer_in(request), request.GET
    filters = _people_filters(query)
    if is_export(request):
        return export_response(request, PEOPLE, lambda by: people_rows(by, filters), place_id=filters.area_id)
    page = people_page(viewer, filters)
    facts = {
        "people_pages": pages_for(viewer),
        "rows": [(card, place_words(card.home_id)) for card in page.cards],
        "filters": filters,
        "area": str(filters.area_id or ""),
        "places": place_choices(viewer, access.SEE),
        "ages": [
            Choice(label, _address(query, age=code), code == _age(query)) for code, (label, _low, _high) in AGES.items()
        ],
        "age": _age(query),
        "categories": categories() if viewer.allows(access.CARE) else [],
        "is_narrowed": any((filters.area_id, filters.name, _age(query), filters.care)),
        "is_later_page": filters.after is not None,
        "first": _address(query),
        "next": _address(query, after=str(page.after)) if page.after else "",
        "exports": export_offers(request, PEOPLE),
        "may_add": viewer.allows(access.MANAGE),
    }
    return render(request, "office/people/list.html", facts)


@needs(access.CARE)
@require_GET
def care_list(request: HttpRequest) -> HttpResponseBase:
    """Show who is cared for today within reach, what ends first on top."""
    viewer, query = viewer_in(request), request.GET
    filters = _care_filters(query)
    if is_export(request):
        return export_response(request, CARE, lambda by: care_rows(by, filters), place_id=filters.area_id)
    page = care_page(viewer, filters)
    kept = categories()
    facts = {
        "people_pages": pages_for(viewer),
        "rows": [
            (entry, place_words(entry.person.home_id), _nearness(entry.status.valid_to)) for entry in page.entries
        ],
        "filters": filters,
        "area": str(filters.area_id or ""),
        "places": place_choices(viewer, access.CARE),
        "categories": kept,
        "category": next((each for each in kept if each.code == filters.category), None),
        "soon": query.get("soon") == "1",
        "is_narrowed": any((filters.area_id, filters.category, filters.ends_before)),
        "is_later_page": filters.after is not None,
        "first": _address(query, soon=query.get("soon", "")),
        "next": _address(query, soon=query.get("soon", ""), after=_key_text(page.after)) if page.after else "",
        "exports": export_offers(request, CARE),
    }
    return render(request, "office/people/care.html", facts)


def _people_filters(query: QueryDict) -> Filters:
    _label, low, high = AGES[_age(query)]
    return Filters(
        area_id=uuid_in(query.get("area", "")),
        name=query.get("q", "").replace("\0", "").strip()[:LONGEST_NAME],
        age_from=low,
        age_to=high,
        care=query.get("care", "")[:30],
        household_id=uuid_in(query.get("household", "")),
        after=uuid_in(query.get("after", "")),
    )


def _care_filters(query: QueryDict) -> CareFilters:
    return CareFilters(
        category=query.get("care", "")[:30],
        area_id=uuid_in(query.get("area", "")),
        ends_before=today() + SOON if query.get("soon") == "1" else None,
        after=_key(query.get("after", "")),
    )


def _age(query: QueryDict) -> str:
    return query.get("age", "") if query.get("age", "") in AGES else ""


def _address(query: QueryDict, **changes: str) -> str:
    wanted = {name: query.get(name, "") for name in ("area", "q", "age", "care", "household")} | changes
    return urlencode({name: value for name, value in wanted.items() if value})


def _key_text(key: tuple[date, UUID]) -> str:
    return f"{key[0].isoformat()}_{key[1]}"


def _key(text: str) -> tuple[date, UUID] | None:
    day, _dash, last = text.partition("_")
    found = uuid_in(last)
    try:
        return (date.fromisoformat(day), found) if found is not None else None
    except ValueError:
        return None


def _nearness(ends: date) -> str:
    return "soon" if ends < today() + SOON else "calm"
