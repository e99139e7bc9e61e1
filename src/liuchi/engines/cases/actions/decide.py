"""What is decided on a unit's wish by somebody who neither handled nor dispatched the case."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import NOT_OURS, Assignment, AssignmentRole, CaseMove
from liuchi.engines.cases.moving import Incomplete, begin, finish, require_reason, require_text
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def uphold_decline(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Agree that a case is not the unit's own: it goes back to the dispatcher, whose dispatch counts as wrong.

    The line names who dispatched it; the unit's clock stops as of when it said so.
    """
    turn = begin(by=by, case_id=case_id, name="uphold_decline", version=version, at=at)
    part = Assignment.objects.get(case=turn.case, role=AssignmentRole.LEAD, ended_at=None)
    part.ended_at, part.outcome = turn.at, NOT_OURS
    part.save(update_fields=["ended_at", "outcome"])
    dispatch = turn.case.moves.filter(name="dispatch").order_by("id").last()
    turn.set(unit=None)
    return finish(turn, internal_text=text, data={"dispatcher": dispatch.actor_id if dispatch else None})


@action
def reject_decline(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Find that a case is the unit's own after all: it goes back there, and the same clock runs on.

    Raises:
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="reject_decline", version=version, at=at)
    require_reason(turn, reason, text)
    return finish(turn, reason=reason, internal_text=text)


@action
def grant_extension(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Grant more time: the unit's limit and the promise are extended by what the table says; `text` is public."""
    turn = begin(by=by, case_id=case_id, name="grant_extension", version=version, at=at)
    return finish(turn, public_text=text)


@action
def refuse_extension(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Refuse more time, saying why; the same clock runs on, and the unit may ask again.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="refuse_extension", version=version, at=at)
    require_text(text)
    return finish(turn, internal_text=text)


@action
def grant_pause(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Let a case rest until the day asked for; its clocks wait and go on by themselves. `text` is public.

    Raises:
        Incomplete: the day has come meanwhile.
    """
    turn = begin(by=by, case_id=case_id, name="grant_pause", version=version, at=at)
    until = turn.case.rests_until
    if until is not None and until <= turn.at:
        raise Incomplete(_("The day until which it was to rest has come; let it go on."), field="text")
    return finish(turn, public_text=text, until=until, data={"until": until})


@action
def refuse_pause(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Refuse a rest, saying why; the same clock runs on, and the unit may ask again.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="refuse_pause", version=version, at=at)
    require_text(text)
    return finish(turn, internal_text=text)


@action
def end_pause(
    *, by: Actor, case_id: UUID, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Let a case go on before the date until which it rests, saying why.

    Raises:
        Incomplete: without a text.
    """
    turn = begin(by=by, case_id=case_id, name="end_pause", version=version, at=at)
    require_text(text)
    return finish(turn, internal_text=text)
