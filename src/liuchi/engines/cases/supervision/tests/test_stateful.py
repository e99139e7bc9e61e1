"""Whatever anybody does with cases at whatever time, and however often the worker runs or dies: the acts are right."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from liuchi.engines.cases.actions.calling import set_call_back_rule
from liuchi.engines.cases.models import CaseClock, ClockKind, Supervision
from liuchi.engines.cases.supervision.actions.answering import accept_answer, answer_supervision, send_back_answer
from liuchi.engines.cases.supervision.actions.by_hand import order_case, withdraw_supervision
from liuchi.engines.cases.supervision.actions.by_rule import supervise_clock
from liuchi.engines.cases.supervision.due import due_clocks
from liuchi.engines.cases.supervision.tasks import SUPERVISOR, supervise
from liuchi.engines.cases.supervision.tests.oracle import UNIT, URGENT, Act, Supervised, later
from liuchi.engines.cases.testing import MORNING, SETUP, World
from liuchi.engines.cases.tests.conftest import under_hat
from liuchi.engines.cases.tests.machine import Cases
from liuchi.engines.cases.tests.oracle import LATEST, PEOPLE
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PHASES = [Phase.generate, Phase.shrink]


class SupervisedCases(Cases):
    """The machine of cases, with a worker that supervises, and people who order, answer and judge."""

    def __init__(self) -> None:
        super().__init__()
        self.supervised: list[Supervised] = []

    def known(self) -> list[Supervised]:
        """Return what is expected of each case, for those reported meanwhile too."""
        self.supervised += [Supervised(case) for case in self.cases[len(self.supervised) :]]
        return self.supervised

    def act(self, run: Any, **given: Any) -> None:
        """Call an action now, and leave its lines out of those that moves are held against."""
        before = Line.objects.count()
        with frozen_at(self.now):
            run(**given)
        self.lines_before += Line.objects.count() - before

    def open_acts(self, standing: str) -> list[tuple[Supervised, Act, Supervision]]:
        found = []
        for each in self.known():
            rows = list(Supervision.objects.filter(case=each.case.id).select_related("unit").order_by("id"))
            found += [(each, act, row) for act, row in zip(each.acts, rows, strict=True) if act.standing == standing]
        return found

    @precondition(lambda self: self.cases)
    @rule()
    def work(self) -> None:
        self.run_the_worker()

    def run_the_worker(self) -> None:
        """Let the worker run once, in the house and in the oracle."""
        self.act(supervise)
        for each in self.known():
            each.settle(self.now)
            for clock in each.due(self.now):
                each.act(clock, self.now)
            each.raise_unanswered(self.now)
        assert not Supervision.objects.filter(told_at=None).exists()

    @precondition(lambda self: self.cases)
    @rule(strides=st.lists(st.sampled_from([600, 3600, 3 * 3600, 9 * 3600, 24 * 3600]), min_size=2, max_size=8))
    def days_go_by(self, strides: list[int]) -> None:
        """Let the worker run again and again while nobody does anything."""
        for stride in strides:
            self.now = min(self.now + timedelta(seconds=stride), LATEST)
            self.run_the_worker()
            self.supervisions_are_as_the_oracle_says()

    @precondition(lambda self: self.cases)
    @rule(share=st.floats(0, 1))
    def work_and_die(self, share: float) -> None:
        """Let the worker begin, and die after some of its acts."""
        with frozen_at(self.now):
            due = list(due_clocks(self.now))
        assert len(due) == sum(len(each.due(self.now)) for each in self.known())
        for clock_id in due[: round(len(due) * share)]:
            row = CaseClock.objects.get(id=clock_id)
            one = next(each for each in self.known() if each.case.id == row.case_id)
            clock = one.case.promise if row.kind == ClockKind.CASE else one.case.step
            assert clock is not None
            self.act(supervise_clock, by=SUPERVISOR, clock_id=clock_id)
            one.act(clock, self.now)

    @precondition(lambda self: any(each.may_be_ordered() for each in self.known()))
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([each for each in self.known() if each.may_be_ordered()]), "ordered")
        self.act(order_case, by=SUPERVISOR, case_id=one.case.id, text="请今天到场")
        one.order(self.now)

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        waiting = [each for each in self.open_acts("open") if each[1].level != "reminder"]
        if waiting:
            _one, act, row = data.draw(st.sampled_from(waiting), "answered")
            by = self.viewers[act.unit] if act.unit else SUPERVISOR
            self.act(answer_supervision, by=by, supervision_id=row.id, text="明天做")
            act.standing = "answered"

    @rule(data=st.data(), how=st.sampled_from(["accept", "send back", "withdraw"]))
    def judge(self, data: st.DataObject, how: str) -> None:
        answered = self.open_acts("answered")
        if not answered:
            return
        _one, act, row = data.draw(st.sampled_from(answered), "judged")
        given = {"by": SUPERVISOR, "supervision_id": row.id, "text": "几点？"}
        if how == "accept":
            self.act(accept_answer, **given)
            act.standing = "accepted"
        elif how == "withdraw":
            self.act(withdraw_supervision, **given)
            act.standing = "withdrawn"
        else:
            self.act(send_back_answer, **given)
            act.standing = "open"
            patience = (URGENT if act.nights else UNIT)[act.level][1]
            act.due = later(self.now, patience, nights=act.nights)

    @invariant()
    def supervisions_are_as_the_oracle_says(self) -> None:
        for each in self.known():
            rows = Supervision.objects.filter(case=each.case.id).select_related("unit", "follows").order_by("id")
            made = [(row.level, row.standing, row.unit_id, row.step, row.answer_due_at) for row in rows]
            assert made == [
                (act.level, act.standing, getattr(self.world, act.unit).id if act.unit else None, act.step, act.due)
                for act in each.acts
            ]


@pytest.fixture
def machine(world: World, many_hats: Viewer) -> type[SupervisedCases]:
    with frozen_at(MORNING):
        set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=2)
        SupervisedCases.viewers = {
            each.name: under_hat(world, each) for each in PEOPLE if each.name not in {"visitor", "receipt holder"}
        }
    SupervisedCases.world = world
    return SupervisedCases


@pytest.mark.parametrize(("examples", "steps"), [(8, 25), pytest.param(25, 50, marks=pytest.mark.slow)])
def test_supervision_when_anything_happens_then_precisely_the_acts_that_the_oracle_says(
    machine: type[SupervisedCases], examples: int, steps: int
) -> None:
    profile = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=RELAXED,
        phases=PHASES,
        database=None,
    )

    run_state_machine_as_test(machine, settings=profile)

    assert Supervision.objects.count() == 0
