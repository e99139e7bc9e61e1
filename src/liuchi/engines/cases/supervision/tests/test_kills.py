"""Killed before any line (SIGKILL), or run by two workers at once: every act once, every message once, none missing."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from liuchi.engines.cases.models import Supervision
from liuchi.engines.cases.supervision import tasks
from liuchi.engines.cases.supervision.actions.by_hand import order_case
from liuchi.engines.cases.supervision.tasks import supervise
from liuchi.engines.cases.testing import MORNING, World, dispatched, give_role, report, small_world
from liuchi.engines.cases.tests.test_concurrency import at_once
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.tests.killing import killed_at_every_step
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices.models import Notice
from liuchi.ground.territory.queries import forget

ROOM = Path(tasks.__file__).parent
#: Every file in which the worker's acts are written; asking for `killed_at_every_step` by whole paths.
WITHIN = tuple(str(ROOM / name) for name in ("tasks.py", "due.py", "issuing.py", "actions/by_rule.py"))
LATER = MORNING + timedelta(hours=7)


@pytest.fixture
def house(committed: None) -> Iterator[World]:
    with frozen_at(MORNING):
        made = small_world()
        give_role("supervisor", "supervisor", made.district)
        yield made
    forget()


def _something_to_do(house: World) -> None:
    """Leave a case that will be late, and an order that will have had no answer."""
    with frozen_at(MORNING):
        case = dispatched(house, grid=3)
        answer_by = MORNING + timedelta(hours=1)
        order_case(by=house.viewer("supervisor"), case_id=case.id, text="请到场", answer_by=answer_by)


def _at(hours: float) -> None:
    with frozen_at(MORNING + timedelta(hours=hours)):
        supervise()


@pytest.mark.slow
def test_worker_when_killed_before_any_line_then_every_act_and_message_once(house: World) -> None:
    deaths = 0

    def work() -> None:
        with frozen_at(LATER):
            supervise()

    _something_to_do(house)
    for _step in killed_at_every_step(work, within=WITHIN):
        deaths += 1
        _something_to_do(house)
    _at(7.1)

    assert deaths > 40
    made = Counter(Supervision.objects.filter(clock__isnull=False).values_list("clock_id", "level"))
    overdue = Supervision.objects.filter(clock__isnull=False, level="reminder")
    assert set(made.values()) == {1}
    assert {row.case_id for row in overdue} == _dispatched_cases()
    by_hand = Supervision.objects.filter(origin="hand")
    cards = Supervision.objects.filter(follows__isnull=False)
    assert {card.follows_id for card in cards} == set(by_hand.values_list("id", flat=True))
    assert cards.count() == by_hand.count()
    assert Line.objects.filter(kind="case.supervised").count() == Supervision.objects.count()
    assert not Supervision.objects.filter(told_at=None).exists()
    told = Notice.objects.filter(template="cases.supervision_reminder").order_by("id")
    assert sum(each.parameters["count"] for each in told) == overdue.count()


def _dispatched_cases() -> set[object]:
    return set(Line.objects.filter(kind="case.dispatched").values_list("subject_id", flat=True))


def test_worker_when_two_run_at_once_then_every_act_and_message_once(house: World) -> None:
    with frozen_at(MORNING):
        for grid in range(6):
            dispatched(house, grid=grid)
            report(house, grid=grid)

    def run() -> None:
        with frozen_at(LATER):
            supervise()

    assert at_once(run, run, run) == [None, None, None]

    assert Counter(Supervision.objects.values_list("step", "level")) == {
        ("handling", "reminder"): 6,
        ("received", "reminder"): 6,
    }
    told = Notice.objects.filter(template="cases.supervision_reminder", person_id=house.viewer("water").person_id)
    assert sum(each.parameters["count"] for each in told) == 6
