"""The list of organisations, the chains, and the page of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liuchi.doors.office.choosing import area_choices, day_in, uuid_in
from liuchi.doors.office.organisations.acts import ACTS, ENDING
from liuchi.doors.office.organisations.place_forms import days_and_hours
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.nav import ORGANISATION_READERS
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.changing import POWER, today
from liuchi.ground.organisations.credit_codes import CreditCodeError, parse_credit_code
from liuchi.ground.organisations.finding import (
    CHAINS,
    OrganisationFilters,
    all_organisations,
    chain,
    find_organisations,
)
from liuchi.ground.organisations.listings import ORGANISATIONS
from liuchi.ground.organisations.models import Organisation, OrganisationKind, Post
from liuchi.ground.organisations.queries import (
    as_of,
    changes_of,
    duty_items,
    heads_of,
    organisation,
    organisations,
    posts_of,
    served_by,
    successions_of,
    venues,
)
from liuchi.ground.organisations.venues import facts_of
from liuchi.ground.people.staff import Holder, holders_of
from liuchi.ground.people.staffing import MANAGE, SEE
from liuchi.ground.territory.queries import territory

LONGEST_WORDS = 60
NAMES = ("kind", "area", "parent", "q", "on", "after")
DUTIES_SHOWN = BELOW_SHOWN = 12


@needs(*ORGANISATION_READERS)
@require_GET
def organisation_list(request: HttpRequest) -> HttpResponseBase:
    """Show a page of organisations, or hand out all of them as a file."""
    query = request.GET.dict()
    filters = _filters(query)
    if is_export(request):
        return export_response(request, ORGANISATIONS, lambda _by: all_organisations(filters))
    page = find_organisations(filters)
    viewer = viewer_in(request)
    facts = {
        "rows": page.rows,
        "heads": _heads(viewer, [row.id for row in page.rows]),
        "filters": filters,
        "query": query,
        "kinds": OrganisationKind.choices,
        "areas": area_choices(),
        "parent": organisations().filter(id=filters.parent_id).first() if filters.parent_id else None,
        "next": _address(query, after=page.next_key) if page.next_key else "",
        "first": _address(query, after=""),
        "is_later_page": bool(filters.after),
        "is_narrowed": any(query.get(name) for name in NAMES if name != "after"),
        "may_add": viewer.allows(POWER),
        "exports": export_offers(request, ORGANISATIONS),
    }
    return render(request, "office/organisations/list.html", facts)


@needs(*ORGANISATION_READERS)
@require_GET
def organisation_tree(request: HttpRequest) -> HttpResponse:
    """Show who stands below whom in one of the three chains."""
    name = request.GET.get("chain", "")
    name = name if name in CHAINS else "management"
    trees, outside = chain(name)
    return render(request, "office/organisations/tree.html", {"trees": trees, "outside": outside, "chain": name})


@needs(*ORGANISATION_READERS)
@require_GET
def organisation_page(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Show one organisation, today or as it stood on a day."""
    body, viewer = organisation(organisation_id), viewer_in(request)
    on = day_in(request.GET.get("on", ""))
    facts = {
        "body": body,
        "on": on,
        "then": _then(body, on) if on is not None else None,
        "existed": on is None or as_of(body.id, on) is not None,
        "credit": _credit(body),
        "served": served_by(body.id, on),
        "changes": list(changes_of(body.id)),
        "successions": list(successions_of(body.id)),
        "posts": _posts(viewer, body, on),
        "sees_staff": viewer.allows(SEE, body.area_id),
        "manages_staff": viewer.allows(MANAGE, body.area_id) and body.valid_to is None and on is None,
        "below": list(find_organisations(OrganisationFilters(parent_id=body.id, on=on), BELOW_SHOWN).rows),
        "duties": list(duty_items(organisation_id=body.id, on=on)[: DUTIES_SHOWN + 1]),
        "venues": [(each, days_and_hours(facts_of(each).hours)) for each in venues(body.id, on=on)],
        "acts": _acts(viewer, body) if on is None else [],
        "may_manage": viewer.allows(POWER, body.area_id) and body.valid_to is None and on is None,
        "today": today(),
        "duties_shown": DUTIES_SHOWN,
    }
    return render(request, "office/organisations/one.html", facts)


def _filters(query: Mapping[str, str]) -> OrganisationFilters:
    return OrganisationFilters(
        kind=query.get("kind", "") if query.get("kind") in OrganisationKind.values else "",
        area_id=uuid_in(query.get("area", "")),
        parent_id=uuid_in(query.get("parent", "")),
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS],
        on=day_in(query.get("on", "")),
        after=query.get("after", "").replace("\0", "")[:120],
    )


def _address(query: Mapping[str, str], **changes: str) -> str:
    wanted = {name: query.get(name, "") for name in NAMES} | changes
    return urlencode({name: value for name, value in wanted.items() if value})


def _heads(viewer: Viewer, ids: list[UUID]) -> dict[UUID, str]:
    """Return who speaks for each organisation, where this viewer may see staff."""
    posts = {post.id: post.organisation_id for post in heads_of(ids)}
    found: dict[UUID, list[str]] = {}
    for holder in holders_of(viewer, ids):
        if holder.post_id in posts:
            found.setdefault(posts[holder.post_id], []).append(holder.name)
    return {body: "、".join(names) for body, names in found.items()}


def _posts(viewer: Viewer, body: Organisation, on: date | None) -> list[tuple[Post, list[Holder]]]:
    holders = holders_of(viewer, [body.id], on)
    return [(post, [each for each in holders if each.post_id == post.id]) for post in posts_of(body.id, on)]


def _then(body: Organisation, on: date) -> dict[str, Any] | None:
    """Return how an organisation stood on a day, with names for what it stood below."""
    stood = as_of(body.id, on)
    if stood is None:
        return None
    above = (stood.management_parent_id, stood.party_parent_id, stood.statistical_parent_id)
    names = {each: found.short_name for each in above if each and (found := as_of(each, on)) is not None}
    area = territory().areas.get(stood.area_id)
    return {
        "name": stood.name,
        "short_name": stood.short_name,
        "area": area.name if area else body.area.name,
        "management": names.get(above[0]) if above[0] else "",
        "party": names.get(above[1]) if above[1] else "",
        "statistical": names.get(above[2]) if above[2] else "",
    }


def _credit(body: Organisation) -> str:
    """Return what the credit code says the organisation is; empty without a code or for an unknown kind."""
    try:
        return parse_credit_code(body.credit_code).kind_name if body.credit_code else ""
    except CreditCodeError:
        return ""


def _acts(viewer: Viewer, body: Organisation) -> list[dict[str, Any]]:
    if body.valid_to is not None or not viewer.allows(POWER, body.area_id):
        return []
    return [{"name": act.name, "label": act.label, "is_ending": act.name in ENDING} for act in ACTS.values()]
