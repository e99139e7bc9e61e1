"""The lists of the section: the staff roll, who is lent, heads of units."""

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liuchi.doors.office.placing import address_of, areas_to_choose, uuid_in, words_in
from liuchi.doors.office.staff.listings import HEADS, ROLL, SECONDMENTS
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import organisations
from liuchi.ground.people.heads import SOON, HeadFilters, all_heads, head_figures, unit_heads
from liuchi.ground.people.models import EmployerType, HeadKind
from liuchi.ground.people.staff import (
    CONTRACT_SOON,
    StaffFilters,
    all_staff,
    is_lent_too_long,
    name_of,
    secondments,
    staff_roll,
)
from liuchi.ground.people.staffing import MANAGE, SEE, today

HEAD_NAMES = ("area", "kind", "term", "q", "after")
ROLL_NAMES = ("area", "organisation", "employer", "seconded", "q", "after")


@needs(SEE)
@require_GET
def roll(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the staff roll, or hand the roll out as a file."""
    viewer, query = viewer_in(request), request.GET.dict()
    filters = StaffFilters(
        area_id=uuid_in(query.get("area", "")),
        organisation_id=uuid_in(query.get("organisation", "")),
        employer=query.get("employer", "") if query.get("employer") in EmployerType.values else "",
        seconded="out" if query.get("seconded") == "out" else "",
        words=words_in(query.get("q", "")),
        after=uuid_in(query.get("after", "")),
    )
    if is_export(request):
        return export_response(request, ROLL, lambda by: all_staff(by, filters), place_id=filters.area_id)
    page = staff_roll(viewer, filters)
    facts = {
        "rows": [(row, EmployerType(row.employer).label) for row in page.rows],
        "filters": filters,
        "body": _body(filters),
        "areas": areas_to_choose(viewer, SEE),
        "employers": EmployerType.choices,
        "may_add": viewer.allows(MANAGE),
        "today": today(),
        "soon": today() + CONTRACT_SOON,
        "next": address_of(query, ROLL_NAMES, after=str(page.next_key)) if page.next_key else "",
        "first": address_of(query, ROLL_NAMES, after=""),
        "same_everywhere": address_of(query, ROLL_NAMES, after="", organisation=""),
        "is_later_page": filters.after is not None,
        "is_narrowed": any(
            (filters.area_id, filters.organisation_id, filters.employer, filters.seconded, filters.words)
        ),
        "exports": export_offers(request, ROLL) if page.rows else [],
    }
    return render(request, "office/staff/roll.html", facts)


@needs(SEE)
@require_GET
def lent(request: HttpRequest) -> HttpResponseBase:
    """Show who is lent to whom, whoever has been away longest first, or who came back; or hand the list out.

    Not paged: a district lends dozens, and whoever looks into them wants all.
    """
    viewer, query = viewer_in(request), request.GET.dict()
    is_open, area_id = query.get("state") != "back", uuid_in(query.get("area", ""))
    if is_export(request):
        lent_by = partial(secondments, is_open=is_open, area_id=area_id)
        return export_response(request, SECONDMENTS, lent_by, place_id=area_id)
    rows = secondments(viewer, is_open=is_open, area_id=area_id)
    shown = [(each, name_of(each.employment.person), is_lent_too_long(each)) for each in rows]
    facts = {
        "rows": shown,
        "late": sum(is_late for _row, _name, is_late in shown),
        "is_open": is_open,
        "area_id": area_id,
        "areas": areas_to_choose(viewer, SEE),
        "exports": export_offers(request, SECONDMENTS) if shown else [],
    }
    return render(request, "office/staff/secondments.html", facts)


@needs(SEE)
@require_GET
def heads(request: HttpRequest) -> HttpResponseBase:
    """Show a page of the heads in office, those whose term ends soon when asked, or hand the list out as a file."""
    viewer, query = viewer_in(request), request.GET.dict()
    filters = HeadFilters(
        area_id=uuid_in(query.get("area", "")),
        kind=query.get("kind", "") if query.get("kind") in HeadKind.values else "",
        term=query.get("term", "") if query.get("term") in {"soon", "over"} else "",
        words=words_in(query.get("q", "")),
        after=uuid_in(query.get("after", "")),
    )
    if is_export(request):
        return export_response(request, HEADS, lambda by: all_heads(by, filters), place_id=filters.area_id)
    page = unit_heads(viewer, filters)
    facts = {
        "rows": [(row, name_of(row.person)) for row in page.rows],
        "filters": filters,
        "areas": areas_to_choose(viewer, SEE),
        "kinds": HeadKind.choices,
        "figures": head_figures(viewer, filters.area_id),
        "may_add": viewer.allows(MANAGE),
        "today": today(),
        "soon": today() + SOON,
        "next": address_of(query, HEAD_NAMES, after=str(page.next_key)) if page.next_key else "",
        "first": address_of(query, HEAD_NAMES, after=""),
        "is_later_page": filters.after is not None,
        "is_narrowed": any((filters.area_id, filters.kind, filters.term, filters.words)),
        "exports": export_offers(request, HEADS) if page.rows else [],
    }
    return render(request, "office/staff/heads.html", facts)


def _body(filters: StaffFilters) -> Organisation | None:
    return organisations().filter(id=filters.organisation_id).first() if filters.organisation_id else None
