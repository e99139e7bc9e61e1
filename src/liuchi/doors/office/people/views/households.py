"""One household: who belongs to it and where it lives, today or as of a day; what changes it."""

from datetime import date
from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.choosing import day_in
from liuchi.doors.office.people.fields import place_choices, place_words, uuid_in
from liuchi.doors.office.people.household_forms import FORMS, HeadForm, MoveInForm, OpenForm
from liuchi.doors.office.people.listings import HOUSEHOLDS
from liuchi.doors.office.people.pages import pages_for
from liuchi.doors.office.stepping import Step, take_step
from liuchi.doors.ui.exports import export_offers, export_response, is_export
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.people import access
from liuchi.ground.people.households import (
    belonging,
    everybody_ever_in,
    household_for,
    household_of,
    masked_home,
    members_of,
    present_home,
    residents_of,
    stays_of,
    without_head,
)
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import HouseholdStay, Relation
from liuchi.ground.people.showing import Card, person_for
from liuchi.ground.records.protected import mask_name
from liuchi.ground.territory.dwellings import address_of, dwelling_for

PAGE = 50
_ACTS: dict[str, tuple[Promise, Promise]] = {
    "join": (gettext_lazy("Somebody joins"), gettext_lazy("They belong to the household now.")),
    "leave": (gettext_lazy("Somebody leaves"), gettext_lazy("They have left the household.")),
    "move": (gettext_lazy("The household moves"), gettext_lazy("The household has moved.")),
    "split": (gettext_lazy("Split the household"), gettext_lazy("The new household is opened.")),
}


@needs(access.SEE)
@require_GET
def show(request: HttpRequest, household_id: UUID) -> HttpResponse:
    """Show a household today, or as it was on the day that the address names; and everybody who ever belonged to it."""
    viewer, on = viewer_in(request), day_in(request.GET.get("on", ""))
    household = household_for(viewer, household_id)
    stays = list(stays_of(viewer, household.id))
    then = next((each for each in stays if _covers(each, on)), None)
    members = list(members_of(viewer, household.id, on))
    is_open = household.valid_to is None and on is None and then is not None
    may_manage = is_open and then is not None and viewer.allows(access.MANAGE, then.area_id)
    facts = {
        "household": household,
        "on": on,
        "stay": then,
        "home": masked_home(then) if then else "",
        "place": place_words(then.area_id) if then else "",
        "members": [(each, mask_name(each.person.name)) for each in members],
        "needs_head": bool(members) and is_open and not any(each.relation == Relation.HEAD for each in members),
        "ever": [(each, mask_name(each.person.name)) for each in everybody_ever_in(viewer, household.id)],
        "stays": [(each, place_words(each.area_id), masked_home(each)) for each in stays],
        "may_manage": may_manage,
        "may_see_room": then is not None and viewer.allows("dwellings.see", then.area_id),
        "acts": [(name, title) for name, (title, _done) in _ACTS.items()] if may_manage else [],
    }
    return render(request, "office/people/household.html", facts)


@needs(access.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, household_id: UUID, name: str) -> HttpResponse:
    """Change a household: its form, what it would do where it moves people, doing it."""
    viewer = viewer_in(request)
    household = household_for(viewer, household_id)
    stay = stays_of(viewer, household.id).filter(valid_to=None).first()
    if stay is None or household.valid_to is not None:
        raise NotFound(_("There is no such household here."))
    if not viewer.allows(access.MANAGE, stay.area_id):
        raise NotAllowed(_("You may not do this for people who live there. Ask the registrar of that community."))
    members = list(members_of(viewer, household.id))
    given = {"stay": stay, "members": members, "viewer": viewer}
    behind = reverse("household", args=[household.id])
    subject = f"{household.number} · {place_words(stay.area_id)}"
    if name == "head":
        wanted = uuid_in(request.GET.get("person", ""))
        head = next((row for row in members if row.person_id == wanted and row.person.death_on is None), None)
        if head is None:
            raise NotFound(_("There is no such person here."))
        step = Step(_("Name as head"), f"{household.number} · {mask_name(head.person.name)}", behind, _("Noted"))
        return take_step(request, partial(HeadForm, head=head, **given), step)
    if name not in _ACTS:
        raise Http404
    title, done = _ACTS[name]
    return take_step(request, partial(FORMS[name], **given), Step(title, subject, behind, done))


@needs(access.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open a household for somebody where they live now."""
    viewer = viewer_in(request)
    card = person_for(viewer, person_id, power=access.MANAGE)
    home = present_home(card.id)
    if home is None or card.death_on is not None or _belongs(viewer, card):
        raise NotFound(_("They belong to a household already, or live nowhere in the district."))
    step = Step(
        _("Open a household"),
        f"{card.name} · {place_words(card.home_id)}",
        reverse("person", args=[card.id]),
        _("The household is opened."),
    )
    return take_step(request, partial(OpenForm, card=card, home=home, others=_beside(viewer, card, home)), step)


@needs(access.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def move_in(request: HttpRequest, dwelling_id: UUID) -> HttpResponse:
    """Let somebody, or a household, move into a room."""
    viewer = viewer_in(request)
    room = dwelling_for(viewer, dwelling_id)
    if room.valid_to is not None:
        raise NotFound(_("There is no such dwelling, or it has ended."))
    if not viewer.allows(access.MANAGE, room.building.area_id):
        raise NotAllowed(_("You may not do this for people who live there. Ask the registrar of that community."))
    address = address_of(room)
    step = Step(_("Somebody moves in"), address, reverse("room", args=[room.id]), _("They live here now."))
    return take_step(request, partial(MoveInForm, dwelling_id=room.id, address=address), step)


@needs(access.SEE)
@require_GET
def open_questions(request: HttpRequest) -> HttpResponseBase:
    """Show the households without a head, by number: somebody has to be named."""
    viewer, query = viewer_in(request), request.GET
    area_id, after = uuid_in(query.get("area", "")), query.get("after", "").replace("\0", "")[:30]
    if is_export(request):
        return export_response(request, HOUSEHOLDS, lambda by: without_head(by, area_id), place_id=area_id)
    rows = list(without_head(viewer, area_id, after)[: PAGE + 1])
    shown = rows[:PAGE]
    facts = {
        "people_pages": pages_for(viewer),
        "rows": [(each, place_words(each.area_id)) for each in shown],
        "area": str(area_id or ""),
        "places": place_choices(viewer, access.SEE),
        "next_key": shown[-1].household.number if len(rows) > PAGE else "",
        "is_later_page": bool(after),
        "exports": export_offers(request, HOUSEHOLDS) if shown else [],
    }
    return render(request, "office/people/households.html", facts)


def _belongs(viewer: Viewer, card: Card) -> bool:
    return any(household_of(viewer, each) is not None for each in card.records)


def _beside(viewer: Viewer, card: Card, home: HomePlace) -> list[tuple[UUID, str]]:
    """Return who else lives in the same registered room and belongs to no household, masked."""
    if home.dwelling_id is None:
        return []
    rows = residents_of(viewer, home.dwelling_id).exclude(person__in=belonging())
    rows = rows.filter(person__death_on=None, person__merged_into=None).exclude(person_id__in=card.records)
    return [(each.person_id, mask_name(each.person.name)) for each in rows]


def _covers(stay: HouseholdStay, on: date | None) -> bool:
    if on is None:
        return stay.valid_to is None
    return stay.valid_from <= on and (stay.valid_to is None or stay.valid_to > on)
