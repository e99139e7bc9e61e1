"""For tests: the command line as an operator uses it, and who is who among the processes it starts."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import sample

from liuchi.doors.cli.ports import is_clear
from liuchi.embedded import Server
from liuchi.embedded.processes import PROC, find_process

LIUCHI = (sys.executable, "-m", "liuchi.doors.cli.main")
#: Ports that the system does not give out by itself; another checkout's tests may be using some of them.
PORTS = range(20_000, 32_000)
OURS = ("LIUCHI_", "DATABASE_URL", "LC_", "LANG", "MAKE", "MFLAGS")


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what would steer the command line, and with `more`."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | more


def run(*words: str | Path, timeout: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `liuchi` and return how it ended."""
    return subprocess.run(
        [*LIUCHI, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a short-named directory that PostgreSQL's account can reach, gone after the block."""
    place = Path(tempfile.mkdtemp(prefix="liuchi-ops-", dir="/tmp"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        for data in place.glob("*/server"):
            Server(data.parent).stop_wait(20)
        shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    """Return a port that nobody has, picked at random so that tests side by side do not meet."""
    return next(port for port in sample(PORTS, len(PORTS)) if is_clear(port))


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Tell whether `condition` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def status(port: int, path: str = "/") -> int:
    """Return the status of a page of this machine, 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def processes(data: Path) -> dict[str, list[int]]:
    """Return the living processes of the instance in `data` by role, oldest first."""
    found: dict[str, list[int]] = {}
    servers = Server(data).processes()
    postmasters = {each.parent for each in servers} & {each.pid for each in servers}
    for each in servers:
        found.setdefault("postmaster" if each.pid in postmasters else "backend", []).append(each.pid)
    named = {pid: role for pid in _numbers() if (role := _role(pid, str(data)))}
    for pid, role in sorted(named.items()):
        process = find_process(pid)
        if process:
            is_child = named.get(process.parent) == role == "web"
            found.setdefault("page server" if is_child else role, []).append(pid)
    return found


def _numbers() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _words(pid: int) -> list[str]:
    try:
        return os.fsdecode((PROC / str(pid) / "cmdline").read_bytes()).split("\0")[:-1]
    except OSError:
        return []


def _role(pid: int, data: str) -> str:
    words = _words(pid)
    if data in words and "liuchi.doors.cli.main" in words:
        return {"demo": "parent", "serve": "web", "worker": "worker"}.get(words[3], "")
    return "keeper" if "liuchi.embedded.keeper" in words and f'"{data}"' in words[-1] else ""


@dataclass
class Running:
    """A `liuchi` that runs until it is stopped, with what it has said so far."""

    process: subprocess.Popen[bytes]
    data: Path
    port: int
    said: Path

    def is_answering(self) -> bool:
        """Tell whether it lives and the first page comes."""
        return self.process.poll() is None and status(self.port) == 200

    def text(self) -> str:
        """Return everything it has said."""
        return self.said.read_text(encoding="utf-8", errors="replace")

    def stop(self, urge: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(urge)
        return self.process.wait(30)


@contextmanager
def started(data: Path, port: int, *words: str, **more: str) -> Iterator[Running]:
    """Run `liuchi` with `words` (default: the demo on `port`) inside the block."""
    said = data.parent / f"said-{time.monotonic_ns()}"
    with said.open("wb") as file:
        process = subprocess.Popen(
            [*LIUCHI, *(words or ("demo", "--port", str(port))), "--data", str(data)],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment(**more),
        )
    running = Running(process, data, port, said)
    try:
        yield running
    finally:
        running.stop()


def is_root() -> bool:
    """Tell whether we are root."""
    return os.geteuid() == 0


def nobody() -> int:
    """Return the number of the account nobody."""
    return pwd.getpwnam("nobody").pw_uid
