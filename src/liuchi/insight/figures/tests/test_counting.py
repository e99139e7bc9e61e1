"""What is counted equals what happened, whatever happened."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from liuchi.engines.cases.actions.calling import set_call_back_rule
from liuchi.engines.cases.kinds import CASE_REPORTED, CASE_SPLIT_OFF, MOVED
from liuchi.engines.cases.testing import MORNING, SETUP, World, report, small_world
from liuchi.engines.cases.tests.conftest import under_hat
from liuchi.engines.cases.tests.machine import Cases
from liuchi.engines.cases.tests.oracle import PEOPLE
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.models import Checkpoint, DeadLetter
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import forget
from liuchi.insight.figures import reactions
from liuchi.insight.figures.models import Tally
from liuchi.insight.figures.queries import totals

CHINA = ZoneInfo("Asia/Shanghai")
COUNTING = Reaction("figures.cases", reactions.COUNTED, reactions.count_line)
NAMES = {move: kind.name for move, kind in MOVED.items()} | {"report": CASE_REPORTED.name, "split": CASE_SPLIT_OFF.name}


class CountedCases(Cases):
    """The machine of cases; at the end of each example the tallies are held against the oracle."""

    examples: ClassVar[int] = 0

    def teardown(self) -> None:
        try:
            seal_once()
            run_reactions([COUNTING])
            assert DeadLetter.objects.count() == 0
            kept = Tally.objects.values_list("figure", "place__code", "on", "count")
            assert {(figure, place[:9], on): count for figure, place, on, count in _by_town(kept)} == self.expected()
            begun = totals(["case.reported", "case.split_off"])
            assert sum(begun.values()) == len(self.cases)
            assert totals(["case.closed", "no.such"]) == {
                "case.closed": sum(case.moves.count("close") for case in self.cases),
                "no.such": 0,
            }
            CountedCases.examples += 1
        finally:
            super().teardown()

    def expected(self) -> dict[tuple[str, str, date], int]:
        """Return the counts by figure, town and China's day, one by one from what the oracle saw."""
        found: Counter[tuple[str, str, date]] = Counter()
        for case in self.cases:
            for move, moment, late in case.happened:
                if move not in NAMES:
                    continue  # a helping unit's part, a call, one more who is affected: no case begins, moves or ends
                key = (f"99080300{case.town}", moment.astimezone(CHINA).date())
                found[(NAMES[move], *key)] += 1
                if move == "close" and late:
                    found[("case.closed_late", *key)] += 1
                if move == "rate":
                    found[("case.rated.3", *key)] += 1
        return dict(found)


def _by_town(rows: Any) -> list[tuple[str, str, date, int]]:
    found: Counter[tuple[str, str, date]] = Counter()
    for figure, place, on, count in rows:
        found[figure, place[:9], on] += count
    return [(*key, count) for key, count in found.items()]


def test_tallies_when_anybody_did_anything_then_equal_the_oracles_counts(world: World, many_hats: Viewer) -> None:
    with frozen_at(MORNING):
        set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=2)
        CountedCases.viewers = {
            each.name: under_hat(world, each) for each in PEOPLE if each.name not in {"visitor", "receipt holder"}
        }
    CountedCases.world = world
    before = CountedCases.examples

    run_state_machine_as_test(
        CountedCases,
        settings=settings(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
            database=None,
        ),
    )

    assert CountedCases.examples > before


def test_line_when_reactions_run_twice_or_the_worker_dies_between_then_is_counted_once(committed: None) -> None:
    with frozen_at(MORNING):
        report(small_world())
        seal_once()
        dying = Reaction(COUNTING.name, COUNTING.kinds, _count_and_die)
        run_reactions([dying])
        assert Tally.objects.count() == 0
    with frozen_at(MORNING + timedelta(hours=1)):
        run_reactions([COUNTING])
        run_reactions([COUNTING])
    forget()

    assert totals(["case.reported"]) == {"case.reported": 1}
    assert Checkpoint.objects.get().attempts == 0


def _count_and_die(line: Any) -> None:
    reactions.count_line(line)
    raise ConnectionResetError


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2024, 9, 12, 15, 59, 59, tzinfo=UTC), date(2024, 9, 12)),
        (datetime(2024, 9, 12, 16, 0, tzinfo=UTC), date(2024, 9, 13)),
    ],
)
def test_day_when_something_happens_around_midnight_then_is_chinas(
    committed: None, moment: datetime, day: date
) -> None:
    with frozen_at(MORNING):
        world = small_world()
    with frozen_at(moment):
        report(world)
        seal_once()
        run_reactions([COUNTING])
    forget()

    assert list(Tally.objects.values_list("figure", "on", "count")) == [("case.reported", day, 1)]
    assert totals(["case.reported"], since=day) == {"case.reported": 1}
    assert totals(["case.reported"], since=day + timedelta(days=1)) == {"case.reported": 0}


def test_totals_when_asked_for_many_figures_then_one_query(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = totals(["a", "b", "c"], since=date(2024, 1, 1))

    assert (len(asked), answer) == (1, {"a": 0, "b": 0, "c": 0})


BROKEN: dict[str, Callable[[Tally], object]] = {
    "tally_once_a_day": lambda tally: Tally.objects.create(figure="x", place=tally.place, on=tally.on, count=1),
    "tally_not_negative": lambda tally: Tally.objects.update(count=-1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(db: None, name: str) -> None:
    with guard.scope("maintenance", "test"):
        area = Area.objects.create(kind="grid", code="1", name="x", valid_from=date(2024, 1, 1))
        tally = Tally.objects.create(figure="x", place=area, on=date(2024, 1, 1), count=1)

        with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
            BROKEN[name](tally)

    assert str(tally) == "x 2024-01-01 1"


def test_rules_of_the_models_when_listed_then_each_has_a_test_that_breaks_it() -> None:
    assert {rule.name for rule in Tally._meta.constraints} == BROKEN.keys()
