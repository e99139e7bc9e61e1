"""Reading a work-list's address: what it is narrowed to, and how to come back to it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from liuchi.doors.ui.cursors import moment_key
from liuchi.engines.cases.filtering import WANTED, Filters, Order
from liuchi.engines.cases.models import Channel, State

NAMES = (*WANTED, "after", "saved")
SEARCH_NAMES = ("q", "state", "town", "since", "until", "after")
#: How the pages that are no work-list stand in the address of a case that was opened from them.
OF_SEARCH, OF_PEOPLE = "search", "people"
LONGEST_ADDRESS = 900
_MATTER = re.compile(r"(component|event)-[0-9]{2,6}")
LONGEST_WORDS = 60


def filters_from(query: Mapping[str, str]) -> Filters:
    """Return what an address asks for; what makes no sense is left out."""
    return Filters(
        scope="all" if query.get("scope") == "all" else "mine",
        state=query.get("state", "") if query.get("state") in State.values else "",
        area_id=_uuid(query.get("area", "")),
        unit_id=_uuid(query.get("unit", "")),
        matter=query.get("matter", "") if _MATTER.fullmatch(query.get("matter", "")) else "",
        channel=query.get("channel", "") if query.get("channel") in Channel.values else "",
        late=query.get("late", "") if query.get("late") in {"overdue", "soon"} else "",
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS],
        order=query.get("order", "") if query.get("order") in set(Order) else Order.STEP,
        after=moment_key(query.get("after", "")),
    )


def wanted_in(query: Mapping[str, str]) -> dict[str, str]:
    """Return what of a list's address is kept under a name: known names with values that make sense."""
    filters = filters_from(query)
    kept = {
        "scope": filters.scope,
        "state": filters.state,
        "area": str(filters.area_id or ""),
        "unit": str(filters.unit_id or ""),
        "matter": filters.matter,
        "channel": filters.channel,
        "late": filters.late,
        "q": filters.words,
        "order": "" if filters.order == Order.STEP else filters.order,
    }
    return {name: value for name, value in kept.items() if value}


def list_address(query: Mapping[str, str], **changes: str) -> str:
    """Return the query string of a list, with `changes`; empty values and unknown names are left out."""
    wanted = {name: query.get(name, "") for name in NAMES} | changes
    return urlencode({name: value for name, value in wanted.items() if value})


def list_behind(text: str) -> str:
    """Return the list somebody came from as it stands in an address, with known pages and names only.

    A work-list is its query string; results of a search are "search?…"; the search for people is "people".
    """
    page, asked, query = text[:LONGEST_ADDRESS].partition("?")
    if page == OF_SEARCH:
        return f"{OF_SEARCH}?{search_address(QueryDict(query))}"
    if page == OF_PEOPLE:
        return OF_PEOPLE
    return list_address(QueryDict(page + asked + query))


def way_back(behind: str) -> str:
    """Return the address of a list that `list_behind` returned: always a page of ours."""
    page, _, query = behind.partition("?")
    if page in {OF_SEARCH, OF_PEOPLE}:
        address = reverse("search" if page == OF_SEARCH else "search-people")
    else:
        address, query = reverse("work-list"), behind
    return f"{address}?{query}" if query else address


def search_address(query: Mapping[str, str]) -> str:
    """Return the query string of a search; empty values and unknown names are left out."""
    return urlencode({name: query.get(name, "") for name in SEARCH_NAMES if query.get(name)})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
