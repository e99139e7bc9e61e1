"""Forms of the care register and of consent, on the page of one person."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.people.fields import DayField
from liuchi.doors.office.people.forms import ActForm, today, uuid_or_none
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.people.actions import END_REASONS
from liuchi.ground.people.care_register import categories
from liuchi.ground.people.consenting import texts_in_force
from liuchi.ground.people.dossier import carers_near
from liuchi.ground.people.models import ConsentWay, Guardian, VisitTier

#: How long an entry lasts unless said otherwise.
A_YEAR = timedelta(days=365)
LONGEST_BASIS = 120


class CareForm(ActForm):
    """Putting somebody into a care category, on a document and until a day."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"), error_messages={"required": gettext_lazy("Choose a category.")}
    )
    basis = PlainText(
        label=gettext_lazy("Document it rests on"),
        longest=LONGEST_BASIS,
        help_text=gettext_lazy("Number or title, for example of the approval."),
        widget=forms.TextInput(),
    )
    valid_from = DayField(label=gettext_lazy("From"))
    valid_to = DayField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("Then it ends by itself, unless it is extended.")
    )
    visit_tier = forms.ChoiceField(label=gettext_lazy("Visits"), required=False)
    responsible = forms.ChoiceField(label=gettext_lazy("Who answers for it"), required=False)
    diagnosis = PlainText(
        label=gettext_lazy("Diagnosis or degree of disability"),
        required=False,
        longest=500,
        rows=2,
        help_text=gettext_lazy("Only where the category needs it. Kept sealed."),
    )

    def prepare(self) -> None:
        """Offer categories, tiers and the people who work where the person lives; a year is proposed."""
        kept = categories()
        _choices(self, "category", [("", _("Choose a category")), *((each.code, each.name) for each in kept)])
        _choices(self, "visit_tier", [("", _("as the category says")), *VisitTier.choices])
        near = [(str(person_id), words) for person_id, words in carers_near(self.viewer, self.card)]
        _choices(self, "responsible", [("", _("nobody yet")), *near])
        self.fields["valid_from"].initial, self.fields["valid_to"].initial = today(), today() + A_YEAR

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = dict(self.cleaned_data)
        chosen = uuid_or_none(given.pop("responsible"))
        return {**given, "responsible_id": chosen}


class ExtendForm(ActForm):
    """Letting an entry go on."""

    care_id = forms.UUIDField(widget=forms.HiddenInput)
    basis = PlainText(label=gettext_lazy("New document"), longest=LONGEST_BASIS, widget=forms.TextInput())
    valid_to = DayField(label=gettext_lazy("Until"))


class EndForm(ActForm):
    """Ending an entry before its time."""

    care_id = forms.UUIDField(widget=forms.HiddenInput)
    on = DayField(label=gettext_lazy("On"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose a reason")), *END_REASONS.items()],
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )

    def prepare(self) -> None:
        """Propose the present day."""
        self.fields["on"].initial = today()


class ConsentForm(ActForm):
    """Recording that somebody agreed to a text; for a child under 14 a guardian does."""

    text_id = forms.ChoiceField(
        label=gettext_lazy("What they agree to"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the text they agreed to.")},
    )
    way = forms.ChoiceField(label=gettext_lazy("How they said it"), choices=ConsentWay.choices, initial="spoken")
    guardian = forms.ChoiceField(label=gettext_lazy("Who agrees for the child"), required=False)
    guardian_name = PlainText(
        label=gettext_lazy("Name of the guardian"), required=False, longest=40, widget=forms.TextInput()
    )

    def prepare(self) -> None:
        """Offer the texts in force; the guardian is asked for children only."""
        self.texts = texts_in_force()
        _choices(self, "text_id", [(str(each.id), each.title) for each in self.texts])
        _choices(self, "guardian", [("", _("Choose who")), *Guardian.choices])
        if not self.card.is_child:
            del self.fields["guardian"], self.fields["guardian_name"]

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = dict(self.cleaned_data)
        return {**given, "text_id": uuid_or_none(given["text_id"])}


class WithdrawForm(ActForm):
    """Taking consent back: no reason is asked for."""

    purpose = forms.CharField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=gettext_lazy("How they said it"), choices=ConsentWay.choices, initial="spoken")


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
