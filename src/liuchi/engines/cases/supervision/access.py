"""Who may remind, order, answer, and judge answers."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import is_reporter
from liuchi.engines.cases.models import Case, Supervision
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.engines.cases.supervision.issuing import power_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotAllowed

SUPERVISE = "cases.supervise"
#: Who may remind by hand: who supervises, and the two halves of the desk that pass the case on.
REMINDERS = (SUPERVISE, "cases.accept", "cases.dispatch")


def may_remind(by: Actor, case: Case, receipt: str = "") -> bool:
    """Tell whether `by` may ask for more haste: the office of the place, and whoever reported the case."""
    return reminds_in_office(by, case) or (by.allows("cases.rate") and is_reporter(by, case, receipt))


def reminds_in_office(by: Actor, case: Case) -> bool:
    """Tell whether `by` may remind by office."""
    return any(by.allows(power, case.place_id) for power in REMINDERS) and not is_kept_from(by, case)


def may_order(by: Actor, place_id: UUID, unit_id: UUID | None) -> bool:
    """Tell whether `by` may order a unit or an office, judge its answers and withdraw: nobody their own unit's."""
    return by.allows(SUPERVISE, place_id) and not _is_of(by, unit_id)


def may_answer(by: Actor, supervision: Supervision, place_id: UUID) -> bool:
    """Tell whether `by` may answer: whoever works for the unit, or has the step at the place."""
    if supervision.unit_id is not None:
        return isinstance(by, Viewer) and by.allows_in("cases.handle", supervision.unit_id)
    return by.allows(power_of(supervision.step), place_id)


def require_order(by: Actor, place_id: UUID, unit_id: UUID | None) -> None:
    """Refuse who may not order a unit.

    Raises:
        NotAllowed: with the reason in words.
    """
    if may_order(by, place_id, unit_id):
        return
    if by.allows(SUPERVISE, place_id):
        raise NotAllowed(_("You work for this unit; somebody else has to supervise it."))
    raise NotAllowed(_("Supervising cases is not among what you may do here."))


def meets(viewer: Viewer) -> Q:
    """Return the condition that a supervision is for `viewer` to see: as supervised, or by the area."""
    return Q(unit_id__in=viewer.organisations("cases.handle")) | is_one_of("case__place_id", viewer.areas("cases.see"))


def _is_of(by: Actor, unit_id: UUID | None) -> bool:
    return isinstance(by, Viewer) and unit_id is not None and unit_id in by.organisations_under_any_hat("cases.handle")
