"""Stopping leaves no process behind, whoever is asked and however rudely."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from liuchi.doors.cli.testing import (
    LIUCHI,
    Running,
    environment,
    free_port,
    processes,
    run,
    started,
    status,
    wait_for,
)

PORT = free_port()
STARTER = "import subprocess, sys; subprocess.run(sys.argv[1:])"


@pytest.mark.parametrize("urge", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demo_when_asked_to_stop_leaves_no_process(loaded: Path, urge: signal.Signals) -> None:
    with started(loaded, PORT) as running:
        assert wait_for(running.is_answering, 40), running.text()

        code = running.stop(urge)

        assert (code, processes(loaded)) == (0, {})
        assert "no process is left behind" in running.text()


def test_demo_when_stopped_while_it_prepares_leaves_no_process_and_goes_on_next_time(copy: Path) -> None:
    with started(copy, PORT) as running:
        assert wait_for(lambda: "keeper" in processes(copy), 20), running.text()

        code = running.stop(signal.SIGINT)

        assert wait_for(lambda: processes(copy) == {}, 15)
    assert code in (0, 130)
    assert run("demo", "--no-serve", "--data", copy).returncode == 0


@pytest.mark.parametrize("victims", [("parent",), ("parent", "web"), ("parent", "web", "worker"), ("parent", "keeper")])
def test_demo_when_killed_is_gone_within_seconds_and_starts_again(loaded: Path, victims: tuple[str, ...]) -> None:
    with started(loaded, PORT) as running:
        assert wait_for(running.is_answering, 40), running.text()

        _kill(running, victims)

        assert wait_for(lambda: processes(loaded) == {}, 10), processes(loaded)
    verified = run("journal", "verify", "--data", loaded)
    assert verified.returncode == 0, verified.stdout


def test_demo_when_what_started_it_is_killed_ends_too(loaded: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, *LIUCHI, "demo", "--port", str(PORT), "--data", str(loaded)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(LIUCHI_TIED="1"),
    )
    assert wait_for(lambda: status(PORT) == 200, 40)

    starter.kill()
    starter.wait()

    assert wait_for(lambda: processes(loaded) == {}, 10), processes(loaded)


def _kill(running: Running, victims: tuple[str, ...]) -> None:
    found = processes(running.data)
    for pid in [found[name][0] for name in victims]:
        os.kill(pid, signal.SIGKILL)
    running.process.wait(5)
