"""Which account runs PostgreSQL (never root), what it can reach, and the directories made for it."""

import contextlib
import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from liuchi.embedded.errors import BrokenData, ClosedDirectory, NotPermitted, explained
from liuchi.embedded.locks import directory_locked
from liuchi.embedded.places import Places, default_root

UNPRIVILEGED = ("liuchi", "postgres", "nobody")
SHELL = "/bin/sh"


@dataclass(frozen=True)
class Account:
    """An account of the system by its numbers."""

    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        """Whether this process already runs as it."""
        return self.uid == os.geteuid()

    @property
    def name(self) -> str:
        """Its name, or its number where it has none."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def become(self) -> None:
        """Turn this process into the account, for good."""
        if not self.is_me:
            os.setgroups([self.gid])
            os.setgid(self.gid)
            os.setuid(self.uid)


def account_for(places: Places) -> Account:
    """Return the account that runs the server of `places`.

    That is ourselves; for root it is the owner of the data, or else the first of `UNPRIVILEGED` that exists.
    Raises `BrokenData` when the data belongs to root, `NotPermitted` when there is no unprivileged account.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for path in (places.pg, places.server):
        owner = path.stat() if path.exists() else None
        if owner and owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    if places.pg.exists():
        raise BrokenData(
            f"{places.pg} belongs to root, as whom PostgreSQL never runs. Chown it or give another --data."
        )
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise NotPermitted(
        "PostgreSQL never runs as root and none of the accounts liuchi, postgres, nobody exists. Add one."
    )


def prepare_directories(places: Places, account: Account) -> None:
    """Create what is missing down to `places.server`, touching nothing that exists.

    Raises `ClosedDirectory` when the account could not get there, `NotPermitted` when the server is somebody else's.
    """
    with explained(places.data):
        # Not Path.exists(), which raises where the way is closed; the check that follows says which directory it is.
        existing = [path for path in reversed(places.server.parents) if os.path.exists(path)]  # noqa: PTH110
        _check_open(existing, account)
        _make_parents(places.data, len(existing))
        if not places.server.exists():
            _make_server(places.server, account)
        _check_open([places.data], account)
        _check_owner(places.server, account)


def first_closed(paths: Iterable[Path], account: Account, *, test: str = "-x") -> Path | None:
    """Return the first of `paths` that fails `test` (-x or -r) for the account, by really trying, or None."""
    if account.is_me:
        mode = {"-x": os.X_OK, "-r": os.R_OK}[test]
        return next((path for path in paths if not os.access(path, mode)), None)
    script = f'for path; do test {test} "$path" || {{ printf %s "$path"; exit; }}; done'
    done = run_as(account, [SHELL, "-c", script, "sh", *map(str, paths)])
    return Path(os.fsdecode(done.stdout)) if done.stdout else None


def run_as(account: Account, words: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a short command of the system as the account and return what it said."""
    return subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
        cwd="/",
        env={"PATH": os.defpath},
        user=account.uid,
        group=account.gid,
        extra_groups=[],
    )


def _check_open(paths: Sequence[Path], account: Account) -> None:
    file = next((path for path in paths if not path.is_dir()), None)
    if file:
        raise BrokenData(f"{file} is not a directory. Move it away or give another --data.")
    closed = first_closed(paths, account)
    if closed:
        raise ClosedDirectory(
            f"The directory {closed} is closed to the account {account.name}, which runs PostgreSQL. "
            f"Give a --data that it can reach, for example one below {default_root()}."
        )


def _make_parents(data: Path, existing: int) -> None:
    for path in [*reversed(data.parents), data][existing:]:
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            if os.geteuid() == 0:
                # Ours, just made: the unprivileged account must be able to pass, whatever the umask says.
                path.chmod(0o755)


def _make_server(server: Path, account: Account) -> None:
    with directory_locked(server.parent):
        if server.exists():
            return
        # Made aside and renamed, so that nobody, not even after a kill, ever finds it owned by root.
        aside = Path(tempfile.mkdtemp(prefix="server.", suffix=".new", dir=server.parent))
        if not account.is_me:
            os.chown(aside, account.uid, account.gid)
        aside.rename(server)


def _check_owner(server: Path, account: Account) -> None:
    owner = server.stat().st_uid
    if owner != account.uid:
        raise NotPermitted(
            f"{server} belongs to the account {Account(owner, 0).name}, not to {account.name}. "
            "Run as its owner or give another --data."
        )
