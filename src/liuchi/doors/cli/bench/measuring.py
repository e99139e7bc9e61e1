"""Timing two ways of doing the same thing in alternating slices, so that what disturbs the machine disturbs both."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Protocol

from liuchi.doors.cli.bench.processors import Pids, processor_of, these

Call = Callable[[], object]
NANO = 1_000_000_000


class Lane(Protocol):
    """One thing the product does, and the bare limit of doing it."""

    @property
    def name(self) -> str:
        """Return the lane's name in the results."""

    @property
    def size(self) -> int:
        """Return how many calls make a slice."""

    @property
    def clients(self) -> int:
        """Return how many ask at the same time: 1, or threads of their own for product and limit."""

    @property
    def processes(self) -> Pids:
        """Return a call that names the processes which work for the product."""

    def product(self) -> Sequence[Call]:
        """Return at most `size` calls of the product, ready to run; fewer when there is no more to do."""

    def bare(self) -> Sequence[Call]:
        """Return as many calls that do the same barely."""

    def close(self) -> None:
        """Give back what the lane holds."""


@dataclass
class Spell:
    """What one way of doing it has taken so far, in nanoseconds: each call, all on the wall, all of the processor."""

    took: list[int] = field(default_factory=list)
    wall: int = 0
    cpu: int = 0

    @property
    def per_second(self) -> float:
        """Return the calls a second."""
        return len(self.took) * NANO / self.wall if self.took else 0.0

    def share(self, part: float) -> float:
        """Return the milliseconds within which `part` of the calls were done (nearest rank)."""
        ranked = sorted(self.took)
        return ranked[max(0, math.ceil(part * len(ranked)) - 1)] / 1e6


@dataclass(frozen=True)
class Measured:
    """What a lane did, and its bare limit."""

    lane: str
    product: Spell
    bare: Spell

    @property
    def ratio(self) -> float:
        """Return the product's share of the bare limit."""
        return self.product.per_second / self.bare.per_second


def measure(lane: Lane, *, seconds: float) -> Measured:
    """Run product and bare limit in turns until the slices of both have taken `seconds` together.

    The first slice of each is not counted: caches fill and statements are prepared.
    """
    with ExitStack() as stack:
        crew = stack.enter_context(ThreadPoolExecutor(lane.clients)) if lane.clients > 1 else None
        stack.callback(lane.close)
        _run(lane.product(), Spell(), crew, lane.clients)
        _run(lane.bare(), Spell(), crew, lane.clients)
        product, bare = Spell(), Spell()
        while product.wall + bare.wall < seconds * NANO:
            ours, limits = lane.product(), lane.bare()
            if not ours or not limits:
                break
            product.cpu -= processor_of(lane.processes())
            _run(ours, product, crew, lane.clients)
            product.cpu += processor_of(lane.processes())
            _run(limits, bare, crew, lane.clients)
    return Measured(lane.name, product, bare)


def one_round(calls: Sequence[Call]) -> Spell:
    """Run the calls once, one after the other, and return what they took, the database's processor time included."""
    processes, spell = these(), Spell()
    spell.cpu -= processor_of(processes())
    _run(calls, spell, None, 1)
    spell.cpu += processor_of(processes())
    return spell


def _run(calls: Sequence[Call], spell: Spell, crew: ThreadPoolExecutor | None, clients: int) -> None:
    """Run the calls and enter in `spell` what they took; a crew shares them out evenly, all at once."""
    began = time.perf_counter_ns()
    if crew is None:
        spell.took.extend(_timed(calls))
    else:
        for took in crew.map(_timed, [calls[each::clients] for each in range(clients)]):
            spell.took.extend(took)
    spell.wall += time.perf_counter_ns() - began


def _timed(calls: Sequence[Call]) -> list[int]:
    now, took = time.perf_counter_ns, []
    for call in calls:
        before = now()
        call()
        took.append(now() - before)
    return took
