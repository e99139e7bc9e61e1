"""The page of one person: what may be shown and done, by whom, with forms that were refused standing open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.care_forms import ConsentForm
from liuchi.doors.office.people.doing import ACTS, BESIDE, FACT_WORDS, make_form
from liuchi.doors.office.people.fields import place_words
from liuchi.doors.office.people.forms import ActForm, DoubleForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.doors.ui.reveals import Asked, RevealForm
from liuchi.ground.access.purposes import EVERYDAY, READ_PURPOSES
from liuchi.ground.access.queries import usernames_of
from liuchi.ground.access.queries_own import reads_of
from liuchi.ground.access.queries_reads import POWER as AUDIT
from liuchi.ground.access.queries_reads import ReadFilters, read_log
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.people import access
from liuchi.ground.people.actions.consents import WITHDRAWN
from liuchi.ground.people.care_register import CareEntry, care_of
from liuchi.ground.people.consenting import consents_of, kept_until
from liuchi.ground.people.dossier import card_on, changes_of, merges_of, newest_change, residences_of
from liuchi.ground.people.households import household_of
from liuchi.ground.people.identity import DocumentKind, Sex
from liuchi.ground.people.models import Consent
from liuchi.ground.people.showing import Card
from liuchi.ground.people.staff import held_by
from liuchi.ground.records.queries import REQUESTS
from liuchi.ground.records.restricting import is_restricted

#: What may be revealed: by which power beside people.reveal, and what the button says.
REVEALS: Mapping[str, Promise] = {
    "contact": gettext_lazy("Show phone and address"),
    "identity": gettext_lazy("Show identity number"),
}


@dataclass(frozen=True)
class Shown:
    """What one showing of the page adds: a form that was refused, or values revealed once."""

    name: str = ""
    form: ActForm | None = None
    double: DoubleForm | None = None
    reveal: tuple[str, RevealForm] | None = None
    revealed: Mapping[str, object] | None = None
    status: int = 200


@dataclass(frozen=True)
class OpenAct:
    """A form as the page shows it."""

    name: str
    label: str
    form: ActForm
    is_open: bool
    is_grave: bool
    address: str


def person_page(request: HttpRequest, card: Card, shown: Shown) -> HttpResponse:
    """Show everything this viewer may know of a person, and what they may do."""
    viewer = viewer_in(request)
    past, day = _past(request, viewer, card)
    care = care_of(viewer, card.id) if access.may(viewer, access.CARE, card.home_id) else None
    consents = consents_of(viewer, card.id)
    changes = changes_of(viewer, card)
    facts = {
        "card": past or card,
        "now": card,
        "as_of": day,
        "document": DocumentKind(card.identity_kind).label if card.identity_kind else "",
        "sex": Sex((past or card).sex).label if (past or card).sex else "",
        "place": place_words((past or card).home_id),
        "residences": [(lived, place_words(lived.area_id)) for lived in residences_of(viewer, card)],
        "household": _household(viewer, card),
        "posts": list(held_by(viewer, card.id)),
        "care": None if care is None else [_care_row(viewer, card, entry, shown) for entry in care],
        "may_reveal": access.may(viewer, access.REVEAL, card.home_id),
        "consents": [_consent_row(viewer, card, consent, shown, care or ()) for consent in consents],
        "changes": [(change, [FACT_WORDS[fact] for fact in change.facts if fact in FACT_WORDS]) for change in changes],
        "usernames": usernames_of({change.actor_id for change in changes if change.actor_id}),
        "merges": [
            (merge, _form(viewer, card, "separate", shown, merge_id=merge.id)) for merge in merges_of(viewer, card)
        ],
        "is_restricted": is_restricted(card.records),
        "acts": [] if past else _beside(viewer, card, shown),
        "double": _double(viewer, card, shown),
        "reveals": _reveals(viewer, card, shown),
        "revealed": shown.revealed,
        "reads": _reads(viewer, card),
        "may_manage": access.may(viewer, access.MANAGE, card.home_id),
    }
    return render(request, "office/people/person.html", facts, status=shown.status)


def _form(viewer: Viewer, card: Card, name: str, shown: Shown, **row: object) -> ActForm | None:
    """Return the form of one row: as it was refused, if this is the one, else empty; None where it is not theirs."""
    if not access.may(viewer, ACTS[name].power, card.home_id):
        return None
    if shown.name == name and shown.form is not None:
        said = {key: str(shown.form[key].value()) for key in row}
        if said == {key: str(value) for key, value in row.items()}:
            return shown.form
    return make_form(name, viewer, card, initial=row)


def _past(request: HttpRequest, viewer: Viewer, card: Card) -> tuple[Card | None, str]:
    """Return the record as of the day that the address names, for whoever manages it; None for today."""
    text = request.GET.get("on", "")
    day = parse_date(text) if len(text) == 10 and text[4:5] == "-" else None
    if day is None or not access.may(viewer, access.MANAGE, card.home_id):
        return None, ""
    end = timezone.make_aware(datetime.combine(day, time.max))
    return card_on(viewer, card.id, end), day.isoformat()


def _household(viewer: Viewer, card: Card) -> object | None:
    return next((found for each in card.records if (found := household_of(viewer, each)) is not None), None)


def _care_row(viewer: Viewer, card: Card, entry: CareEntry, shown: Shown) -> tuple[CareEntry, Any, Any, Any]:
    if not entry.is_lasting:
        return entry, None, None, _diagnosis(viewer, card, entry, shown)
    row = {"care_id": entry.status.id}
    extend, end = (_form(viewer, card, name, shown, **row) for name in ("extend", "end"))
    return entry, None if entry.status.end_reason else extend, end, _diagnosis(viewer, card, entry, shown)


def _consent_row(
    viewer: Viewer, card: Card, consent: Consent, shown: Shown, care: Sequence[CareEntry]
) -> tuple[Consent, ActForm | None, list[str], datetime | None]:
    if consent.withdrawn_at is None:
        return consent, _form(viewer, card, "withdraw", shown, purpose=consent.text.purpose), [], None
    ended = [
        entry.status.category.name
        for entry in care
        if entry.status.end_reason == WITHDRAWN and entry.status.category.consent_purpose == consent.text.purpose
    ]
    return consent, None, ended, kept_until(consent)


def _beside(viewer: Viewer, card: Card, shown: Shown) -> list[OpenAct]:
    dead = card.death_on is not None
    fitting = [name for name in BESIDE if (name == "alive") == dead or name == "correct"]
    made = []
    for name in fitting:
        act = ACTS[name]
        if not access.may(viewer, act.power, card.home_id):
            continue
        form = shown.form if shown.name == name and shown.form is not None else None
        form = form or make_form(
            name, viewer, card, initial={"since": newest_change(card.id)} if name == "correct" else None
        )
        if isinstance(form, ConsentForm) and not form.texts:
            continue
        address = reverse("person-act", args=[card.id, name])
        made.append(OpenAct(name, str(act.label), form, shown.name == name, act.is_grave, address))
    return made


def _double(viewer: Viewer, card: Card, shown: Shown) -> DoubleForm | None:
    if not access.may(viewer, access.MANAGE, card.home_id) or not viewer.allows(access.LOOK_UP):
        return None
    return shown.double or DoubleForm(viewer=viewer, card=card, auto_id="double_%s")


def _reveals(viewer: Viewer, card: Card, shown: Shown) -> list[Asked]:
    if not access.may(viewer, access.REVEAL, card.home_id):
        return []
    has = {"contact": True, "identity": bool(card.masked_identity)}
    return [_asked(card.id, field, str(label), card, shown) for field, label in REVEALS.items() if has[field]]


def _diagnosis(viewer: Viewer, card: Card, entry: CareEntry, shown: Shown) -> Asked | None:
    if entry.status.diagnosis_sealed is None or not access.may(viewer, access.REVEAL, card.home_id):
        return None
    return _asked(entry.status.id, "diagnosis", _("Show the diagnosis"), card, shown)


def _asked(of: UUID, field: str, label: str, card: Card, shown: Shown) -> Asked:
    sent = shown.reveal
    is_ours = sent is not None and sent[0] == field and str(sent[1]["of"].value()) == str(of)
    form = sent[1] if sent is not None and is_ours else RevealForm(auto_id=f"{field}_{of.hex}_%s", purposes=EVERYDAY)
    return Asked(reverse("person-reveal", args=[card.id, field]), of, label, form)


def _reads(viewer: Viewer, card: Card) -> list[tuple[datetime, str, str]] | None:
    """Return when somebody looked at this person's data, who and what for; None for who may not know.

    Audit administrators are told the account, the officer for personal data the unit.
    """
    if viewer.allows(AUDIT):
        rows = [row for each in card.records for row in read_log(viewer, ReadFilters(person_id=each)).rows]
        told = [(row.at, row.username, row.purpose) for row in rows]
    elif viewer.allows(REQUESTS):
        told = [(row.at, row.unit, row.purpose) for row in reads_of(card.records)]
    else:
        return None
    return [(at, who, str(READ_PURPOSES.get(purpose, purpose))) for at, who, purpose in sorted(told, reverse=True)]
