"""Estates: the list, a new one, and one estate with its buildings."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liuchi.doors.office.dwellings.forms import EndForm, EstateForm, NewBuildingForm, NewEstateForm
from liuchi.doors.office.dwellings.listings import ESTATES, ROOMS, EstateRow, RoomRow
from liuchi.doors.office.placing import address_of, areas_to_choose, uuid_in, words_in
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.people.households import Occupied, occupied_by_building, occupied_by_dwelling, occupied_by_estate
from liuchi.ground.territory.actions.dwelling_changes import change_estate, retire_estate
from liuchi.ground.territory.actions.dwellings import NewEstate, import_estates, register_estate
from liuchi.ground.territory.addresses import building_number, tidy
from liuchi.ground.territory.dwellings import (
    EstateFilters,
    buildings_in,
    dwellings_in,
    estate_for,
    estate_page,
    every_estate,
    uses_by_building,
)
from liuchi.ground.territory.housing import MANAGE, SEE
from liuchi.ground.territory.models import Building, DwellingUse, Estate, EstateKind

NAMES = ("area", "kind", "q", "after")


@dataclass(frozen=True)
class BuildingRow:
    """A building of the estate: what is in it, and who lives there."""

    building: Building
    homes: int
    others: int
    lives: Occupied


@needs(SEE)
@require_GET
def estate_list(request: HttpRequest) -> HttpResponseBase:
    """Show the estates a viewer may see, or hand the list out as a file."""
    viewer, query = viewer_in(request), request.GET.dict()
    filters = EstateFilters(
        area_id=uuid_in(query.get("area", "")),
        kind=query.get("kind", "") if query.get("kind") in EstateKind.values else "",
        words=words_in(query.get("q", "")),
        after=query.get("after", "").replace("\0", "")[:20],
    )
    if is_export(request):
        return export_response(request, ESTATES, lambda by: _every(by, filters))
    page = estate_page(viewer, filters)
    lives = occupied_by_estate(viewer, [row.estate.id for row in page.rows])
    facts = {
        "rows": [EstateRow(row, lives.get(row.estate.id, Occupied())) for row in page.rows],
        "filters": filters,
        "areas": areas_to_choose(viewer, SEE),
        "kinds": EstateKind.choices,
        "next": address_of(query, NAMES, after=page.next_key) if page.next_key else "",
        "first": address_of(query, NAMES, after="") if filters.after else "",
        "is_later_page": bool(filters.after),
        "is_narrowed": bool(filters.area_id or filters.kind or filters.words),
        "may_register": viewer.allows(MANAGE),
        "exports": export_offers(request, ESTATES),
    }
    return render(request, "office/dwellings/estates.html", facts)


@needs(MANAGE)
@require_http_methods(["GET", "POST"])
def new_estate(request: HttpRequest) -> HttpResponse:
    """Register an estate; its buildings are added on its own page."""
    viewer = viewer_in(request)
    communities = areas_to_choose(viewer, MANAGE, ["community"])
    form = NewEstateForm(request.POST or None, communities=communities)
    if form.is_valid():
        said = form.cleaned_data
        new = NewEstate("", said["name"], UUID(said["community"]), said["kind"], said["street_address"])
        try:
            made = register_estate(by=viewer, new=new, valid_from=timezone.localdate(clock.now()))
        except RuleBroken as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s is registered. Add its buildings now.") % {"name": said["name"]})
            return redirect("estate", made.id)
    facts = {"form": form}
    return render(request, "office/dwellings/estate_new.html", facts, status=422 if form.errors else 200)


@needs(SEE)
@require_GET
def show_estate(request: HttpRequest, estate_id: UUID) -> HttpResponseBase:
    """Show an estate with its buildings, or hand out the sheet of its dwellings."""
    viewer = viewer_in(request)
    estate = estate_for(viewer, estate_id)
    if is_export(request):
        return export_response(request, ROOMS, lambda by: _sheet(by, estate), place_id=estate.community_id)
    return _page(request, estate, {})


@needs(MANAGE)
@require_POST
def act(request: HttpRequest, estate_id: UUID, name: str) -> HttpResponse:
    """Correct an estate, end it, or add a building to it."""
    kind = _FORMS.get(name)
    if kind is None:
        raise Http404
    viewer = viewer_in(request)
    estate = estate_for(viewer, estate_id)
    form = kind(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            done = _do(viewer, estate, name, form)
        except RuleBroken as error:
            form.refuse(error)
            return _page(request, estate, {name: form}, 403 if isinstance(error, NotAllowed) else 409)
        messages.success(request, done)
        return redirect("estates") if name == "end" else redirect("estate", estate.id)
    return _page(request, estate, {name: form}, 422)


_FORMS: dict[str, type[HouseForm]] = {"building": NewBuildingForm, "change": EstateForm, "end": EndForm}


def _do(viewer: Viewer, estate: Estate, name: str, form: HouseForm) -> str:
    if isinstance(form, NewBuildingForm):
        new = form.building()
        whole = NewEstate(estate.code, estate.name, estate.community_id, buildings=(new,))
        done = import_estates(by=viewer, estates=[whole], valid_from=timezone.localdate(clock.now()))
        label = f"{tidy(new.phase)}{building_number(new.number)}"
        said = {"building": label, "rooms": done.dwellings}
        if not done.buildings:
            return _("%(building)s was there already; %(rooms)s rooms were added to it.") % said
        return _("%(building)s is registered with %(rooms)s rooms.") % said
    if name == "change":
        change_estate(by=viewer, estate_id=estate.id, **form.cleaned_data)
        return _("Saved.")
    retire_estate(by=viewer, estate_id=estate.id, on=form.cleaned_data["on"])
    return _("%(name)s has ended, with all that stands in it.") % {"name": estate.name}


def _page(request: HttpRequest, estate: Estate, sent: dict[str, HouseForm], status: int = 200) -> HttpResponse:
    viewer = viewer_in(request)
    rows = _buildings(viewer, estate)
    known = {"name": estate.name, "kind": estate.kind, "street_address": estate.street_address}
    facts = {
        "estate": estate,
        "rows": rows,
        "homes": sum(row.homes for row in rows),
        "others": sum(row.others for row in rows),
        "households": sum(row.lives.households for row in rows),
        "people": sum(row.lives.people for row in rows),
        "may_manage": viewer.allows(MANAGE, estate.community_id) and estate.valid_to is None,
        "sent": "".join(sent),
        "building_form": sent.get("building") or NewBuildingForm(auto_id="building_%s"),
        "change_form": sent.get("change") or EstateForm(initial=known, auto_id="change_%s"),
        "end_form": sent.get("end") or EndForm(auto_id="end_%s"),
        "exports": export_offers(request, ROOMS),
    }
    return render(request, "office/dwellings/estate.html", facts, status=status)


def _buildings(viewer: Viewer, estate: Estate) -> list[BuildingRow]:
    buildings = list(buildings_in(viewer, estate.id))
    ids = [each.id for each in buildings]
    uses, lives = uses_by_building(viewer, ids), occupied_by_building(viewer, ids)
    return [
        BuildingRow(
            each,
            uses.get(each.id, {}).get(DwellingUse.HOME, 0),
            sum(number for use, number in uses.get(each.id, {}).items() if use != DwellingUse.HOME),
            lives.get(each.id, Occupied()),
        )
        for each in buildings
    ]


def _every(viewer: Viewer, filters: EstateFilters) -> Iterator[EstateRow]:
    rows = list(every_estate(viewer, filters))
    lives = occupied_by_estate(viewer, [row.estate.id for row in rows])
    return (EstateRow(row, lives.get(row.estate.id, Occupied())) for row in rows)


def _sheet(viewer: Viewer, estate: Estate) -> Iterator[RoomRow]:
    lives: dict[UUID, Occupied] = {}
    for building in buildings_in(viewer, estate.id):
        lives |= occupied_by_dwelling(viewer, building.id)
    return (RoomRow(room, lives.get(room.id, Occupied())) for room in dwellings_in(viewer, estate_id=estate.id))
