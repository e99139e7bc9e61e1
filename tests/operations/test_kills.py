"""Whatever is killed while the demo runs comes back by itself, and the journal stays whole."""

import os
import signal

import pytest

from liuchi.doors.cli.testing import Running, processes, run, wait_for

STANDING = ("parent", "web", "page server", "worker", "keeper", "postmaster")


@pytest.mark.parametrize(
    "victims",
    [
        ("page server",),
        ("web",),
        ("worker",),
        ("keeper",),
        ("postmaster",),
        ("backend",),
        ("web", "worker"),
        ("keeper", "postmaster"),
    ],
)
def test_process_when_killed_is_back_within_seconds(demo: Running, victims: tuple[str, ...]) -> None:
    assert wait_for(lambda: _is_whole(demo), 20), processes(demo.data)
    before = processes(demo.data)
    killed = {before[name][-1] for name in victims}

    for pid in killed:
        os.kill(pid, signal.SIGKILL)

    assert wait_for(lambda: _is_whole(demo) and killed.isdisjoint(_all(demo)), 15), (processes(demo.data), demo.text())
    verified = run("journal", "verify", "--data", demo.data)
    assert verified.returncode == 0, verified.stdout


def test_demo_when_it_runs_already_says_where(demo: Running) -> None:
    second = run("demo", "--data", demo.data)

    assert second.returncode == 1
    assert f"http://127.0.0.1:{demo.port}/" in second.stderr
    assert demo.is_answering()


def _all(demo: Running) -> set[int]:
    return {pid for pids in processes(demo.data).values() for pid in pids}


def _is_whole(demo: Running) -> bool:
    found = processes(demo.data)
    return all(name in found for name in STANDING) and len(found["page server"]) == 2 and demo.is_answering()
