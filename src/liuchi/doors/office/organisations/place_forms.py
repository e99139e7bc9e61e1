"""Forms for posts and venues."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext

from liuchi.doors.office.choosing import AreaField, DayField
from liuchi.doors.office.organisations.forms import BodyForm
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.actions.posts import change_post, close_post, open_post
from liuchi.ground.organisations.actions.venues import change_venue, close_venue, open_venue
from liuchi.ground.organisations.changing import ChangeRefused, today
from liuchi.ground.organisations.models import Facility, OpenDay, Organisation, Post, Venue, VenueKind
from liuchi.ground.organisations.venues import Hours, VenueFacts, facts_of, hours_in, hours_text
from liuchi.ground.territory.models import AreaKind


class _PostFields(HouseForm):
    title = PlainText(label=gettext_lazy("Title"), longest=30)
    seats = forms.IntegerField(label=gettext_lazy("Seats"), initial=1, min_value=1, max_value=9999)
    is_head = forms.BooleanField(label=gettext_lazy("Whoever holds it speaks for the organisation"), required=False)
    duties = PlainText(label=gettext_lazy("Duties"), required=False, longest=500, rows=2)


class OpenPostForm(_PostFields, BodyForm):
    """A new post."""

    has_preview = False
    on = DayField(label=gettext_lazy("Exists since"), initial=today)

    def act(self, by: Actor) -> Organisation:
        """Open it."""
        open_post(by=by, organisation_id=self.body.id, **self.cleaned_data)
        return self.body


class ChangePostForm(_PostFields):
    """What a post is called and there for."""

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        for name in ("title", "seats", "is_head", "duties"):
            self.fields[name].initial = getattr(post, name)

    def act(self, by: Actor) -> None:
        """Change it."""
        change_post(by=by, post_id=self.post.id, **self.cleaned_data)


class ClosePostForm(HouseForm):
    """From when a post exists no more."""

    on = DayField(label=gettext_lazy("Ends on"), initial=today)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post

    def act(self, by: Actor) -> None:
        """Close it."""
        close_post(by=by, post_id=self.post.id, on=self.cleaned_data["on"])


class _VenueFields(HouseForm):
    name = PlainText(label=gettext_lazy("Name"), longest=60)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is for"),
        choices=[("", gettext_lazy("Choose what the venue is for")), *VenueKind.choices],
        error_messages={"required": gettext_lazy("Choose what the venue is for.")},
    )
    area = AreaField(
        label=gettext_lazy("Lies in"),
        required=False,
        kinds=(AreaKind.DISTRICT, AreaKind.TOWN, AreaKind.COMMUNITY, AreaKind.GRID),
    )
    address = PlainText(label=gettext_lazy("Address"), required=False, longest=120)
    phone = PlainText(label=gettext_lazy("Phone"), required=False, longest=20)
    capacity = forms.IntegerField(label=gettext_lazy("How many fit in"), required=False, min_value=1, max_value=100_000)
    is_bookable = forms.BooleanField(label=gettext_lazy("Can be booked"), required=False)
    work_day = PlainText(
        label=gettext_lazy("Open on working days"),
        required=False,
        help_text=gettext_lazy(
            "Such as 08:30-12:00 14:00-17:30; empty: closed. Make-up Saturdays count as working days."
        ),
    )
    rest_day = PlainText(label=gettext_lazy("Open at weekends"), required=False)
    holiday = PlainText(label=gettext_lazy("Open on public holidays"), required=False)
    facilities = forms.MultipleChoiceField(
        label=gettext_lazy("Accessible facilities"),
        choices=Facility.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), required=False, min_value=-90, max_value=90)

    def clean(self) -> dict[str, Any]:
        """Read the opening hours, each beside its own field when they make no sense."""
        given: dict[str, Any] = super().clean() or {}
        hours: list[Hours] = []
        for day in OpenDay.values:
            try:
                hours += hours_in(day, given.get(day, ""))
            except ChangeRefused as error:
                self.add_error(day, str(error))
        given["hours"] = tuple(hours)
        return given

    def facts(self) -> VenueFacts:
        """Return what was filled in."""
        given = self.cleaned_data
        plain = ("name", "kind", "address", "phone", "capacity", "is_bookable", "longitude", "latitude", "hours")
        return VenueFacts(
            area_id=given["area"], facilities=tuple(given["facilities"]), **{name: given[name] for name in plain}
        )


class OpenVenueForm(_VenueFields, BodyForm):
    """A new venue."""

    has_preview = False
    on = DayField(label=gettext_lazy("Open since"), initial=today)

    def prepare(self) -> None:
        """Offer the areas, its own chosen."""
        self.fields["area"].offer()  # type: ignore[attr-defined]
        self.fields["area"].initial = str(self.body.area_id)

    def act(self, by: Actor) -> Organisation:
        """Open it."""
        open_venue(by=by, organisation_id=self.body.id, facts=self.facts(), on=self.cleaned_data["on"])
        return self.body


class ChangeVenueForm(_VenueFields):
    """Everything known of a venue."""

    def __init__(self, *args: Any, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.venue = venue
        known = facts_of(venue)
        self.fields["area"].offer()  # type: ignore[attr-defined]
        initial = {**vars(known), "area": str(known.area_id), "facilities": list(known.facilities)}
        initial |= {day: hours_text(known.hours, day) for day in OpenDay.values}
        for name, field in self.fields.items():
            field.initial = initial.get(name)

    def act(self, by: Actor) -> None:
        """Change it."""
        change_venue(by=by, venue_id=self.venue.id, facts=self.facts())


class CloseVenueForm(HouseForm):
    """From when a venue is closed for good."""

    on = DayField(label=gettext_lazy("Ends on"), initial=today)

    def __init__(self, *args: Any, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.venue = venue

    def act(self, by: Actor) -> None:
        """Close it."""
        close_venue(by=by, venue_id=self.venue.id, on=self.cleaned_data["on"])


def days_and_hours(hours: tuple[Hours, ...]) -> list[tuple[str, str]]:
    """Return when a venue is open, a line for each sort of day, in the order people read it."""
    return [(str(day.label), hours_text(hours, day) or pgettext("venue", "closed")) for day in OpenDay]
