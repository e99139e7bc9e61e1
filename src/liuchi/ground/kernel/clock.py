"""The one clock of the house: everything that asks for the time asks here, so that tests and replays can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

#: As many moments as the rows of a thousand cases hold, which are written table by table.
_WRITTEN_KEPT: Final = 1 << 16
_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC; inside `frozen_at` the moment that was set."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment` (aware) within the block.

    Raises:
        ValueError: when `moment` carries no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("the clock needs a moment with a time zone")
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


@lru_cache(maxsize=_WRITTEN_KEPT)
def written(moment: datetime) -> str:
    """Return a moment (aware) in UTC to the microsecond, as 2025-01-31T04:00:00.000000+00:00.

    Kept for a while: what happens stands in several columns and in the journal, and moments of one instant are equal.
    """
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat(timespec="microseconds")
