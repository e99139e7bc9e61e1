"""One form per change of an area: its inputs, what it would do, and the action it calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.doors.office.territory.fields import DayField, PointField, Shape, ShapesField
from liuchi.doors.ui.forms import HouseForm, PlainText
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.actions import (
    Part,
    close_area,
    merge_areas,
    move_area,
    open_area,
    recode_area,
    redraw_boundary,
    rename_area,
    split_area,
)
from liuchi.ground.territory.changing import Change
from liuchi.ground.territory.cutting import cut_along
from liuchi.ground.territory.models import GRID_KINDS, Area, AreaKind
from liuchi.ground.territory.plans import (
    plan_closing,
    plan_merger,
    plan_move,
    plan_opening,
    plan_recode,
    plan_redraw,
    plan_rename,
    plan_split,
)
from liuchi.ground.territory.queries import boundaries, territory, today
from liuchi.ground.territory.snapshot import Territory
from liuchi.ground.territory.storeys import ABOVE

_NUMERALS = "一二三四五六七八九十"
_STANDING = frozenset({AreaKind.TOWN, AreaKind.COMMUNITY, *GRID_KINDS})


class ChangeForm(HouseForm):
    """What every change asks for: from which day, and by which document. `area` is the one that changes."""

    on = DayField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("A day past or to come. What is dated to come takes effect at midnight, by itself."),
    )
    document = PlainText(label=gettext_lazy("By which document"), required=False, longest=120)
    field_order: Sequence[str] | None = None

    def __init__(self, *args: Any, area: Area, known: Territory | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area, self.known = area, known or territory()
        self.order_fields([name for name in self.fields if name not in ("on", "document")])
        self.fields["on"].initial = today()
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the area."""

    def involved(self) -> list[UUID]:
        """Return the areas that change."""
        return [self.area.id]

    def plan(self, change: Change) -> None:
        """Work out what the change would do, for the preview; each form its own."""
        del change

    def act(self, by: Actor) -> UUID:
        """Make the change, each form its own; return the area to show afterwards."""
        del by
        return self.area.id

    def asked(self) -> dict[str, Any]:
        """Return the day and the document, as every action takes them."""
        return {"on": self.cleaned_data["on"], "document": self.cleaned_data["document"]}


class RenameForm(ChangeForm):
    """Another name, for an area that goes on."""

    name = PlainText(label=gettext_lazy("Name"), longest=40)
    official_name = PlainText(label=gettext_lazy("Official name"), required=False, longest=60)
    label_kind = PlainText(
        label=gettext_lazy("What it is called here"),
        required=False,
        longest=10,
        help_text=gettext_lazy("Such as 街道, 镇, 社区, 村: when a village becomes a community, change it here."),
    )

    def prepare(self) -> None:
        """Begin with what it is called."""
        for name in ("name", "official_name", "label_kind"):
            self.fields[name].initial = getattr(self.area, name)

    def _facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "official_name", "label_kind")}

    def plan(self, change: Change) -> None:
        """Plan the new name."""
        plan_rename(change, self.area.id, **self._facts())

    def act(self, by: Actor) -> UUID:
        """Rename."""
        rename_area(by=by, area_id=self.area.id, **self._facts(), **self.asked())
        return self.area.id


class RecodeForm(ChangeForm):
    """Another code, for an area that goes on."""

    code = PlainText(label=gettext_lazy("Code"), longest=20)
    below = forms.BooleanField(
        label=gettext_lazy("Codes below that begin with the old one follow"), required=False, initial=True
    )

    def prepare(self) -> None:
        """Begin with the code it bears."""
        self.fields["code"].initial = self.area.code

    def plan(self, change: Change) -> None:
        """Plan the new codes."""
        plan_recode(change, self.area.id, code=self.cleaned_data["code"], below=self.cleaned_data["below"])

    def act(self, by: Actor) -> UUID:
        """Recode."""
        given = self.cleaned_data
        recode_area(by=by, area_id=self.area.id, code=given["code"], below=given["below"], **self.asked())
        return self.area.id


