"""Taking over drawn boundaries: for areas that are known, and for new grids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.boundaries_file import DrawnArea
from liuchi.ground.territory.changing import (
    Change,
    ChangeRefused,
    begin_change,
    boundary_of,
    change_boundary,
    finish_change,
    hold,
    new_area,
    note_succession,
    refuse_unless_allowed,
)
from liuchi.ground.territory.codes import check_code, free_codes, reading_order
from liuchi.ground.territory.cutting import require_sound
from liuchi.ground.territory.following import at_midnight
from liuchi.ground.territory.geometry import parsed_shape
from liuchi.ground.territory.kinds import BOUNDARIES_IMPORTED
from liuchi.ground.territory.models import Area, AreaVersion, SuccessionKind
from liuchi.ground.territory.storeys import refuse_below
from liuchi.ground.territory.wording import require_name


@dataclass
class BoundariesTaken:
    """What a file of boundaries changed: areas opened, drawn for the first time, redrawn; the rest was so already."""

    opened: list[Area] = field(default_factory=list)
    drawn: list[Area] = field(default_factory=list)
    redrawn: list[Area] = field(default_factory=list)
    unchanged: int = 0


@action
def import_boundaries(*, by: Actor, shapes: Iterable[DrawnArea], on: date, document: str = "") -> BoundariesTaken:
    """Give areas the boundaries of a file from a day on, and open the grids it names that are not known.

    A shape belongs to the area with its code, else to the one with its name under its parent. New grids without a code
    get the next free ones of their community in reading order: north to south, west to east. The same file again
    changes nothing. Gaps and overlaps are taken over and told by `check_boundaries`.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; a parent that is not known or of no fitting kind.
        ShapeRefused: a polygon is not closed or not valid.
        CodeRefused: a code is none for an area of this kind here.
    """
    change, taken = begin_change(by=by, areas=[], on=on, document=document), BoundariesTaken()
    by_code = {area.code: area for area in change.before.areas.values()}
    by_name = {(area.statistical_parent_id, area.name): area for area in change.before.areas.values()}
    fresh: list[tuple[DrawnArea, Area]] = []
    for shape in shapes:
        require_sound(shape.geometry, shape.name or shape.code)
        parent = by_code.get(shape.parent_code or shape.code[:12])
        known = by_code.get(shape.code) if shape.code else by_name.get((parent.id if parent else None, shape.name))
        if known is not None:
            _draw(change, taken, known, shape)
        elif parent is None:
            raise ChangeRefused(
                _("%(name)s: the area it belongs to is not known; give its code as parent.")
                % {"name": shape.name or shape.code}
            )
        else:
            fresh.append((shape, parent))
    _open(change, taken, fresh)
    if taken.opened or taken.drawn or taken.redrawn:
        _write(change, taken)
    return taken


def _draw(change: Change, taken: BoundariesTaken, area: Area, shape: DrawnArea) -> None:
    present = boundary_of(change, area.id)
    if present is not None and present.geometry == shape.geometry:
        taken.unchanged += 1
        return
    refuse_unless_allowed(change.by, [area.id])
    if present is None and change.on == area.valid_from:
        hold(change, area.id, on_first_day=True)
    change_boundary(change, area.id, shape.geometry)
    if present is None:
        taken.drawn.append(area)
    else:
        taken.redrawn.append(area)
        note_succession(change, SuccessionKind.REDRAWN, area)


def _open(change: Change, taken: BoundariesTaken, fresh: Sequence[tuple[DrawnArea, Area]]) -> None:
    refuse_unless_allowed(change.by, {parent.id for _shape, parent in fresh})
    siblings: dict[tuple[str, str], list[tuple[DrawnArea, Area]]] = {}
    for shape, parent in fresh:
        siblings.setdefault((parent.code, shape.kind), []).append((shape, parent))
    for own in siblings.values():
        for (shape, parent), code in zip(own, _codes(own), strict=True):
            refuse_below(Area(kind=shape.kind), parent)
            check_code(shape.kind, code, parent.code)
            taken.opened.append(
                new_area(
                    change,
                    kind=shape.kind,
                    geometry=shape.geometry,
                    code=code,
                    name=require_name(shape.name or code),
                    statistical_parent_id=parent.id,
                    management_parent_id=parent.id,
                    is_managed=parent.is_managed,
                )
            )


def _codes(own: Sequence[tuple[DrawnArea, Area]]) -> list[str]:
    """Return the codes of new areas under one parent: those given, else the next free ones in reading order."""
    codes = [shape.code for shape, _parent in own]
    waiting = [number for number, code in enumerate(codes) if not code]
    if not waiting:
        return codes
    parent = own[0][1].code
    used = set(AreaVersion.objects.filter(code__startswith=parent).values_list("code", flat=True)) | set(codes)
    bounds = [parsed_shape(own[number][0].geometry).bounds for number in waiting]
    middles = [((west + east) / 2, (south + north) / 2) for west, south, east, north in bounds]
    order = reading_order(middles, median(north - south for _, south, _, north in bounds))
    free = free_codes(own[waiting[0]][0].kind, parent, used, len(waiting))
    for code, place in zip(free, order, strict=True):
        codes[waiting[place]] = code
    return codes


def _write(change: Change, taken: BoundariesTaken) -> None:
    edition = finish_change(change)
    at_midnight(change.on)
    first = (taken.redrawn or taken.drawn or taken.opened)[0]
    record(
        kind=BOUNDARIES_IMPORTED,
        by=change.by,
        subject_type="territory.area",
        subject_id=first.id,
        place_id=first.management_parent_id or first.id,
        data={
            "on": change.on,
            "changed": [area.id for area in taken.redrawn],
            "into": [area.id for area in taken.redrawn],
            "edition": edition,
            "opened": len(taken.opened),
            "drawn": len(taken.drawn),
        },
    )
