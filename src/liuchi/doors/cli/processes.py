"""Web and worker beside one another: started, watched, started again when they die, stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import click

PR_SET_PDEATHSIG: Final = 1
LOOK: Final = 0.25
STOP_WITHIN: Final = 15.0
#: A companion that dies sooner than this after its start, in seconds, has hardly lived.
TOO_SOON: Final = 5.0
#: Seconds to wait before each further start of one that hardly lived; after the last, it is given up.
PAUSES: Final = (0.0, 1.0, 2.0, 4.0)
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(end: signal.Signals = signal.SIGTERM, *, parent: int | None = None) -> None:
    """Ask the kernel to end this process when the thread that started it is gone, however that happens.

    `parent` is who is meant, for the case that it is gone already.
    """
    _libc.prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), end)


class Stop:
    """The wish to stop: SIGINT, SIGTERM or SIGHUP. The second one is impatient."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.times = 0
        self.is_awaited = False

    @contextmanager
    def listening(self) -> Iterator["Stop"]:
        """Hear the signals inside the block; they interrupt it unless somebody waits for `event`."""
        before = {number: signal.signal(number, self._hear) for number in heard()}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @property
    def is_impatient(self) -> bool:
        """Whether it was asked for more than once."""
        return self.times > 1

    def _hear(self, *_: object) -> None:
        self.times += 1
        self.event.set()
        if not self.is_awaited:
            self.is_awaited = True
            raise KeyboardInterrupt


def heard() -> tuple[signal.Signals, ...]:
    """Return the signals that stop us: all, but for a hang-up that whoever started us wants ignored (nohup)."""
    return tuple(each for each in SIGNALS if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN)


class GivenUp(Exception):
    """A companion ends whenever it is started."""


@dataclass
class Companion:
    """One child process in a group of its own, started again when it dies."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    short_lives: int = 0

    def start(self) -> int:
        """Start it (again) and return its number, which is its group's too."""
        self.started = time.monotonic()
        me = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "liuchi.doors.cli.main", *self.words],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            # It calls functions that were looked up beforehand; the threads beside it only look and sleep.
            preexec_fn=lambda: die_with_parent(parent=me),  # noqa: PLW1509
        )
        return self.process.pid

    def has_ended(self) -> bool:
        """Tell whether it ended, without reaping: until then its number, and its group's, are its own."""
        if self.process is None or self.process.returncode is not None:
            return True
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def signal_group(self, which: signal.Signals) -> None:
        """Send a signal to it and to those it started."""
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, which)

    def bury(self) -> None:
        """End what is left of its group, and reap it."""
        self.signal_group(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def keep(self) -> None:
        """Start it again when it has died.

        Raises:
            GivenUp: when it died soon after each of its last starts.
        """
        if self.process is not None:
            if not self.has_ended():
                return
            self._plan()
        if time.monotonic() >= self.next_start:
            self.start()

    def _plan(self) -> None:
        lived = time.monotonic() - self.started
        self.bury()
        self.process = None
        self.short_lives = self.short_lives + 1 if lived < TOO_SOON else 0
        if self.short_lives > len(PAUSES):
            raise GivenUp(f"The {self.name} ends whenever it is started; what it said stands above.")
        self.next_start = time.monotonic() + (PAUSES[self.short_lives - 1] if self.short_lives else 0)
        tell(f"The {self.name} has ended; it is started again.")


@dataclass
class Companions:
    """The processes of one instance, kept until it is time to stop."""

    companions: list[Companion]
    stop: Stop = field(default_factory=Stop)

    def run(self) -> None:
        """Run until told to stop, then stop everything and wait until it is gone.

        Raises:
            GivenUp: where one of them cannot be kept.
        """
        self.stop.is_awaited = True
        try:
            while not self.stop.event.is_set():
                for companion in self.companions:
                    companion.keep()
                self.stop.event.wait(LOOK)
        finally:
            self._end()

    def _end(self) -> None:
        for companion in self.companions:
            companion.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while not all(companion.has_ended() for companion in self.companions):
            if self.stop.is_impatient or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for companion in self.companions:
            companion.bury()


def tell(text: str) -> None:
    """Print to a terminal that may be gone."""
    with suppress(OSError):
        click.echo(text, err=True)
