"""For tests: quick settings, users in processes of their own, and who is who in a running server."""

import json
import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import liuchi
from liuchi.embedded.accounts import Account
from liuchi.embedded.processes import find_process
from liuchi.embedded.programs import installed_site
from liuchi.embedded.server import Server

FAST = {"fsync": "off", "full_page_writes": "off"}
"""Settings for data that may be lost with the machine (but not with a process: what was committed must come back)."""
SYSTEM_PYTHON = Path("/usr/bin/python3")
SCRIPT = """
import json, sys
from pathlib import Path
from liuchi.embedded import EmbeddedError, Server
try:
    lease = Server(Path(sys.argv[1]), settings=json.loads(sys.argv[2])).acquire()
except EmbeddedError as error:
    print(type(error).__name__, error, flush=True)
else:
    print("ready", flush=True)
    sys.stdin.read()
"""


@dataclass
class User:
    """Another process that uses a server until it is ended."""

    child: subprocess.Popen[str]

    def hear(self) -> str:
        """Return the first line it says: "ready", or the error it met."""
        assert self.child.stdout
        return self.child.stdout.readline().strip()

    def kill(self) -> None:
        """End it with kill -9."""
        self.child.kill()
        self.end()

    def end(self) -> None:
        """Let it end by itself, giving its lease back."""
        self.child.communicate()


def start_user(data: Path, *, account: Account | None = None, package: Path | None = None) -> User:
    """Start a process that takes a lease on the server of `data`, optionally as another account by the system's Python.

    `package` is a directory that holds a copy of our package, for accounts that cannot reach this one.
    """
    paths = [str(package or Path(liuchi.__path__[0]).parent), str(installed_site())]
    command = str(SYSTEM_PYTHON) if account and not account.is_me else sys.executable
    child = subprocess.Popen(
        [command, "-c", SCRIPT, str(data), json.dumps(FAST)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "HOME": "/nonexistent"},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account and not account.is_me else None,
    )
    return User(child)


def account_named(name: str) -> Account:
    """Return the account of that name."""
    entry = pwd.getpwnam(name)
    return Account(entry.pw_uid, entry.pw_gid)


def keeper_of(server: Server) -> int:
    """Return the number of the living keeper."""
    record = json.loads(server.places.keeper_file.read_text())["keeper"]
    process = find_process(record["pid"])
    assert process
    assert process.ticks == record["ticks"]
    return process.pid


def postmaster_of(server: Server) -> int:
    """Return the number of the living postmaster."""
    parents = {process.parent for process in server.processes()}
    return next(process.pid for process in server.processes() if process.pid in parents)


def wait_for(condition: Callable[[], bool], timeout: float = 20.0) -> bool:
    """Return True as soon as the condition holds, False if it never does within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
