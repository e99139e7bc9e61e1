"""The keeper: a detached process that starts PostgreSQL as its child, and stops it with the last of its users.

Run as `python -m liuchi.embedded.keeper ORDER`; it answers on its standard output, a pipe, with one line of JSON.
"""

import json
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from liuchi.embedded import cluster, locks
from liuchi.embedded.accounts import Account
from liuchi.embedded.errors import EmbeddedError, StartFailed, explained
from liuchi.embedded.places import Places
from liuchi.embedded.postmaster import Postmaster, tied_to_parent
from liuchi.embedded.processes import boot_id, find_process

RESTARTS = 5
RESTARTS_WITHIN = 60.0
LOOKERS = 0.5
"""Seconds in which those who only look whether there is a keeper have let go of its lock."""
LOG_LIMIT = 5_000_000


@dataclass(frozen=True)
class Order:
    """What the keeper is asked to keep: `programs` for the `data`, as the account `uid`:`gid`."""

    data: str
    programs: str
    uid: int
    gid: int
    settings: dict[str, str]
    min_free: int


class Keeper:
    """One server and its keeping; every method runs as the unprivileged account."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.places = Places(Path(order.data))
        self.postmaster = Postmaster(self.places, Path(order.programs), order.settings)
        self.events: SimpleQueue[str] = SimpleQueue()
        self.revivals: deque[float] = deque(maxlen=RESTARTS)

    def take_over(self) -> bool:
        """Become the keeper of this data directory; returns False when it has one.

        That happens when a starter is killed just after launching a keeper, and the next starter launches another.
        """
        with explained(self.places.server):
            if locks.lock(self.places.keeper_lock, locks.EXCLUSIVE, time.monotonic() + LOOKERS) is None:
                return False
            self._open_log()
            self._write_file()
            return True

    def start(self) -> None:
        """Bring the server up, creating its data if there is none; returns when it answers."""
        with explained(self.places.server):
            cluster.check_room(self.places, self.order.min_free)
            if cluster.is_empty(self.places):
                durable = self.order.settings.get("fsync") != "off"
                programs = Path(self.order.programs)
                cluster.initialise(self.places, programs, tied_to_parent(signal.SIGKILL), durable=durable)
            self._start_server()

    def watch(self) -> None:
        """Keep the server up until its last user has left, this process is told to end, or it cannot be kept up."""
        # Held to the end of this process: whoever comes now waits until everything is stopped.
        self._report("alone", lambda: locks.lock_when_alone(self.places.users_lock))
        self._report("ended", self.postmaster.watch())
        while self.events.get() == "ended":
            if not self._revive():
                return
            self._report("ended", self.postmaster.watch())
        say("stopping")

    def stop(self) -> None:
        """End the server and leave no process and no record behind."""
        self.postmaster.stop()
        self.places.keeper_file.unlink(missing_ok=True)

    def _start_server(self) -> None:
        cluster.check_version(self.places)
        cluster.check_run(self.places)
        cluster.clear_leftovers(self.places)
        self.postmaster.start()
        self._write_file()
        self.postmaster.await_answer()

    def _revive(self) -> bool:
        while not self._is_hopeless():
            self.revivals.append(time.monotonic())
            try:
                with explained(self.places.server):
                    self._start_server()
                return True
            except StartFailed as error:
                # As when it is killed again before it answers.
                say(f"it did not start again: {error}")
            except EmbeddedError as error:
                say(f"it cannot be started again: {error}")
                return False
        say("it ends too often; giving up")
        return False

    def _is_hopeless(self) -> bool:
        say(f"the server ended by itself, with status {self.postmaster.stop()}")
        return len(self.revivals) == RESTARTS and time.monotonic() - self.revivals[0] < RESTARTS_WITHIN

    def _report(self, event: str, wait: Callable[[], object]) -> None:
        def run() -> None:
            wait()
            self.events.put(event)

        threading.Thread(target=run, daemon=True).start()

    def _open_log(self) -> None:
        log = self.places.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_name("log.1"))
        fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        os.dup2(fd, 2)
        os.close(fd)

    def _write_file(self) -> None:
        here = {"keeper": find_process(os.getpid()), "server": self.postmaster.process}
        record = {name: asdict(process) for name, process in here.items() if process}
        aside = self.places.keeper_file.with_suffix(".new")
        aside.write_text(json.dumps({"boot": boot_id(), **record}))
        aside.replace(self.places.keeper_file)


def say(text: str) -> None:
    """Write a line to the log."""
    print(f"keeper {os.getpid()}: {text}", file=sys.stderr, flush=True)


def answer_starter(error: EmbeddedError | None) -> None:
    """Tell the starter, which may be gone, how the start went, and let go of its pipe."""
    answer = {"error": type(error).__name__, "message": str(error)} if error else {}
    try:
        os.write(1, json.dumps(answer).encode() + b"\n")
    except BrokenPipeError:
        say("the starter did not wait for the answer")
    os.dup2(2, 1)


def main() -> None:
    """Detach, become the unprivileged account, and keep the server."""
    order = Order(**json.loads(sys.argv[1]))
    if os.fork():
        os._exit(0)
    keeper = Keeper(order)
    try:
        with explained(keeper.places.server):
            Account(order.uid, order.gid).become()
        os.umask(0o077)
        is_mine = keeper.take_over()
    except EmbeddedError as error:
        answer_starter(error)
        return
    if is_mine:
        keep(keeper)
    else:
        answer_starter(None)


def keep(keeper: Keeper) -> None:
    """Start the server, answer the starter, and watch until it is time to stop."""
    signal.signal(signal.SIGTERM, lambda *_: keeper.events.put("told"))
    try:
        keeper.start()
        answer_starter(None)
        keeper.watch()
    except EmbeddedError as error:
        keeper.stop()
        answer_starter(error)
    except Exception as error:
        answer_starter(StartFailed(f"The keeper failed: {error!r}. {keeper.places.log} holds the details."))
        raise
    finally:
        keeper.stop()


if __name__ == "__main__":
    main()
