"""Turning the clocks of a case as a move asks: which stop, rest, go on and start."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.db.models import Model

from liuchi.engines.cases import clocks
from liuchi.engines.cases.models import Assignment, Case, CaseClock, ClockKind, State
from liuchi.engines.cases.supporting import STEP as PART
from liuchi.engines.cases.workflow import BESIDE_HANDLING, DATED, OPEN_STATES, RESTING, CaseClockDoes, Move
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.compiled import AN_ID, CompiledObjects
from liuchi.ground.organisations.models import Organisation


@dataclass
class Turn:
    """A case held under lock while one move is made with it."""

    case: Case
    move: Move
    by: Actor
    at: datetime
    changed: set[str] = field(default_factory=set)
    new_rows: list[Model] = field(default_factory=list)
    changed_clocks: list[CaseClock] = field(default_factory=list)
    unit: Organisation | None = None
    assignment: Assignment | None = None
    #: All clocks of the case, where they are at hand; they are read otherwise.
    held: list[CaseClock] | None = None

    def running_clocks(self) -> list[CaseClock]:
        """Return the case's own clocks that have not stopped, oldest first."""
        if self.held is not None:
            return [each for each in self.held if each.stopped_at is None and each.assignment_id is None]
        return _running().objects(case=self.case.id)

    def part_clocks(self) -> list[CaseClock]:
        """Return the clocks of the units that help, in which they have to answer, that have not stopped."""
        if self.held is not None:
            return [each for each in self.held if each.stopped_at is None and each.step == PART]
        return list(CaseClock.objects.filter(case=self.case, stopped_at=None, step=PART).order_by("id"))

    def last_handling(self) -> CaseClock | None:
        """Return the newest clock of handling, stopped or not."""
        if self.held is not None:
            return next((each for each in reversed(self.held) if each.step == State.HANDLING), None)
        known = CaseClock.objects.filter(case=self.case, kind=ClockKind.STEP, step=State.HANDLING)
        return known.order_by("-started_at", "-id").first()

    def was_overdue(self) -> bool:
        """Tell whether a case clock of the case has been judged overdue."""
        if self.held is not None:
            return any(each.kind == ClockKind.CASE and bool(each.is_overdue) for each in self.held)
        return CaseClock.objects.filter(case=self.case, kind=ClockKind.CASE, is_overdue=True).exists()

    def set(self, **values: object) -> None:
        """Set fields of the case and remember to save them."""
        for name, value in values.items():
            setattr(self.case, name, value)
        self.changed.update(values)

    def turned(self, clock: CaseClock) -> None:
        """Remember to save a clock, once however often it was turned."""
        if clock not in self.changed_clocks:
            self.changed_clocks.append(clock)


@cache
def _running() -> CompiledObjects[CaseClock]:
    rows = CaseClock.objects.filter(case_id=AN_ID, stopped_at=None, assignment=None).order_by("id")
    return CompiledObjects(rows, {"case": AN_ID})


def turn_clocks(turn: Turn) -> bool:
    """Turn the step clocks and the case clock as the table says, show them on the case; tell if the case is late."""
    case, at = turn.case, turn.at
    going_on = turn.running_clocks()
    if case.state in RESTING:
        _end_rest(turn, going_on)
    promised = _turn_case_clock(turn, next((each for each in going_on if each.kind == ClockKind.CASE), None))
    step = _turn_step_clocks(turn, {each.step: each for each in going_on if each.kind == ClockKind.STEP})
    shown: dict[ClockKind, CaseClock | None] = {ClockKind.STEP: step}
    if promised is not None and (promised.stopped_at is None or turn.move.target == State.CLOSED):
        shown[ClockKind.CASE] = promised  # a case back at the desk promises nothing until it is filed anew
    turn.changed.update(clocks.facts(case, shown))
    if turn.move.target in RESTING:
        turn.set(step_due_at=case.rests_until, step_warn_at=case.rests_until)
    elif turn.move.target not in DATED and case.rests_until is not None:
        turn.set(rests_until=None)
    return promised is not None and clocks.is_late(promised, at)


