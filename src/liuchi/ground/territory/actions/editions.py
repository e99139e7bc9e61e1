"""Taking over a new edition of the statistical divisions."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.territory.actions.importing import NewArea
from liuchi.ground.territory.changing import (
    POWER,
    Change,
    begin_change,
    change_facts,
    end_area,
    finish_change,
    hold,
    new_area,
    note_closed,
    note_succession,
    refuse_unless_allowed,
)
from liuchi.ground.territory.divisions import guessed_label
from liuchi.ground.territory.editions import Difference, EditionPlan, plan_edition
from liuchi.ground.territory.following import at_midnight
from liuchi.ground.territory.kinds import EDITION_IMPORTED
from liuchi.ground.territory.models import Area, AreaKind, SuccessionKind


@action
def import_edition(
    *,
    by: Actor,
    areas: Iterable[NewArea],
    on: date,
    managed: frozenset[str] = frozenset(),
    is_complete: bool = True,
    document: str = "",
) -> EditionPlan:
    """Let the territory be as an edition of the statistical divisions says, from a day on; return what changed.

    Known areas keep their id, whatever their name and code became; codes below a changed one follow, where the edition
    does not name them itself. What a complete edition no longer lists closes, if nothing stands below it. The same
    edition again changes nothing. `managed` are the codes of districts governed through the platform, with all that
    stands in them; when none is known yet and the file names a single one, that is it. What is new below a managed area
    is managed.

    Raises:
        NotAllowed, NotFound, ChangeRefused: see `changing`.
    """
    change = begin_change(by=by, areas=[], on=on, document=document)
    plan = plan_edition(change.before, areas, is_complete=is_complete)
    _refuse_out_of_reach(change, plan)
    governed = [
        area
        for area in change.before.areas.values()
        if area.code.startswith(tuple(managed)) and len(area.code) >= 6 and not area.is_managed
    ]
    if plan.is_empty and not governed:
        return plan
    made = _added(change, plan, managed)
    for each in plan.changed:
        _changed(change, plan, each, made)
    _follow_codes(change, plan)
    for area in governed:
        hold(change, area.id, on_first_day=True)
        change_facts(change, area.id, is_managed=True)
    for area in plan.closed:
        note_closed(change, end_area(change, area.id))
    subject = _subject(change, made)
    edition = finish_change(change)
    at_midnight(on)
    record(
        kind=EDITION_IMPORTED,
        by=by,
        subject_type="territory.area",
        subject_id=subject.id,
        place_id=subject.id,
        data={
            "on": on,
            "changed": [area.id for area in plan.closed],
            "into": [],
            "edition": edition,
            "added": len(plan.added),
            "renamed": sum(each.is_renamed for each in plan.changed),
            "recoded": sum(each.is_recoded for each in plan.changed),
            "moved": sum(each.is_moved for each in plan.changed),
        },
    )
    return plan


def _refuse_out_of_reach(change: Change, plan: EditionPlan) -> None:
    """Refuse whoever may not change one of the areas, or may not add any where these are added."""
    above = [plan.matched[row.parent_code].id for row in plan.added if row.parent_code in plan.matched]
    refuse_unless_allowed(change.by, [*(each.area.id for each in plan.changed), *(a.id for a in plan.closed), *above])
    tops = [row for row in plan.added if row.parent_code is None]
    if not change.by.allows(POWER) or (tops and change.before.areas and change.by.kind != "system"):
        raise NotAllowed(_("You may not add areas there."))


def _added(change: Change, plan: EditionPlan, managed: frozenset[str]) -> dict[str, Area]:
    """Begin the new areas, those above first; return them by code."""
    known = [area for area in change.before.of_kind(AreaKind.DISTRICT) if area.is_managed]
    districts = [row.code for row in plan.added if row.kind == AreaKind.DISTRICT]
    governed = managed or (frozenset(districts) if not known and len(districts) == 1 else frozenset())
    made: dict[str, Area] = {}
    for row in plan.added:
        parent = made.get(row.parent_code or "") or plan.matched.get(row.parent_code or "")
        if row.kind in (AreaKind.PROVINCE, AreaKind.CITY):
            is_managed = False
        elif row.kind == AreaKind.DISTRICT:
            is_managed = row.code in governed
        else:
            is_managed = row.is_managed and parent is not None and parent.is_managed
        made[row.code] = new_area(
            change,
            kind=row.kind,
            code=row.code,
            name=row.name,
            official_name=row.official_name,
            label_kind=guessed_label(row)[:10],
            statistical_parent_id=parent.id if parent else None,
            management_parent_id=parent.id if parent else None,
            is_managed=is_managed,
        )
    return made


def _changed(change: Change, plan: EditionPlan, difference: Difference, made: dict[str, Area]) -> None:
    held = hold(change, difference.area.id)
    facts = dict(difference.facts)
    if "statistical_parent" in facts:
        code = facts.pop("statistical_parent")
        parent = made.get(code) or plan.matched[code]
        if held.management_parent_id in (None, held.statistical_parent_id):
            facts["management_parent_id"] = parent.id
        facts["statistical_parent_id"] = parent.id
    change_facts(change, difference.area.id, **facts)
    kinds = (
        (difference.is_renamed, SuccessionKind.RENAMED),
        (difference.is_recoded, SuccessionKind.RECODED),
        (difference.is_moved, SuccessionKind.MOVED),
    )
    for happened, kind in kinds:
        if happened:
            note_succession(change, kind, held.area)


def _follow_codes(change: Change, plan: EditionPlan) -> None:
    """Let the codes of grids, and of areas that the edition does not name, follow the code they begin with."""
    named = {area.id for area in plan.matched.values()}
    recoded = {each.area.code: each.facts["code"] for each in plan.changed if each.is_recoded}
    if not recoded:
        return
    for area in change.before.areas.values():
        old = next((area.code[:cut] for cut in range(len(area.code) - 1, 1, -1) if area.code[:cut] in recoded), "")
        if old and area.id not in named:
            change_facts(change, area.id, code=recoded[old] + area.code.removeprefix(old))
            note_succession(change, SuccessionKind.RECODED, hold(change, area.id).area)


def _subject(change: Change, made: dict[str, Area]) -> Area:
    """Return the area the line is about: the district that the house stands in, else the topmost new one."""
    districts = [area for area in change.before.of_kind(AreaKind.DISTRICT) if area.is_managed]
    fresh = sorted(made.values(), key=lambda area: (not area.is_managed, len(area.code)))
    return districts[0] if districts else (fresh or list(change.before.areas.values()))[0]
