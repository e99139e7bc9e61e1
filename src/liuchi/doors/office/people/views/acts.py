"""What is done on the page of one person; a refusal shows the page again with everything typed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liuchi.doors.office.people.doing import ACTS, FACT_WORDS, make_form
from liuchi.doors.office.people.forms import DoubleForm, asked_by
from liuchi.doors.office.people.page import Shown, person_page
from liuchi.doors.office.people.views.finding import look_up_and_record, tell_doubts
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.purposes import CORRECTING
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people import access
from liuchi.ground.people.actions import AlreadyKnown, Registered
from liuchi.ground.people.showing import person_for


@needs(access.MANAGE, access.CARE)
@never_cache
@require_POST
def act(request: HttpRequest, person_id: UUID, name: str) -> HttpResponse:
    """Do one thing with a record."""
    viewer = viewer_in(request)
    card = person_for(viewer, person_id)
    if name == "double":
        return _find_double(request, person_id)
    if name not in ACTS:
        raise NotFound(_("There is no such page."))
    chosen = ACTS[name]
    form = make_form(name, viewer, card, data=request.POST)
    if not form.is_valid():
        return person_page(request, card, Shown(name, form, status=422))
    subject = {"person_id": card.id} if chosen.takes_person else {}
    try:
        done = chosen.run(by=viewer, **subject, **form.arguments())
    except RuleBroken as error:
        form.refuse(error)
        if isinstance(error, AlreadyKnown) and error.facts.get("person_id"):
            return redirect("people-compare", person_id=card.id, other_id=error.facts["person_id"])
        return person_page(request, card, Shown(name, form, status=403 if isinstance(error, NotAllowed) else 409))
    messages.success(request, str(chosen.done))
    if isinstance(done, Registered):
        tell_doubts(request, done.doubts)
    if name == "separate" and done:
        words = _(", ").join(str(FACT_WORDS[fact]) for fact in done)
        messages.warning(request, _("Corrected since, so left as it is: %(facts)s.") % {"facts": words})
    return redirect("person", person_id=card.id)


def _find_double(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Look the other record of the same person up, and lead to where both stand side by side."""
    viewer = viewer_in(request)
    card = person_for(viewer, person_id, power=access.MANAGE)
    form = DoubleForm(request.POST, viewer=viewer, card=card, auto_id="double_%s")
    if form.is_valid():
        try:
            found = look_up_and_record(viewer, CORRECTING, **asked_by(form.cleaned_data["exact"]))
        except RuleBroken as error:
            error.field = "exact"
            form.refuse(error)
        else:
            others = [each for each in found.cards if each.id != card.id]
            if len(others) == 1:
                return redirect("people-compare", person_id=card.id, other_id=others[0].id)
            form.add_error("exact", _("There is no such other record here, or there are several."))
    return person_page(request, card, Shown(double=form, status=422))
