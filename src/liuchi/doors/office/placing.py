"""Choosing a place in forms and lists: areas within somebody's reach, and positions in any of the three systems."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.territory.coordinates import CoordinateSystem, Position, convert
from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import territory

SYSTEMS: tuple[tuple[str, str | Promise], ...] = (
    (CoordinateSystem.CGCS2000, gettext_lazy("CGCS2000, WGS-84, Tianditu, GPS")),
    (CoordinateSystem.GCJ02, gettext_lazy("GCJ-02 (AMap, Tencent)")),
    (CoordinateSystem.BD09, gettext_lazy("BD-09 (Baidu)")),
)
LONGEST_WORDS = 60
_STORED = CoordinateSystem.CGCS2000


@dataclass(frozen=True)
class AreaChoice:
    """An area to choose in a list of filters; communities stand indented under their town."""

    id: UUID
    label: str


def areas_to_choose(
    viewer: Viewer, power: str, kinds: Iterable[str] = (AreaKind.TOWN, AreaKind.COMMUNITY)
) -> list[AreaChoice]:
    """Return the towns and communities in which a viewer holds `power`, in the order of their codes."""
    known, reach, wanted = territory(), viewer.areas(power), set(kinds)
    areas = [known.areas[each] for each in reach if each in known.areas and known.areas[each].kind in wanted]
    return [AreaChoice(area.id, _label(area)) for area in sorted(areas, key=lambda area: area.code)]


def uuid_in(text: str) -> UUID | None:
    """Return the id a text spells, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def words_in(text: str) -> str:
    """Return words to search for as far as they are taken."""
    return text.replace("\0", "").strip()[:LONGEST_WORDS]


def address_of(query: Mapping[str, str], names: Iterable[str], **changes: str) -> str:
    """Return the query string of a list, with `changes`; empty values and unknown names are left out."""
    wanted = {name: query.get(name, "") for name in names} | changes
    return urlencode({name: value for name, value in wanted.items() if value})


def degrees_in(longitude: str, latitude: str) -> tuple[float, float] | None:
    """Return the position that two texts spell, or None."""
    try:
        found = convert(float(longitude), float(latitude), source=_STORED, target=_STORED)
    except ValueError:
        return None
    return found.lon, found.lat


class PositionForm(HouseForm):
    """A position, "longitude, latitude" as maps show it, and the system it comes in; it is stored as CGCS2000.

    A device that knows where it is fills the hidden fields (WGS-84); what is typed goes before.
    """

    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    position = PlainText(
        label=gettext_lazy("Position (longitude, latitude)"),
        required=False,
        longest=60,
        help_text=gettext_lazy("As copied from a map, for example 117.0436, 30.5255."),
    )
    system = forms.ChoiceField(label=gettext_lazy("The map it comes from"), choices=SYSTEMS, required=False)

    def clean(self) -> dict[str, object]:
        """Put the position into `longitude` and `latitude`, as stored; both None where none was given."""
        cleaned = super().clean() or self.cleaned_data
        text = str(cleaned.get("position") or "")
        taken = degrees_in(str(cleaned.get("longitude")), str(cleaned.get("latitude")))
        cleaned["longitude"], cleaned["latitude"] = taken or (None, None)
        if not text:
            return cleaned
        try:
            found = _position(text, str(cleaned.get("system") or _STORED))
        except ValueError:
            self.add_error("position", _("Give longitude and latitude in degrees, for example 117.0436, 30.5255."))
            return cleaned
        cleaned["longitude"], cleaned["latitude"] = round(found.lon, 7), round(found.lat, 7)
        return cleaned

    def refuse(self, error: RuleBroken) -> None:
        """Show a refusal beside the field it names; one about a hidden field beside the position."""
        shown = "position" if error.field in {"longitude", "latitude", "area_id"} else error.field
        self.add_error(shown if shown in self.fields else None, str(error))


def position_text(longitude: float | None, latitude: float | None) -> str:
    """Return a stored position as the form shows it."""
    return "" if longitude is None or latitude is None else f"{longitude}, {latitude}"


def _position(text: str, system: str) -> Position:
    lon, lat = (float(part) for part in text.replace("，", ",").split(","))
    return convert(lon, lat, source=CoordinateSystem(system), target=_STORED)


def _label(area: Area) -> str:
    return area.name if area.kind == AreaKind.TOWN else f"\u3000{area.name}"
