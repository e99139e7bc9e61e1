"""Where the bench works: an instance of its own, thrown away at the end. Nothing here needs Django."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from liuchi.embedded import Server, default_root

_PREFIX = "bench-"
#: Settings that would lead the bench to an instance that is in use.
_ELSEWHERE = ("DATABASE_URL", "LIUCHI_KEYS", "LIUCHI_JOURNAL", "LIUCHI_DATA")


def choose_place(data: str | None) -> Path:
    """Return the directory of the bench's own instance, inside `data` when given, and forget any other instance.

    It must be called before the settings are read; the directory does not exist yet.
    """
    for name in _ELSEWHERE:
        os.environ.pop(name, None)
    # Links are not resolved: one may be the short way to a directory too deep for a socket.
    folder = os.path.abspath(data) if data else default_root()  # noqa: PTH100
    return Path(folder) / f"{_PREFIX}{os.getpid()}"


@contextlib.contextmanager
def thrown_away(place: Path) -> Iterator[None]:
    """Remove `place` after the block however it ends, short of kill -9; what such an end left is removed before."""
    _sweep(place.parent)
    before = {each: signal.signal(each, _leave) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        Server(place).stop_wait()
        shutil.rmtree(place, ignore_errors=True)
        for each, handler in before.items():
            signal.signal(each, handler)


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{_PREFIX}*"):
        number = left.name.removeprefix(_PREFIX)
        if number.isdigit() and not Path("/proc", number).exists() and not Server(left).processes():
            shutil.rmtree(left, ignore_errors=True)
