"""Forms of the section for access; where they need choices of the place, they are given the viewer."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.hats import role_words
from liuchi.ground.access.actions.passwords import RESET_REASONS
from liuchi.ground.access.models import CloseReason, Finding, RevokeReason, Role
from liuchi.ground.access.powers import FOR_GLASS, GRANT_PURPOSES, NOT_FOR_KEYS, POWERS
from liuchi.ground.access.purposes import READ_PURPOSES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.exchange.purposes import PURPOSES as EXPORT_PURPOSES
from liuchi.ground.organisations.queries import organisations
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

_RESETS = dict(
    zip(
        RESET_REASONS,
        (_("forgotten"), _("somebody else may know it"), _("handed over to its owner")),
        strict=True,
    )
)
#: What reads of protected data are called; a kind that is not named here is shown by its code.
READ_KINDS = {
    "access.revealed": _("looked at"),
    "access.looked_up": _("looked for"),
    "exchange.exported": _("taken out"),
    "records.data_gathered": _("everything put together"),
}
_DAY = forms.DateInput(attrs={"type": "date"})


def area_choices(viewer: Viewer, power: str, *, grids: bool = False) -> list[tuple[str, str]]:
    """Return the areas in which `viewer` holds `power`, from the district down, as ids and names with the way there."""
    known, reach = territory(), viewer.areas(power)
    kinds = (AreaKind.DISTRICT, AreaKind.TOWN, AreaKind.COMMUNITY, *((AreaKind.GRID,) if grids else ()))
    rows = [area for kind in kinds for area in known.of_kind(kind) if area.id in reach]
    rows.sort(key=lambda area: area.code)
    return [(str(area.id), " / ".join(each.name for each in known.path(area.id)[-2:])) for area in rows]


def start_of(day: date | None) -> datetime | None:
    """Return the first moment of a day in China's time."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day is not None else None


class SearchForm(HouseForm):
    """Words to look for."""

    q = PlainText(label=_("User name or name"), required=False, longest=40)


class NewAccountForm(HouseForm):
    """Opening an account for somebody who holds a post."""

    person = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect)
    username = PlainText(label=_("User name"), longest=40, help_text=_("3 to 40 small letters, digits, . - _"))

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(people)  # type: ignore[attr-defined]


