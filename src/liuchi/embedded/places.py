"""Where an instance lives: the default directories, and the files of its server."""

import hashlib
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from liuchi.embedded.errors import BadPath

PORT = 5432
LONGEST_SOCKET = 107
"""Bytes that a Unix socket address can carry on Linux."""


def default_root() -> Path:
    """Return the directory under which all instances of this account live."""
    if os.geteuid() == 0:
        return Path("/var/lib/liuchi")
    home = os.environ.get("XDG_DATA_HOME", "")
    # The XDG specification tells readers to ignore a relative value.
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "liuchi"


def default_data(name: str | None = None) -> Path:
    """Return the data directory of this checkout (or installation), so that two side by side never share one.

    `name` sets the readable part (default: the checkout's own name), e.g. to keep a test instance apart.
    """
    checkout = Path(__file__).resolve().parents[3]
    home = checkout if (checkout / "pyproject.toml").is_file() else Path(sys.prefix)
    slug = re.sub(r"[^a-z0-9]+", "-", (name or home.name).lower()).strip("-")[:20] or "liuchi"
    return default_root() / f"{slug}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}"


@dataclass(frozen=True)
class Places:
    """The files of one instance's server, all below `data`/server."""

    data: Path

    @property
    def server(self) -> Path:
        """Directory of everything here: 0700, owned by the account that runs PostgreSQL."""
        return self.data / "server"

    @property
    def pg(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.server / "pg"

    @property
    def run(self) -> Path:
        """Directory of the socket."""
        return self.server / "run"

    @property
    def socket(self) -> Path:
        """Socket on which the server answers."""
        return self.run / f".s.PGSQL.{PORT}"

    @property
    def users_lock(self) -> Path:
        """Held shared by every user; the keeper stops the server when it gets it exclusively."""
        return self.server / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by whoever is starting a keeper."""
        return self.server / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives, hence the proof that it lives."""
        return self.server / "keeper.lock"

    @property
    def keeper_file(self) -> Path:
        """Which processes the keeper and its server are: for people and `doctor`, never believed unchecked."""
        return self.server / "keeper.json"

    @property
    def log(self) -> Path:
        """What the keeper and PostgreSQL have to say."""
        return self.server / "log"

    def check_socket(self) -> None:
        """Raise `BadPath` when no socket can be reached below this directory."""
        length = len(os.fsencode(self.socket))
        if length > LONGEST_SOCKET:
            raise BadPath(
                f"The path of the socket, {self.socket}, is {length} bytes long; "
                f"the system allows {LONGEST_SOCKET}. Give a shorter --data."
            )
        if "," in str(self.data):
            raise BadPath(f"{self.data} holds a comma, which connection strings cannot carry. Give another --data.")
