"""Fields of this section: a day, a point on the ground, polygons pasted or sent as a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import PlainText

#: Characters of pasted polygons at most; a community drawn to the centimetre has some tens of thousands.
MOST_TEXT: Final = 2_000_000
_KINDS: Final = ("Polygon", "MultiPolygon")


class DayField(forms.DateField):
    """A day, chosen in the browser's calendar or typed as 2024-10-01."""

    def __init__(self, **kwargs: Any) -> None:
        said = {
            "required": gettext_lazy("Give a day."),
            "invalid": gettext_lazy("Give the day as year-month-day, such as 2024-10-01."),
        }
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], error_messages=said, **kwargs)


class PointField(PlainText):
    """A point as "longitude, latitude" in CGCS2000 degrees, as maps copy it; a comma of either width or a space."""

    def clean(self, value: Any) -> Any:
        """Return longitude and latitude, or None when left empty."""
        text = super().clean(value)
        if not text:
            return None
        parts = text.replace("，", " ").replace(",", " ").split()
        try:
            lon, lat = (float(part) for part in parts)
        except ValueError as error:
            raise ValidationError(_("Give longitude and latitude, such as 117.0436, 30.5255.")) from error
        if not (70 <= lon <= 140 and 0 <= lat <= 60):
            raise ValidationError(_("This point lies far away; were longitude and latitude exchanged?"))
        return lon, lat


@dataclass(frozen=True)
class Shape:
    """A polygon of a GeoJSON text, with the name and the code that its feature gives."""

    geometry: Mapping[str, Any]
    name: str = ""
    code: str = ""


class ShapesField(PlainText):
    """Polygons in GeoJSON: a geometry, a feature, or a collection of features."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(rows=6, longest=MOST_TEXT, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the polygons; empty when nothing was given."""
        text = super().clean(value)
        return shapes_in(text) if text else []


def shapes_in(text: str) -> list[Shape]:
    """Return the polygons of a GeoJSON text.

    Raises:
        ValidationError: it is none, or holds something else.
    """
    try:
        found = [_shape(each) for each in _features(json.loads(text))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValidationError(_("This is no GeoJSON with polygons.")) from error
    if not found:
        raise ValidationError(_("There is no polygon in it."))
    return found


def _features(data: Any) -> Sequence[Any]:
    if data["type"] == "FeatureCollection":
        return list(data["features"])
    return [data]


def _shape(data: Mapping[str, Any]) -> Shape:
    facts = (data.get("properties") or {}) if data["type"] == "Feature" else {}
    geometry = data["geometry"] if data["type"] == "Feature" else data
    if geometry["type"] not in _KINDS:
        raise ValueError(geometry["type"])
    coordinates = _flat(geometry["coordinates"], 2 if geometry["type"] == "Polygon" else 3)
    name, code = str(facts.get("name", facts.get("名称", ""))), str(facts.get("code", facts.get("代码", "")))
    return Shape({"type": geometry["type"], "coordinates": coordinates}, name.strip(), code.strip())


def _flat(coordinates: Any, depth: int) -> Any:
    """Return positions as pairs of numbers; heights are dropped."""
    if not isinstance(coordinates, list):
        raise TypeError
    if depth:
        return [_flat(each, depth - 1) for each in coordinates]
    return [float(coordinates[0]), float(coordinates[1])]
