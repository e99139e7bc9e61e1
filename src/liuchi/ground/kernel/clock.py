"""The one clock of the house: everything that asks for the time asks here, so that tests and replays can set it."""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

#: As many moments as the rows of a thousand cases hold, which are written table by table.
_WRITTEN_KEPT: Final = 1 << 16
_DAYS_KEPT: Final = 2000
_TWO: Final = tuple(f"{number:02}" for number in range(60))
_fixed: ContextVar[datetime | None] = ContextVar("fixed_moment", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC; inside `frozen_at` the moment that was set."""
    return _fixed.get() or datetime.now(UTC)


class frozen_at:  # noqa: N801 - used like a function
    """Let the clock stand at `moment` (aware) within the block.

    Raises:
        ValueError: when `moment` carries no time zone.
    """

    __slots__ = ("_moment", "_token")

    def __init__(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("the clock needs a moment with a time zone")
        self._moment = moment

    def __enter__(self) -> None:
        self._token = _fixed.set(self._moment)

    def __exit__(self, *_: object) -> None:
        _fixed.reset(self._token)


@lru_cache(maxsize=_WRITTEN_KEPT)
def written(moment: datetime) -> str:
    """Return a moment (aware) in UTC to the microsecond, as 2025-01-31T04:00:00.000000+00:00.

    Kept for a while: what happens stands in several columns and in the journal, and moments of one instant are equal.
    """
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    # Put together, which takes a quarter of the time of `isoformat`.
    clock = f"{_TWO[utc.hour]}:{_TWO[utc.minute]}:{_TWO[utc.second]}"
    fraction = f"{utc.microsecond:06}" if utc.microsecond else "000000"
    return f"{_day(utc.toordinal())}T{clock}.{fraction}+00:00"


@lru_cache(maxsize=_DAYS_KEPT)
def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
