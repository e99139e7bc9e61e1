"""Identifiers: time-ordered UUIDs (RFC 9562, version 7), so that indexes grow at one end and ids sort by age."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from struct import unpack
from uuid import UUID, SafeUUID

from uuid_utils.compat import uuid7

from liuchi.ground.kernel import clock

_drawn: ContextVar[Callable[[], UUID] | None] = ContextVar("drawn_ids", default=None)
#: As many as most cases need.
_DRAWN_TOGETHER = 32
_VERSION_7, _VARIANT, _LOW = 7 << 76, 2 << 62, (1 << 62) - 1
_blank = UUID.__new__
_put_number, _put_safety = (UUID.__dict__[name].__set__ for name in ("int", "is_safe"))
_UNKNOWN = SafeUUID.unknown


def new_id() -> UUID:
    """Return a fresh time-ordered UUID; later calls in one process sort after earlier ones."""
    drawn = _drawn.get()
    return uuid7() if drawn is None else drawn()


@contextmanager
def ids_from(seed: str) -> Iterator[None]:
    """Let ids follow from `seed`, the house's clock and how many were drawn in the block, for replays that repeat.

    Those of one moment sort in the order in which they were drawn.
    """
    known, number = seed.encode(), -1
    moment: datetime | None = None
    begins = 0
    drawn = _drawn_bits(known, _DRAWN_TOGETHER)

    def draw() -> UUID:
        nonlocal drawn, number, moment, begins
        number += 1
        if number == len(drawn):
            drawn = _drawn_bits(known, 2 * number)  # begins as the shorter one did
        if (now := clock.now()) is not moment:
            moment, begins = now, int(now.timestamp() * 1000) << 80 | _VERSION_7 | _VARIANT
        return _uuid(begins | (number & 0xFFF) << 64 | drawn[number] & _LOW)

    token = _drawn.set(draw)
    try:
        yield
    finally:
        _drawn.reset(token)


def _drawn_bits(seed: bytes, count: int) -> tuple[int, ...]:
    return unpack(f">{count}Q", hashlib.shake_256(seed).digest(8 * count))


def _uuid(number: int) -> UUID:
    """Return `UUID(int=number)` in a fifth of the time: it does not look which of six ways it was given."""
    made = _blank(UUID)
    _put_number(made, number)
    _put_safety(made, _UNKNOWN)
    return made
