"""What the unit does: hand in a result, or say that the case is not its own."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import Assignment, AssignmentRole, CaseMove
from liuchi.engines.cases.moving import Turn, begin, finish, require_reason, require_text
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken

#: 安阳 2021: not mine → return within 24 hours with a reason; 潍坊 2021: no second return.
DECLINE_WITHIN = timedelta(hours=24)


class DeclineRefused(RuleBroken):
    """Too late to say "not ours", or said before."""

    code = "decline_refused"


@action
def decline_case(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Say that a case is not the unit's own (非本单位职责): within 24 hours of dispatch, once per unit and case.

    Raises:
        DeclineRefused: later than that, or a second time.
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="decline", version=version, at=at)
    require_reason(turn, reason, text)
    part = _part(turn)
    if turn.at - part.assigned_at > DECLINE_WITHIN:
        raise DeclineRefused(_("“Not ours” can be said within 24 hours of dispatch; this was dispatched earlier."))
    before = Assignment.objects.filter(case=turn.case, unit_id=part.unit_id, outcome="declined")
    if before.exists():
        raise DeclineRefused(
            _("Your unit returned this case once already and it was given to you again; please handle it.")
        )
    _end(part, turn, "declined")
    turn.set(unit=None)
    return finish(turn, reason=reason, internal_text=text)


@action
def hand_in_result(
    *,
    by: Actor,
    case_id: UUID,
    text: str,
    internal_text: str = "",
    files: Files = NO_FILES,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Hand in what was done (处置反馈): `text` is the answer the public sees; the case clock waits for the check.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="hand_in", version=version, at=at)
    require_text(text)
    return finish(turn, public_text=text, internal_text=internal_text, files=files)


def _part(turn: Turn) -> Assignment:
    return Assignment.objects.get(case=turn.case, role=AssignmentRole.LEAD, ended_at=None)


def _end(part: Assignment, turn: Turn, outcome: str) -> None:
    part.ended_at, part.outcome = turn.at, outcome
    part.save(update_fields=["ended_at", "outcome"])
