"""One loaded demo for all tests of operations: loading takes seconds, starting it again hardly any."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from liuchi.doors.cli.testing import Running, free_port, run, scratch, started, wait_for
from liuchi.embedded import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the machine for itself."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.serial)


@pytest.fixture(scope="session")
def loaded() -> Iterator[Path]:
    """Return the data directory of a loaded demo that does not run."""
    with scratch() as place:
        done = run("demo", "--no-serve", "--data", place / "demo", timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr
        with started(place / "demo", 0, "worker") as worker:
            assert wait_for(lambda: _is_sealed(place / "demo"), 90), worker.text()
        assert Server(place / "demo").stop_wait(20)
        yield place / "demo"


def _is_sealed(data: Path) -> bool:
    return ", 0 waiting" in run("journal", "verify", "--data", data).stdout


@pytest.fixture
def copy(loaded: Path) -> Iterator[Path]:
    """Return a copy of the loaded demo, to be spoiled."""
    assert Server(loaded).stop_wait(20)
    with scratch() as place:
        subprocess.run(["cp", "-a", str(loaded), str(place / "demo")], check=True)
        yield place / "demo"


@pytest.fixture(scope="module")
def demo(loaded: Path) -> Iterator[Running]:
    """Return a demo that runs and answers."""
    with started(loaded, free_port()) as running:
        assert wait_for(running.is_answering, 40), running.text()
        yield running
