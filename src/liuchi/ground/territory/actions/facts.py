"""Changes after which an area goes on under its own id: another name, another code, another area above it."""

from datetime import date
from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.changing import Change, begin_change, finish_change
from liuchi.ground.territory.following import at_midnight
from liuchi.ground.territory.kinds import AREA_MOVED, AREA_RECODED, AREA_RENAMED
from liuchi.ground.territory.plans import plan_move, plan_recode, plan_rename


@action
def rename_area(
    *,
    by: Actor,
    area_id: UUID,
    name: str,
    on: date,
    official_name: str | None = None,
    label_kind: str | None = None,
    document: str = "",
) -> int:
    """Let an area bear another name from a day on; return the edition. What is left out stays as it is.

    `label_kind` is what such an area is called here (社区, 村, 镇): a village may become a community and keep its id.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; also an empty name, or one that is no other.
    """
    change = begin_change(by=by, areas=[area_id], on=on, document=document)
    plan_rename(change, area_id, name=name, official_name=official_name, label_kind=label_kind)
    return _finish(change, AREA_RENAMED, area_id)


@action
def recode_area(*, by: Actor, area_id: UUID, code: str, on: date, document: str = "", below: bool = True) -> int:
    """Let an area bear another code from a day on; with `below`, codes below that begin with the old one follow.

    Return the edition.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; a code that another area bears on that day.
        CodeRefused: it is no code for an area of this kind here.
    """
    change = begin_change(by=by, areas=[area_id], on=on, document=document)
    plan_recode(change, area_id, code=code, below=below)
    return _finish(change, AREA_RECODED, area_id)


@action
def move_area(
    *,
    by: Actor,
    area_id: UUID,
    manager_id: UUID,
    on: date,
    statistical_parent_id: UUID | None = None,
    document: str = "",
) -> int:
    """Put an area under another that manages it from a day on; its statistical parent stays unless one is given.

    Return the edition.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; a parent that is not in force that day or of no kind to
            stand above this one (a grid stands under a community, never under a town), or it stands there already.
    """
    change = begin_change(by=by, areas=[area_id], on=on, document=document)
    plan_move(change, area_id, manager_id=manager_id, statistical_parent_id=statistical_parent_id)
    return _finish(change, AREA_MOVED, area_id)


def _finish(change: Change, kind: Kind, area_id: UUID) -> int:
    edition = finish_change(change)
    at_midnight(change.on)
    record(
        kind=kind,
        by=change.by,
        subject_type="territory.area",
        subject_id=area_id,
        place_id=area_id,
        data={"on": change.on, "areas": len(change.successions), "edition": edition},
    )
    return edition
