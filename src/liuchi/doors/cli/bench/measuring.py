"""Timing two ways of doing the same thing in alternating slices, so that what disturbs the machine disturbs both."""

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.db import connection

Call = Callable[[], object]
NANO = 1_000_000_000
_TICK = NANO // os.sysconf("SC_CLK_TCK")


class Lane(Protocol):
    """One thing the product does, and the bare limit of doing it. `size` is how many make a slice."""

    @property
    def name(self) -> str:
        """Return the lane's name in the results."""

    @property
    def size(self) -> int:
        """Return how many calls make a slice."""

    @property
    def backend(self) -> int | None:
        """Return the process of the database that works for the product, if any does."""

    def product(self) -> Sequence[Call]:
        """Return at most `size` calls of the product, ready to run; fewer when there is no more to do."""

    def bare(self) -> Sequence[Call]:
        """Return as many calls that do the same barely."""

    def close(self) -> None:
        """Give back what the lane holds."""


@dataclass
class Spell:
    """What one way of doing it has taken so far: nanoseconds of each call, nanoseconds of processor in all."""

    took: list[int] = field(default_factory=list)
    cpu: int = 0

    @property
    def total(self) -> int:
        """Return the nanoseconds of all calls."""
        return sum(self.took)

    @property
    def per_second(self) -> float:
        """Return the calls a second."""
        return len(self.took) * NANO / self.total if self.took else 0.0

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
    """Run product and bare limit in turns until the calls of both have taken `seconds` together.

    The first slice of each is not counted: caches fill and statements are prepared.
    """
    _run(lane.product(), None)
    _run(lane.bare(), None)
    product, bare = Spell(), Spell()
    while product.total + bare.total < seconds * NANO:
        ours, limits = lane.product(), lane.bare()
        if not ours or not limits:
            break
        product.cpu -= _processor(lane.backend)
        _run(ours, product)
        product.cpu += _processor(lane.backend)
        _run(limits, bare)
    return Measured(lane.name, product, bare)


def one_round(calls: Sequence[Call]) -> Spell:
    """Run the calls once, one after the other, and return what they took, the database's processor time included."""
    connection.ensure_connection()
    backend, spell = connection.connection.info.backend_pid, Spell()
    spell.cpu -= _processor(backend)
    _run(calls, spell)
    spell.cpu += _processor(backend)
    return spell


def _run(calls: Sequence[Call], spell: Spell | None) -> None:
    now = time.perf_counter_ns
    took = []
    for call in calls:
        before = now()
        call()
        took.append(now() - before)
    if spell is not None:
        spell.took.extend(took)


def _processor(backend: int | None) -> int:
    """Return the nanoseconds of processor used by this process and the backend."""
    return time.process_time_ns() + (_backend_cpu(backend) if backend else 0)


def _backend_cpu(process: int) -> int:
    fine = Path(f"/proc/{process}/schedstat")
    if fine.exists():
        return int(fine.read_text().split()[0])
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) * _TICK
