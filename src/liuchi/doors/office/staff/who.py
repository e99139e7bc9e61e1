"""Saying who is meant: a colleague from a list, or somebody by name and phone or identity number."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.forms import UNREMEMBERED
from liuchi.doors.office.stepping import StepForm
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.people.entries import NewPerson
from liuchi.ground.people.staffing import Meant


class WhoForm(StepForm):
    """Who is meant; `colleagues` are offered to choose from, anybody else is named."""

    person = forms.ChoiceField(label=gettext_lazy("Somebody on the roll here"), required=False)
    name = PlainText(
        label=gettext_lazy("Full name"),
        required=False,
        longest=60,
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    phone = PlainText(
        label=gettext_lazy("Phone"),
        required=False,
        longest=30,
        widget=forms.TextInput(attrs={**UNREMEMBERED, "inputmode": "tel"}),
    )
    identity = PlainText(
        label=gettext_lazy("Identity number"),
        required=False,
        longest=40,
        help_text=gettext_lazy("Phone or identity number: whoever is registered already is recognised by it."),
        widget=forms.TextInput(attrs=UNREMEMBERED),
    )
    WHO = ("person", "name", "phone", "identity")

    def __init__(self, *args: Any, colleagues: Sequence[tuple[UUID, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["person"]
        if not colleagues:
            del self.fields["person"]
        elif isinstance(chosen, forms.ChoiceField):
            chosen.choices = [("", _("somebody else, named below")), *((str(key), name) for key, name in colleagues)]

    def clean(self) -> dict[str, Any]:
        """Ask for a name, unless somebody was chosen."""
        given = super().clean() or self.cleaned_data
        if not given.get("person") and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Say who it is."))
        return given

    def meant(self) -> Meant:
        """Return who is meant, once the form is valid."""
        given = self.cleaned_data
        if given.get("person"):
            return Meant(UUID(given["person"]))
        return Meant(entry=NewPerson(given["name"], given["phone"], given["identity"]))

    def said(self) -> str:
        """Return the name as chosen or typed."""
        chosen = self.cleaned_data.get("person")
        field = self.fields.get("person")
        if chosen and isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[chosen])  # type: ignore[arg-type]
        return str(self.cleaned_data["name"])

    def refuse(self, error: RuleBroken) -> None:
        """Show what is wrong with the person beside the name where nobody can be chosen."""
        if error.field == "person" and "person" not in self.fields:
            error.field = "name"
        super().refuse(error)
