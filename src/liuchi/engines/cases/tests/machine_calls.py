"""Call-backs beside the moves: closings are drawn, somebody of the desk calls, and what is not solved is taken up."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from liuchi.engines.cases.actions.calling import Said, draw_call_back, enter_call_back
from liuchi.engines.cases.models import CallBack, CaseMove
from liuchi.engines.cases.testing import SETUP
from liuchi.engines.cases.tests.oracle import PEOPLE, Expected
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import RuleBroken


def reopen_on_call(*, by: Actor, case_id: UUID) -> CaseMove:
    """Enter that somebody was reached and says that it is not solved, where a call-back waits."""
    waiting = CallBack.objects.filter(case_id=case_id, ended_at=None).first()
    said = Said(is_reached=True, is_solved=False, is_satisfied=False, text="仍未解决")
    return enter_call_back(by=by, call_back_id=waiting.id if waiting else case_id, said=said)


class CallRules:
    """Rules of the machine for call-backs; everything that is closed is drawn where somebody can be reached."""

    now: Any
    cases: list[Expected]
    draws: int
    actor: Any
    everything_is_as_the_oracle_says: Any

    @precondition(lambda self: any(case.state == "closed" for case in self.cases))
    @rule(data=st.data())
    def draw(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from([case for case in self.cases if case.state == "closed"]), "case")
        closing = CaseMove.objects.filter(case_id=case.id, name="close").order_by("id").last()
        assert closing is not None
        known = CallBack.objects.filter(closing=closing).exists()
        with frozen_at(self.now):
            drawn = draw_call_back(by=SETUP, closing_id=closing.id)
        assert (drawn is not None) == (case.reporter != "nobody" and not known)
        if drawn is not None:
            self.draws += 1
            case.called = True

    @precondition(lambda self: any(case.state == "closed" for case in self.cases))
    @rule(data=st.data(), who=st.sampled_from(PEOPLE), is_reached=st.booleans())
    def call(self, data: st.DataObject, who: Any, is_reached: bool) -> None:
        case = data.draw(st.sampled_from([case for case in self.cases if case.state == "closed"]), "case")
        waiting = CallBack.objects.filter(case_id=case.id, ended_at=None).first()
        said = Said(is_reached, is_solved=True if is_reached else None, text="已解决")
        may = case.may(who, "reopen_on_call", "", self.now)
        try:
            with frozen_at(self.now):
                enter_call_back(by=self.actor(who), call_back_id=waiting.id if waiting else case.id, said=said)
        except RuleBroken:
            assert not may
            return
        assert may
        case.moves.append("call_back")
        case.happened.append(("call_back", self.now, False))
        case.called = CallBack.objects.filter(case_id=case.id, ended_at=None).exists()
        self.everything_is_as_the_oracle_says()
