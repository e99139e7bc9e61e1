"""Showing a protected value once: a form that asks what for, and the read line that is left before anything shows.

A page puts `reveals.ask(...)` into its facts as `reveal` and includes "ui/reveal.html". Its reveal view fetches with
the viewer's eyes, asks the room whether this viewer may look, and calls `leave_line` before it shows anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm
from liuchi.doors.ui.middleware import viewer_in
from liuchi.ground.access.actions import record_reveal
from liuchi.ground.access.purposes import EVERYDAY, READ_PURPOSES


class PurposeForm(HouseForm):
    """What somebody reads protected data for; one of `purposes` (codes of access.purposes)."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What for?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say what you need it for."),
            "invalid_choice": gettext_lazy("Say what you need it for."),
        },
    )

    def __init__(
        self, data: Mapping[str, object] | None = None, *, purposes: Sequence[str] = EVERYDAY, **kwargs: object
    ) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["purpose"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, READ_PURPOSES[code]) for code in purposes]


class RevealForm(PurposeForm):
    """A look at the protected values of the row `of`, for a purpose that is kept."""

    of = forms.UUIDField(widget=forms.HiddenInput)


@dataclass(frozen=True)
class Asked:
    """What "ui/reveal.html" shows: where the form goes, the row, what the button says, the form as far as filled in."""

    address: str
    of: UUID
    label: str
    form: PurposeForm


def ask(
    *, address: str, of: UUID, label: str, purposes: Sequence[str] = EVERYDAY, sent: RevealForm | None = None
) -> Asked:
    """Return the question to show; `sent` is the form of this row when it came back refused."""
    is_ours = sent is not None and str(sent["of"].value()) == str(of)
    form = sent if sent is not None and is_ours else RevealForm(purposes=purposes, auto_id=f"reveal_{of.hex}_%s")
    return Asked(address, of, label, form)


def form_in(request: HttpRequest, purposes: Sequence[str] = EVERYDAY) -> RevealForm:
    """Return the form as sent."""
    of = str(request.POST.get("of", ""))
    return RevealForm(request.POST, purposes=purposes, auto_id=f"reveal_{of.replace('-', '')[:32]}_%s")


def leave_line(
    request: HttpRequest,
    form: RevealForm,
    *,
    subject_type: str,
    field: str,
    person_id: UUID | None = None,
    place_id: UUID | None = None,
) -> None:
    """Leave the read line for a valid form; only then may the value be shown, once, on a page kept nowhere."""
    record_reveal(
        by=viewer_in(request),
        subject_type=subject_type,
        subject_id=form.cleaned_data["of"],
        field=field,
        purpose=form.cleaned_data["purpose"],
        person_id=person_id,
        place_id=place_id,
    )
