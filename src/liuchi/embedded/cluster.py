"""PostgreSQL's data directory: fitness, creation, leftovers of a crash, and what its log says went wrong.

Everything here runs inside the keeper, as the unprivileged account.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from liuchi.embedded.errors import BrokenData, DiskFull, EmbeddedError, NotPermitted, OtherVersion, StartFailed
from liuchi.embedded.places import Places
from liuchi.embedded.processes import end_servers_in
from liuchi.embedded.programs import MAJOR

USER = "liuchi"
DATABASE = "liuchi"
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
INITDB = (
    f"--username={USER} --auth-local=trust --auth-host=reject --encoding=UTF8 --no-instructions "
    "--locale-provider=builtin --locale=C.UTF-8"
).split()
ADMITTED = """\
# Only the socket, which only this account can reach.
local all         all trust
local replication all trust
"""
FULL = ("No space left on device", "Disk quota exceeded", "Check free disk space")
BROKEN = (
    "pg_control",
    "could not locate a valid checkpoint record",
    "could not locate required checkpoint record",
    "invalid checkpoint record",
    "has wrong ownership",
    "has invalid permissions",
    "is missing or not",
    "could not open directory",
)
TAIL = 15
MIB = 1024 * 1024

Tie = Callable[[], None]
"""Runs in a child before its program: ties its life to the keeper's."""


def check_room(places: Places, min_free: int) -> None:
    """Raise `DiskFull` when less than `min_free` bytes are free for the server."""
    disk = os.statvfs(places.server)
    free = disk.f_bavail * disk.f_frsize
    if free < min_free:
        raise DiskFull(
            f"Only {free // MIB} MB are free on the disk of {places.data}; "
            f"the server needs {min_free // MIB} MB to start. Free some space, or give a --data on another disk."
        )


def check_version(places: Places) -> None:
    """Raise `OtherVersion` or `BrokenData` when our programs cannot serve what the data directory holds."""
    try:
        found = (places.pg / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise BrokenData(
            f"{places.pg} is not a data directory of PostgreSQL (it has no PG_VERSION). "
            "Move it away to begin afresh, or restore a backup."
        ) from None
    if found != str(MAJOR):
        raise OtherVersion(
            f"{places.pg} was written by PostgreSQL {found}; this program serves PostgreSQL {MAJOR}. "
            "Give another --data, or move the contents with pg_dump of the old version or with pg_upgrade."
        )


def check_run(places: Places) -> None:
    """Make the directory of the socket; raises `NotPermitted` when others could reach one that exists."""
    places.run.mkdir(mode=0o700, exist_ok=True)
    if places.run.stat().st_mode & 0o077:
        raise NotPermitted(
            f"{places.run} is open to others, and whoever reaches it has the database. Close it: chmod 700."
        )


def is_empty(places: Places) -> bool:
    """Return whether there is no cluster yet."""
    return not places.pg.exists() or not any(places.pg.iterdir())


def initialise(places: Places, programs: Path, tie: Tie, *, durable: bool) -> None:
    """Create the cluster and its database aside and rename them into place: half a cluster is never found there."""
    for leftover in places.server.glob("pg.*.new"):
        end_servers_in(leftover)
        shutil.rmtree(leftover, ignore_errors=True)
    aside = places.server / f"pg.{os.getpid()}.new"
    sync = [] if durable else ["--no-sync"]
    try:
        _run([str(programs / "initdb"), f"--pgdata={aside}", *INITDB, *sync], "", tie, places)
        (aside / "pg_hba.conf").write_text(ADMITTED)
        words = [str(programs / "postgres"), "--single", "-D", str(aside), "-c", f"fsync={'on' if durable else 'off'}"]
        said = _run([*words, "postgres"], f"CREATE DATABASE {DATABASE}\n", tie, places)
        if "ERROR:" in said:
            raise explain(said, places)
        aside.rename(places.pg)
        if durable:
            _sync(places.server)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def clear_leftovers(places: Places) -> None:
    """Make way for a start after a crash: no server is left running and no file claims that one is.

    The files hold process numbers that may by now be anybody's, and PostgreSQL would refuse to start because of them.
    """
    if not end_servers_in(places.pg):
        raise StartFailed(f"An old server in {places.pg} does not end, even when killed. Restart the machine.")
    for path in (places.pg / "postmaster.pid", *places.run.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def explain(log: str, places: Places) -> EmbeddedError:
    """Return the error that tells what `log`, the words of a failed start, means."""
    tail = "\n".join(log.strip().splitlines()[-TAIL:])
    if any(mark in log for mark in FULL):
        return DiskFull(f"The disk of {places.data} is full. Free some space and start again. The log ends:\n{tail}")
    if any(mark in log for mark in BROKEN):
        return BrokenData(
            f"The data in {places.pg} is broken. Restore a backup, or move it away to begin afresh. "
            f"The log ends:\n{tail}"
        )
    if "Permission denied" in log:
        return NotPermitted(f"PostgreSQL may not use its files in {places.server}. The log ends:\n{tail}")
    return StartFailed(f"PostgreSQL did not start. {places.log} ends:\n{tail}")


def _sync(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _run(words: Sequence[str], text: str, tie: Tie, places: Places) -> str:
    done = subprocess.run(
        words,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env=environment(),
        preexec_fn=tie,
    )
    if done.returncode:
        raise explain(done.stdout, places)
    return done.stdout


def environment() -> dict[str, str]:
    """Return the few variables that PostgreSQL's programs are given; nothing of the caller's secrets."""
    zone = os.environ.get("TZ")
    return ENVIRONMENT | ({"TZ": zone} if zone else {})
