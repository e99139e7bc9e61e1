"""Several people at once, on really committed data, each with a connection of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from liuchi.engines.cases.actions.desk import refuse_case, send_to_verify
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.opening import Receipt
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, report, small_world
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import RuleBroken, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.queries import forget

R = TypeVar("R")


@pytest.fixture
def house(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    forget()


def at_once(*runs: Callable[[], R]) -> list[R | RuleBroken]:
    """Run everything at the same moment in threads; return results and refusals in order, let other errors rise."""
    start = Barrier(len(runs))

    def one(run: Callable[[], R]) -> R | RuleBroken:
        try:
            with frozen_at(MORNING):
                start.wait(timeout=20)
                return run()
        except RuleBroken as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(one, runs))


@pytest.mark.parametrize(("with_version", "refusal"), [(True, Stale), (False, MoveRefused)])
def test_case_when_two_move_it_at_once_then_one_wins_and_the_other_is_told(
    house: World, with_version: bool, refusal: type[RuleBroken]
) -> None:
    case = case_of(report(house).case_id)
    desk, version = house.viewer("desk"), case.version if with_version else None

    answers = at_once(
        lambda: send_to_verify(by=desk, case_id=case.id, version=version),
        lambda: refuse_case(by=desk, case_id=case.id, reason="court", text="请向法院", version=version),
    )

    assert sorted(type(answer).__name__ for answer in answers) == sorted(["CaseMove", refusal.__name__])
    assert case_of(case.id).version == 2
    assert CaseMove.objects.filter(case=case).count() == Line.objects.filter(subject_id=case.id).count() == 2


def test_case_when_many_move_it_at_once_then_only_one_move_is_written(house: World) -> None:
    case, water = dispatched(house), house.viewer("water")

    answers = at_once(
        *[lambda: hand_in_result(by=water, case_id=case.id, text="已处理")] * 3,
        *[lambda: decline_case(by=water, case_id=case.id, reason="not_our_duty", text="不是")] * 3,
    )

    assert sum(isinstance(answer, CaseMove) for answer in answers) == 1
    assert {type(answer) for answer in answers} <= {CaseMove, MoveRefused, RuleBroken} | {
        type(answer) for answer in answers if isinstance(answer, RuleBroken)
    }
    assert case_of(case.id).version == 4
    # Were "not ours" the one, then the unit's own clock runs on beside that of the decision.
    running = set(case.clocks.filter(stopped_at=None, kind="step").values_list("step", flat=True))
    assert running in ({"checking"}, {"handling", "disputed"})


def test_report_when_sent_eight_times_at_once_then_one_case_and_one_receipt(house: World) -> None:
    token = new_id()

    answers = at_once(*[lambda: report(house, token=token)] * 8)

    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert len(receipts) == 8
    assert len({(each.case_id, each.number, each.code) for each in receipts}) == 1
    assert sum(each.is_new for each in receipts) == 1
    assert (Case.objects.count(), Report.objects.count(), CaseMove.objects.count()) == (1, 1, 1)
    assert Line.objects.filter(kind="case.reported").count() == 1


def test_reports_when_many_come_at_once_then_each_gets_its_own_number(house: World) -> None:
    answers = at_once(*[lambda: report(house, by=PUBLIC)] * 8)

    assert len({answer.number for answer in answers if isinstance(answer, Receipt)}) == 8
