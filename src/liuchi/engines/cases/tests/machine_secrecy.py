"""Secret cases among anybody who tries anything: whom one is about never sees it, acts on it, or is told of it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from liuchi.engines.cases import notices, support_notices, tasks
from liuchi.engines.cases.access import meets, work_of
from liuchi.engines.cases.models import Assignment, Case, CaseMove
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.engines.cases.testing import MORNING, World, report
from liuchi.engines.cases.tests.machine import STRIDES, attempt
from liuchi.engines.cases.tests.machine_parts import attempt_part, part_traces
from liuchi.engines.cases.tests.oracle import LATEST, PEOPLE, TABLE, Expected, Person
from liuchi.engines.cases.tests.oracle_parts import PART_TABLE
from liuchi.ground.access.viewers import PUBLIC, Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.testing import empty_journal_folder
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.notices.models import Notice

#: About whom a report may be: units with people of their own, whom no other secret keeps out of the desk.
ABOUT = st.sampled_from(["water", "lights"])
#: What reporters do as such, of whatever unit they are.
AS_REPORTER = {"rate", "reopen", "withdraw"}
OFFICE = [name for name in TABLE if name not in {*AS_REPORTER, "wake", "merge", "unmerge", "unmerge_filed"}]
#: The moves by which a case gets on, so that it does not stay at the desk.
FORWARD = ["file", "dispatch", "hand_in", "pass_check", "close"]


class SecretCases(RuleBasedStateMachine):
    """The machine; `world` and `viewers` are set by the test that runs it."""

    world: World
    viewers: dict[str, Viewer]

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.case = Expected(UUID(int=0), 1, "resident", "")
        self.about = ""
        self.block = transaction.atomic()
        self.block._from_testcase = True  # type: ignore[attr-defined]  # an example may be undone, though actions are durable
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        empty_journal_folder()

    def actor(self, person: Person) -> Actor:
        return self.viewers.get(person.name, PUBLIC)

    def is_accused(self, person: Person) -> bool:
        return self.about in person.units | person.elsewhere

    @initialize(about=ABOUT, grid=st.integers(0, 3))
    def begin(self, about: str, grid: int) -> None:
        self.about = about
        with frozen_at(self.now):
            about_unit = getattr(self.world, about).id
            receipt = report(
                self.world, by=self.viewers["resident"], grid=grid, is_secret=True, about_unit_id=about_unit
            )
        self.case = Expected(receipt.case_id, 1, "resident", receipt.code)

    @rule(stride=STRIDES)
    def wait(self, stride: int) -> None:
        self.now = min(self.now + timedelta(seconds=stride), LATEST)
        with frozen_at(self.now):
            for work in (tasks.wake, tasks.warn, supervise):
                work()

    @rule(who=st.sampled_from(PEOPLE), move=st.sampled_from([*OFFICE, *FORWARD * 4]), condition=st.integers(0, 2))
    def try_a_move(self, who: Person, move: str, condition: int) -> None:
        self._try_move(who, move, self.about, condition)

    @rule(
        who=st.sampled_from(PEOPLE),
        move=st.sampled_from(sorted(PART_TABLE)),
        unit=st.sampled_from(["water", "lights", "town"]),
    )
    def try_about_a_part(self, who: Person, move: str, unit: str) -> None:
        self._try(who, lambda: attempt_part(self.world, self.actor(who), self.case, move, unit))

    @rule(steps=st.integers(1, 5), condition=st.integers(0, 2))
    def get_on(self, steps: int, condition: int) -> None:
        """Let the first who may bring the case on, to the unit that it is not about."""
        other = "lights" if self.about == "water" else "water"
        for _ in range(steps):
            state = Case.objects.values_list("state", flat=True).get(id=self.case.id)
            for move in (each for each in FORWARD if state in TABLE[each][0]):
                any(self._try_move(who, move, other, condition) for who in PEOPLE)

    def _try_move(self, who: Person, move: str, unit: str, condition: int) -> bool:
        actor = self.actor(who)
        return self._try(who, lambda: attempt(self.world, actor, self.case, move, who, unit=unit, condition=condition))

    def _try(self, who: Person, action: Callable[[], object]) -> bool:
        """Try something and tell whether it was done; whom it is about finds no such case, and no trace is left."""
        before = part_traces()
        with frozen_at(self.now):
            refusal = refused(action)
        assert refusal is not None or not self.is_accused(who), who
        if refusal is None:
            return True
        assert isinstance(refusal, NotFound) or not self.is_accused(who), (who, refusal)
        assert part_traces() == before
        return False

    @invariant()
    def whom_it_is_about_knows_nothing(self) -> None:
        if not self.about:
            return
        unit, accused = getattr(self.world, self.about), [each for each in PEOPLE if self.is_accused(each)]
        assert not Assignment.objects.filter(case=self.case.id, unit=unit).exists()
        people = {self.viewers[each.name].person_id for each in accused}
        accounts = {self.viewers[each.name].id for each in accused}
        assert not CaseMove.objects.filter(case=self.case.id, actor_id__in=accounts).exists()
        self._follow()
        assert not Notice.objects.filter(person_id__in=people).exists()
        with frozen_at(self.now):
            for each in accused:
                viewer = self.viewers[each.name]
                assert not Case.objects.filter(meets(viewer)).exists()
                assert not Case.objects.filter(work_of(viewer)).exists()

    @invariant()
    def somebody_else_has_it(self) -> None:
        if not self.about:
            return
        with frozen_at(self.now):
            found = Case.objects.get(id=self.case.id)
            if found.ended_at is None and found.state != "paused":
                assert found.step_due_at is not None
                assert any(Case.objects.filter(work_of(viewer)).exists() for viewer in self.viewers.values())

    def _follow(self) -> None:
        """Tell whoever is told of moves and parts, as the worker would."""
        with frozen_at(self.now), guard.scope("maintenance", "tests"):
            for line in Line.objects.filter(subject_id=self.case.id).order_by("seq"):
                if line.kind in notices.TOLD:
                    notices.tell_of_move(line)
                if line.kind in support_notices.TOLD:
                    support_notices.tell_of_parts(line)


def refused(action: Callable[[], object]) -> RuleBroken | None:
    """Do something and return why it was refused, if it was."""
    try:
        action()
    except RuleBroken as refusal:
        return refusal
    return None
