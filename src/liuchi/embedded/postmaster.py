"""PostgreSQL as a child of the keeper: started, awaited, ended; and how a child's life is tied to the keeper's."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from liuchi.embedded import cluster
from liuchi.embedded.errors import StartFailed
from liuchi.embedded.places import Places
from liuchi.embedded.probe import Answer, ask
from liuchi.embedded.processes import Process, end_servers_in, find_process

SILENCE = 60.0
"""Seconds that a starting server may say nothing; while it says that it recovers, it may take its time."""
ENDINGS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
"""Fast shutdown, then without a last checkpoint, then by force; each with the seconds it is given."""
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Postmaster:
    """The server process of `places`; only the main thread of the keeper starts and stops it."""

    def __init__(self, places: Places, programs: Path, settings: Mapping[str, str]) -> None:
        self.places = places
        self.words = _words(places, programs, settings)
        self.child: subprocess.Popen[bytes] | None = None
        self.log_from = 0

    @property
    def process(self) -> Process | None:
        """The living server process, if there is one."""
        return find_process(self.child.pid) if self.child else None

    def start(self) -> None:
        """Start the server, its output going to standard error; `await_answer` tells how it went."""
        self.log_from = self.places.log.stat().st_size
        self.child = subprocess.Popen(
            self.words,
            stdin=subprocess.DEVNULL,
            stdout=2,
            stderr=2,
            env=cluster.environment(),
            # Threads that only sleep in the kernel may run beside it; it calls one function, looked up beforehand.
            preexec_fn=tied_to_parent(signal.SIGINT),  # noqa: PLW1509
        )

    def await_answer(self) -> None:
        """Return when the server answers; raises the `EmbeddedError` that its log tells when it ends instead."""
        deadline = time.monotonic() + SILENCE
        while (answer := ask(self.places.socket, cluster.USER)) is not Answer.READY:
            if self.child is None or self.child.poll() is not None:
                raise cluster.explain(self._said(), self.places)
            if answer is Answer.NOT_YET:
                deadline = time.monotonic() + SILENCE
            if time.monotonic() > deadline:
                raise StartFailed(
                    f"PostgreSQL was started but does not answer. {self.places.log} ends:\n{self._said()}"
                )
            time.sleep(0.02)

    def watch(self) -> Callable[[], None]:
        """Return a function that blocks until the server has ended, for another thread to call."""
        pid = self.child.pid if self.child else os.getpid()

        def wait() -> None:
            # Without reaping: until the main thread has looked, the number stays the server's own.
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

        return wait

    def stop(self) -> int | None:
        """End the server, in good order if possible, leave no process of it, and return the status of its end."""
        for urge, patience in ENDINGS:
            if self.child is None or self.child.poll() is not None:
                break
            self.child.send_signal(urge)
            try:
                self.child.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        end_servers_in(self.places.pg)
        return self.child.returncode if self.child else None

    def _said(self) -> str:
        with self.places.log.open("rb") as file:
            file.seek(self.log_from)
            return file.read().decode(errors="replace")


def tied_to_parent(end: signal.Signals) -> cluster.Tie:
    """Return what makes a new child receive `end` when this process dies, however it dies.

    It must run after the change of account, which would undo it, and in a child of the main thread, whose end counts.
    """
    parent = os.getpid()

    def tie() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _words(places: Places, programs: Path, settings: Mapping[str, str]) -> list[str]:
    # The socket's directory is relative to the data: were the data removed under a running server, its last act would
    # else be to remove the socket of the server that has taken its place.
    own = {"listen_addresses": "", "unix_socket_directories": "../run", "unix_socket_permissions": "0700"}
    words = [str(programs / "postgres"), "-D", str(places.pg)]
    return words + [word for name, value in {**own, **settings}.items() for word in ("-c", f"{name}={value}")]
