"""One head of a unit or of joint defence: who, how elected, who before; naming another, ending the term."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.choosing import area_choices
from liuchi.doors.office.placing import uuid_in
from liuchi.doors.office.staff.head_forms import EndForm, FirstForm, SuccessorForm
from liuchi.doors.office.stepping import Step, take_step
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people.heads import SOON, heads_before, unit_head
from liuchi.ground.people.models import UnitHead
from liuchi.ground.people.staff import name_of
from liuchi.ground.people.staffing import MANAGE, SEE, today
from liuchi.ground.territory.dwellings import buildings_of_area
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

_ACTS = {
    "elect": (SuccessorForm, gettext_lazy("Name the head anew"), gettext_lazy("The new head is noted.")),
    "end": (EndForm, gettext_lazy("End the term"), gettext_lazy("The term has ended.")),
}


@needs(SEE)
@require_GET
def show(request: HttpRequest, head_id: UUID) -> HttpResponse:
    """Show a head, former ones too, and everybody else who was head of the same place."""
    viewer = viewer_in(request)
    head = unit_head(viewer, head_id)
    others = [(each, name_of(each.person)) for each in heads_before(viewer, head)]
    facts = {
        "head": head,
        "name": name_of(head.person),
        "place": _place(head),
        "others": others,
        "today": today(),
        "soon": today() + SOON,
        "may_manage": head.ended_on is None and viewer.allows(MANAGE, head.area_id),
    }
    return render(request, "office/staff/head.html", facts)


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, head_id: UUID, name: str) -> HttpResponse:
    """Name the head of a place anew, or end the term."""
    if name not in _ACTS:
        raise Http404
    viewer, (form, title, done) = viewer_in(request), _ACTS[name]
    head = unit_head(viewer, head_id)
    if not viewer.allows(MANAGE, head.area_id):
        raise NotAllowed(_("You may not change staff here. Ask whoever manages the staff of this place."))
    if head.ended_on is not None:
        raise NotFound(_("There is no such head in office."))
    behind = reverse("unit-head", args=[head.id])
    step = Step(title, f"{_place(head)} · {name_of(head.person)}", behind, done, is_ending=name == "end")
    return take_step(request, partial(form, head=head), step)


@needs(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Name the first head of a place: first in which area, where the address names none, then who."""
    viewer = viewer_in(request)
    chosen, reach = uuid_in(request.GET.get("area", "")), viewer.areas(MANAGE)
    area = territory().areas.get(chosen) if chosen in reach else None
    if area is None:
        places = area_choices((AreaKind.COMMUNITY, AreaKind.GRID), reach)
        return render(request, "office/staff/head_where.html", {"places": places}, status=404 if chosen else 200)
    step = Step(_("Name a head"), area.name, reverse("unit-heads"), _("The new head is noted."))
    return take_step(request, partial(FirstForm, area=area, buildings=list(buildings_of_area(viewer, area.id))), step)


def _place(head: UnitHead) -> str:
    building = f"{head.building.estate.name}{head.building}" if head.building is not None else ""
    return " · ".join(each for each in (head.area.name, f"{building}{head.place}") if each)
