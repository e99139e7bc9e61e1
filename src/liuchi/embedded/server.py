"""The server of one data directory, and the leases that keep it running."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from liuchi.embedded import locks
from liuchi.embedded.accounts import account_for, prepare_directories
from liuchi.embedded.cluster import DATABASE, MIB, USER, environment
from liuchi.embedded.errors import EmbeddedError, ProgramsMissing, StartFailed, explained
from liuchi.embedded.places import PORT, Places
from liuchi.embedded.processes import PROC, Process, servers_in
from liuchi.embedded.programs import programs_for
from liuchi.embedded.starting import Wish, bring_up, is_ready

DEFAULTS = {
    "track_commit_timestamp": "on",
    # Statements may carry personal data; the log is not the place for it.
    "log_min_error_statement": "panic",
}
OURS = re.compile(r"listen_addresses|unix_socket_.*|port|data_directory|hba_file|config_file")
MIN_FREE = 200 * MIB


class Server:
    """The embedded PostgreSQL of the data directory `data`; making one starts nothing."""

    def __init__(self, data: Path, *, settings: Mapping[str, str] | None = None, min_free: int = MIN_FREE) -> None:
        """Describe a server.

        `settings` are PostgreSQL's (they count when this is what starts it); `min_free` is in bytes of disk.
        """
        # Links are not resolved: one may be the short way to a directory too deep for a socket.
        self.places = Places(Path(os.path.abspath(data)))  # noqa: PTH100
        self.settings = DEFAULTS | dict(settings or {})
        self.min_free = min_free
        for name in self.settings:
            if OURS.fullmatch(name) or not re.fullmatch(r"[a-z_.]+", name):
                raise ValueError(f"{name} is not a setting that can be chosen")

    @property
    def dsn(self) -> str:
        """The connection as libpq's keywords and values."""
        host = str(self.places.run).replace("\\", "\\\\").replace("'", "\\'")
        return f"host='{host}' port={PORT} user={USER} dbname={DATABASE}"

    @property
    def url(self) -> str:
        """The connection as a URL, fit for DATABASE_URL."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.places.run), safe='')}&port={PORT}"

    def acquire(self, timeout: float = 120.0) -> "Lease":
        """Become a user of the server, starting it if it does not run, within `timeout` seconds.

        The lease returned keeps it running, and ends with `release` or with the death of this process. Raises an
        `EmbeddedError` that says what to do.
        """
        deadline = time.monotonic() + timeout
        self.places.check_socket()
        if not (PROC / "self/stat").exists():
            raise EmbeddedError("The embedded server needs Linux. Run PostgreSQL 15 or newer and set DATABASE_URL.")
        with explained(self.places.data):
            account = account_for(self.places)
        prepare_directories(self.places, account)
        lease = Lease(Wish(self.places, account, self.settings, self.min_free))
        try:
            lease.take(deadline)
        except BaseException:
            lease.release()
            raise
        return lease

    @contextmanager
    def use(self, timeout: float = 120.0) -> Iterator["Lease"]:
        """Be a user of the server inside the block."""
        lease = self.acquire(timeout)
        try:
            yield lease
        finally:
            lease.release()

    def is_ready(self) -> bool:
        """Return whether the server answers a real connection at this moment."""
        return is_ready(self.places)

    def processes(self) -> list[Process]:
        """Return the living processes of PostgreSQL in this data directory."""
        return servers_in(self.places.pg)

    def stop_wait(self, timeout: float = 60.0) -> bool:
        """Wait until keeper and server are gone, as they will be after the last lease; return whether they are."""
        deadline = time.monotonic() + timeout
        with explained(self.places.server):
            while locks.is_held(self.places.keeper_lock) or self.processes():
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.02)
        return True

    def program(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs, e.g. `pg_dump`; raises `ProgramsMissing`."""
        path = programs_for(account_for(self.places)) / name
        if not path.is_file():
            raise ProgramsMissing(f"There is no program {name} in {path.parent}.")
        return path

    def run_program(
        self,
        name: str,
        args: Sequence[str] = (),
        *,
        stdin: IO[bytes] | None = None,
        stdout: IO[bytes] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program of PostgreSQL against this server, as the account that owns the data, and return how it ended.

        Give paths in `args` absolute, and only such as that account reaches; when started by root, pass an open
        `stdout` instead. What is not redirected is captured. The caller holds a lease and looks at `returncode`.
        """
        account = account_for(self.places)
        target = {"PGHOST": str(self.places.run), "PGPORT": str(PORT), "PGUSER": USER, "PGDATABASE": DATABASE}
        return subprocess.run(
            [str(self.program(name)), *args],
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
            cwd="/",
            env=environment() | target,
            user=None if account.is_me else account.uid,
            group=None if account.is_me else account.gid,
            extra_groups=None if account.is_me else [],
        )


class Lease:
    """One use of a server: as long as any lease is held, by any process, the server is kept running."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.fd: int | None = None

    def take(self, deadline: float) -> None:
        """Count as a user and return when the server answers; raises an `EmbeddedError` at `deadline` (monotonic)."""
        path = self.wish.places.users_lock
        with explained(path):
            if self.fd is not None and not locks.is_current(self.fd, path):
                # The data directory was removed and made anew: what we hold no longer holds anything.
                self.release()
            if self.fd is None:
                self.fd = locks.lock(path, locks.SHARED, deadline)
        if self.fd is None:
            raise StartFailed(f"The server of {self.wish.places.data} is still stopping. Try again in a minute.")
        bring_up(self.wish, deadline)

    def ensure(self, timeout: float = 120.0) -> None:
        """Make sure that the server answers, starting it again if it was killed; raises an `EmbeddedError`."""
        prepare_directories(self.wish.places, self.wish.account)
        self.take(time.monotonic() + timeout)

    def release(self) -> None:
        """Stop being a user; the server stops once nobody is one. Releasing twice does no harm."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None
