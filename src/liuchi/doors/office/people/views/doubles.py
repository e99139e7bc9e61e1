"""Double records: who may be the same person, and both side by side before they are joined."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liuchi.doors.office.people.doing import FACT_WORDS
from liuchi.doors.office.people.fields import place_words
from liuchi.doors.office.people.pages import pages_for
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.rules import needs
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people import access
from liuchi.ground.people.actions import merge_people
from liuchi.ground.people.doubles import Double, differing_facts, find_doubles
from liuchi.ground.people.identity import Sex
from liuchi.ground.people.showing import Card, person_for

WHY: Mapping[str, Promise] = {
    "phone": gettext_lazy("same name and phone"),
    "birth": gettext_lazy("same name, date of birth and community"),
}
KEPT, ABSORBED = "kept", "absorbed"


class MergeForm(HouseForm):
    """Joining two records: of each fact that differs, whose value stands; and why."""

    reason = PlainText(label=gettext_lazy("Why"), required=False, longest=200, widget=forms.TextInput())

    def __init__(self, *args: Any, differing: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fact, (kept, absorbed) in differing.items():
            empty = str(_("nothing"))
            self.fields[fact] = forms.ChoiceField(
                label=str(FACT_WORDS[fact]),
                choices=[(KEPT, kept or empty), (ABSORBED, absorbed or empty)],
                initial=KEPT if kept else ABSORBED,
                widget=forms.RadioSelect,
            )
        self.order_fields([*differing, "reason"])


@dataclass(frozen=True)
class Row:
    """A pair of records offered for a look."""

    double: Double
    why: str
    first_place: str
    other_place: str


@needs(access.MANAGE)
@require_GET
def list_doubles(request: HttpRequest) -> HttpResponse:
    """Show pairs of records that may be the same person."""
    viewer = viewer_in(request)
    rows = [
        Row(
            each,
            str(WHY[each.why]),
            place_words(each.first.home_id),
            place_words(each.other.home_id) if each.other else "",
        )
        for each in find_doubles(viewer)
    ]
    return render(request, "office/people/doubles.html", {"people_pages": pages_for(viewer), "rows": rows})


@needs(access.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, person_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two records side by side, and join them: the first stays, the other is found through it."""
    viewer = viewer_in(request)
    kept, absorbed = (person_for(viewer, each, power=access.MANAGE) for each in (person_id, other_id))
    if kept.id == absorbed.id:
        messages.info(request, _("These are one record already."))
        return redirect("person", person_id=kept.id)
    said = _facts(kept), _facts(absorbed)
    differing = {
        fact: (said[0][fact], said[1][fact])
        for fact in said[0]
        if fact in differing_facts(viewer, kept.id, absorbed.id)
    }
    form = MergeForm(request.POST if request.method == "POST" else None, differing=differing)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            reason = values.pop("reason")
            try:
                merge_people(by=viewer, keep=kept.id, absorb=absorbed.id, choices=values, reason=reason)
            except RuleBroken as error:
                form.refuse(error)
                status = 403 if isinstance(error, NotAllowed) else 404 if isinstance(error, NotFound) else 409
            else:
                messages.success(request, _("Joined. Nothing was lost; it can be undone on this page."))
                return redirect("person", person_id=kept.id)
    facts = {
        "kept": kept,
        "absorbed": absorbed,
        "rows": [(FACT_WORDS[fact], said[0][fact], said[1][fact], fact in differing) for fact in said[0]],
        "form": form,
        "choices": [form[fact] for fact in differing],
    }
    return render(request, "office/people/compare.html", facts, status=status)


def _facts(card: Card) -> dict[str, str]:
    """Return what is compared, masked as ever."""
    return {
        "name": card.name,
        "identity": card.masked_identity,
        "sex": str(Sex(card.sex).label) if card.sex else "",
        "birth_on": card.birth_on.isoformat() if card.birth_on else "",
        "phone": card.masked_phone,
        "home": place_words(card.home_id),
        "death_on": card.death_on.isoformat() if card.death_on else "",
    }
