"""One building: every room in its place, who lives where, what is corrected."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.dwellings.forms import EndForm, FacilitiesForm, NewRoomForm
from liuchi.doors.office.dwellings.picture import picture_of
from liuchi.doors.office.placing import position_text
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.people.households import occupied_by_dwelling
from liuchi.ground.territory.actions.dwelling_changes import change_building, retire_building
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewEstate, import_estates
from liuchi.ground.territory.dwellings import building_for, dwellings_in
from liuchi.ground.territory.housing import MANAGE, SEE
from liuchi.ground.territory.models import Building

_FORMS: dict[str, type[HouseForm]] = {"room": NewRoomForm, "change": FacilitiesForm, "end": EndForm}


@needs(SEE)
@require_GET
def show_building(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """Show a building floor by floor."""
    return _page(request, building_for(viewer_in(request), building_id), {})


@needs(MANAGE)
@require_POST
def act(request: HttpRequest, building_id: UUID, name: str) -> HttpResponse:
    """Add a room to a building, correct what it has and where it stands, or end it."""
    kind = _FORMS.get(name)
    if kind is None:
        raise Http404
    viewer = viewer_in(request)
    building = building_for(viewer, building_id)
    form = kind(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            done = _do(viewer, building, form)
        except RuleBroken as error:
            form.refuse(error)
            return _page(request, building, {name: form}, 403 if isinstance(error, NotAllowed) else 409)
        messages.success(request, done)
        return redirect("estate", building.estate_id) if name == "end" else redirect("building", building.id)
    return _page(request, building, {name: form}, 422)


def _do(viewer: Viewer, building: Building, form: HouseForm) -> str:
    said = form.cleaned_data
    if isinstance(form, NewRoomForm):
        room = form.dwelling()
        estate = building.estate
        whole = NewBuilding(building.number, building.phase, area_id=building.area_id, dwellings=(room,))
        done = import_estates(
            by=viewer,
            estates=[NewEstate(estate.code, estate.name, estate.community_id, buildings=(whole,))],
            valid_from=timezone.localdate(clock.now()),
        )
        return _("The room is registered.") if done.dwellings else _("This room was there already.")
    if isinstance(form, FacilitiesForm):
        place = {"longitude": said["longitude"], "latitude": said["latitude"]}
        kept = building.area_id if said["longitude"] is None else None
        change_building(by=viewer, building_id=building.id, facilities=form.words(), area_id=kept, **place)
        return _("Saved.")
    retire_building(by=viewer, building_id=building.id, on=said["on"])
    return _("%(building)s has ended, with all its rooms.") % {"building": building}


def _page(request: HttpRequest, building: Building, sent: dict[str, HouseForm], status: int = 200) -> HttpResponse:
    viewer = viewer_in(request)
    rooms = list(dwellings_in(viewer, building_id=building.id))
    lives = occupied_by_dwelling(viewer, building.id)
    known = {
        "facilities": "、".join(building.facilities),
        "position": position_text(building.longitude, building.latitude),
    }
    facts = {
        "building": building,
        "estate": building.estate,
        "picture": picture_of(rooms, lives),
        "rooms": len(rooms),
        "households": sum(each.households for each in lives.values()),
        "people": sum(each.people for each in lives.values()),
        "may_manage": viewer.allows(MANAGE, building.area_id) and building.valid_to is None,
        "sent": "".join(sent),
        "room_form": sent.get("room") or NewRoomForm(auto_id="room_%s"),
        "change_form": sent.get("change") or FacilitiesForm(initial=known, auto_id="change_%s"),
        "end_form": sent.get("end") or EndForm(auto_id="end_%s"),
    }
    return render(request, "office/dwellings/building.html", facts, status=status)
