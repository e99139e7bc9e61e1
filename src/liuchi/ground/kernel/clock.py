"""The one clock of the house: everything that asks for the time asks here, so that tests and replays can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

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
