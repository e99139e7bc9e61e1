"""The most memory that a process has held. The system's `ru_maxrss` would not do: it is handed down by the parent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from liuchi.ground.exchange.intake import READER

#: Seconds between two looks at the processes that read a file; their peak only grows, so that a late look tells it.
_EACH: Final = 0.05
_PROCESSES: Final = Path("/proc")


class Peak:
    """The most that this process and one of its readers have held, in megabytes, while `watched_peak` runs."""

    def __init__(self) -> None:
        self.reader_mb = 0.0

    @property
    def megabytes(self) -> float:
        """Return the larger of the two peaks."""
        return max(peak_of("self"), self.reader_mb)

    def look(self) -> None:
        """Look at every process that reads a file for this one."""
        for tasks in _PROCESSES.glob("self/task/*/children"):
            for process in _text(tasks).split():
                if READER.encode() in _text(_PROCESSES / process / "cmdline").encode():
                    self.reader_mb = max(self.reader_mb, peak_of(process))


@contextmanager
def watched_peak() -> Iterator[Peak]:
    """Watch the readers of this process in the block; its own peak is kept by the system since it began."""
    peak, is_over = Peak(), threading.Event()

    def watch() -> None:
        while not is_over.wait(_EACH):
            peak.look()

    watcher = threading.Thread(target=watch, name="peak", daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()


def peak_of(process: str) -> float:
    """Return the most that a process has held since it began, in megabytes; 0 where it is gone (proc(5), VmHWM)."""
    lines = _text(_PROCESSES / process / "status").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
