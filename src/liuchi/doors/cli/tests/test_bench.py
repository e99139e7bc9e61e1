"""`liuchi bench core` from end to end, on a little history."""

import json
import signal
import subprocess
import sys

import pytest

from liuchi.embedded import default_root
from liuchi.embedded.processes import servers_in

pytestmark = pytest.mark.slow
WORDS = (
    sys.executable,
    "-m",
    "liuchi.doors.cli.main",
    "bench",
    "core",
    "--json",
    "--cases",
    "1000",
    "--seconds",
    "0.2",
)


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(WORDS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _assert_gone(bench: subprocess.Popen[str]) -> None:
    place = default_root() / f"bench-{bench.pid}"
    assert not place.exists()
    assert servers_in(place / "server" / "pg") == []


def test_bench_when_run_then_every_lane_has_a_limit_beside_it_and_nothing_is_left() -> None:
    with _start() as bench:
        out, told = bench.communicate(timeout=180)

    assert bench.returncode == 0, told
    lanes = json.loads(out)["lanes"]
    inside = ["report", "move", "locate", "worklist", "search"]
    over_http = ["intake", "worklist-http", "detail", "move-http", "search-http", "open311-list"]
    assert [each["lane"] for each in lanes] == [*inside, *over_http]
    assert all(each["per_second"] > 0 and each["limit_per_second"] > 0 and each["cpu_ms"] > 0 for each in lanes)
    assert all(each["p50_ms"] <= each["p95_ms"] for each in lanes)
    _assert_gone(bench)


def test_bench_when_interrupted_then_nothing_is_left() -> None:
    with _start() as bench:
        assert bench.stderr is not None
        while "history" not in (line := bench.stderr.readline()):
            assert line, "the bench ended before it was interrupted"
        bench.send_signal(signal.SIGINT)
        bench.communicate(timeout=60)

    assert bench.returncode != 0
    _assert_gone(bench)
