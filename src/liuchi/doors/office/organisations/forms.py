"""One form for each change of an organisation: what it asks, what it would do, and the action it hands that to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.choosing import AreaField, DayField, OrganisationField, area_choices, body_named
from liuchi.doors.office.stepping import Effect
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.actions.standing import (
    Description,
    Parents,
    add_organisation,
    describe_organisation,
    move_organisation,
    rename_organisation,
    serve_areas,
)
from liuchi.ground.organisations.changing import today
from liuchi.ground.organisations.models import Organisation, OrganisationKind
from liuchi.ground.organisations.queries import served_by
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

LONGEST_DOCUMENT = 120


class BodyForm(HouseForm):
    """The inputs of a change of `body`; `effects` tells what would change before it does."""

    #: Whether the change is shown before it is made: whatever has history is.
    has_preview = True

    def __init__(self, *args: Any, body: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the organisation."""

    def effects(self) -> list[Effect]:
        """Return what the change would do, in words; asked once the form is valid."""
        return []

    def act(self, by: Actor) -> Organisation:  # noqa: ARG002 - each form makes its own change
        """Make the change, and return the organisation whose page comes next."""
        return self.body


class DatedForm(BodyForm):
    """A change that counts from a day, by a document."""

    on = DayField(label=gettext_lazy("Counts from"), initial=today)
    document = PlainText(
        label=gettext_lazy("Document"),
        required=False,
        longest=LONGEST_DOCUMENT,
        help_text=gettext_lazy("Title or number of the document that says so"),
    )


class RenameForm(DatedForm):
    """Another name."""

    name = PlainText(label=gettext_lazy("New name"), longest=60)
    short_name = PlainText(label=gettext_lazy("Short name"), required=False, longest=20)
    field_order = ("name", "short_name", "on", "document")

    def prepare(self) -> None:
        """Begin with the names it has."""
        self.fields["name"].initial, self.fields["short_name"].initial = self.body.name, self.body.short_name

    def effects(self) -> list[Effect]:
        """Show both names."""
        return [
            Effect(_("Name"), self.body.name, self.cleaned_data["name"]),
            Effect(_("Short name"), self.body.short_name, self.cleaned_data["short_name"] or self.cleaned_data["name"]),
        ]

    def act(self, by: Actor) -> Organisation:
        """Rename it."""
        return rename_organisation(by=by, organisation_id=self.body.id, **self.cleaned_data)


class ParentsForm(DatedForm):
    """What stands above, in the three chains, and where it is registered."""

    management_parent = OrganisationField(label=gettext_lazy("Managed by"), required=False)
    party_parent = OrganisationField(label=gettext_lazy("Party organisation above"), required=False)
    statistical_parent = OrganisationField(label=gettext_lazy("Counted with"), required=False)
    area = AreaField(label=gettext_lazy("Registered in"))
    field_order = ("management_parent", "party_parent", "statistical_parent", "area", "on", "document")

    def prepare(self) -> None:
        """Begin with how it stands."""
        self.fields["area"].offer()  # type: ignore[attr-defined]
        self.fields["area"].initial = str(self.body.area_id)
        for name in ("management_parent", "party_parent", "statistical_parent"):
            self.fields[name].initial = body_named(getattr(self.body, name))

    def effects(self) -> list[Effect]:
        """Show what stands above, now and then."""
        known = territory().areas
        found = [
            Effect(str(self.fields[name].label), body_named(getattr(self.body, name)), body_named(self.chosen(name)))
            for name in ("management_parent", "party_parent", "statistical_parent")
        ]
        area = self.cleaned_data["area"]
        found.append(Effect(_("Registered in"), self.body.area.name, known[area].name if area in known else ""))
        return [each for each in found if each.before != each.after]

    def chosen(self, name: str) -> Organisation | None:
        """Return the organisation chosen in a field."""
        found = self.cleaned_data[name]
        return found if isinstance(found, Organisation) else None

    def act(self, by: Actor) -> Organisation:
        """Move it."""
        return move_organisation(
            by=by,
            organisation_id=self.body.id,
            parents=_parents(self.cleaned_data),
            area_id=self.cleaned_data["area"],
            on=self.cleaned_data["on"],
            document=self.cleaned_data["document"],
        )


