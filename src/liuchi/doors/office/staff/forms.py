"""Forms about one person on the roll: change the terms, note an income, lend them, their return, take them off."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.choosing import DayField, OrganisationField
from liuchi.doors.office.stepping import StepForm
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.actions.secondments import return_secondment, second_person
from liuchi.ground.people.actions.staff import change_employment, end_employment, record_income
from liuchi.ground.people.models import EmployerType, Employment, Secondment
from liuchi.ground.people.models.staff import LONGEST_DOCUMENT
from liuchi.ground.people.staffing import today


def document_field() -> PlainText:
    """Return the field for the document that says so; never asked for."""
    return PlainText(
        label=gettext_lazy("Document"),
        required=False,
        longest=LONGEST_DOCUMENT,
        help_text=gettext_lazy("Title or number of the document that says so"),
    )


class StaffForm(StepForm):
    """The inputs of a change of one person's row; `lent` is the open secondment, where there is one."""

    document = document_field()

    def __init__(self, *args: Any, row: Employment, lent: Secondment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.lent = row, lent
        self.prepare()

    def prepare(self) -> None:
        """Fill in what is known of the row."""


class TermsForm(StaffForm):
    """On what terms they work, and until when the contract runs."""

    employer = forms.ChoiceField(label=gettext_lazy("Terms"), choices=EmployerType.choices)
    contract_until = DayField(
        label=gettext_lazy("Contract until"), required=False, help_text=gettext_lazy("Empty when it has no end.")
    )
    field_order = ("employer", "contract_until", "document")

    def prepare(self) -> None:
        """Begin with the terms of now."""
        for name in self.field_order:
            self.fields[name].initial = getattr(self.row, name)

    def act(self, by: Actor) -> None:
        """Set the terms."""
        given = self.cleaned_data
        change_employment(
            by=by,
            employment_id=self.row.id,
            employer=given["employer"],
            contract_until=given["contract_until"],
            by_document=given["document"],
        )


class IncomeForm(StaffForm):
    """What they earn in a year; what is noted already is not shown here."""

    yearly = forms.DecimalField(
        label=gettext_lazy("Income of a year, in yuan"),
        max_digits=10,
        decimal_places=2,
        help_text=gettext_lazy("It is shown again only to who says what for, and each look is recorded."),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the income of a year in yuan.")},
    )
    as_of = DayField(
        label=gettext_lazy("As known on"), initial=today, help_text=gettext_lazy("The same day again corrects it.")
    )
    field_order = ("yearly", "as_of")

    def prepare(self) -> None:
        """Ask for no document."""
        del self.fields["document"]

    def act(self, by: Actor) -> None:
        """Note it."""
        given = self.cleaned_data
        record_income(by=by, employment_id=self.row.id, yearly=given["yearly"], as_of=given["as_of"])


class LendForm(StaffForm):
    """Lend them to another organisation; without a document nobody approved it."""

    to_organisation = OrganisationField(label=gettext_lazy("Lent to"))
    since = DayField(label=gettext_lazy("Since"), initial=today)
    until = DayField(label=gettext_lazy("Planned until"), required=False)
    field_order = ("to_organisation", "since", "until", "document")

    def act(self, by: Actor) -> None:
        """Lend them."""
        given = self.cleaned_data
        second_person(
            by=by,
            employment_id=self.row.id,
            to_organisation_id=given["to_organisation"].id,
            since=given["since"],
            until=given["until"],
            by_document=given["document"],
        )


class ReturnForm(StaffForm):
    """They are back."""

    on = DayField(label=gettext_lazy("Back on"), initial=today)
    field_order = ("on", "document")

    def act(self, by: Actor) -> None:
        """Note the return.

        Raises:
            NotFound: they are not lent (any more).
        """
        if self.lent is None:
            raise NotFound(_("There is no such secondment, or they are back."))
        given = self.cleaned_data
        return_secondment(by=by, secondment_id=self.lent.id, on=given["on"], by_document=given["document"])


class EndForm(StaffForm):
    """They leave the roll."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)
    field_order = ("on", "document")

    def act(self, by: Actor) -> None:
        """Take them off the roll."""
        given = self.cleaned_data
        end_employment(by=by, employment_id=self.row.id, on=given["on"], by_document=given["document"])
