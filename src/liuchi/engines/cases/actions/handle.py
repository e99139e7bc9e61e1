"""What the unit does: hand in a result, say that the case is not its own, ask for more time."""

from datetime import datetime
from uuid import UUID

from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.moving import begin, finish, require_reason, require_text
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def decline_case(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Say that a case is not the unit's own (非本单位职责); somebody else decides, and its time runs on.

    Raises:
        NoLongerAllowed: later than the table allows, or a second time.
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="decline", version=version, at=at)
    require_reason(turn, reason, text)
    return finish(turn, reason=reason, internal_text=text)


@action
def ask_extension(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Ask for more time (延期) before the time limit ends; somebody else decides, and the time runs on meanwhile.

    Raises:
        NoLongerAllowed: the time limit has ended, or the case was extended as often as the table allows.
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="ask_extension", version=version, at=at)
    require_reason(turn, reason, text)
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
