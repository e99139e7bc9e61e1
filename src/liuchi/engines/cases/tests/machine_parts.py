"""Units that help, beside the moves of the case: what may happen to their parts, and what must not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from liuchi.engines.cases.actions.support import (
    answer_part,
    ask_for_unit,
    bring_in_unit,
    call_in_unit,
    decline_part,
    reject_part,
    take_back_part,
    uphold_part,
)
from liuchi.engines.cases.models import Assignment, AssignmentRole, Case, CaseClock, CaseMove
from liuchi.engines.cases.testing import World
from liuchi.engines.cases.tests.oracle import CONDITIONS, LATEST, PEOPLE, STEPS, Clock, Expected
from liuchi.engines.cases.tests.oracle_parts import BEGINNING, PART_TABLE, make_part, may_part
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import RuleBroken

HELPERS = st.sampled_from(["water", "lights", "town"])
PART_ACTIONS: dict[str, Callable[..., object]] = {
    "bring_in": bring_in_unit,
    "call_in": call_in_unit,
    "ask_for": ask_for_unit,
    "answer_part": answer_part,
    "decline_part": decline_part,
    "uphold_part": uphold_part,
    "reject_part": reject_part,
    "release_part": take_back_part,
}
_REASONS = {"decline_part": "not_our_duty", "reject_part": "on_the_list"}


def attempt_part(world: World, actor: Actor, case: Expected, move: str, unit: str) -> None:
    """Call the action of `move` for the part of `unit`, open or not, with everything it needs."""
    given: dict[str, Any] = {"text": "请配合"}
    if move in _REASONS:
        given["reason"] = _REASONS[move]
    if move in BEGINNING:
        given["unit_id"] = getattr(world, unit).id
    else:
        parts = Assignment.objects.filter(case_id=case.id, unit=getattr(world, unit), role=AssignmentRole.SUPPORT)
        newest = parts.order_by(models.F("ended_at").desc(nulls_first=True)).first()
        given["part_id"] = newest.id if newest else case.id
    PART_ACTIONS[move](by=actor, case_id=case.id, **given)


class PartRules:
    """Rules of the machine for supporting parts; the machine it is mixed into has the cases and the time."""

    now: Any
    cases: list[Expected]
    world: World
    actor: Any
    everything_is_as_the_oracle_says: Any

    @precondition(lambda self: any(case.state in case.with_lead for case in self.cases))
    @rule(data=st.data(), times=st.integers(1, 4), minutes=st.integers(0, 200))
    def help(self, data: st.DataObject, times: int, minutes: int) -> None:
        case = data.draw(st.sampled_from([case for case in self.cases if case.state in case.with_lead]), "case")
        for _ in range(times):
            self.now = min(self.now + timedelta(minutes=minutes), LATEST)
            unit = data.draw(HELPERS, "unit")
            open_to = [
                (person, name)
                for name in PART_TABLE
                for person in PEOPLE
                if may_part(case, person, name, unit, self.now)
            ]
            if not open_to:
                return
            person, name = data.draw(st.sampled_from(open_to), "what")
            with frozen_at(self.now):
                attempt_part(self.world, self.actor(person), case, name, unit)
            assert case.condition is not None
            fresh = Clock(*CONDITIONS[case.condition], self.now, self.now)
            deciding = Clock("work", STEPS["disputed"], self.now, self.now)
            make_part(case, person, name, unit, self.now, fresh, deciding)
            self.everything_is_as_the_oracle_says()

    @precondition(lambda self: self.cases)
    @rule(data=st.data(), unit=HELPERS)
    def try_to_help_without_right(self, data: st.DataObject, unit: str) -> None:
        case = data.draw(st.sampled_from(self.cases), "case")
        wrong = [(who, name) for name in PART_TABLE for who in PEOPLE if not may_part(case, who, name, unit, self.now)]
        before = part_traces()
        for person, name in data.draw(st.lists(st.sampled_from(wrong), max_size=4)) if wrong else []:
            try:
                with frozen_at(self.now):
                    attempt_part(self.world, self.actor(person), case, name, unit)
            except RuleBroken:
                assert part_traces() == before
            else:
                raise AssertionError(f"{person.name} could {name} for {unit} in a case that is {case.state}")

    def parts_are_as_expected(self, case: Expected) -> None:
        """Hold the open parts of a case and their clocks against the oracle."""
        rows = Assignment.objects.filter(case_id=case.id, role=AssignmentRole.SUPPORT, ended_at=None)
        found = {row.unit_id: row for row in rows}
        running = list(CaseClock.objects.filter(assignment__case_id=case.id, stopped_at=None))
        clocks = {row.assignment_id: row for row in running if row.step == "support"}
        deciding = {row.assignment_id: row for row in running if row.step == "disputed"}
        assert len(clocks) + len(deciding) == len(running)
        assert found.keys() == {getattr(self.world, unit).id for unit in case.parts.open}
        assert clocks.keys() == {row.id for row in found.values()}
        assert deciding.keys() == {row.id for row in found.values() if row.declined_at is not None}
        for unit, part in case.parts.open.items():
            row = found[getattr(self.world, unit).id]
            assert (row.declined_at is not None) == part.declined
            clock = clocks[row.id]
            assert (clock.due_at, clock.warn_at) == (part.clock.ends(), part.clock.warns())
            assert (clock.running_since, clock.rests_until) == (part.clock.since, part.clock.rests)
            if part.declined:
                due, since = deciding[row.id].due_at, deciding[row.id].running_since
                assert (due, since) == (part.deciding.ends(), part.deciding.since)


def part_traces() -> tuple[object, ...]:
    """Return what a refused attempt would have changed: parts, their clocks, history."""
    rows = Assignment.objects.order_by("id").values_list("id", "ended_at", "declined_at", "outcome")
    return (*rows, CaseClock.objects.filter(stopped_at=None).count(), *_history())


def _history() -> list[int]:
    return [
        CaseMove.objects.count(),
        Line.objects.count(),
        sum(Case.objects.order_by().values_list("version", flat=True)),
    ]
