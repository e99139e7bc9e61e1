"""What a resident types."""

import math
import re
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.doors.ui.numbers import SHAPE
from liuchi.ground.organisations.queries import units
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

_PHONE = re.compile(r"[0-9+() -]{5,24}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—－﹣", "-"))
GRADES = (
    ("5", gettext_lazy("very satisfied")),
    ("4", gettext_lazy("satisfied")),
    ("3", gettext_lazy("fair")),
    ("2", gettext_lazy("dissatisfied")),
    ("1", gettext_lazy("very dissatisfied")),
)


def communities() -> list[tuple[str, list[tuple[str, str]] | str]]:
    """Return the communities grouped by town, after an empty choice."""
    known = territory()
    grouped: list[tuple[str, list[tuple[str, str]] | str]] = [("", _("Not sure: leave it to us"))]
    for town in known.of_kind(AreaKind.TOWN):
        inside = [area for area in known.children.get(town.id, ()) if area.kind == AreaKind.COMMUNITY]
        if inside:
            grouped.append((town.name, [(str(area.id), area.name) for area in inside]))
    return grouped


def bodies() -> list[tuple[str, str]]:
    """Return the units that somebody may complain about, after an empty choice; what they are called is public."""
    return [
        ("", _("Not sure: leave it to us")),
        *((str(unit), name) for unit, name in units().values_list("id", "name")),
    ]


class ReportForm(HouseForm):
    """What somebody reports: words first; place and contact as far as they like; no category."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, widget=forms.HiddenInput)
    latitude = forms.CharField(required=False, widget=forms.HiddenInput)
    text = PlainText(
        label=gettext_lazy("What is it about?"),
        rows=5,
        error_messages={"required": gettext_lazy("Say in a few words what it is about.")},
        help_text=gettext_lazy("What, where, since when. One matter at a time; no need to choose a category."),
    )
    community = forms.ChoiceField(
        label=gettext_lazy("Which community or village?"), required=False, choices=communities
    )
    address = PlainText(
        label=gettext_lazy("Where exactly?"),
        required=False,
        longest=200,
        help_text=gettext_lazy("A house number, a crossing, or something that stands nearby."),
    )
    name = PlainText(
        label=gettext_lazy("How may we call you?"),
        required=False,
        longest=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PlainText(
        label=gettext_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    is_secret = forms.BooleanField(
        label=gettext_lazy("It is about a unit or its staff: keep it secret from them"), required=False
    )
    about_unit = forms.ChoiceField(
        label=gettext_lazy("Which unit?"),
        required=False,
        choices=bodies,
        help_text=gettext_lazy("It and everything under it will not see this report, nor that there is one."),
    )

    def clean_token(self) -> UUID:
        """Return the token of this submission; a page without one gets a fresh one."""
        try:
            return UUID(self.cleaned_data["token"])
        except ValueError:
            return uuid4()

    def clean_phone(self) -> str:
        """Return the phone as typed.

        Raises:
            ValidationError: when it holds something that is in no phone number.
        """
        phone = str(self.cleaned_data["phone"])
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Please check the number: digits, spaces, + and - only."))
        return phone

    def clean_longitude(self) -> float | None:
        """Return the longitude the browser gave, or None."""
        return _degrees(self.cleaned_data["longitude"], 180)

    def clean_latitude(self) -> float | None:
        """Return the latitude the browser gave, or None."""
        return _degrees(self.cleaned_data["latitude"], 90)

    def report(self) -> dict[str, Any]:
        """Return what the action takes."""
        given = self.cleaned_data
        text = given["text"]
        if given["about"] == "software":
            text = _("About this software: %(words)s") % {"words": text}
        return {
            "token": given["token"],
            "text": text,
            "longitude": given["longitude"],
            "latitude": given["latitude"],
            "area_id": UUID(given["community"]) if given["community"] else None,
            "address": given["address"],
            "name": given["name"],
            "phone": given["phone"],
            "is_secret": given["is_secret"] or bool(given["about_unit"]),
            "about_unit_id": UUID(given["about_unit"]) if given["about_unit"] else None,
        }


class EditForm(ReportForm):
    """What somebody changes of their report; contact and submission stay as they were."""

    token = about = name = phone = None  # type: ignore[assignment]

    def change(self) -> dict[str, Any]:
        """Return what the action takes; a place left out stays."""
        given = self.cleaned_data
        return {
            "text": given["text"],
            "longitude": given["longitude"],
            "latitude": given["latitude"],
            "area_id": UUID(given["community"]) if given["community"] else None,
            "address": given["address"],
        }


class OpenForm(HouseForm):
    """A case number and, where somebody has it, the receipt code."""

    number = PlainText(
        label=gettext_lazy("Case number"),
        longest=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "20241008-000123"}),
    )
    code = PlainText(
        label=gettext_lazy("Receipt code"),
        required=False,
        longest=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("Without the code you see what everybody may see."),
    )

    def clean_number(self) -> str:
        """Return the number without spaces.

        Raises:
            ValidationError: when it is no case number.
        """
        number = re.sub(r"\s", "", str(self.cleaned_data["number"])).translate(_DASHES)
        if re.fullmatch(r"[0-9]{14,20}", number):
            number = f"{number[:8]}-{number[8:]}"
        if not SHAPE.fullmatch(number):
            raise forms.ValidationError(_("A case number looks like 20241008-000123; it stands on your receipt."))
        return number


class RatingForm(HouseForm):
    """One of five grades, and words if somebody likes."""

    rating = forms.ChoiceField(
        label=gettext_lazy("How was it handled?"),
        choices=GRADES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the five grades.")},
    )
    text = PlainText(label=gettext_lazy("Anything to add?"), required=False, longest=2000, rows=3)


class ReopenForm(HouseForm):
    """Why it is not solved."""

    text = PlainText(
        label=gettext_lazy("What is still not solved?"),
        longest=2000,
        rows=3,
        error_messages={"required": gettext_lazy("Write a few words so that the others understand.")},
    )


def _degrees(text: str, most: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= most else None
