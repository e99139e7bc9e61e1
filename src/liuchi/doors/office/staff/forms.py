"""Forms about one person on the roll: lend them, note their return, take them off the roll."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.choosing import DayField, OrganisationField
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.actions.secondments import return_secondment, second_person
from liuchi.ground.people.actions.staff import end_employment
from liuchi.ground.people.models import Employment, Secondment
from liuchi.ground.people.models.staff import LONGEST_DOCUMENT
from liuchi.ground.people.staffing import today


class StaffForm(HouseForm):
    """The inputs of a change of one person's row; `lent` is the open secondment, where there is one."""

    has_preview = False
    document = PlainText(
        label=gettext_lazy("Document"),
        required=False,
        longest=LONGEST_DOCUMENT,
        help_text=gettext_lazy("Title or number of the document that says so"),
    )

    def __init__(self, *args: Any, row: Employment, lent: Secondment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.lent = row, lent

    def act(self, by: Actor) -> None:
        """Make the change."""
        raise TypeError(f"{type(self).__name__} does not say what it does for {by.kind}")


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