class CloseForm(HouseForm):
    """Closing an account for good."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[each for each in CloseReason.choices if each[0] != CloseReason.ERASED],
        widget=forms.RadioSelect,
    )


class ResetForm(HouseForm):
    """Setting a temporary password."""

    reason = forms.ChoiceField(label=_("Why"), choices=list(_RESETS.items()), widget=forms.RadioSelect)


class GrantForm(HouseForm):
    """Giving a role."""

    role = forms.ChoiceField(label=_("Role"))
    area = forms.ChoiceField(label=_("Area, and everything below it"))
    organisation = forms.ChoiceField(label=_("In which unit"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose of the grant"), choices=list(GRANT_PURPOSES.items()))
    valid_to = forms.DateField(
        label=_("Until"), required=False, widget=_DAY, help_text=_("the day on which it is over")
    )
    reason = PlainText(label=_("Why"), longest=200, help_text=_("document or appointment"))

    def __init__(self, *args: Any, viewer: Viewer, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(str(each.id), each.name) for each in organisations()]
        choices: dict[str, list[tuple[str, str]]] = {
            "role": [("", "—"), *((role.code, role_words(role.code, role.name)) for role in roles)],
            "area": area_choices(viewer, "access.grants", grids=True),
            "organisation": [("", "—"), *units],
        }
        for name, wanted in choices.items():
            self.fields[name].choices = wanted  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """Return what the action takes, without the account."""
        given = self.cleaned_data
        return {
            "role": given["role"],
            "area_id": UUID(given["area"]),
            "organisation_id": UUID(given["organisation"]) if given["organisation"] else None,
            "purpose": given["purpose"],
            "reason": given["reason"],
            "valid_to": start_of(given["valid_to"]),
        }


class EndGrantForm(HouseForm):
    """Ending a grant now."""

    reason = PlainText(label=_("Why"), longest=200)


class RoleForm(HouseForm):
    """What a role is called and may do."""

    code = PlainText(label=_("Code"), longest=40, help_text=_("small letters, digits and underscores"))
    name = PlainText(label=_("Name"), longest=40)
    powers = forms.MultipleChoiceField(
        label=_("Powers"), choices=list(POWERS.items()), widget=forms.CheckboxSelectMultiple
    )
    reason = PlainText(label=_("Why"), longest=200)


class KeyForm(HouseForm):
    """A key for another system."""

    name = PlainText(label=_("Name"), longest=60, help_text=_("which system, for what"))
    owner = PlainText(label=_("User name of the account that answers for it"), longest=60)
    powers = forms.MultipleChoiceField(
        label=_("What it opens"),
        choices=[(code, label) for code, label in POWERS.items() if code not in NOT_FOR_KEYS],
        widget=forms.CheckboxSelectMultiple,
    )
    area = forms.ChoiceField(label=_("Area, and everything below it"))
    networks = PlainText(label=_("Only from these networks"), required=False, rows=2, help_text=_("one a line"))
    expires_on = forms.DateField(label=_("Until"), widget=_DAY)
    reason = PlainText(label=_("Why"), longest=200, help_text=_("the agreement"))

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(viewer, "access.keys")  # type: ignore[attr-defined]


class RevokeForm(HouseForm):
    """Revoking a key."""

    reason = forms.ChoiceField(label=_("Why"), choices=RevokeReason.choices, widget=forms.RadioSelect)


class ExchangeForm(HouseForm):
    """Exchanging a key for a new one."""

    hours = forms.TypedChoiceField(
        label=_("How long the old key still opens"),
        coerce=int,
        initial=24,
        choices=(
            (0, _("not at all: it leaked")),
            (1, _("one hour")),
            (24, _("one day")),
            (72, _("three days")),
            (168, _("seven days")),
        ),
        widget=forms.RadioSelect,
    )


class ReadsForm(HouseForm):
    """What the read log is narrowed to."""

    username = PlainText(label=_("Read by (user name)"), required=False, longest=60, widget=forms.TextInput())
    person = forms.UUIDField(
        label=_("About (number of the record)"),
        required=False,
        error_messages={"invalid": _("Copy the number from the person's page or from the request.")},
    )
    kind = forms.ChoiceField(label=_("What was done"), required=False, choices=[("", _("all")), *READ_KINDS.items()])
    #: Not "purpose": that is what the file of an export is needed for.
    what_for = forms.ChoiceField(
        label=_("What for?"),
        required=False,
        choices=[("", _("all")), *READ_PURPOSES.items(), *EXPORT_PURPOSES.items()],
    )
    since = forms.DateField(label=_("From"), required=False, widget=_DAY)
    until = forms.DateField(label=_("To"), required=False, widget=_DAY)


class GlassForm(HouseForm):
    """Breaking the glass."""

    area = forms.ChoiceField(label=_("Where"))
    powers = forms.MultipleChoiceField(
        label=_("What you need to see"),
        choices=[(code, POWERS[code]) for code in FOR_GLASS],
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(15, _("15 minutes")), (30, _("30 minutes")), (60, _("60 minutes"))],
        initial=30,
        widget=forms.RadioSelect,
    )
    reason = PlainText(label=_("What is the emergency?"), longest=500, rows=3)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(viewer, "access.break_glass", grids=True)  # type: ignore[attr-defined]


class ReviewForm(HouseForm):
    """What looking at broken glass found."""

    finding = forms.ChoiceField(label=_("Finding"), choices=Finding.choices, widget=forms.RadioSelect)
    text = PlainText(label=_("In words"), longest=1000, rows=3)


class ExplainForm(HouseForm):
    """Who, and what."""

    who = PlainText(label=_("User name"), longest=60)
    what = PlainText(
        label=_("What"), longest=200, help_text=_("an address (/office/…), a case number, or cases.see@990803001")
    )
