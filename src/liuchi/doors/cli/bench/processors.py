"""How much of the processors something has used: this process and its part of the database, or a server's processes."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.db import connection

Pids = Callable[[], list[int]]
_NANO: Final = 1_000_000_000
_TICK: Final = _NANO // os.sysconf("SC_CLK_TCK")


def these() -> Pids:
    """Return this process, and the one of the database that works for it."""
    connection.ensure_connection()
    found = [os.getpid(), connection.connection.info.backend_pid]
    return lambda: found


def server_and_database(group: int) -> Pids:
    """Return the processes of a process group, and those of the database's server, as they are whenever asked."""
    connection.ensure_connection()
    database = _parent(connection.connection.info.backend_pid)
    return lambda: [pid for pid, parent, of in _all() if of == group or parent == database]


def processor_of(pids: list[int]) -> int:
    """Return the nanoseconds of processor that the processes have used so far; one that is gone counts nothing."""
    return sum(_used(each) for each in pids)


def _used(pid: int) -> int:
    """Return what a process has used; of others by the threads it has, which is finer than by ticks of the clock."""
    if pid == os.getpid():
        return time.process_time_ns()
    place = Path(f"/proc/{pid}")
    try:
        if not (place / "schedstat").exists():
            words = (place / "stat").read_text().rpartition(")")[2].split()
            return (int(words[11]) + int(words[12])) * _TICK
        return sum(int((each / "schedstat").read_text().split()[0]) for each in (place / "task").iterdir())
    except OSError:
        return 0


def _all() -> Iterator[tuple[int, int, int]]:
    """Yield every process: its number, its parent's and its group's."""
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                words = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            yield int(each.name), int(words[1]), int(words[2])


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
