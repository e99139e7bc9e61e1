"""Ending areas and beginning others in their place: codes for the new ones, and where the areas below go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from django.utils.translation import gettext as _

from liuchi.ground.territory.changing import (
    Change,
    ChangeRefused,
    boundary_of,
    change_facts,
    end_area,
    hold,
    new_area,
    note_succession,
)
from liuchi.ground.territory.codes import MERGED_FROM, CodeRefused, check_code, free_codes, reading_order
from liuchi.ground.territory.cutting import ShapeRefused, holds, require_sound, tiled
from liuchi.ground.territory.geometry import parsed_shape
from liuchi.ground.territory.models import Area, AreaKind, AreaVersion, Boundary, SuccessionKind
from liuchi.ground.territory.snapshot import Territory, in_force
from liuchi.ground.territory.wording import require_name

Geometry = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of an area that is split: its name, its polygon, and its code (the next free one when left out).

    `children` are areas below that go to this part although no polygon says so.
    """

    name: str
    geometry: Geometry | None = None
    code: str = ""
    official_name: str = ""
    children: frozenset[UUID] = frozenset()


def end_into_parts(change: Change, area_id: UUID, parts: Sequence[Part]) -> list[Area]:
    """End an area and begin its parts, which tile it; give each area below to the part that holds it.

    Raises:
        ChangeRefused, ShapeRefused, CodeRefused: see `actions.shapes.split_area`.
    """
    held, boundary = hold(change, area_id), boundary_of(change, area_id)
    geometries = fitted_parts(parts, boundary)
    codes = codes_of_parts(change.before, held, parts, geometries)
    below = _children(change, area_id)
    owners = {child.id: _owner(change, child, parts, geometries) for child in below}
    ended = end_area(change, area_id)
    made = [
        _successor(change, held, part.name, part.official_name, code, geometry)
        for part, code, geometry in zip(parts, codes, geometries, strict=True)
    ]
    for area in made:
        note_succession(change, SuccessionKind.SPLIT, ended, area)
    for child in below:
        _reparent(change, child, {area_id: made[owners[child.id]]})
    return made


def end_into(
    change: Change, area_ids: Sequence[UUID], *, name: str, code: str, official_name: str, geometry: Geometry | None
) -> Area:
    """End areas and begin one in their place, with everything below them.

    Raises:
        ChangeRefused, CodeRefused: see `actions.shapes.merge_areas`.
    """
    held = [hold(change, area_id) for area_id in area_ids]
    below = {child.id: child for area_id in area_ids for child in _children(change, area_id)}
    first = MERGED_FROM if held[0].area.kind == AreaKind.COMMUNITY else 1
    [chosen] = next_codes(change.before, held[0], 1, first=first) if not code else [code.strip()]
    _check_code(change.before, held[0], chosen)
    ended = [end_area(change, area_id) for area_id in area_ids]
    made = _successor(change, held[0], name, official_name, chosen, geometry)
    for area in ended:
        note_succession(change, SuccessionKind.MERGED, area, made)
    for child in below.values():
        _reparent(change, child, dict.fromkeys(area_ids, made))
    return made


def fitted_parts(parts: Sequence[Part], boundary: Boundary | None) -> list[Geometry | None]:
    """Return the polygons of the parts, tiling the boundary exactly.

    Raises:
        ShapeRefused: they do not, or one is missing.
    """
    given = [part.geometry for part in parts if part.geometry is not None]
    if boundary is None:
        for geometry in given:
            require_sound(geometry)
        return [part.geometry for part in parts]
    if len(given) < len(parts):
        raise ShapeRefused(_("Every part needs a polygon, since the area has a boundary."))
    return list(tiled(given, boundary.geometry))


