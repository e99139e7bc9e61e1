"""Fields and words that the pages for people share: a day, a place within reach, where somebody lives."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import territory

Choices = list[tuple[str, Any]]


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        said = {"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Choose a day, such as 2025-03-01.")}
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=said, **kwargs)


class PlaceField(forms.ChoiceField):
    """A community or grid within the viewer's reach; cleans to its id, or None. With one grid only, it is chosen."""

    def offer(self, viewer: Viewer, power: str, first: str = "") -> None:
        """Offer the places where `viewer` holds `power`, under `first` when that is given."""
        groups = place_choices(viewer, power)
        only = [each for _name, group in groups for each in group]
        if len(only) == 1 and not first:
            self.choices, self.initial = only, only[0][0]
        else:
            self.choices = [("", first or _("Choose a place")), *groups]

    def clean(self, value: Any) -> Any:
        """Return the id of the place chosen."""
        chosen = super().clean(value)
        return UUID(str(chosen)) if chosen else None


def place_choices(viewer: Viewer, power: str) -> Choices:
    """Return communities as groups, each with itself (where within reach) and its grids."""
    known, reach = territory(), viewer.areas(power)
    groups: Choices = []
    for community in known.of_kind(AreaKind.COMMUNITY):
        grids = [each for each in known.children.get(community.id, ()) if each.id in reach]
        whole = [(str(community.id), community.name)] if community.id in reach else []
        offered = whole + [(str(each.id), f"\u3000{each.name}") for each in grids if each.kind == AreaKind.GRID]
        if offered:
            groups.append((community.name, offered))
    return groups


def place_words(area_id: UUID | None) -> str:
    """Return where somebody lives in words: community and grid; "" without a home in the district."""
    area = territory().areas.get(area_id) if area_id is not None else None
    if area is None:
        return ""
    community = territory().ancestor(area.id, AreaKind.COMMUNITY)
    return area.name if community is None or community.id == area.id else f"{community.name} · {area.name}"


def area_of(area_id: UUID | None) -> Area | None:
    """Return the area in force of this id, or None."""
    return territory().areas.get(area_id) if area_id is not None else None


def uuid_in(text: str) -> UUID | None:
    """Return the id that an address names, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
