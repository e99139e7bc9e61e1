"""The page of one person, and the deliberate look at what is sealed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from liuchi.doors.office.people.fields import place_words
from liuchi.doors.office.people.page import Shown, person_page
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.reveals import RevealForm, leave_line
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.purposes import EMERGENCY, EVERYDAY, REQUESTED
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access
from liuchi.ground.people.care_register import care_of, diagnosis_of
from liuchi.ground.people.dossier import residences_of
from liuchi.ground.people.showing import Card, person_for, plain_facts
from liuchi.ground.records.restricting import is_restricted

#: Under which name the journal keeps what was looked at.
FIELDS = {"contact": "people.contact", "identity": "people.identity", "diagnosis": "people.diagnosis"}

#: For these a value is shown although its use is restricted.
_DESPITE_RESTRICTION = frozenset({REQUESTED, EMERGENCY})


@needs(access.SEE)
@require_GET
def show_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one person, masked; an absorbed record shows the one in force."""
    return person_page(request, person_for(viewer_in(request), person_id), Shown())


@needs(access.REVEAL)
@never_cache
@require_POST
def reveal(request: HttpRequest, person_id: UUID, field: str) -> HttpResponse:
    """Show a sealed value once; who looked and what for stays in the journal."""
    viewer = viewer_in(request)
    card = person_for(viewer, person_id)
    if field not in FIELDS:
        raise NotFound(_("There is no such page."))
    of = str(request.POST.get("of", ""))
    form = RevealForm(request.POST, purposes=EVERYDAY, auto_id=f"{field}_{of.replace('-', '')[:32]}_%s")
    if not form.is_valid():
        return person_page(request, card, Shown(reveal=(field, form), status=422))
    if form.cleaned_data["purpose"] not in _DESPITE_RESTRICTION and is_restricted(card.records):
        form.add_error(None, _("The person asked to restrict the use of their data."))
        return person_page(request, card, Shown(reveal=(field, form), status=422))
    revealed = _plain(viewer, card, field, form.cleaned_data["of"])
    leave_line(
        request,
        form,
        subject_type="people.care" if field == "diagnosis" else "people.person",
        field=FIELDS[field],
        person_id=card.id,
        place_id=card.home_id,
    )
    return person_page(request, card, Shown(revealed=revealed))


def _plain(viewer: Viewer, card: Card, field: str, of: UUID) -> dict[str, object]:
    """Return what is to be shown; fetched with the power to reveal, and only of this person."""
    if field == "diagnosis":
        if of not in {entry.status.id for entry in care_of(viewer, card.id)}:
            raise NotFound(_("There is no such entry."))
        return {"field": field, "of": of, "diagnosis": diagnosis_of(viewer, of)}
    if of not in card.records:
        raise NotFound(_("There is no such person here."))
    facts = plain_facts(viewer, card.id)
    if field == "identity":
        return {"field": field, "identity": facts["identity"].partition(":")[2]}
    lived = residences_of(viewer, card, plain=True)
    # Joined records may each have a residence in force: that of the home comes first.
    present = sorted((each for each in lived if each.valid_to is None), key=lambda each: each.area_id != card.home_id)
    address = next((f"{place_words(each.area_id)} {each.address}" for each in present), "")
    return {"field": field, "phone": facts["phone"], "address": address}