class DescriptionForm(BodyForm):
    """Facts without history."""

    has_preview = False
    credit_code = PlainText(label=gettext_lazy("Unified social credit code"), required=False, longest=40)
    founded_on = DayField(label=gettext_lazy("Founded on"), required=False)
    phone = PlainText(label=gettext_lazy("Office phone (public)"), required=False, longest=20)
    seat = AreaField(
        label=gettext_lazy("Sits in"), required=False, kinds=(AreaKind.TOWN, AreaKind.COMMUNITY, AreaKind.GRID)
    )
    address = PlainText(label=gettext_lazy("Office address (public)"), required=False, longest=120)
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), required=False, min_value=-90, max_value=90)
    english_name = PlainText(label=gettext_lazy("English name"), required=False, longest=100)

    def prepare(self) -> None:
        """Begin with what is known; a private home has no address to ask for."""
        self.fields["seat"].offer()  # type: ignore[attr-defined]
        self.fields["seat"].initial = str(self.body.seat_id or "")
        for name in ("credit_code", "founded_on", "phone", "address", "longitude", "latitude", "english_name"):
            self.fields[name].initial = getattr(self.body, name)
        if self.body.kind == OrganisationKind.PARTY_HOUSEHOLD:
            for name in ("phone", "address", "longitude", "latitude"):
                del self.fields[name]

    def act(self, by: Actor) -> Organisation:
        """Note the facts."""
        facts = dict(self.cleaned_data)
        return describe_organisation(
            by=by, organisation_id=self.body.id, description=Description(seat_id=facts.pop("seat"), **facts)
        )


class ServedForm(BodyForm):
    """The areas it serves beside its own."""

    has_preview = False
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Also serves"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": "12"}),
        help_text=gettext_lazy("Hold Ctrl (or ⌘) to choose several; what is not chosen ends on that day."),
    )
    on = DayField(label=gettext_lazy("Counts from"), initial=today)

    def prepare(self) -> None:
        """Offer communities and grids, those served already chosen."""
        field = self.fields["areas"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = area_choices((AreaKind.TOWN, AreaKind.COMMUNITY, AreaKind.GRID))
        field.initial = [str(row.area_id) for row in served_by(self.body.id)]

    def act(self, by: Actor) -> Organisation:
        """Note where it serves."""
        serve_areas(
            by=by, organisation_id=self.body.id, area_ids=self.cleaned_data["areas"], on=self.cleaned_data["on"]
        )
        return self.body


class AddForm(HouseForm):
    """A new organisation: what must be known; the rest can follow on its page."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("Choose a kind")), *OrganisationKind.choices],
        error_messages={"required": gettext_lazy("Choose what kind of organisation it is.")},
    )
    name = PlainText(label=gettext_lazy("Name"), longest=60)
    short_name = PlainText(label=gettext_lazy("Short name"), required=False, longest=20)
    area = AreaField(label=gettext_lazy("Registered in"))
    management_parent = OrganisationField(label=gettext_lazy("Managed by"), required=False)
    party_parent = OrganisationField(label=gettext_lazy("Party organisation above"), required=False)
    credit_code = PlainText(label=gettext_lazy("Unified social credit code"), required=False, longest=40)
    on = DayField(label=gettext_lazy("Exists since"), initial=today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer()  # type: ignore[attr-defined]

    def act(self, by: Actor) -> Organisation:
        """Add it."""
        given = self.cleaned_data
        return add_organisation(
            by=by,
            kind=given["kind"],
            name=given["name"],
            short_name=given["short_name"],
            area_id=given["area"],
            on=given["on"],
            parents=_parents(given),
            description=Description(credit_code=given["credit_code"]),
        )


def _parents(given: Mapping[str, Any]) -> Parents:
    ids = {name: body.id if (body := given.get(f"{name}_parent")) else None for name in Parents.__annotations__}
    return Parents(**ids)


#: A form made for one organisation.
FormMaker = Callable[..., BodyForm]


@dataclass(frozen=True)
class Act:
    """A change that the page offers: its word in the address, what the button says, its form, the word when done."""

    name: str
    label: str | Promise
    form: FormMaker
    done: str | Promise
