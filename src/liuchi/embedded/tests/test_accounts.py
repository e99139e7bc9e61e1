import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from liuchi.embedded import Server
from liuchi.embedded.accounts import Account, account_for, first_closed
from liuchi.embedded.places import Places
from liuchi.embedded.testing import FAST, SYSTEM_PYTHON, User, account_named, postmaster_of

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
needs_python = pytest.mark.skipif(not SYSTEM_PYTHON.exists(), reason="other accounts need a Python that they can reach")


def owners(path: Path) -> set[int]:
    return {found.stat().st_uid for found in (path, *path.rglob("*"))}


@as_root
def test_server_when_started_by_root_then_runs_as_the_unprivileged_account(server: Server) -> None:
    with server.use():
        uid = Path(f"/proc/{postmaster_of(server)}").stat().st_uid

        assert uid == account_for(server.places).uid != 0
        assert owners(server.places.server) == {uid}


@as_root
@pytest.mark.slow
def test_server_when_data_has_an_owner_then_root_runs_it_as_that_owner(own_server: Server) -> None:
    server = own_server
    nobody = account_named("nobody")
    subprocess.run(["/bin/chown", "-R", "nobody", server.places.server], check=True)

    with server.use():
        uid = Path(f"/proc/{postmaster_of(server)}").stat().st_uid

    assert uid == nobody.uid


@as_root
@needs_python
def test_ordinary_user_when_it_starts_then_runs_as_itself(
    home: Path, open_package: Path, new_user: Callable[..., User]
) -> None:
    nobody = account_named("nobody")
    (home / "own").mkdir()
    os.chown(home / "own", nobody.uid, nobody.gid)
    server = Server(home / "own" / "data", settings=FAST)

    user = new_user(server.places.data, account=nobody, package=open_package)
    heard = user.hear()

    assert heard == "ready"
    assert owners(server.places.data) == {nobody.uid}
    assert server.is_ready()
    user.kill()
    assert server.stop_wait(20)


@as_root
@needs_python
def test_ordinary_user_when_data_is_somebody_elses_then_refused(
    server: Server, open_package: Path, new_user: Callable[..., User]
) -> None:
    user = new_user(server.places.data, account=Account(54321, 54321), package=open_package)

    heard = user.hear()

    assert heard.startswith("NotPermitted")
    assert "belongs to the account" in heard


@as_root
@needs_python
def test_ordinary_user_when_a_parent_is_closed_then_told_which(
    home: Path, open_package: Path, new_user: Callable[..., User]
) -> None:
    (home / "closed").mkdir(mode=0o700)
    user = new_user(home / "closed" / "data", account=account_named("nobody"), package=open_package)

    heard = user.hear()

    assert heard.startswith(f"ClosedDirectory The directory {home / 'closed'} is closed")


@as_root
def test_first_closed_when_asked_for_another_account_then_really_tries(home: Path) -> None:
    nobody = account_named("nobody")
    (home / "a" / "b").mkdir(parents=True)
    (home / "a").chmod(0o700)
    paths = [home, home / "a", home / "a" / "b"]
    closed = first_closed(paths, nobody)

    os.chown(home / "a", nobody.uid, nobody.gid)

    assert closed == home / "a"
    assert first_closed(paths, nobody) is None


def test_first_closed_when_asked_for_ourselves_then_missing_counts_as_closed(home: Path) -> None:
    me = Account(os.geteuid(), os.getegid())

    assert first_closed([home, home / "missing"], me) == home / "missing"
    assert first_closed([home], me, test="-r") is None


def test_account_when_it_has_no_name_then_number() -> None:
    assert Account(54321, 54321).name == "54321"


@as_root
def test_account_for_when_nothing_exists_then_not_root(home: Path) -> None:
    assert account_for(Places(home / "data")).uid != 0
