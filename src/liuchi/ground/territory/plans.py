"""What each change of the territory consists of, worked out on a `Change` and not written yet.

Actions lock, plan, write. A preview plans on a change without lock and shows what it would do (`looking_ahead`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.territory.changing import (
    Change,
    ChangeRefused,
    boundary_of,
    change_boundary,
    change_facts,
    document_title,
    end_area,
    hold,
    new_area,
    note_closed,
    note_succession,
    refuse_codes_twice,
    refuse_unless_allowed,
)
from liuchi.ground.territory.codes import check_code, free_codes
from liuchi.ground.territory.cutting import is_one_piece, joined, require_sound
from liuchi.ground.territory.ending import Part, end_into, end_into_parts
from liuchi.ground.territory.models import Area, AreaKind, AreaVersion, SuccessionKind
from liuchi.ground.territory.queries import territory
from liuchi.ground.territory.storeys import refuse_below
from liuchi.ground.territory.wording import require_name


def looking_ahead(*, by: Actor, areas: Sequence[UUID], on: date, document: str = "") -> Change:
    """Return a change that nothing is locked for and that must not be written: for previews.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing.begin_change`.
    """
    change = Change(by=by, on=on, document=document_title(document), edition=None, before=territory(on))
    refuse_unless_allowed(by, areas)
    for area_id in areas:
        hold(change, area_id)
    return change


def plan_rename(
    change: Change, area_id: UUID, *, name: str, official_name: str | None = None, label_kind: str | None = None
) -> None:
    """Let an area bear another name. Refuses an empty one, and one that is no other."""
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


def plan_recode(change: Change, area_id: UUID, *, code: str, below: bool) -> None:
    """Let an area bear another code and, with `below`, what stands below it codes that begin with it."""
    held, known = hold(change, area_id), change.before
    old, code = held.code, code.strip()
    if old == code:
        raise ChangeRefused(_("It bears this code already."), field="code")
    parent = known.areas.get(held.statistical_parent_id) if held.statistical_parent_id else None
    check_code(held.area.kind, code, parent.code if parent else None)
    change_facts(change, area_id, code=code)
    note_succession(change, SuccessionKind.RECODED, held.area)
    for each in sorted(known.with_descendants(area_id) - {area_id}) if below else ():
        bears = known.areas[each].code if each in known.areas else ""
        if bears.startswith(old):
            change_facts(change, each, code=code + bears.removeprefix(old))
            note_succession(change, SuccessionKind.RECODED, hold(change, each).area)


def plan_move(change: Change, area_id: UUID, *, manager_id: UUID, statistical_parent_id: UUID | None = None) -> None:
    """Put an area under another one; refuses a parent of no fitting kind, or where it stands already."""
    refuse_unless_allowed(change.by, [manager_id])
    held = hold(change, area_id)
    facts = {"management_parent_id": manager_id}
    if statistical_parent_id is not None:
        facts["statistical_parent_id"] = statistical_parent_id
    if all(getattr(held, name) == value for name, value in facts.items()):
        raise ChangeRefused(_("It stands there already."), field="manager")
    for parent_id in facts.values():
        refuse_below(held.area, change.before.areas.get(parent_id))
    change_facts(change, area_id, **facts)
    note_succession(change, SuccessionKind.MOVED, held.area)


def plan_redraw(change: Change, shapes: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Give areas other boundaries; refuses what is not closed or not valid."""
    if not shapes:
        raise ChangeRefused(_("Give at least one boundary."), field="geometry")
    for area_id, geometry in shapes.items():
        held = hold(change, area_id)
        require_sound(geometry, held.name)
        change_boundary(change, area_id, geometry)
        note_succession(change, SuccessionKind.REDRAWN, held.area)


def plan_split(change: Change, area_id: UUID, parts: Sequence[Part]) -> list[Area]:
    """End an area and begin its parts; refuses fewer than two, and parts that do not tile it."""
    if len(parts) < 2:
        raise ChangeRefused(_("Give at least two parts."), field="geometry")
    return end_into_parts(change, area_id, parts)


def plan_merger(
    change: Change, area_ids: Sequence[UUID], *, name: str, code: str = "", official_name: str = ""
) -> Area:
    """End areas and begin one in their place; refuses what does not belong together."""
    if len(area_ids) < 2:
        raise ChangeRefused(_("Choose at least two areas."), field="areas")
    held = [hold(change, area_id) for area_id in area_ids]
    if len({each.area.kind for each in held}) > 1:
        raise ChangeRefused(_("Only areas of one kind can be merged."), field="areas")
    if len({(each.management_parent_id, each.statistical_parent_id) for each in held}) > 1:
        raise ChangeRefused(_("Only areas under the same area can be merged; move one of them first."), field="areas")
    geometry = _together(change, held)
    return end_into(change, area_ids, name=name, code=code, official_name=official_name, geometry=geometry)


def plan_opening(
    change: Change,
    *,
    kind: str,
    parent_id: UUID,
    name: str,
    code: str = "",
    label_kind: str = "",
    geometry: Mapping[str, Any] | None = None,
) -> Area:
    """Begin an area under another; refuses a parent it cannot stand under, and what is no polygon or no code."""
    refuse_unless_allowed(change.by, [parent_id])
    parent = change.before.areas.get(parent_id)
    if kind not in AreaKind.values:
        raise ChangeRefused(_("Choose what kind of area it is."), field="kind")
    refuse_below(Area(kind=kind), parent)
    above = change.before.areas[parent_id]
    if geometry is not None:
        require_sound(geometry, name)
    used = AreaVersion.objects.filter(code__startswith=above.code).values_list("code", flat=True)
    code = code.strip() or free_codes(kind, above.code, set(used), 1)[0]
    check_code(kind, code, above.code)
    return new_area(
        change,
        kind=kind,
        geometry=geometry,
        code=code,
        name=require_name(name),
        label_kind=label_kind.strip()[:10],
        statistical_parent_id=parent_id,
        management_parent_id=parent_id,
        is_managed=above.is_managed,
    )


def plan_closing(change: Change, area_id: UUID) -> None:
    """End an area with nothing in its place; refuses while something stands below it, and for ground of a grid."""
    below = change.before.children.get(area_id, ())
    if below:
        raise ChangeRefused(
            _("%(count)d areas stand below it; move, merge or close them first.") % {"count": len(below)}
        )
    ended = end_area(change, area_id)
    if ended.kind == AreaKind.GRID and change.ended_boundaries:
        raise ChangeRefused(_("The ground of this grid would belong to none. Merge it with a neighbour."))
    note_closed(change, ended)


@dataclass(frozen=True)
class Told:
    """One thing that a change would do to an area: `fact` is "begins", "ends", "boundary" or the name of a fact."""

    name: str
    code: str
    fact: str
    before: str = ""
    after: str = ""


def told(change: Change) -> list[Told]:
    """Return what a planned change would do, areas that end first.

    Raises:
        ChangeRefused: a code belongs to another area on that day.
    """
    refuse_codes_twice(change)
    lines = [Told(area.name, area.code, "ends") for area in change.ended_areas]
    begun = {area.id for area in change.new_areas}
    lines += [Told(area.name, area.code, "begins") for area in change.new_areas]
    names = {each.id: each.name for each in (*change.before.areas.values(), *change.new_areas)}
    for version in (*change.new_versions, *change.amended_versions):
        was = change.before.areas.get(version.area_id)
        if was is not None and version.area_id not in begun:
            lines += _differences(was, version, names)
    drawn = (*change.new_boundaries, *change.amended_boundaries)
    lines += [Told(each.area.name, each.area.code, "boundary") for each in drawn if each.area_id not in begun]
    return lines


def _differences(was: Area, version: AreaVersion, names: Mapping[UUID, str]) -> Iterator[Told]:
    for fact in ("name", "official_name", "label_kind", "code"):
        if getattr(was, fact) != getattr(version, fact):
            yield Told(was.name, was.code, fact, getattr(was, fact), getattr(version, fact))
    for fact in ("management_parent", "statistical_parent"):
        before, after = getattr(was, f"{fact}_id"), getattr(version, f"{fact}_id")
        if before != after:
            yield Told(was.name, was.code, fact, names.get(before, ""), names.get(after, ""))


def _together(change: Change, held: Sequence[AreaVersion]) -> dict[str, Any] | None:
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
