"""Naming heads of units and of joint defence, how and until when elected, and ending their terms."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.choosing import DayField
from liuchi.doors.office.staff.who import WhoForm
from liuchi.doors.office.stepping import Effect, StepForm
from liuchi.doors.ui.forms import PlainText
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people.actions.heads import LONGEST_PLACE, Office, elect_head, end_head
from liuchi.ground.people.models import ElectedHow, EndedWhy, HeadKind, UnitHead
from liuchi.ground.people.staff import name_of
from liuchi.ground.people.staffing import today
from liuchi.ground.territory.models import Area, Building


class ElectForm(WhoForm):
    """Whom residents elected, how, and until when."""

    elected_how = forms.ChoiceField(label=gettext_lazy("Elected how"), choices=ElectedHow.choices)
    on = DayField(label=gettext_lazy("Term from"), initial=today)
    until = DayField(
        label=gettext_lazy("Term until"),
        required=False,
        help_text=gettext_lazy("Sixty days before, it stands among those that end soon."),
    )
    field_order: tuple[str, ...] = (*WhoForm.WHO, "elected_how", "on", "until")

    def elect(self, by: Actor, office: Office) -> UnitHead:
        """Note the election."""
        given = self.cleaned_data
        return elect_head(
            by=by,
            person=self.meant(),
            office=office,
            elected_how=given["elected_how"],
            on=given["on"],
            until=given["until"],
        )


class SuccessorForm(ElectForm):
    """Another head for the same place; the one in office no longer is. Elected again, somebody gets a new term."""

    has_preview = True

    def __init__(self, *args: Any, head: UnitHead, **kwargs: Any) -> None:
        super().__init__(*args, colleagues=[(head.person_id, _elected_again(head))], **kwargs)
        self.head = head
        self.fields["person"].label = gettext_lazy("Elected again or new")
        self.fields["elected_how"].initial = head.elected_how
        if head.term_until is not None:
            self.fields["until"].initial = today() + (head.term_until - head.term_from)

    def effects(self, viewer: Viewer) -> list[Effect]:  # noqa: ARG002 - nothing here hangs on who looks
        """Show who is head and for which term, now and then."""
        given, head = self.cleaned_data, self.head
        return [
            Effect(str(head.get_kind_display()), name_of(head.person), self.said()),
            Effect(_("Elected how"), str(head.get_elected_how_display()), str(ElectedHow(given["elected_how"]).label)),
            Effect(_("Term"), _term(head.term_from, head.term_until), _term(given["on"], given["until"])),
        ]

    def said(self) -> str:
        """Return the name as chosen or typed."""
        return name_of(self.head.person) if self.cleaned_data.get("person") else super().said()

    def act(self, by: Actor) -> str:
        """Note the election, and go to the page of the new head."""
        head = self.head
        made = self.elect(by, Office(head.kind, head.area_id, head.place, head.building_id))
        return reverse("unit-head", args=[made.id])


class FirstForm(ElectForm):
    """A head for a place that has none yet: of what, and where in the area."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=HeadKind.choices)
    building = forms.ChoiceField(label=gettext_lazy("Building"), required=False)
    place = PlainText(
        label=gettext_lazy("Unit, or building and unit"),
        required=False,
        longest=LONGEST_PLACE,
        help_text=gettext_lazy("For example: building 3, unit 2."),
    )
    field_order = ("kind", "building", "place", *WhoForm.WHO, "elected_how", "on", "until")

    def __init__(self, *args: Any, area: Area, buildings: Sequence[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = area
        if buildings:
            known = [(str(each.id), f"{each.estate.name}{each}") for each in buildings]
            self.fields["building"].choices = [("", _("none of these")), *known]  # type: ignore[attr-defined]
        else:
            del self.fields["building"]

    def act(self, by: Actor) -> str:
        """Note the election, and go to the page of the head."""
        given = self.cleaned_data
        building = UUID(given["building"]) if given.get("building") else None
        made = self.elect(by, Office(given["kind"], self.area.id, given["place"], building))
        return reverse("unit-head", args=[made.id])


class EndForm(StepForm):
    """Somebody is no longer head."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)
    why = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[("", gettext_lazy("Choose a reason")), *EndedWhy.choices],
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )

    def __init__(self, *args: Any, head: UnitHead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head = head

    def act(self, by: Actor) -> None:
        """End the term."""
        end_head(by=by, head_id=self.head.id, on=self.cleaned_data["on"], why=self.cleaned_data["why"])


def _elected_again(head: UnitHead) -> str:
    return _("%(name)s, elected again") % {"name": name_of(head.person)}


def _term(since: date, until: date | None) -> str:
    return f"{since.isoformat()} – {until.isoformat() if until else ''}"
