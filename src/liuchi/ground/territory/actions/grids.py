"""Opening and closing areas one at a time, and the norms of size."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory.changing import (
    POWER,
    ChangeRefused,
    begin_change,
    finish_change,
)
from liuchi.ground.territory.following import at_midnight
from liuchi.ground.territory.kinds import AREA_CLOSED, AREA_OPENED, NORM_SET
from liuchi.ground.territory.models import GRID_KINDS, Area, GridNorm
from liuchi.ground.territory.models.area import LONGEST_DOCUMENT
from liuchi.ground.territory.plans import plan_closing, plan_opening


@action
def open_area(
    *,
    by: Actor,
    kind: str,
    parent_id: UUID,
    name: str,
    on: date,
    code: str = "",
    label_kind: str = "",
    geometry: Mapping[str, Any] | None = None,
) -> Area:
    """Begin an area under another on a day: a grid, a micro-unit, a household group, a special grid, a community.

    Without `code` it gets the next free one.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; a parent that it cannot stand under.
        ShapeRefused: the polygon is not closed or not valid.
        CodeRefused: the code is none for an area of this kind here.
    """
    change = begin_change(by=by, areas=[], on=on)
    area = plan_opening(
        change, kind=kind, parent_id=parent_id, name=name, code=code, label_kind=label_kind, geometry=geometry
    )
    record(
        kind=AREA_OPENED,
        by=by,
        subject_type="territory.area",
        subject_id=area.id,
        place_id=parent_id,
        data={"on": on, "edition": finish_change(change)},
    )
    return area


@action
def close_area(*, by: Actor, area_id: UUID, on: date, document: str = "") -> None:
    """End an area on a day, with nothing in its place. A standard grid cannot end so: its ground would be nobody's.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; something stands below it, or it is a standard grid with a
            boundary (merge it instead).
    """
    change = begin_change(by=by, areas=[area_id], on=on, document=document)
    plan_closing(change, area_id)
    edition = finish_change(change)
    at_midnight(on)
    record(
        kind=AREA_CLOSED,
        by=by,
        subject_type="territory.area",
        subject_id=area_id,
        place_id=area_id,
        data={"on": on, "changed": [area_id], "into": [], "edition": edition},
    )


@action
def set_norm(*, by: Actor, kind: str, least: int, most: int, document: str, on: date) -> GridNorm | None:
    """Set how many households a kind of grid should have from a day on; return the norm, None when it is so already.

    Raises:
        NotAllowed: the actor may not change the territory.
        ChangeRefused: no kind of grid, `most` below `least`, or a day before the norm in force began.
    """
    if not by.allows(POWER):
        raise NotAllowed(_("You may not change the territory."))
    if kind not in GRID_KINDS:
        raise ChangeRefused(_("Norms are set for grids."), field="kind")
    if not 0 <= least <= most:
        raise ChangeRefused(_("The larger number cannot be below the smaller one."), field="most")
    present = GridNorm.objects.select_for_update(of=("self",)).filter(kind=kind, valid_to=None).first()
    if present is not None and (present.least, present.most) == (least, most):
        return None
    norm = GridNorm(kind=kind, least=least, most=most, document=document.strip()[:LONGEST_DOCUMENT], valid_from=on)
    if present is not None:
        if on <= present.valid_from:
            raise ChangeRefused(
                _("A norm holds since %(day)s; choose a later day.") % {"day": present.valid_from}, field="on"
            )
        present.valid_to = on
        present.save(update_fields=["valid_to"])
    record(
        kind=NORM_SET,
        by=by,
        subject_type="territory.norm",
        subject_id=norm.id,
        data={"kind": kind, "least": least, "most": most, "on": on},
        rows=[norm],
    )
    return norm
