"""Drawing closed cases for a call-back, and entering what came of the calls."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import had_a_part
from liuchi.engines.cases.calling.drawing import MOST_CALLS, is_drawn, rule_at
from liuchi.engines.cases.kinds import CALL_BACK_DRAWN, CALL_BACK_RULE_SET, CALL_BACKS_LAPSED, CALLED_BACK
from liuchi.engines.cases.models import CallBack, CallBackResult, CallBackRule, Case, CaseMove, State
from liuchi.engines.cases.moving import begin, finish, kept_words, require_text
from liuchi.engines.cases.reopening import REOPEN_WITHIN, take_up_again
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.ground.journal.actions import draft, record, write
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.territory.queries import territory

#: The name under which a case's history tells of a call; it is no move of the workflow.
CALLED: Final = "call_back"
REOPEN: Final = "reopen_on_call"
#: A closing that came to the house's knowledge later than this is not called back: nobody could take it up again.
WITHIN: Final = REOPEN_WITHIN


class CallRefused(RuleBroken):
    """The call cannot be entered; the message says why."""

    code = "call_refused"


@dataclass(frozen=True)
class Said:
    """What came of one call: reached or not; if so, whether solved and satisfied, and their words."""

    is_reached: bool
    is_solved: bool | None = None
    is_satisfied: bool | None = None
    text: str = ""


@action
def draw_call_back(*, by: Actor, closing_id: UUID) -> CallBack | None:
    """Draw one closing, if its lot falls: once for each, always the same; None if it is not to be called back.

    Only where somebody left a way to reach them.

    Raises:
        NotAllowed: only the house draws; nobody chooses.
    """
    if by.kind != "system":
        raise NotAllowed(_("Call-backs are drawn by the house, so that nobody chooses them."))
    closing = CaseMove.objects.filter(id=closing_id, name="close").first()
    if closing is None or CallBack.objects.filter(closing_id=closing_id).exists():
        return None
    case = Case.objects.select_for_update(of=("self",)).get(id=closing.case_id)
    rule = rule_at(case.place_id, closing.recorded_at)
    can_be_reached = case.reports.filter(Q(phone_sealed__isnull=False) | Q(reporter__isnull=False), erased_at=None)
    is_closed = case.state == State.CLOSED and case.ended_at == closing.happened_at
    if not is_closed or not is_drawn(case.id, closing.id, rule.percent) or not can_be_reached.exists():
        return None
    row = CallBack(case=case, closing=closing, percent=rule.percent, most_calls=rule.most_calls, drawn_at=clock.now())
    line = draft(
        kind=CALL_BACK_DRAWN,
        by=by,
        subject_type="cases.call_back",
        subject_id=row.id,
        place_id=case.place_id,
        data={"case": case.id, "closing": closing.id, "percent": rule.percent},
    )
    # A closing before this one was overtaken by its reopening, and nobody calls about it any more.
    case.call_backs.filter(ended_at=None).update(result=CallBackResult.LAPSED, ended_at=row.drawn_at)
    write(line, row)
    return row


@action
def enter_call_back(
    *, by: Actor, call_back_id: UUID, said: Said, calls: int | None = None, at: datetime | None = None
) -> CaseMove:
    """Enter what came of a call by somebody of the desk who had no part in the case.

    Not reached: the call is counted, and after the rule's most calls nobody calls any more. Not solved: the case is
    taken up again with a fresh case clock. `calls` is how many had been made when the page was read.

    Raises:
        NotFound: there is no such call-back, or secrecy keeps its case from the actor.
        NotAllowed: the actor is not of the desk of the place, or had a part in the case.
        Stale: somebody else called meanwhile.
        CallRefused: it has ended, or the answers do not fit together.
    """
    found = CallBack.objects.filter(id=call_back_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotFound(_("There is no such call-back."))
    if said.is_reached and said.is_solved is False:
        return _take_up(by, found, call_back_id, said, calls, at)
    case = Case.objects.select_for_update(of=("self",)).filter(id=found).first()
    if case is None or is_kept_from(by, case):
        raise NotFound(_("There is no such call-back."))
    row = _open_call(by, case, call_back_id, calls)
    now = at or clock.now()
    _note(row, said, now)
    line = draft(
        kind=CALLED_BACK,
        by=by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        happened_at=now,
        data=_facts(row, said),
    )
    case.version += 1
    case.save(update_fields=["version"])
    _save(row)
    move = CaseMove(
        case=case,
        line_id=line.id,
        name=CALLED,
        from_state=case.state,
        to_state=case.state,
        actor_kind=by.kind,
        actor_id=by.id,
        reason_code=row.result if said.is_reached else CallBackResult.UNREACHED,
        internal_text=kept_words(said.text),
        happened_at=now,
        recorded_at=line.recorded_at,
    )
    write(line, move)
    return move


@action
def lapse_call_backs(*, by: Actor) -> int:
    """End call-backs that came too late to take the case up again, or that its reopening overtook; return how many."""
    late = Q(closing__happened_at__lt=clock.now() - WITHIN) | ~Q(case__state=State.CLOSED)
    rows = CallBack.objects.select_for_update(of=("self",)).filter(late, ended_at=None).order_by("id")
    ids = list(rows.values_list("id", flat=True))
    if not ids:
        return 0
    CallBack.objects.filter(id__in=ids).update(result=CallBackResult.LAPSED, ended_at=clock.now())
    facts = {"call_backs": len(ids)}
    record(kind=CALL_BACKS_LAPSED, by=by, subject_type="cases.call_back", subject_id=ids[0], data=facts)
    return len(ids)


@action
def set_call_back_rule(*, by: Actor, area_id: UUID, percent: int, most_calls: int) -> CallBackRule:
    """Say which share of an area's closings is called back from now on, and how often somebody is called at most.

    Raises:
        NotAllowed: the actor lacks the power cases.standards there.
        NotFound: there is no such area today.
        CallRefused: a share outside 0 to 100, or fewer than one or more than five calls.
    """
    if not by.allows("cases.standards", area_id):
        raise NotAllowed(_("You may not set which share is called back."))
    if area_id not in territory().areas:
        raise NotFound(_("There is no such area."), field="area")
    if not 0 <= percent <= 100:
        raise CallRefused(_("Give a share from 0 to 100 per cent."), field="percent")
    if not 1 <= most_calls <= MOST_CALLS:
        raise CallRefused(_("Give 1 to %(most)d calls.") % {"most": MOST_CALLS}, field="most_calls")
    row = CallBackRule(area_id=area_id, percent=percent, most_calls=most_calls, since=clock.now())
    line = draft(
        kind=CALL_BACK_RULE_SET,
        by=by,
        subject_type="cases.call_back_rule",
        subject_id=row.id,
        place_id=area_id,
        data={"percent": percent, "most_calls": most_calls},
    )
    write(line, row)
    return row


def _take_up(
    by: Actor, case_id: UUID, call_back_id: UUID, said: Said, calls: int | None, at: datetime | None
) -> CaseMove:
    turn = begin(by=by, case_id=case_id, name=REOPEN, version=None, at=at)
    row = _open_call(by, turn.case, call_back_id, calls)
    require_text(said.text)
    _note(row, said, turn.at)
    _save(row)
    take_up_again(turn)
    return finish(turn, internal_text=said.text, data=_facts(row, said))


def _open_call(by: Actor, case: Case, call_back_id: UUID, calls: int | None) -> CallBack:
    row = CallBack.objects.select_for_update(of=("self",)).select_related("closing").filter(id=call_back_id).first()
    if row is None:
        raise NotFound(_("There is no such call-back."))
    if not by.allows("cases.accept", case.place_id):
        raise NotAllowed(_("Calling back is the desk's."))
    if had_a_part(by, case):
        raise NotAllowed(_("You had a part in handling this case; somebody else has to call."))
    if row.ended_at is not None or case.state != State.CLOSED or case.ended_at != row.closing.happened_at:
        raise CallRefused(_("This call-back has ended meanwhile. Reload the page to see how."))
    if calls is not None and row.calls != calls:
        raise Stale(_("Somebody else called meanwhile. Look at what came of it, then call again if need be."))
    return row


def _note(row: CallBack, said: Said, now: datetime) -> None:
    if said.is_reached and said.is_solved is None:
        raise CallRefused(_("Say whether it is solved."), field="solved")
    if now - row.closing.happened_at > WITHIN:
        raise CallRefused(_("This case was closed more than 30 days ago; nobody calls any more."))
    row.calls, row.last_called_at = row.calls + 1, now
    if said.is_reached:
        row.result = CallBackResult.SOLVED if said.is_solved else CallBackResult.NOT_SOLVED
        row.is_satisfied, row.ended_at = said.is_satisfied, now
    elif row.calls >= row.most_calls:
        row.result, row.ended_at = CallBackResult.UNREACHED, now


def _save(row: CallBack) -> None:
    row.save(update_fields=["calls", "last_called_at", "result", "is_satisfied", "ended_at"])


def _facts(row: CallBack, said: Said) -> dict[str, object]:
    return {
        "call_back": row.id,
        "calls": row.calls,
        "reached": said.is_reached,
        "satisfied": said.is_satisfied,
    }
