"""Interpreting scripts through the actions themselves: what is played has been checked like any other move."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from liuchi.engines.cases.actions.appeal import appeal_timeout, reject_appeal, uphold_appeal
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.actions.support import answer_part, bring_in_unit
from liuchi.engines.cases.actions.waking import wake_case
from liuchi.engines.cases.acts import ACTS
from liuchi.engines.cases.models import Assignment, AssignmentRole, CaseMove
from liuchi.engines.cases.punctuality import handling_clocks
from liuchi.engines.cases.receipts import receipt_code
from liuchi.engines.cases.replay.script import Script, Step
from liuchi.engines.cases.workflow import MOVES, Part
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import ids_from


def _answer_part(*, by: Actor, case_id: UUID, unit_id: UUID, text: str, at: datetime) -> CaseMove:
    """Answer the open part of a unit: a script names the unit, for the part has no id before it is played."""
    open_parts = Assignment.objects.filter(case_id=case_id, unit_id=unit_id, role=AssignmentRole.SUPPORT, ended_at=None)
    return answer_part(by=by, case_id=case_id, part_id=open_parts.get().id, text=text, at=at)


def _of_late_clock(action: Callable[..., CaseMove]) -> Callable[..., CaseMove]:
    """Return an action about a time-out as one about the case whose unit handed in late."""

    def act_on(*, case_id: UUID, **given: Any) -> CaseMove:
        late = handling_clocks().filter(case_id=case_id, is_overdue=True, assignment=None)
        return action(clock_id=late[0].id, **given)

    return act_on


#: The action of each move that a script may hold: those of the table, and what the house itself or a part does.
ACTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    **ACTS,
    "wake": wake_case,
    "bring_in": bring_in_unit,
    "answer_part": _answer_part,
    "appeal": _of_late_clock(appeal_timeout),
    "uphold_appeal": _of_late_clock(uphold_appeal),
    "reject_appeal": _of_late_clock(reject_appeal),
}


def act(script: Script, actors: Callable[[str], Actor], *, is_lived: bool = False) -> UUID:
    """Make the moves of a script in order and return the case.

    `is_lived` lets the house's clock stand at each move, as if the house had been there, and ids follow from
    the token; otherwise it tells now of what
    happened then. Called inside `committed_together`, all of it stands or falls.

    Raises:
        RuleBroken: a move that the table, the allowances or the actor's powers do not admit.
    """
    first, *later = script.steps
    with ids_from(str(script.token)) if is_lived else nullcontext():
        return _act(script, first, later, actors, is_lived=is_lived)


def _act(script: Script, first: Step, later: Sequence[Step], actors: Callable[[str], Actor], *, is_lived: bool) -> UUID:
    who = actors(first.by)  # as they are now: who lived then may have had no office yet
    with frozen_at(first.at) if is_lived else nullcontext():
        receipt = report_case(by=who, token=script.token, at=first.at, **first.given)
    for step in later:
        is_reporters = step.move in MOVES and MOVES[step.move].part == Part.REPORTER
        more = {"receipt": receipt_code(script.token)} if is_reporters else {}
        who = actors(step.by)
        with frozen_at(step.at) if is_lived else nullcontext():
            ACTIONS[step.move](by=who, case_id=receipt.case_id, at=step.at, **step.given, **more)
    return receipt.case_id
