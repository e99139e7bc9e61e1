"""One dwelling: what it is, which households live and lived in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.choosing import day_in
from liuchi.doors.office.dwellings.forms import EndForm, UseForm
from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.people.access import MANAGE as MANAGE_PEOPLE
from liuchi.ground.people.access import SEE as SEE_PEOPLE
from liuchi.ground.people.households import LivedHere, Occupied, lived_in, occupied_by_dwelling, residents_of
from liuchi.ground.records.protected import mask_name
from liuchi.ground.territory.actions.dwelling_changes import change_dwelling, retire_dwelling
from liuchi.ground.territory.dwellings import address_of, dwelling_for
from liuchi.ground.territory.housing import MANAGE, SEE
from liuchi.ground.territory.models import Dwelling

_FORMS: dict[str, type[HouseForm]] = {"change": UseForm, "end": EndForm}


@dataclass(frozen=True)
class Member:
    """Somebody of a household, with the name masked."""

    name: str
    relation: str
    is_dead: bool


@dataclass(frozen=True)
class HouseholdRow:
    """A household that lives or lived here: its number, from when until when, its members."""

    id: UUID
    number: str
    since: date
    until: date | None
    members: tuple[Member, ...]


@needs(SEE)
@require_GET
def show_room(request: HttpRequest, dwelling_id: UUID) -> HttpResponse:
    """Show a dwelling; who lives and lived in it to whoever may see people there, with names masked."""
    return _page(request, dwelling_for(viewer_in(request), dwelling_id), {})


@needs(MANAGE)
@require_POST
def act(request: HttpRequest, dwelling_id: UUID, name: str) -> HttpResponse:
    """Correct what a dwelling is used for, or end it."""
    kind = _FORMS.get(name)
    if kind is None:
        raise Http404
    viewer = viewer_in(request)
    room = dwelling_for(viewer, dwelling_id)
    form = kind(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            done = _do(viewer, room, name, form)
        except RuleBroken as error:
            form.refuse(error)
            return _page(request, room, {name: form}, 403 if isinstance(error, NotAllowed) else 409)
        messages.success(request, done)
        return redirect("room", room.id)
    return _page(request, room, {name: form}, 422)


def _do(viewer: Viewer, room: Dwelling, name: str, form: HouseForm) -> str:
    if name == "change":
        change_dwelling(by=viewer, dwelling_id=room.id, **form.cleaned_data)
        return _("Saved.")
    retire_dwelling(by=viewer, dwelling_id=room.id, on=form.cleaned_data["on"])
    return _("%(room)s has ended.") % {"room": room}


def _page(request: HttpRequest, room: Dwelling, sent: dict[str, HouseForm], status: int = 200) -> HttpResponse:
    viewer = viewer_in(request)
    may_see_people = viewer.allows(SEE_PEOPLE, room.building.area_id)
    households = lived_in(viewer, room.id) if may_see_people else []
    lives = occupied_by_dwelling(viewer, room.building_id).get(room.id, Occupied())
    on = day_in(request.GET.get("on", "")) if may_see_people else None
    then = [mask_name(each.person.name) for each in residents_of(viewer, room.id, on)] if on else []
    known = {"use": room.use, "floor_area_m2": room.floor_area_m2}
    facts = {
        "room": room,
        "building": room.building,
        "estate": room.building.estate,
        "address": address_of(room),
        "lives": lives,
        "may_see_people": may_see_people,
        "may_move_in": room.valid_to is None and viewer.allows(MANAGE_PEOPLE, room.building.area_id),
        "on": on,
        "then": then,
        "now": _rows(each for each in households if each.is_here),
        "before": _rows(each for each in households if not each.is_here),
        "may_manage": viewer.allows(MANAGE, room.building.area_id) and room.valid_to is None,
        "sent": "".join(sent),
        "change_form": sent.get("change") or UseForm(initial=known, auto_id="change_%s"),
        "end_form": sent.get("end") or EndForm(auto_id="end_%s"),
    }
    return render(request, "office/dwellings/room.html", facts, status=status)


def _rows(households: Iterable[LivedHere]) -> list[HouseholdRow]:
    return [
        HouseholdRow(
            each.stay.household_id,
            each.stay.household.number,
            each.since,
            each.stay.valid_to,
            tuple(
                Member(
                    mask_name(member.person.name),
                    str(member.get_relation_display()),
                    is_dead=member.person.death_on is not None,
                )
                for member in each.members
            ),
        )
        for each in households
    ]
