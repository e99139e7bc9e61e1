"""Changes of the ground: a boundary redrawn, an area split, areas merged. What stood in them follows by reactions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.changing import (
    Change,
    ChangeRefused,
    begin_change,
    boundary_of,
    change_boundary,
    finish_change,
    hold,
    note_succession,
)
from liuchi.ground.territory.cutting import is_one_piece, joined, require_sound
from liuchi.ground.territory.ending import Part, end_into, end_into_parts
from liuchi.ground.territory.following import at_midnight
from liuchi.ground.territory.kinds import AREA_REDRAWN, AREA_SPLIT, AREAS_MERGED
from liuchi.ground.territory.models import Area, AreaKind, SuccessionKind


@action
def redraw_boundary(*, by: Actor, shapes: Mapping[UUID, Mapping[str, Any]], on: date, document: str = "") -> int:
    """Give areas another boundary from a day on; a line between neighbours moves for both at once. Return the edition.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`.
        ShapeRefused: a polygon is not closed or not valid. Gaps and overlaps are told by `check_boundaries`.
    """
    if not shapes:
        raise ChangeRefused(_("Give at least one boundary."), field="geometry")
    change = begin_change(by=by, areas=shapes, on=on, document=document)
    for area_id, geometry in shapes.items():
        held = hold(change, area_id)
        require_sound(geometry, held.name)
        change_boundary(change, area_id, geometry)
        note_succession(change, SuccessionKind.REDRAWN, held.area)
    return _finish(change, AREA_REDRAWN, next(iter(shapes)), changed=list(shapes), into=list(shapes))


@action
def split_area(*, by: Actor, area_id: UUID, parts: Sequence[Part], on: date, document: str = "") -> list[Area]:
    """End an area on a day and begin its parts; return them in the order given.

    The parts tile the old boundary: no gap, no overlap, closed. What stands below goes to the part whose polygon holds
    it. Codes left out are the next free ones, in reading order of the parts (north to south, west to east).

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; fewer than two parts, or an area below that fits no part.
        ShapeRefused: the parts do not tile the boundary.
        CodeRefused: a code is none for an area of this kind here.
    """
    change = begin_change(by=by, areas=[area_id], on=on, document=document)
    if len(parts) < 2:
        raise ChangeRefused(_("Give at least two parts."), field="geometry")
    made = end_into_parts(change, area_id, parts)
    _finish(change, AREA_SPLIT, area_id, changed=[area_id], into=[area.id for area in made])
    return made


@action
def merge_areas(
    *,
    by: Actor,
    area_ids: Sequence[UUID],
    name: str,
    on: date,
    code: str = "",
    official_name: str = "",
    document: str = "",
) -> Area:
    """End neighbouring areas on a day and begin one in their place; return it.

    Without `code` it gets the next free one: for communities from 601 on (CJ/T 349-2010). What stands below any of them
    stands below it.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; fewer than two, of different kinds, under different areas,
            or grids that do not touch.
        CodeRefused: the code is none for an area of this kind here.
    """
    wanted = list(dict.fromkeys(area_ids))
    change = begin_change(by=by, areas=wanted, on=on, document=document)
    if len(wanted) < 2:
        raise ChangeRefused(_("Choose at least two areas."), field="areas")
    held = [hold(change, area_id) for area_id in wanted]
    if len({each.area.kind for each in held}) > 1:
        raise ChangeRefused(_("Only areas of one kind can be merged."), field="areas")
    if len({(each.management_parent_id, each.statistical_parent_id) for each in held}) > 1:
        raise ChangeRefused(_("Only areas under the same area can be merged; move one of them first."), field="areas")
    made = end_into(change, wanted, name=name, code=code, official_name=official_name, geometry=_together(change, held))
    _finish(change, AREAS_MERGED, made.id, changed=wanted, into=[made.id])
    return made


def _together(change: Change, held: Sequence[Any]) -> dict[str, Any] | None:
    """Return the common boundary; None where one of the areas has none."""
    boundaries = [boundary_of(change, each.area_id) for each in held]
    geometries = [boundary.geometry for boundary in boundaries if boundary is not None]
    if len(geometries) < len(held):
        return None
    union = joined(geometries)
    whole = all(is_one_piece(each) for each in geometries)
    if whole and held[0].area.kind in (AreaKind.GRID, AreaKind.MICRO, AreaKind.GROUP) and not is_one_piece(union):
        raise ChangeRefused(_("These grids do not touch one another."), field="areas")
    return union


def _finish(change: Change, kind: Kind, subject: UUID, *, changed: list[UUID], into: list[UUID]) -> int:
    edition = finish_change(change)
    at_midnight(change.on)
    record(
        kind=kind,
        by=change.by,
        subject_type="territory.area",
        subject_id=subject,
        place_id=changed[0],
        data={"on": change.on, "changed": changed, "into": into, "edition": edition},
    )
    return edition
