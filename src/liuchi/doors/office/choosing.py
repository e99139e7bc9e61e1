"""Fields by which people choose a day, an area or an organisation: typed in words, suggested by the browser."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.organisations.models import Organisation
from liuchi.ground.organisations.queries import organisations
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import territory

#: The lists of suggestions that "office/suggestions.html" puts into a page, once each.
BODIES = "bodies"
Choices = list[tuple[str, list[tuple[str, str]]]]


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        said = {
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Choose a day, such as 2025-03-01."),
            **kwargs.pop("error_messages", {}),
        }
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=said, **kwargs)


class OrganisationField(forms.CharField):
    """An organisation in force, by its name, short name or code; cleans to the organisation, or to None."""

    def __init__(self, **kwargs: Any) -> None:
        said = {"required": gettext_lazy("Name the organisation."), **kwargs.pop("error_messages", {})}
        widget = forms.TextInput(attrs={"list": BODIES, "autocomplete": "off"})
        super().__init__(widget=widget, error_messages=said, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the organisation that was named."""
        words = str(super().clean(value) or "").replace("\0", "").strip()
        if not words:
            return None
        found = list(organisations().filter(Q(name=words) | Q(short_name=words) | Q(code=words))[:5])
        exact = [each for each in found if words in (each.name, each.code)] or found
        if not exact:
            raise ValidationError(_("There is no organisation of this name. Choose one of those suggested."))
        if len(exact) > 1:
            codes = "、".join(each.code for each in exact)
            raise ValidationError(_("Several have this name. Give a code: %(codes)s") % {"codes": codes})
        return exact[0]


class AreaField(forms.ChoiceField):
    """An area in force, in groups by street; cleans to its id, or to None."""

    def __init__(self, *, kinds: Collection[str] = (), **kwargs: Any) -> None:
        self.kinds = kinds
        said = {
            "required": gettext_lazy("Choose an area."),
            "invalid_choice": gettext_lazy("Choose one of these areas."),
            **kwargs.pop("error_messages", {}),
        }
        super().__init__(choices=[], error_messages=said, **kwargs)

    def offer(self, within: Iterable[UUID] | None = None) -> None:
        """Offer the areas in force, those of `within` when given."""
        self.choices = [("", _("Choose an area")), *area_choices(self.kinds, within)]

    def clean(self, value: Any) -> Any:
        """Return the id of the area chosen."""
        chosen = super().clean(value)
        return UUID(str(chosen)) if chosen else None


def area_choices(kinds: Collection[str] = (), within: Iterable[UUID] | None = None) -> Choices:
    """Return areas of these kinds (district, towns and communities unless named) in groups by street or town."""
    wanted = kinds or (AreaKind.DISTRICT, AreaKind.TOWN, AreaKind.COMMUNITY)
    known, allowed = territory(), None if within is None else frozenset(within)
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in sorted(known.areas.values(), key=lambda each: each.code):
        if area.kind not in wanted or not area.is_managed or (allowed is not None and area.id not in allowed):
            continue
        town = known.ancestor(area.id, AreaKind.TOWN)
        groups.setdefault(town.name if town else area.name, []).append((str(area.id), _spelled(area)))
    return list(groups.items())


def suggested_bodies() -> list[str]:
    """Return the names that fields for organisations suggest: bodies that stand above others or take part in work."""
    rows = organisations().exclude(kind__in=["party_group", "party_household"])
    return list(rows.order_by("name").values_list("name", flat=True))


def body_named(body: Organisation | None) -> str:
    """Return what a field for organisations shows for one."""
    return body.name if body is not None else ""


def day_in(text: str) -> date | None:
    """Return the day that an address names, or None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def uuid_in(text: str) -> UUID | None:
    """Return the id that an address names, or None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _spelled(area: Area) -> str:
    indent = {AreaKind.COMMUNITY: "　", AreaKind.GRID: "　　"}.get(AreaKind(area.kind), "")
    return f"{indent}{area.name}"
