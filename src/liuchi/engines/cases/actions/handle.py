"""What the unit does: hand in a result, say that the case is not its own, ask for more time or for a rest."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.engines.cases.clocks import opening_on
from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.moving import Incomplete, begin, finish, require_reason, require_text
from liuchi.engines.cases.workflow import LONGEST_REST
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
def ask_pause(
    *,
    by: Actor,
    case_id: UUID,
    reason: str,
    text: str,
    until: date,
    files: Files = NO_FILES,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Ask to let a case rest until a day (挂账), when work cannot go on before; the time runs on until it is decided.

    The rest ends when the offices open that day. `text` names the evidence (see `PAUSE_EVIDENCE`).

    Raises:
        NoLongerAllowed: the case rested as often as the table allows.
        Incomplete: without a reason or a text, or with a day that is not ahead, or too far.
    """
    turn = begin(by=by, case_id=case_id, name="ask_pause", version=version, at=at)
    require_reason(turn, reason, text)
    today = timezone.localdate(turn.at)
    if not today < until <= today + LONGEST_REST:
        latest = today + LONGEST_REST
        raise Incomplete(_("Choose a day after today, at the latest %(day)s.") % {"day": latest}, field="until")
    turn.set(rests_until=opening_on(until, turn.unit, turn.case.place_id))
    return finish(
        turn,
        reason=reason,
        internal_text=text,
        until=turn.case.rests_until,
        data={"until": turn.case.rests_until},
        files=files,
    )


@action
def resume_case(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Go on with a case that rests, before its date."""
    turn = begin(by=by, case_id=case_id, name="resume", version=version, at=at)
    return finish(turn, internal_text=text)


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
