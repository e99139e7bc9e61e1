from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

from liuchi.ground.kernel.clock import frozen_at, now

MOMENT = datetime(2024, 9, 12, 1, 0, tzinfo=UTC)


def test_now_when_not_frozen_then_is_aware_and_moves() -> None:
    first, second = now(), now()

    assert first.utcoffset() == timedelta(0)
    assert first <= second


def test_now_when_frozen_twice_then_the_inner_moment_counts_and_the_outer_comes_back() -> None:
    with frozen_at(MOMENT):
        with frozen_at(MOMENT + timedelta(days=1)):
            inner = now()
        outer = now()

    assert (inner, outer) == (MOMENT + timedelta(days=1), MOMENT)
    assert now() != MOMENT


def test_now_when_another_thread_asks_then_the_freeze_does_not_reach_it() -> None:
    seen: list[datetime] = []

    with frozen_at(MOMENT):
        thread = Thread(target=lambda: seen.append(now()))
        thread.start()
        thread.join()

    assert seen != [MOMENT]


def test_frozen_at_when_the_moment_has_no_zone_then_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), frozen_at(datetime(2024, 9, 12)):
        pass
