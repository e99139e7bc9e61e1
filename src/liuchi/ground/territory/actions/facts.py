"""Changes after which an area goes on under its own id: another name, another code, another area above it."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.changing import (
    Change,
    ChangeRefused,
    begin_change,
    change_facts,
    finish_change,
    hold,
    note_succession,
    refuse_unless_allowed,
)
from liuchi.ground.territory.codes import check_code
from liuchi.ground.territory.kinds import AREA_MOVED, AREA_RECODED, AREA_RENAMED
from liuchi.ground.territory.models import SuccessionKind
from liuchi.ground.territory.storeys import refuse_below
from liuchi.ground.territory.wording import require_name


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
    held = hold(change, area_id)
    facts = {"name": require_name(name)}
    if official_name is not None:
        facts["official_name"] = require_name(official_name, field="official_name") if official_name.strip() else ""
    if label_kind is not None:
        facts["label_kind"] = label_kind.strip()[:10]
    if all(getattr(held, key) == value for key, value in facts.items()):
        raise ChangeRefused(_("It bears this name already."), field="name")
    change_facts(change, area_id, **facts)
    note_succession(change, SuccessionKind.RENAMED, held.area)
    return _finish(change, AREA_RENAMED.name, area_id)


@action
def recode_area(*, by: Actor, area_id: UUID, code: str, on: date, document: str = "", below: bool = True) -> int:
    """Let an area bear another code from a day on; with `below`, codes below that begin with the old one follow.

    Return the edition.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`; a code that another area bears on that day.
        CodeRefused: it is no code for an area of this kind here.
    """
    change = begin_change(by=by, areas=[area_id], on=on, document=document)
    held = hold(change, area_id)
    old, code = held.code, code.strip()
    if old == code:
        raise ChangeRefused(_("It bears this code already."), field="code")
    known = change.before
    parent = known.areas.get(held.statistical_parent_id) if held.statistical_parent_id else None
    check_code(held.area.kind, code, parent.code if parent else None)
    for each in sorted(known.with_descendants(area_id) if below else {area_id}):
        bears = known.areas[each].code if each in known.areas else ""
        if each == area_id or (bears.startswith(old) and len(bears) > len(old)):
            change_facts(change, each, code=code + bears.removeprefix(old) if each != area_id else code)
            note_succession(change, SuccessionKind.RECODED, hold(change, each).area)
    return _finish(change, AREA_RECODED.name, area_id)


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
    refuse_unless_allowed(by, [manager_id])
    held = hold(change, area_id)
    facts = {"management_parent_id": manager_id}
    if statistical_parent_id is not None:
        facts["statistical_parent_id"] = statistical_parent_id
    if all(getattr(held, name) == value for name, value in facts.items()):
        raise ChangeRefused(_("It stands there already."), field="manager")
    known = change.before
    for parent_id in facts.values():
        refuse_below(held.area, known.areas.get(parent_id))
    change_facts(change, area_id, **facts)
    note_succession(change, SuccessionKind.MOVED, held.area)
    return _finish(change, AREA_MOVED.name, area_id)


def _finish(change: Change, kind: str, area_id: UUID) -> int:
    kinds = {each.name: each for each in (AREA_RENAMED, AREA_RECODED, AREA_MOVED)}
    edition = finish_change(change)
    record(
        kind=kinds[kind],
        by=change.by,
        subject_type="territory.area",
        subject_id=area_id,
        place_id=area_id,
        data={"on": change.on, "areas": len(change.successions), "edition": edition},
    )
    return edition
