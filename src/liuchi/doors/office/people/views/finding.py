"""Looking somebody up by an exact value, and registering somebody new."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liuchi.doors.office.people.fields import place_words
from liuchi.doors.office.people.forms import EntryForm, LookUpForm
from liuchi.doors.office.people.pages import pages_for
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.access.actions import record_look_up
from liuchi.ground.access.purposes import EVERYDAY, READ_PURPOSES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.people import access
from liuchi.ground.people.actions import AlreadyKnown, KnownElsewhere, add_person
from liuchi.ground.people.identity import Doubt
from liuchi.ground.people.looking_up import LookedUp, look_up


@needs(access.LOOK_UP)
@never_cache
@require_http_methods(["GET", "POST"])
def look_somebody_up(request: HttpRequest) -> HttpResponse:
    """Ask for an exact value and what for; show who has it, masked. Every look-up leaves a line, found or not."""
    viewer = viewer_in(request)
    purposes = [(code, READ_PURPOSES[code]) for code in EVERYDAY]
    form = LookUpForm(
        request.POST if request.method == "POST" else None, viewer=viewer, power=access.LOOK_UP, purposes=purposes
    )
    found: LookedUp | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = look_up_and_record(viewer, form.cleaned_data["purpose"], **form.asked())
        except RuleBroken as error:
            form.refuse(_at(error))
    facts = {
        "people_pages": pages_for(viewer),
        "form": form,
        "found": found,
        "rows": [(card, place_words(card.home_id)) for card in found.cards] if found else [],
        "may_open": viewer.allows(access.SEE),
        "may_add": viewer.allows(access.MANAGE),
    }
    return render(request, "office/people/look_up.html", facts, status=422 if form.errors else 200)


@needs(access.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register somebody; a double is noticed before it is made."""
    viewer = viewer_in(request)
    form = EntryForm(request.POST if request.method == "POST" else None, viewer=viewer)
    known, is_elsewhere = None, False
    if request.method == "POST" and form.is_valid():
        try:
            done = add_person(by=viewer, **form.arguments())
        except RuleBroken as error:
            form.refuse(error)
            known = error.facts.get("person_id") if isinstance(error, AlreadyKnown) else None
            is_elsewhere = isinstance(error, KnownElsewhere)
            status = 403 if isinstance(error, NotAllowed) else 409
        else:
            messages.success(request, _("Registered."))
            tell_doubts(request, done.doubts)
            return redirect("person", person_id=done.person_id)
    else:
        status = 422 if form.errors else 200
    facts = {
        "people_pages": pages_for(viewer),
        "form": form,
        "known": known,
        "is_elsewhere": is_elsewhere or bool(request.POST.get("takes_over")),
    }
    return render(request, "office/people/new.html", facts, status=status)


def look_up_and_record(viewer: Viewer, purpose: str, **asked: object) -> LookedUp:
    """Look somebody up and leave the read line before anything is shown."""
    found = look_up(viewer, **asked)  # type: ignore[arg-type]
    only = found.cards[0] if len(found.cards) == 1 else None
    record_look_up(
        by=viewer,
        field=found.field,
        value=found.value,
        purpose=purpose,
        found=only.id if only else None,
        place_id=only.home_id if only else None,
    )
    return found


def tell_doubts(request: HttpRequest, doubts: tuple[Doubt, ...]) -> None:
    """Say what somebody should look at; it has refused nothing."""
    if doubts:
        words = _("; ").join(str(doubt.label) for doubt in doubts)
        messages.warning(request, _("Please check: %(doubts)s.") % {"doubts": words})


def _at(error: RuleBroken) -> RuleBroken:
    """Return a refusal with its field named as on this form: one field takes numbers and phones."""
    if error.field in {"identity", "phone"}:
        error.field = "exact"
    return error
