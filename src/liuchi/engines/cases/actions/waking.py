"""Letting cases go on whose date has come."""

from datetime import datetime
from uuid import UUID

from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.moving import begin, finish
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken


class NotYet(RuleBroken):
    """The date until which the case rests has not come."""

    code = "not_yet"


@action
def wake_case(*, by: Actor, case_id: UUID, at: datetime | None = None) -> CaseMove:
    """Let a case go on that has rested until its date. Only the house itself does this; its clocks run from that date.

    Raises:
        MoveRefused: it does not rest, or no longer.
        NotYet: the date has not come.
    """
    turn = begin(by=by, case_id=case_id, name="wake", version=None, at=at)
    if turn.case.rests_until is not None and turn.at < turn.case.rests_until:
        raise NotYet("the case rests until a later date")
    return finish(turn)
