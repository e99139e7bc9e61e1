"""The five faults of the wheel's own wrapper, each held off by name (architecture, section 4)."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from liuchi.embedded import Server
from liuchi.embedded.accounts import account_for
from liuchi.embedded.processes import find_process
from liuchi.embedded.testing import (
    SYSTEM_PYTHON,
    User,
    account_named,
    keeper_of,
    postmaster_of,
    wait_for,
)


@pytest.fixture
def stranger(server: Server) -> Iterator[subprocess.Popen[bytes]]:
    # Of the account that PostgreSQL will run as: only such a process can be signalled by it, and stands in its way.
    account = account_for(server.places)
    child = subprocess.Popen(["/bin/sleep", "600"], user=None if account.is_me else account.uid)
    yield child
    child.kill()
    child.wait()


def fill(server: Server) -> None:
    with psycopg.connect(server.dsn) as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept as select generate_series(1, 1000) as id")


def count(server: Server) -> int:
    with psycopg.connect(server.dsn) as connection:
        row = connection.execute("select count(*) from kept").fetchone()
    return int(row[0]) if row else 0


def test_fault_1_when_stale_files_name_a_foreign_process_then_it_is_never_signalled(
    server: Server, stranger: subprocess.Popen[bytes]
) -> None:
    with server.use():
        fill(server)
    assert server.stop_wait(20)
    process = find_process(stranger.pid)
    assert process
    places = server.places
    claim = f"{stranger.pid}\n{places.pg}\n1700000000\n5432\n../run\n\n  123456    7\nready\n"
    (places.pg / "postmaster.pid").write_text(claim)
    places.socket.with_name(places.socket.name + ".lock").write_text(claim)
    record = f'{{"pid": {stranger.pid}, "parent": 1, "ticks": {process.ticks}}}'
    places.keeper_file.write_text(f'{{"boot": "x", "keeper": {record}, "server": {record}}}')
    (places.pg / "postmaster.pid").chmod(0o644)
    bare = server.run_program("postgres", ["--single", "-D", str(places.pg), "postgres"])

    with server.use():
        answered = count(server)

    assert b'lock file "postmaster.pid" already exists' in bare.stderr
    assert answered == 1000
    assert server.stop_wait(20)
    assert stranger.poll() is None


def test_fault_2_when_started_then_modes_and_owners_of_parents_stay(home: Path) -> None:
    deep = home / "a" / "b" / "data"
    deep.mkdir(parents=True)
    for path, mode in ((home / "a", 0o711), (home / "a" / "b", 0o1777), (deep, 0o751)):
        path.chmod(mode)
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in (deep, *deep.parents)]

    with Server(deep, settings={"fsync": "off"}).use():
        during = [(path, path.stat().st_mode, path.stat().st_uid) for path in (deep, *deep.parents)]

    assert during == before
    assert Server(deep).stop_wait(20)
    assert [(path, path.stat().st_mode, path.stat().st_uid) for path in (deep, *deep.parents)] == before
    assert sorted(path.name for path in deep.iterdir()) == ["server"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can come before somebody else")
@pytest.mark.skipif(
    not SYSTEM_PYTHON.exists(), reason="ordinary accounts may not reach this Python, and no other is there"
)
def test_fault_3_when_root_came_first_then_ordinary_owner_is_not_locked_out(
    home: Path, open_package: Path, new_user: Callable[..., User]
) -> None:
    owner = account_named("nobody")
    data = home / "data"
    data.mkdir()
    os.chown(data, owner.uid, owner.gid)
    server = Server(data, settings={"fsync": "off"})
    (data / "server").mkdir(mode=0o700)
    os.chown(data / "server", owner.uid, owner.gid)
    with server.use():
        fill(server)
    assert server.stop_wait(20)

    user = new_user(data, account=owner, package=open_package)
    heard = user.hear()

    assert heard == "ready"
    assert {path.stat().st_uid for path in (data / "server").rglob("*")} == {owner.uid}
    with server.use():
        user.end()
        assert count(server) == 1000


def test_fault_4_when_killed_then_acquire_never_returns_a_dead_server(server: Server) -> None:
    with server.use():
        fill(server)
        doomed = {process.pid for process in server.processes()}
        for pid in (keeper_of(server), postmaster_of(server)):
            os.kill(pid, signal.SIGKILL)
        is_socket_left = server.places.socket.exists()

        with server.use():
            answered = count(server)
            alive = {process.pid for process in server.processes()}

    assert is_socket_left
    assert answered == 1000
    assert alive.isdisjoint(doomed)


def count_busy(server: Server) -> int:
    with psycopg.connect(server.dsn) as connection:
        row = connection.execute("select count(*) from pg_stat_activity where query like '%10000000000)'").fetchone()
    return int(row[0]) if row else 0


def kill_keeper(server: Server) -> None:
    os.kill(keeper_of(server), signal.SIGKILL)


def kill_postmaster(server: Server) -> None:
    os.kill(postmaster_of(server), signal.SIGKILL)


def kill_backend(server: Server) -> None:
    with psycopg.connect(server.dsn) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")


def kill_everything(server: Server) -> None:
    for pid in (*(process.pid for process in server.processes()), keeper_of(server)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_keeper, kill_postmaster, kill_backend, kill_everything])
def test_fault_5_when_a_part_is_killed_then_ensure_brings_the_data_back(
    server: Server, kill: Callable[[Server], None]
) -> None:
    with server.use() as lease:
        fill(server)
        kill(server)

        lease.ensure()

        assert count(server) == 1000
    assert server.stop_wait(20)


@pytest.mark.parametrize("kill", [kill_keeper, kill_postmaster, kill_everything])
@pytest.mark.slow
def test_fault_5_when_a_part_is_killed_and_all_users_leave_then_next_start_is_clean(
    server: Server, kill: Callable[[Server], None]
) -> None:
    with server.use():
        fill(server)
        kill(server)

    with server.use():
        answered = count(server)

    assert answered == 1000


def test_fault_5_when_postmaster_is_killed_then_keeper_revives_it_unasked(server: Server) -> None:
    with server.use():
        keeper, old = keeper_of(server), postmaster_of(server)

        os.kill(old, signal.SIGKILL)

        assert wait_for(lambda: server.is_ready() and find_process(old) is None)
        assert keeper_of(server) == keeper


@pytest.mark.slow
def test_fault_5_when_postmaster_is_killed_beside_a_busy_backend_then_server_is_back_at_once(server: Server) -> None:
    with server.use() as lease:
        fill(server)
        with contextlib.closing(psycopg.connect(server.dsn)) as connection:
            connection.pgconn.send_query(b"select count(*) from generate_series(1, 10000000000)")
            assert wait_for(lambda: count_busy(server) == 1)
            kill_postmaster(server)

            lease.ensure(15)

            assert count(server) == 1000


def test_fault_5_when_keeper_is_killed_then_its_server_dies_with_it(server: Server) -> None:
    with server.use():
        old = postmaster_of(server)

        kill_keeper(server)

        assert wait_for(lambda: find_process(old) is None)


@pytest.mark.slow
def test_fault_5_when_postmaster_dies_again_and_again_then_keeper_gives_up_and_ensure_begins_anew(
    server: Server,
) -> None:
    with server.use() as lease:
        fill(server)
        keeper = keeper_of(server)
        for _ in range(6):
            assert wait_for(server.is_ready)
            kill_postmaster(server)

        assert wait_for(lambda: find_process(keeper) is None)
        lease.ensure()

        assert count(server) == 1000
        assert keeper_of(server) != keeper


@pytest.mark.parametrize("delay", [0.05, 0.15, 0.3, 0.45])
@pytest.mark.slow
def test_fault_5_when_the_first_user_is_killed_during_its_start_then_next_start_is_clean(
    new_server: Server, new_user: Callable[..., User], delay: float
) -> None:
    server = new_server
    user = new_user(server.places.data)
    wait_for(server.places.users_lock.exists)
    wait_for(lambda: False, delay)
    user.kill()

    with server.use():
        fill(server)

        assert count(server) == 1000


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3])
@pytest.mark.slow
def test_fault_5_when_the_keeper_is_killed_during_its_first_start_then_another_takes_over(
    new_server: Server, new_user: Callable[..., User], delay: float
) -> None:
    server = new_server
    user = new_user(server.places.data)
    assert wait_for(server.places.keeper_file.exists)
    wait_for(lambda: False, delay)
    kill_keeper(server)

    heard = user.hear()

    assert heard == "ready"
    fill(server)
    assert count(server) == 1000
    assert list(server.places.server.glob("pg.*")) == []
