"""What a house of ten times as many cases costs: two instances up at once, the same lanes in turns, round by round.

Each round is a few calls in one instance and at once the same in the other, by turns the one and the other first; what
is told is the median of the ratios of such pairs. Other work on the machine comes over both sides of a pair alike.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import IO, Any, Final

from liuchi.doors.cli.bench.rounds import READY

#: The lanes that may cost at most so much more where there are ten times as many cases.
LANES: Final = ("move", "worklist", "search")
MOST: Final = 1.5
SIZES: Final = (10_000, 100_000)
#: Fewer pairs of rounds say little, however short a time is asked for.
_FEWEST: Final = 11
#: Seconds that an instance may take to be removed.
_LEAVE: Final = 60


@dataclass(frozen=True)
class Round:
    """What one call took on average in a round: milliseconds of the wall and of the processor."""

    ms: float
    cpu_ms: float


Pair = tuple[Round, Round]


class Side:
    """An instance that runs a round of a lane when told."""

    def __init__(self, told: IO[str], answers: IO[str]) -> None:
        self._told, self._answers = told, answers

    def ready(self) -> None:
        """Wait until the instance holds its cases."""
        if self._answer() != READY:
            raise RuntimeError("The bench of one size did not begin.")

    def run(self, lane: str) -> Round:
        """Run a round of `lane` and return what it took."""
        print(lane, file=self._told, flush=True)
        return Round(**json.loads(self._answer()))

    def _answer(self) -> str:
        line = self._answers.readline()
        if not line:
            raise RuntimeError("The bench of one size ended early.")
        return line.strip()


def run_growth(
    *, seconds: float, data: str | None, say: Callable[[str], None], sizes: Sequence[int] = SIZES
) -> dict[str, list[Pair]]:
    """Run each lane at both sizes in turns, for about `seconds`, and return its pairs of rounds."""
    with ExitStack() as stack:
        few, many = [stack.enter_context(_side(cases, data)) for cases in sizes]
        say(f"{sizes[0]:,} and {sizes[1]:,} cases …")
        for side in (few, many):
            side.ready()
        found = {}
        for lane in LANES:
            say(f"{lane} …")
            found[lane] = list(_pairs(lane, few, many, seconds))
        return found


def _pairs(lane: str, few: Side, many: Side, seconds: float) -> Iterator[Pair]:
    # The first round of each is not counted: caches fill and statements are prepared.
    few.run(lane), many.run(lane)
    ends, number = time.monotonic() + seconds, 0
    while number < _FEWEST or time.monotonic() < ends:
        if number % 2:
            later = many.run(lane)
            yield few.run(lane), later
        else:
            yield few.run(lane), many.run(lane)
        number += 1


@contextmanager
def _side(cases: int, data: str | None) -> Iterator[Side]:
    words = ["--paced", "--cases", str(cases), *(["--data", data] if data else [])]
    with subprocess.Popen(
        [sys.executable, "-m", "liuchi.doors.cli.main", "bench", "core", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("The bench of one size has no way to be told.")
        try:
            yield Side(process.stdin, process.stdout)
        finally:
            # Nothing more to read is the sign to leave; one that still lays its cases is told so.
            process.stdin.close()
            try:
                process.wait(_LEAVE)
            except subprocess.TimeoutExpired:
                process.terminate()


def compared(found: dict[str, list[Pair]]) -> dict[str, Any]:
    """Return for each lane the medians at both sizes and of the paired ratios, and the load of the machine."""
    return {
        "bench": "growth",
        "load": round(os.getloadavg()[1], 1),
        "lanes": [{"lane": lane, "rounds": len(pairs), **_sides(pairs)} for lane, pairs in found.items()],
    }


def _sides(pairs: Sequence[Pair]) -> dict[str, float]:
    shown: dict[str, float] = {}
    for name in _SHOWN:
        few, many = ([getattr(pair[side], name) for pair in pairs] for side in (0, 1))
        shown[f"{name}_few"], shown[f"{name}_many"] = round(median(few), 3), round(median(many), 3)
        shown[f"{name}_ratio"] = round(median(b / a for a, b in zip(few, many, strict=True)), 2)
    return shown


def as_text(told: dict[str, Any]) -> str:
    """Return the comparison as a table with its aim."""
    few, many = SIZES
    lines = [
        f"{'growth':10}{'wall ms':>12}{'wall ms':>12}{'ratio':>8}{'cpu ms':>12}{'cpu ms':>12}{'ratio':>8}{'pairs':>8}"
    ]
    lines.append(f"{'':10}{few:>12,}{many:>12,}{'':8}{few:>12,}{many:>12,}")
    for row in told["lanes"]:
        shown = "".join(
            f"{row[f'{name}_few']:>12.3f}{row[f'{name}_many']:>12.3f}{row[f'{name}_ratio']:>8.2f}" for name in _SHOWN
        )
        lines.append(f"{row['lane']:10}{shown}{row['rounds']:>8}")
    is_met = all(row[f"{name}_ratio"] <= MOST for row in told["lanes"] for name in _SHOWN)
    lines.append(f"    Aim: both at most {MOST} times as long: {'met' if is_met else 'missed'}. Load {told['load']}.")
    return "\n".join(lines)


_SHOWN: Final = ("ms", "cpu_ms")
