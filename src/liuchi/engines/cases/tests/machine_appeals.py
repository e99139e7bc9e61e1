"""Appeals beside the moves: what was late stays late, is heard once, and leaves the rate only where it is upheld."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from liuchi.engines.cases.actions.appeal import appeal_timeout, reject_appeal, uphold_appeal
from liuchi.engines.cases.models import CaseClock
from liuchi.engines.cases.punctuality import Punctuality, punctuality
from liuchi.engines.cases.testing import MORNING, World
from liuchi.engines.cases.tests.machine_parts import part_traces
from liuchi.engines.cases.tests.oracle import LATEST, PEOPLE, Expected
from liuchi.engines.cases.tests.oracle_appeals import Round, may_appeal, may_judge
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import RuleBroken

#: The straight way from a report to its closing.
WAY = {"received": "file", "filed": "dispatch", "handling": "hand_in", "checking": "pass_check", "checked": "close"}
#: Who may judge, so that it happens often enough.
JUDGES = tuple(each for each in PEOPLE if "decider" in each.offices) * 3


class AppealRules:
    """Rules of the machine for appeals; the machine it is mixed into has the cases and the time."""

    now: Any
    cases: list[Expected]
    world: World
    viewers: dict[str, Viewer]
    actor: Any
    do: Any
    everything_is_as_the_oracle_says: Any

    @precondition(lambda self: any(case.state in WAY for case in self.cases))
    @rule(data=st.data(), unit=st.sampled_from(["water", "lights"]), days=st.integers(0, 9))
    def go_straight_to_the_end(self, data: st.DataObject, unit: str, days: int) -> None:
        """Close a case, which its unit let lie for some days."""
        case = data.draw(st.sampled_from([case for case in self.cases if case.state in WAY]), "case")
        while case.state in WAY:
            move = WAY[case.state]
            self.now = min(self.now + timedelta(minutes=1, days=days * (move == "hand_in")), LATEST)
            person = next((each for each in PEOPLE if case.may(each, move, unit, self.now)), None)
            if person is None:
                return
            self.do(case, person, move, unit, 0)

    @precondition(lambda self: any(case.rounds for case in self.cases))
    @rule(data=st.data(), who=st.sampled_from(PEOPLE), is_easy=st.booleans())
    def appeal(self, data: st.DataObject, who: Any, is_easy: bool) -> None:
        case, each, clock = self._round(data)
        if is_easy:
            who = next(person for person in PEOPLE if each.unit in person.units)
        given = {"clock_id": clock.id, "reason": "weather", "text": "连日大雨"}
        if self._said(appeal_timeout, who, given, may=may_appeal(case, who, each)):
            each.appealed = True
            self._note(case, "appeal")

    @precondition(lambda self: any(each.appealed for case in self.cases for each in case.rounds))
    @rule(data=st.data(), who=st.sampled_from((*PEOPLE, *JUDGES)), is_upheld=st.booleans())
    def judge_an_appeal(self, data: st.DataObject, who: Any, is_upheld: bool) -> None:
        case, each, clock = self._round(data, appealed=True)
        judge = uphold_appeal if is_upheld else reject_appeal
        given = {"clock_id": clock.id, "text": "情况属实"}
        if self._said(judge, who, given, may=may_judge(case, who, each)):
            each.upheld = is_upheld
            self._note(case, "uphold_appeal" if is_upheld else "reject_appeal")

    def _round(self, data: st.DataObject, *, appealed: bool = False) -> tuple[Expected, Round, CaseClock]:
        found = [
            (case, number)
            for case in self.cases
            for number, each in enumerate(case.rounds)
            if each.appealed or not appealed
        ]
        case, number = data.draw(st.sampled_from(found), "round")
        return case, case.rounds[number], handled(case)[number]

    def _said(self, action: Any, who: Any, given: dict[str, Any], *, may: bool) -> bool:
        """Say something about a time-out, and tell whether it was heard, which is to be as the oracle says."""
        before = part_traces()
        try:
            with frozen_at(self.now):
                action(by=self.actor(who), **given)
        except RuleBroken:
            assert not may, (action.__name__, who)
            assert part_traces() == before
            return False
        assert may, (action.__name__, who)
        return True

    def _note(self, case: Expected, name: str) -> None:
        case.moves.append(name)
        case.happened.append((name, self.now, False))
        self.everything_is_as_the_oracle_says()

    def rounds_are_as_expected(self) -> None:
        """Hold what was late, what was excused, and the rates of units against the oracle."""
        counted: Counter[str] = Counter()
        for case in self.cases:
            rows = handled(case)
            assert [(row.is_overdue, row.excused) for row in rows] == [
                (each.late, bool(each.upheld)) for each in case.rounds
            ]
            for each in case.rounds:
                counted[f"{each.unit} counted"] += each.counts
                counted[f"{each.unit} in time"] += each.counts and not each.late
                counted[f"{each.unit} excused"] += bool(each.upheld)
        if any(_is_ambiguous(case) for case in self.cases):
            return
        for unit in ("water", "lights"):
            found = punctuality(
                self.viewers["officer"],
                since=MORNING,
                until=LATEST + timedelta(days=1),
                unit_id=getattr(self.world, unit).id,
            )
            assert found == Punctuality(*(counted[f"{unit} {what}"] for what in ("counted", "in time", "excused")))


def handled(case: Expected) -> list[CaseClock]:
    """Return the clocks of handling of a case, oldest first."""
    return list(CaseClock.objects.filter(case=case.id, step="handling", assignment=None).order_by("id"))


def _is_ambiguous(case: Expected) -> bool:
    """Tell whether two units had a case within one moment, so that nobody could say whose the time was."""
    return len({each.started for each in case.rounds}) < len(case.rounds)