class MoveForm(ChangeForm):
    """Another area above it."""

    manager = forms.ChoiceField(
        label=gettext_lazy("Managed by"), error_messages={"required": gettext_lazy("Choose an area.")}
    )
    in_statistics = forms.BooleanField(
        label=gettext_lazy("It belongs there in statistics too"),
        required=False,
        help_text=gettext_lazy("Otherwise the statistical division stays as it is."),
    )

    def prepare(self) -> None:
        """Offer the areas that may stand above it."""
        present = self.known.parent_id(self.area)
        offered = [area for kind in ABOVE[self.area.kind] for area in self.known.of_kind(kind) if area.id != present]
        choices = [("", _("Choose an area"))] + [(str(area.id), _where(self.known, area)) for area in offered]
        self.fields["manager"].choices = choices  # type: ignore[attr-defined]

    def _facts(self) -> dict[str, Any]:
        manager = UUID(self.cleaned_data["manager"])
        return {"manager_id": manager} | (
            {"statistical_parent_id": manager} if self.cleaned_data["in_statistics"] else {}
        )

    def plan(self, change: Change) -> None:
        """Plan the move."""
        plan_move(change, self.area.id, **self._facts())

    def act(self, by: Actor) -> UUID:
        """Move."""
        move_area(by=by, area_id=self.area.id, **self._facts(), **self.asked())
        return self.area.id


class RedrawForm(ChangeForm):
    """Another boundary, of this area and of neighbours together."""

    geometry = ShapesField(
        label=gettext_lazy("Polygon (GeoJSON, CGCS2000)"),
        help_text=gettext_lazy(
            "A line between neighbours moves for both: give a collection whose features name each area by its code."
        ),
    )

    def _shapes(self) -> dict[UUID, Mapping[str, Any]]:
        by_code = {area.code: area.id for area in self.known.areas.values()}
        shapes: Sequence[Shape] = self.cleaned_data["geometry"]
        return {by_code.get(each.code, self.area.id): each.geometry for each in shapes}

    def involved(self) -> list[UUID]:
        """Return the areas that get another boundary."""
        return list(self._shapes())

    def plan(self, change: Change) -> None:
        """Plan the new boundaries."""
        plan_redraw(change, self._shapes())

    def act(self, by: Actor) -> UUID:
        """Redraw."""
        redraw_boundary(by=by, shapes=self._shapes(), **self.asked())
        return self.area.id


class SplitForm(ChangeForm):
    """Two or more areas in place of one: cut along a straight line, or as drawn."""

    start = PointField(
        label=gettext_lazy("First point of the line"),
        required=False,
        help_text=gettext_lazy("Longitude, latitude in CGCS2000 degrees. The line goes on beyond both points."),
    )
    end = PointField(label=gettext_lazy("Second point of the line"), required=False)
    geometry = ShapesField(
        label=gettext_lazy("Or the parts as polygons (GeoJSON)"),
        required=False,
        help_text=gettext_lazy("Together they have to fill the area; names and codes of the features are taken over."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a line or for polygons."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("geometry") and not (given.get("start") and given.get("end")):
            self.add_error("start", _("Give two points, or the parts as polygons."))
        return given

    def parts(self) -> list[Part]:
        """Return the parts with the names and codes given in the preview, else the next ones."""
        given = self.cleaned_data
        shapes: list[Shape] = list(given["geometry"])
        if not shapes:
            present = boundaries([self.area.id], given["on"])
            shapes = [Shape(each) for each in cut_along(present[self.area.id], given["start"], given["end"])]
        return [
            Part(
                self._told("name", number) or shape.name or f"{self.area.name}{_numeral(number)}",
                shape.geometry,
                self._told("code", number) or shape.code,
            )
            for number, shape in enumerate(shapes, start=1)
        ]

    def _told(self, what: str, number: int) -> str:
        return str(self.data.get(f"part-{number}-{what}", "")).replace("\0", "").strip()

    def plan(self, change: Change) -> None:
        """Plan the parts."""
        plan_split(change, self.area.id, self.parts())

    def act(self, by: Actor) -> UUID:
        """Split; the area that stood above shows the parts."""
        split_area(by=by, area_id=self.area.id, parts=self.parts(), **self.asked())
        return self.known.parent_id(self.area) or self.area.id


class MergeForm(ChangeForm):
    """One area in place of this one and others beside it."""

    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Merge with"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one area.")},
    )
    name = PlainText(label=gettext_lazy("Name of the new area"), longest=40)
    code = PlainText(
        label=gettext_lazy("Code"), required=False, longest=20, help_text=gettext_lazy("Empty: the next free one.")
    )

    def prepare(self) -> None:
        """Offer the areas of this kind under the same area."""
        parent = self.known.parent_id(self.area)
        beside = [
            each
            for each in self.known.children.get(parent, ())
            if each.kind == self.area.kind and each.id != self.area.id
        ]
        self.fields["areas"].choices = [(str(each.id), f"{each.name} {each.code}") for each in beside]  # type: ignore[attr-defined]
        self.fields["name"].initial = self.area.name

    def involved(self) -> list[UUID]:
        """Return this area and those chosen."""
        return [self.area.id, *(UUID(each) for each in self.cleaned_data["areas"])]

    def plan(self, change: Change) -> None:
        """Plan the merger."""
        plan_merger(change, self.involved(), name=self.cleaned_data["name"], code=self.cleaned_data["code"])

    def act(self, by: Actor) -> UUID:
        """Merge; the new area shows."""
        given = self.cleaned_data
        made = merge_areas(by=by, area_ids=self.involved(), name=given["name"], code=given["code"], **self.asked())
        return made.id


