"""Keeping work-lists under a name. Nobody else's list is changed; what a list holds is read anew each time."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import CASE_POWERS, units_worked_in
from liuchi.engines.cases.filtering import WANTED
from liuchi.engines.cases.kinds import LIST_REMOVED, LIST_SAVED
from liuchi.engines.cases.models import SavedList
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

LONGEST_NAME: Final = 30
LONGEST_VALUE: Final = 60
#: So many lists somebody keeps at most: what is not looked at hides what is.
MOST: Final = 20


class ListRefused(RuleBroken):
    """The list has no name, or there are too many."""

    code = "list_refused"


@again_on("saved_list_named_once")
@action
def save_list(
    *,
    by: Actor,
    name: str,
    wanted: Mapping[str, str],
    unit_id: UUID | None = None,
    is_default: bool = False,
) -> SavedList:
    """Keep a work-list under a name; under a name that the person has already it is kept anew.

    `unit_id` shares it with a unit in which the person works on cases. One list may be the one that opens first.

    Raises:
        NotAllowed: the person works on no cases, or not in that unit.
        ListRefused: no name, or too many lists.
    """
    if not isinstance(by, Viewer) or not any(by.allows(power) for power in CASE_POWERS):
        raise NotAllowed(_("Only who works on cases keeps lists of them."))
    if unit_id is not None and unit_id not in units_worked_in(by):
        raise NotAllowed(_("You can share a list with a unit you work in only."), field="unit")
    called = " ".join(name.replace("\0", "").split())[:LONGEST_NAME]
    if not called:
        raise ListRefused(_("Give the list a name."), field="name")
    own = list(SavedList.objects.select_for_update(of=("self",)).filter(account_id=by.id).order_by("id"))
    row = next((each for each in own if each.name == called), None)
    is_new = row is None
    if is_new and len(own) >= MOST:
        raise ListRefused(_("You keep %(most)d lists already; remove one first.") % {"most": MOST}, field="name")
    row = row or SavedList(account_id=by.id, name=called)
    if is_default:
        SavedList.objects.filter(account_id=by.id, is_default=True).exclude(id=row.id).update(is_default=False)
    row.wanted = {key: wanted[key][:LONGEST_VALUE] for key in WANTED if wanted.get(key)}
    row.unit_id, row.is_default, row.saved_at = unit_id, is_default, clock.now()
    row.save(force_insert=is_new, update_fields=None if is_new else ["wanted", "unit", "is_default", "saved_at"])
    data = {"unit": unit_id, "is_default": is_default, "is_new": is_new}
    record(kind=LIST_SAVED, by=by, subject_type="cases.saved_list", subject_id=row.id, data=data)
    return row


@action
def remove_list(*, by: Actor, list_id: UUID) -> SavedList:
    """Remove a list that the person keeps; cases are not touched.

    Raises:
        NotFound: there is none of theirs.
    """
    rows = SavedList.objects.select_for_update(of=("self",)).filter(id=list_id)
    row = rows.filter(account_id=by.id).first() if isinstance(by, Viewer) else None
    if row is None:
        raise NotFound(_("You keep no such list."))
    SavedList.objects.filter(id=row.id).delete()
    record(kind=LIST_REMOVED, by=by, subject_type="cases.saved_list", subject_id=list_id, data={"unit": row.unit_id})
    return row
