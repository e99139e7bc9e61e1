"""Changes of the ground: a boundary redrawn, an area split, areas merged. What stood in them follows by reactions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.changing import Change, begin_change, finish_change
from liuchi.ground.territory.ending import Part
from liuchi.ground.territory.following import at_midnight
from liuchi.ground.territory.kinds import AREA_REDRAWN, AREA_SPLIT, AREAS_MERGED
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.plans import plan_merger, plan_redraw, plan_split


@action
def redraw_boundary(*, by: Actor, shapes: Mapping[UUID, Mapping[str, Any]], on: date, document: str = "") -> int:
    """Give areas another boundary from a day on; a line between neighbours moves for both at once. Return the edition.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`.
        ShapeRefused: a polygon is not closed or not valid. Gaps and overlaps are told by `check_boundaries`.
    """
    change = begin_change(by=by, areas=shapes, on=on, document=document)
    plan_redraw(change, shapes)
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
    made = plan_split(change, area_id, parts)
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
    made = plan_merger(change, wanted, name=name, code=code, official_name=official_name)
    _finish(change, AREAS_MERGED, made.id, changed=wanted, into=[made.id])
    return made


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
