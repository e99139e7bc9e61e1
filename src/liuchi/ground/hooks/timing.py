"""When a failed delivery is tried again, and when a receiver that cannot be reached is asked again."""

import random
from datetime import timedelta
from typing import Final

#: Waits between the attempts of one delivery: ten attempts in three days, as Standard Webhooks advises.
PAUSES: Final = tuple(timedelta(seconds=each) for each in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
#: Waits between looks at a receiver that could not be reached: the longest is what it waits after its recovery.
PROBES: Final = tuple(timedelta(seconds=each) for each in (5, 30, 120, 300, 900, 1800, 3600))
#: A delivery this old is laid aside, a receiver this long out of reach is stopped.
GIVEN_UP_AFTER: Final = timedelta(days=3)
#: The longest that a receiver's own Retry-After is heeded.
LONGEST_WISH: Final = timedelta(days=1)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long a delivery waits after its `attempts`th attempt failed; None after the last."""
    return _spread(PAUSES[attempts - 1]) if attempts <= len(PAUSES) else None


def probe_after(failures: int) -> timedelta:
    """Return how long a receiver is left alone after `failures` attempts in a row that did not reach it."""
    return _spread(PROBES[min(failures, len(PROBES)) - 1])


def wished(retry_after: str) -> timedelta | None:
    """Return the wait that a receiver asks for in seconds; None where it asks for none or gives a date."""
    return min(timedelta(seconds=int(retry_after)), LONGEST_WISH) if retry_after[:6].isdecimal() else None


def _spread(pause: timedelta) -> timedelta:
    """Return a wait up to a fifth shorter or longer, so that those who failed together do not come back together."""
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