def _end_rest(turn: Turn, going_on: Sequence[CaseClock]) -> None:
    """Let what rested go on: at the date named, however late the move that says so, or now where that is earlier."""
    named = turn.case.rests_until
    at = turn.at if named is None else min(turn.at, named)
    resting = [each for each in turn.part_clocks() if each.paused_at is not None]
    for clock in (*going_on, *resting):
        clocks.resume_clock(clock, at)
        turn.turned(clock)


def _turn_case_clock(turn: Turn, clock: CaseClock | None) -> CaseClock | None:
    does, at = turn.move.case_clock, turn.at
    if does == CaseClockDoes.START:
        clock = clocks.start_clock(turn.case, ClockKind.CASE, "case", clocks.case_limit(turn.case), at)
        turn.new_rows.append(clock)
    elif does == CaseClockDoes.GO_ON:
        clock = CaseClock.objects.filter(case=turn.case, kind=ClockKind.CASE).order_by("-started_at", "-id")[0]
        clocks.go_on(clock)
        turn.changed_clocks.append(clock)
    elif clock is not None and does == CaseClockDoes.PAUSE:
        clocks.pause_clock(clock, at, _rests_until(turn))
        turn.turned(clock)
    elif clock is not None and does == CaseClockDoes.RESUME:
        if clock.paused_at is not None:  # after a rest it goes on already
            clocks.resume_clock(clock, at)
        turn.turned(clock)
    elif clock is not None and does == CaseClockDoes.STOP:
        clocks.stop_clock(clock, at)
        turn.turned(clock)
    elif clock is not None and turn.move.extends:
        _extend(turn, clock)
    return clock


def _turn_step_clocks(turn: Turn, going_on: dict[str, CaseClock]) -> CaseClock | None:
    """Stop the clocks of steps that end and return that of the step the case is in now; None if it has none.

    A case that has ended has none, and a case that rests has that of handling only, paused.
    """
    target = turn.move.target
    stays = {target, State.HANDLING} if target in BESIDE_HANDLING else {target}
    for step, clock in going_on.items():
        if step not in stays:
            clocks.stop_clock(clock, _stops_at(turn, clock, going_on))
            turn.turned(clock)
    if target in RESTING:
        for clock in (going_on[State.HANDLING], *turn.part_clocks()):
            clocks.pause_clock(clock, turn.at, _rests_until(turn))
            turn.turned(clock)
    if target not in OPEN_STATES or target in RESTING:
        return None
    if turn.move.extends and target in going_on:
        _extend(turn, going_on[target])
    return going_on.get(target) or _start_step(turn, target)


def _extend(turn: Turn, clock: CaseClock) -> None:
    clocks.extend_clock(clock, turn.move.extends)
    turn.turned(clock)


def _rests_until(turn: Turn) -> datetime | None:
    return turn.case.rests_until if turn.move.target in RESTING else None


def _stops_at(turn: Turn, clock: CaseClock, going_on: dict[str, CaseClock]) -> datetime:
    """Return as of when a clock stops: that of handling, where the unit is to be spared, as of when it asked."""
    asked = going_on.get(turn.case.state)
    spared = turn.move.spares_unit and clock.step == State.HANDLING and asked is not None
    return asked.started_at if spared and asked is not None else turn.at


def _start_step(turn: Turn, state: State) -> CaseClock:
    """Return the step clock of the new state; rework goes on with what the unit had left."""
    earlier = turn.last_handling() if turn.move.name == "fail_check" else None
    unit = turn.unit if state == State.HANDLING else None
    clock = clocks.start_clock(
        turn.case, ClockKind.STEP, state, clocks.step_limit(turn.case, state), turn.at, unit=unit, like=earlier
    )
    turn.new_rows.append(clock)
    return clock