def codes_of_parts(
    known: Territory, held: AreaVersion, parts: Sequence[Part], geometries: Sequence[Geometry | None]
) -> list[str]:
    """Return the codes of the parts: those given, and for the others the next free ones in reading order.

    Raises:
        CodeRefused: one is no code here, or stands twice.
    """
    open_parts = [number for number, part in enumerate(parts) if not part.code]
    free = next_codes(known, held, len(open_parts))
    codes = [part.code.strip() for part in parts]
    for place, number in enumerate(_in_reading_order(open_parts, geometries)):
        codes[number] = free[place]
    for code in codes:
        _check_code(known, held, code)
    if len(set(codes)) < len(codes):
        raise CodeRefused(_("Two parts have the same code."), field="code")
    return codes


def next_codes(known: Territory, like: AreaVersion, count: int, *, first: int = 1) -> list[str]:
    """Return the next free codes for areas beside `like`.

    Raises:
        CodeRefused: see `free_codes`.
    """
    parent = _parent_code(known, like)
    used = AreaVersion.objects.filter(code__startswith=parent or "").values_list("code", flat=True)
    return free_codes(like.area.kind, parent or "", set(used), count, first=first)


def _in_reading_order(numbers: Sequence[int], geometries: Sequence[Geometry | None]) -> list[int]:
    shapes = [parsed_shape(geometries[number] or _POINTLESS) for number in numbers]
    if not shapes or any(geometries[number] is None for number in numbers):
        return list(numbers)
    middles = [shapely.centroid(shape) for shape in shapes]
    height = sorted(shape.bounds[3] - shape.bounds[1] for shape in shapes)[len(shapes) // 2]
    order = reading_order([(middle.x, middle.y) for middle in middles], height)
    return [numbers[index] for index in order]


_POINTLESS: Geometry = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def _parent_code(known: Territory, held: AreaVersion) -> str | None:
    parent = known.areas.get(held.statistical_parent_id) if held.statistical_parent_id else None
    return parent.code if parent is not None else None


def _check_code(known: Territory, held: AreaVersion, code: str) -> None:
    check_code(held.area.kind, code, _parent_code(known, held))


def _successor(
    change: Change, held: AreaVersion, name: str, official_name: str, code: str, geometry: Geometry | None
) -> Area:
    return new_area(
        change,
        kind=held.area.kind,
        geometry=geometry,
        code=code,
        name=require_name(name),
        official_name=require_name(official_name, field="official_name") if official_name.strip() else "",
        label_kind=held.label_kind,
        statistical_parent_id=held.statistical_parent_id,
        management_parent_id=held.management_parent_id,
        is_managed=held.is_managed,
    )


def _children(change: Change, area_id: UUID) -> list[Area]:
    """Return the areas directly below one on the day, by either parent."""
    found = [
        area
        for area in change.before.areas.values()
        if area_id in (area.management_parent_id, area.statistical_parent_id)
    ]
    return sorted(found, key=lambda area: area.code)


def _owner(change: Change, child: Area, parts: Sequence[Part], geometries: Sequence[Geometry | None]) -> int:
    """Return the number of the part that an area below goes to."""
    named = next((number for number, part in enumerate(parts) if child.id in part.children), None)
    if named is not None:
        return named
    geometry = _geometry(child.id, change.on)
    if geometry is not None:
        for number, outer in enumerate(geometries):
            if outer is not None and holds(outer, geometry):
                return number
    raise ChangeRefused(
        _("%(name)s (%(code)s) lies in none of the parts as a whole. Split it first, or draw the parts around it.")
        % {"name": child.name, "code": child.code},
        field="geometry",
    )


def _geometry(area_id: UUID, on: date) -> Geometry | None:
    return Boundary.objects.filter(in_force(on), area_id=area_id).values_list("geometry", flat=True).first()


def _reparent(change: Change, child: Area, into: Mapping[UUID, Area]) -> None:
    """Put an area under the successor of whatever it stood under."""
    held = hold(change, child.id, on_first_day=True)
    facts = {
        name: into[parent].id
        for name in ("statistical_parent_id", "management_parent_id")
        if (parent := getattr(held, name)) in into
    }
    change_facts(change, child.id, **facts)
    note_succession(change, SuccessionKind.MOVED, held.area)
