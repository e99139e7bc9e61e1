"""What somebody on the spot does who did not handle the case: verify before filing, check before closing."""

from datetime import datetime
from uuid import UUID

from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.moving import begin, finish, require_reason, require_text
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def verify_case(
    *,
    by: Actor,
    case_id: UUID,
    found: bool,
    text: str,
    files: Files = NO_FILES,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Tell the desk what was found on the spot (核实); the desk then files or refuses.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="verify", version=version, at=at)
    require_text(text)
    return finish(turn, reason="found" if found else "not_found", internal_text=text, files=files)


@action
def pass_check(
    *,
    by: Actor,
    case_id: UUID,
    version: int | None = None,
    text: str = "",
    files: Files = NO_FILES,
    at: datetime | None = None,
) -> CaseMove:
    """Confirm on the spot that the closing condition is met (核查通过)."""
    turn = begin(by=by, case_id=case_id, name="pass_check", version=version, at=at)
    return finish(turn, internal_text=text, files=files)


@action
def fail_check(
    *,
    by: Actor,
    case_id: UUID,
    reason: str,
    text: str,
    files: Files = NO_FILES,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Send a case back to the same unit because it is not solved (返工); all earlier material stays.

    Raises:
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="fail_check", version=version, at=at)
    require_reason(turn, reason, text)
    return finish(turn, reason=reason, internal_text=text, files=files)
