"""What the dispatcher does: give a case to the unit whose duty it is, or back to the desk."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.allowances import cleared_units
from liuchi.engines.cases.models import TAKEN_BACK, Assignment, AssignmentRole, CaseMove
from liuchi.engines.cases.moving import Incomplete, begin, finish, require_reason
from liuchi.engines.cases.parting import helping_unit
from liuchi.engines.cases.parts import open_part
from liuchi.engines.cases.secrecy import accused_units
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.models import Organisation


@action
def dispatch_case(
    *,
    by: Actor,
    case_id: UUID,
    unit_id: UUID,
    support: Sequence[UUID] = (),
    version: int | None = None,
    reason: str = "",
    text: str = "",
    at: datetime | None = None,
) -> CaseMove:
    """Give a filed case to the unit that leads (派遣), with why it is that unit; the unit's own clock starts.

    `reason` is the duty it follows from, in words (shown to the unit); `text` are instructions. `support` are units
    that help, each with a part and a clock of its own.

    Raises:
        Incomplete: the unit does not exist (any more), the report is secret and about it, or it was found not to be its
            own since the case was filed and no reason is given.
        PartRefused: a unit of `support` does not exist (any more) or leads.
    """
    turn = begin(by=by, case_id=case_id, name="dispatch", version=version, at=at)
    unit = Organisation.objects.select_related("calendar").filter(id=unit_id, valid_to=None).first()
    if unit is None:
        raise Incomplete(_("Choose a unit."), field="unit")
    if unit.id in accused_units(turn.case):
        raise Incomplete(_("The report is about this unit, or one above it; it must not learn of it."), field="unit")
    if not reason.strip() and unit.id in cleared_units(turn.case):
        raise Incomplete(
            _("It was decided that this case is not this unit's own. Say why it is after all."), field="reason"
        )
    turn.unit = unit
    turn.assignment = Assignment(
        case=turn.case, unit=unit, role=AssignmentRole.LEAD, reason=reason.strip()[:300], assigned_at=turn.at
    )
    turn.new_rows.append(turn.assignment)
    turn.set(unit=unit)
    helping = [helping_unit(turn.case, each, unit.id) for each in dict.fromkeys(support)]
    for each in helping:
        open_part(turn, each, text or reason, None)
    return finish(turn, internal_text=text, data={"support": [each.id for each in helping] or None})


@action
def take_back_dispatch(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Take a dispatch back before the unit has opened the case: it waits for dispatch again, the unit is told.

    Raises:
        NotAllowed: the unit has opened it, or something was done with it.
        NoLongerAllowed: later than a quarter of an hour, or once already in this case.
    """
    turn = begin(by=by, case_id=case_id, name="take_back", version=version, at=at)
    part = Assignment.objects.get(case=turn.case, role=AssignmentRole.LEAD, ended_at=None)
    part.ended_at, part.outcome = turn.at, TAKEN_BACK
    part.save(update_fields=["ended_at", "outcome"])
    turn.set(unit=None)
    return finish(turn, internal_text=text)


@action
def return_to_desk(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Give a filed case back to the desk, with a reason; the case clock stops until it is filed anew.

    Raises:
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="return_to_desk", version=version, at=at)
    require_reason(turn, reason, text)
    return finish(turn, reason=reason, internal_text=text)
