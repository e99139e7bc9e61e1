"""The bench's own instance: never somebody else's, and gone when the bench is."""

import os
import signal
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from liuchi.doors.cli.bench.place import choose_place, thrown_away
from liuchi.embedded import default_root


def test_place_when_another_instance_is_named_then_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LIUCHI_DATA", "LIUCHI_KEYS", "LIUCHI_JOURNAL"):
        monkeypatch.setenv(name, "/somebody/else")

    place = choose_place(None)

    assert place == default_root() / f"bench-{os.getpid()}"
    assert not {"DATABASE_URL", "LIUCHI_DATA", "LIUCHI_KEYS", "LIUCHI_JOURNAL"} & os.environ.keys()


def test_place_when_a_directory_is_given_then_it_is_a_new_one_inside() -> None:
    assert choose_place("/given") == Path("/given", f"bench-{os.getpid()}")


def _raise(error: type[BaseException]) -> None:
    raise error


ENDS: dict[str, tuple[type[BaseException], Callable[[], None]]] = {
    "Ctrl-C": (KeyboardInterrupt, partial(_raise, KeyboardInterrupt)),
    "an error": (ValueError, partial(_raise, ValueError)),
    "SIGTERM": (SystemExit, partial(signal.raise_signal, signal.SIGTERM)),
    "SIGHUP": (SystemExit, partial(signal.raise_signal, signal.SIGHUP)),
}


@pytest.mark.parametrize(("error", "end"), ENDS.values(), ids=ENDS)
def test_place_when_the_bench_ends_early_then_it_is_removed(
    tmp_path: Path, error: type[BaseException], end: Callable[[], None]
) -> None:
    def bench() -> None:
        with thrown_away(tmp_path / "bench-0"):
            (tmp_path / "bench-0" / "server").mkdir(parents=True)
            end()

    with pytest.raises(error):
        bench()

    assert list(tmp_path.iterdir()) == []


def test_place_when_earlier_benches_were_killed_then_only_what_is_theirs_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    for name in (f"bench-{gone.pid}", f"bench-{os.getppid()}", "bench-of-mine", "other"):
        (tmp_path / name).mkdir()

    with thrown_away(tmp_path / "bench-0"):
        pass

    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        [f"bench-{os.getppid()}", "bench-of-mine", "other"]
    )
