"""Processes, known by what /proc says about them and never by a number read from a file."""

import errno
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
OUR_SERVER = "/pginstall18/bin/postgres"
FOR_POSTMASTER = 30.0
FOR_ORPHANS = 0.3


@dataclass(frozen=True)
class Process:
    """One process: its number is only good together with the moment it started."""

    pid: int
    parent: int
    ticks: int
    """Start, in clock ticks since boot."""


def find_process(pid: int) -> Process | None:
    """Return the living process with this number (a zombie is dead), or None."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The program's name stands in parentheses and may itself hold spaces and parentheses.
    state, parent, *rest = text[text.rindex(")") + 2 :].split()
    return None if state in "ZX" else Process(pid, int(parent), int(rest[17]))


def boot_id() -> str:
    """Return what tells this boot from every other."""
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def servers_in(pgdata: Path) -> list[Process]:
    """Return the processes of our PostgreSQL that work in `pgdata`.

    Proof is the executable (even if deleted by a reinstallation) together with the working directory; all processes of
    a server work in its data directory. Only those that the caller may look into are found: its own, or all for root.
    """
    try:
        wanted = pgdata.stat()
    except OSError:
        return []
    numbers = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    found = (find_process(pid) for pid in numbers if _is_server_in(pid, wanted))
    return [process for process in found if process]


def end_servers_in(pgdata: Path) -> bool:
    """Wait until no server works in `pgdata` any more, urging the rest on; return whether all are gone.

    A postmaster, which is stopping because its keeper died, gets half a minute; backends that have lost their
    postmaster are of no use to anybody.
    """
    if _end_by_themselves(pgdata):
        return True
    for urge, patience in ((signal.SIGQUIT, 1.0), (signal.SIGKILL, 10.0)):
        for process in servers_in(pgdata):
            _send(process, urge, pgdata)
        if _emptied(pgdata, patience):
            return True
    return False


def _end_by_themselves(pgdata: Path) -> bool:
    begin = orphaned = time.monotonic()
    while here := servers_in(pgdata):
        now = time.monotonic()
        if any(process.parent == other.pid for process in here for other in here):
            orphaned = now
        if now - begin > FOR_POSTMASTER or now - orphaned > FOR_ORPHANS:
            return False
        time.sleep(0.02)
    return True


def _is_server_in(pid: int, wanted: os.stat_result) -> bool:
    home = PROC / str(pid)
    try:
        program = str((home / "exe").readlink()).removesuffix(" (deleted)")
        return program.endswith(OUR_SERVER) and os.path.samestat((home / "cwd").stat(), wanted)
    except OSError:
        return False


def _emptied(pgdata: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while servers_in(pgdata):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _send(process: Process, urge: signal.Signals, pgdata: Path) -> None:
    handle = None
    try:
        handle = _handle(process.pid)
        # The handle cannot pass to another process; the look behind it proves that it is still the one we mean.
        if process not in servers_in(pgdata):
            return
        if handle is None:
            os.kill(process.pid, urge)
        else:
            signal.pidfd_send_signal(handle, urge)
    except ProcessLookupError:
        return
    finally:
        if handle is not None:
            os.close(handle)


def _handle(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except OSError as error:
        if error.errno == errno.ENOSYS:
            # Linux before 5.3.
            return None
        raise