class OpenForm(ChangeForm):
    """A new area below this one."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    name = PlainText(label=gettext_lazy("Name"), longest=40)
    code = PlainText(
        label=gettext_lazy("Code"), required=False, longest=20, help_text=gettext_lazy("Empty: the next free one.")
    )
    geometry = ShapesField(label=gettext_lazy("Polygon (GeoJSON, CGCS2000)"), required=False)

    def prepare(self) -> None:
        """Offer the kinds that may stand below it."""
        kinds = [AreaKind(kind) for kind, above in ABOVE.items() if self.area.kind in above]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        del self.fields["document"]

    def _facts(self) -> dict[str, Any]:
        given = self.cleaned_data
        shapes: Sequence[Shape] = given["geometry"]
        return {
            "kind": given["kind"],
            "parent_id": self.area.id,
            "name": given["name"],
            "code": given["code"],
            "geometry": shapes[0].geometry if shapes else None,
        }

    def involved(self) -> list[UUID]:
        """Return nothing: only something new begins."""
        return []

    def plan(self, change: Change) -> None:
        """Plan the new area."""
        plan_opening(change, **self._facts())

    def act(self, by: Actor) -> UUID:
        """Open."""
        open_area(by=by, on=self.cleaned_data["on"], **self._facts())
        return self.area.id


class CloseForm(ChangeForm):
    """The end of an area with nothing in its place."""

    def plan(self, change: Change) -> None:
        """Plan the end."""
        plan_closing(change, self.area.id)

    def act(self, by: Actor) -> UUID:
        """Close; what stood above it shows."""
        close_area(by=by, area_id=self.area.id, **self.asked())
        return self.known.parent_id(self.area) or self.area.id


@dataclass(frozen=True)
class ChangeKind:
    """A change as the page offers it: name in the address, what the button says, for which kinds of areas, its form."""

    name: str
    label: Promise
    kinds: frozenset[str]
    form: type[ChangeForm]
    is_back: bool = False


CHANGES: Final[Mapping[str, ChangeKind]] = {
    each.name: each
    for each in (
        ChangeKind("rename", gettext_lazy("Rename"), frozenset(AreaKind.values), RenameForm),
        ChangeKind("recode", gettext_lazy("Change the code"), frozenset(AreaKind.values), RecodeForm),
        ChangeKind("move", gettext_lazy("Put under another area"), _STANDING, MoveForm),
        ChangeKind("redraw", gettext_lazy("Redraw the boundary"), _STANDING | {AreaKind.DISTRICT}, RedrawForm),
        ChangeKind("split", gettext_lazy("Split"), _STANDING - {AreaKind.SPECIAL}, SplitForm),
        ChangeKind("merge", gettext_lazy("Merge"), _STANDING - {AreaKind.SPECIAL}, MergeForm),
        ChangeKind(
            "open",
            gettext_lazy("Open an area below it"),
            frozenset(above for kinds in ABOVE.values() for above in kinds) - {AreaKind.PROVINCE, AreaKind.CITY},
            OpenForm,
        ),
        ChangeKind("close", gettext_lazy("Close this area"), _STANDING, CloseForm, is_back=True),
    )
}


def _where(known: Territory, area: Area) -> str:
    return " · ".join(each.name for each in known.path(area.id) if each.kind not in ("province", "city"))


def _numeral(number: int) -> str:
    return _NUMERALS[number - 1] if number <= len(_NUMERALS) else str(number)
