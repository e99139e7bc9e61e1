"""What the bench counts, and how it says it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from liuchi.doors.cli.bench.measuring import Call, Measured, Spell, measure
from liuchi.doors.cli.bench.results import as_json, as_text

MILLI = 1_000_000


@dataclass
class Counting:
    """A lane that notes what is called, and ends after some slices."""

    slices: int
    name: str = "counting"
    size: int = 3
    clients: int = 1
    calls: list[str] = field(default_factory=list)

    def processes(self) -> list[int]:
        return []

    def product(self) -> Sequence[Call]:
        self.slices -= 1
        return [lambda: self.calls.append("product")] * (self.size if self.slices >= 0 else 0)

    def bare(self) -> Sequence[Call]:
        return [lambda: self.calls.append("bare")] * self.size

    def close(self) -> None:
        self.calls.append("closed")


def _found(lane: str, *, product_ms: float, bare_ms: float) -> Measured:
    took = [int(product_ms * MILLI)] * 20
    barely = [int(bare_ms * MILLI)] * 20
    return Measured(lane, Spell(took, wall=sum(took), cpu=sum(took) // 2), Spell(barely, wall=sum(barely)))


def test_measure_when_a_lane_has_no_more_to_do_then_both_ways_have_run_in_turns_as_often() -> None:
    lane = Counting(slices=3)

    found = measure(lane, seconds=60)

    assert lane.calls == [*(["product"] * 3 + ["bare"] * 3) * 3, "closed"]
    assert (len(found.product.took), len(found.bare.took)) == (6, 6)


def test_measure_when_the_time_is_over_then_it_ends() -> None:
    lane = Counting(slices=10**9)

    found = measure(lane, seconds=0.001)

    assert 0.001 <= (found.product.wall + found.bare.wall) / 1e9 < 1


def test_measure_when_several_ask_then_each_call_is_made_once_in_threads_of_their_own() -> None:
    lane = Counting(slices=2, clients=2)

    found = measure(lane, seconds=60)

    assert sorted(lane.calls) == sorted([*["product", "bare"] * 6, "closed"])
    assert (len(found.product.took), len(found.bare.took)) == (3, 3)
    assert found.product.per_second > 0


def test_share_when_calls_took_one_to_a_hundred_then_it_is_the_nearest_rank() -> None:
    spell = Spell([number * MILLI for number in range(100, 0, -1)])

    assert (spell.share(0.5), spell.share(0.95), spell.share(1)) == (50, 95, 100)


def test_json_when_printed_then_it_has_the_form_of_every_bench() -> None:
    found = json.loads(as_json("core", [_found("move", product_ms=4, bare_ms=1)]))

    assert found == {
        "bench": "core",
        "lanes": [
            {
                "lane": "move",
                "per_second": 250.0,
                "p50_ms": 4.0,
                "p95_ms": 4.0,
                "cpu_ms": 2.0,
                "limit_per_second": 1000.0,
                "ratio": 0.25,
            }
        ],
    }


def test_table_when_aims_are_met_or_missed_then_it_says_so() -> None:
    lanes = [
        _found("report", product_ms=4, bare_ms=1),
        _found("move", product_ms=4, bare_ms=1),
        _found("locate", product_ms=0.021, bare_ms=0.01),
        _found("worklist", product_ms=10.1, bare_ms=1),
    ]

    words = as_text("core", lanes)

    assert [line.rpartition(" ")[2] for line in words.splitlines() if "Aim" in line] == ["met.", "missed.", "missed."]
