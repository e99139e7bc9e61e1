"""Ending unreasonable demands formally (不合理诉求): asked by unit or desk, decided by somebody with more power."""

from datetime import datetime
from uuid import UUID

from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.moving import begin, finish, require_reason, require_text
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def ask_ending(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Ask, as the unit, that a demand be ended formally; the unit's time runs on meanwhile. Once for each unit.

    Raises:
        NoLongerAllowed: the unit asked before.
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="ask_ending", version=version, at=at)
    require_reason(turn, reason, text)
    return finish(turn, reason=reason, internal_text=text)


@action
def propose_ending(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Propose, as the desk, that a filed demand be ended formally. Once for each case.

    Raises:
        NoLongerAllowed: it was proposed before.
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="propose_ending", version=version, at=at)
    require_reason(turn, reason, text)
    return finish(turn, reason=reason, internal_text=text)


@action
def approve_ending(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """End a demand formally: `text` is the answer with the facts and grounds, which the reporter reads.

    It counts among no solved cases, and is shown beside every figure of them.

    Raises:
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="approve_ending", version=version, at=at)
    require_reason(turn, reason, text)
    turn.set(ended_at=turn.at)
    return finish(turn, reason=reason, public_text=text)


@action
def reject_ending(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Refuse a unit's wish, saying why: the unit handles the case, and the same clock runs on.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="reject_ending", version=version, at=at)
    require_text(text)
    return finish(turn, internal_text=text)


@action
def reject_proposal(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Refuse the desk's proposal, saying why: the case is dispatched.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="reject_proposal", version=version, at=at)
    require_text(text)
    return finish(turn, internal_text=text)
