"""Web and worker beside one another: started, watched, started again when they die, stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Final

import click
from django.conf import settings

from liuchi.embedded import EmbeddedError, Lease, Server

PR_SET_PDEATHSIG: Final = 1
STOP_WITHIN: Final = 15.0
#: A companion that dies sooner than this after its start is started again only after a pause, in seconds.
TOO_SOON: Final = 5.0
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Ask the kernel to end this process when the thread that started it is gone, however that happens."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass
class Companion:
    """One child process in a group of its own."""

    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it (again)."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "liuchi.doors.cli.main", *self.words],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )

    def has_died(self) -> bool:
        """Tell whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def signal_group(self, which: signal.Signals) -> None:
        """Send a signal to what is left of its group; the group is ours, for its leader was."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, which)
        except ProcessLookupError:
            return


@dataclass
class Companions:
    """Web and worker of one instance."""

    port: int
    lease: Lease | None
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP, then stop everything and wait until it is gone."""
        data = ["--data", str(settings.LIUCHI_DATA)]
        companions = [Companion(["serve", "--port", str(self.port), *data]), Companion(["worker", *data])]
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda *_: self.stop.set())
        try:
            for companion in companions:
                companion.start()
            while not self.stop.wait(0.5):
                self._keep_database()
                for companion in companions:
                    self._keep(companion)
        finally:
            self._stop(companions)

    def _keep(self, companion: Companion) -> None:
        if not companion.has_died():
            return
        companion.signal_group(signal.SIGKILL)
        wait = TOO_SOON - (time.monotonic() - companion.started)
        click.echo(f"{companion.words[0]} has ended; starting it again", err=True)
        if wait > 0 and self.stop.wait(wait):
            return
        companion.start()

    def _keep_database(self) -> None:
        if self.lease is None or Server(settings.LIUCHI_DATA).is_ready():
            return
        try:
            self.lease.ensure()
        except EmbeddedError as error:
            click.echo(str(error), err=True)

    def _stop(self, companions: list[Companion]) -> None:
        for companion in companions:
            companion.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for companion in companions:
            if companion.process is not None:
                try:
                    companion.process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    click.echo(f"{companion.words[0]} does not stop; ending it", err=True)
                companion.signal_group(signal.SIGKILL)
                companion.process.wait()
        if self.lease is not None:
            self.lease.release()
            Server(settings.LIUCHI_DATA).stop_wait()
