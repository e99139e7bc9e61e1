"""Interpreting scripts through the actions themselves: what is played has been checked like any other move."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, Final
from uuid import UUID

from liuchi.engines.cases.actions.check import fail_check, pass_check, verify_case
from liuchi.engines.cases.actions.decide import grant_extension, refuse_extension, reject_decline, uphold_decline
from liuchi.engines.cases.actions.desk import close_case, file_case, refuse_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk
from liuchi.engines.cases.actions.handle import ask_extension, decline_case, hand_in_result
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.receipts import receipt_code
from liuchi.engines.cases.replay.script import Script, Step
from liuchi.engines.cases.workflow import MOVES, Part
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import ids_from

#: The action of each move that a script may hold; a move that is new to the table needs one line here.
ACTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "send_to_verify": send_to_verify,
    "verify": verify_case,
    "file": file_case,
    "refuse": refuse_case,
    "dispatch": dispatch_case,
    "return_to_desk": return_to_desk,
    "decline": decline_case,
    "uphold_decline": uphold_decline,
    "reject_decline": reject_decline,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "hand_in": hand_in_result,
    "pass_check": pass_check,
    "fail_check": fail_check,
    "close": close_case,
    "rate": rate_case,
    "reopen": reopen_case,
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
        more = {"receipt": receipt_code(script.token)} if MOVES[step.move].part == Part.REPORTER else {}
        who = actors(step.by)
        with frozen_at(step.at) if is_lived else nullcontext():
            ACTIONS[step.move](by=who, case_id=receipt.case_id, at=step.at, **step.given, **more)
    return receipt.case_id
