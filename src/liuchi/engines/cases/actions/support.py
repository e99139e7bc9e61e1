"""Units that help the lead: brought in, answering their part, saying that it is not theirs, released."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import ANSWERED, NOT_OURS, TAKEN_BACK, CaseMove
from liuchi.engines.cases.moving import Incomplete, require_text
from liuchi.engines.cases.parting import (
    PartRefused,
    PartTurn,
    begin_part,
    end_part,
    finish_part,
    helping_unit,
    require_first_decline,
)
from liuchi.engines.cases.parts import open_part, start_deciding
from liuchi.engines.cases.queries import units_for
from liuchi.engines.cases.reasons import REASONS
from liuchi.engines.cases.supporting import LONGEST_DAYS
from liuchi.ground.attachments.belonging import NO_FILES, Files
from liuchi.ground.calendars.limits import Limit, Unit
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def bring_in_unit(
    *,
    by: Actor,
    case_id: UUID,
    unit_id: UUID,
    text: str,
    days: int | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Let the dispatcher bring a unit in beside the lead (加派); `text` says what is asked of it.

    It has `days` working days, else as long as the lead had from the start.

    Raises:
        PartRefused: there is no such unit, it leads or helps already, or the term is none.
        Incomplete: without a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="bring_in", version=version, at=at)
    return _bring_in(turn, unit_id, text, days)


@action
def call_in_unit(
    *,
    by: Actor,
    case_id: UUID,
    unit_id: UUID,
    text: str,
    days: int | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Let the lead call in a unit that the list of duties names for this matter here (首接负责).

    Another unit is asked of the dispatcher: nobody gives work to others beside the lists
    (北京市接诉即办工作条例 art. 11, 12: dispatched by the list; what is unclear is coordinated).

    Raises:
        PartRefused: the list does not name the unit, or as in `bring_in_unit`.
        Incomplete: without a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="call_in", version=version, at=at)
    if unit_id not in {holder.organisation.id for holder in units_for(turn.case)}:
        raise PartRefused(
            _("The list of duties does not name this unit for this matter here; ask the dispatcher for it."),
            field="unit",
        )
    return _bring_in(turn, unit_id, text, days)


@action
def ask_for_unit(
    *,
    by: Actor,
    case_id: UUID,
    unit_id: UUID,
    text: str,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Let the lead ask the dispatcher for a unit that no list of duties names; the dispatcher brings it in, or not.

    Raises:
        PartRefused: there is no such unit, or it leads or helps already.
        Incomplete: without a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="ask_for", version=version, at=at)
    require_text(text)
    turn.unit = helping_unit(turn.case, unit_id, turn.case.unit_id)
    return finish_part(turn, text=text)


@action
def answer_part(
    *,
    by: Actor,
    case_id: UUID,
    part_id: UUID,
    text: str,
    files: Files = NO_FILES,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Answer a part: what was done or found, with photos. The lead reads it; the public answer is the lead's.

    Raises:
        MoveRefused: the part has ended, or somebody decides on it.
        Incomplete: without a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="answer_part", version=version, part_id=part_id, at=at)
    require_text(text)
    end_part(turn, ANSWERED)
    return finish_part(turn, text=text, files=files)


@action
def decline_part(
    *,
    by: Actor,
    case_id: UUID,
    part_id: UUID,
    reason: str,
    text: str,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Say that a part is not the unit's own; somebody else decides within their own time, and the unit's runs on.

    Raises:
        NoLongerAllowed: later than 24 hours, or a second time in this case.
        Incomplete: without a reason or a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="decline_part", version=version, part_id=part_id, at=at)
    require_first_decline(turn)
    _require_reason(turn, reason, text)
    turn.held.declined_at = turn.at
    start_deciding(turn, turn.held)
    return finish_part(turn, reason=reason, text=text)


@action
def uphold_part(
    *,
    by: Actor,
    case_id: UUID,
    part_id: UUID,
    text: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Agree that a part is not the unit's own: it ends, its clock as of when the unit said so.

    The line names who brought the unit in.
    """
    turn = begin_part(by=by, case_id=case_id, name="uphold_part", version=version, part_id=part_id, at=at)
    end_part(turn, NOT_OURS, as_of=turn.held.declined_at)
    return finish_part(turn, text=text, data={"dispatcher": _brought_in_by(turn)})


@action
def reject_part(
    *,
    by: Actor,
    case_id: UUID,
    part_id: UUID,
    reason: str,
    text: str,
    version: int | None = None,
    at: datetime | None = None,
) -> CaseMove:
    """Find that a part is the unit's own after all; its clock ran on.

    Raises:
        Incomplete: without a reason or a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="reject_part", version=version, part_id=part_id, at=at)
    _require_reason(turn, reason, text)
    turn.held.declined_at = None
    return finish_part(turn, reason=reason, text=text)


@action
def take_back_part(
    *, by: Actor, case_id: UUID, part_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Release a unit from its part: it is not needed any more, and the lead need not wait for it.

    Raises:
        MoveRefused: the part has ended, or somebody decides on it: a wrong dispatch is not hidden by taking it back.
        Incomplete: without a text.
    """
    turn = begin_part(by=by, case_id=case_id, name="release_part", version=version, part_id=part_id, at=at)
    require_text(text)
    end_part(turn, TAKEN_BACK)
    return finish_part(turn, text=text)


def _bring_in(turn: PartTurn, unit_id: UUID, text: str, days: int | None) -> CaseMove:
    require_text(text)
    turn.unit = helping_unit(turn.case, unit_id, turn.case.unit_id)
    turn.part = open_part(turn, turn.unit, text, _limit(days))
    return finish_part(turn, text=text)


def _limit(days: int | None) -> Limit | None:
    if days is None:
        return None
    if not 1 <= days <= LONGEST_DAYS:
        raise PartRefused(_("Give 1 to %(most)d working days.") % {"most": LONGEST_DAYS}, field="days")
    return Limit.parse(f"{days} {Unit.WORK_DAY}")


def _require_reason(turn: PartTurn, reason: str, text: str) -> None:
    if reason not in REASONS[turn.move.name]:
        raise Incomplete(_("Choose a reason."), field="reason")
    require_text(text)


def _brought_in_by(turn: PartTurn) -> UUID | None:
    """Return the account that gave the unit its part: at dispatch, or later."""
    given = turn.case.moves.filter(happened_at=turn.held.assigned_at, name__in=("dispatch", "bring_in", "call_in"))
    for move in given.order_by("-id"):
        if move.name == "dispatch" or move.unit_id == turn.held.unit_id:
            return move.actor_id
    return None
