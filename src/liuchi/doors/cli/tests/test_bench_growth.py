"""What the growth bench compares, and that it leaves nothing behind."""

import pytest

from liuchi.doors.cli.bench.growth import LANES, Round, as_text, compared, run_growth
from liuchi.embedded import default_root


def _pair(few: float, many: float) -> tuple[Round, Round]:
    return Round(few, few / 2), Round(many, many / 2)


def test_compared_when_some_pairs_were_disturbed_then_the_ratio_is_the_median_of_pairs() -> None:
    pairs = [_pair(10, 12), _pair(100, 120), _pair(10, 12), _pair(10, 90), _pair(80, 12)]

    (row,) = compared({"move": pairs})["lanes"]

    assert (row["ms_few"], row["ms_many"], row["ms_ratio"], row["cpu_ms_ratio"]) == (10, 12, 1.2, 1.2)
    assert row["rounds"] == 5


@pytest.mark.parametrize(("many", "is_met"), [(15.0, "met"), (15.2, "missed")])
def test_table_when_a_ratio_is_beyond_the_aim_then_says_so(many: float, is_met: str) -> None:
    words = as_text(compared({"move": [_pair(10, 10)], "search": [_pair(10, many)]}))

    assert f": {is_met}." in words.splitlines()[-1]


@pytest.mark.slow
def test_growth_when_run_then_every_lane_is_compared_in_pairs_and_nothing_is_left() -> None:
    before = set(default_root().glob("bench-*"))

    found = run_growth(seconds=0.1, data=None, say=lambda _: None, sizes=(1000, 2000))

    assert set(found) == set(LANES)
    assert all(len(pairs) >= 11 and few.ms > 0 and many.cpu_ms > 0 for pairs in found.values() for few, many in pairs)
    assert set(default_root().glob("bench-*")) <= before
