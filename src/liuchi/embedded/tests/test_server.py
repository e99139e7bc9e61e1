import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from liuchi.embedded import ProgramsMissing, Server
from liuchi.embedded.processes import find_process
from liuchi.embedded.server import Lease
from liuchi.embedded.testing import FAST, User, keeper_of, postmaster_of, wait_for


def ask(server: Server, query: str) -> object:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def test_use_when_new_then_database_answers_as_described(new_server: Server) -> None:
    server = new_server
    with server.use():
        answers = [
            ask(server, "select current_user || '@' || current_database()"),
            ask(server, "show server_version_num"),
            ask(server, "select datlocprovider::text || datlocale from pg_database where datname = 'liuchi'"),
            ask(server, "show track_commit_timestamp"),
            ask(server, "show listen_addresses"),
            ask(server, "show fsync"),
        ]

    assert answers[0] == "liuchi@liuchi"
    assert str(answers[1]).startswith("18")
    assert answers[2:] == ["bC.UTF-8", "on", "", "off"]


def test_url_when_connected_to_then_same_server_as_dsn(server: Server) -> None:
    with server.use(), psycopg.connect(server.url) as connection:
        row = connection.execute("show data_directory").fetchone()

    assert row == (str(server.places.pg),)


def test_server_when_given_a_setting_of_ours_then_refuses(home: Path) -> None:
    with pytest.raises(ValueError, match="listen_addresses"):
        Server(home, settings={"listen_addresses": "*"})


def test_last_user_when_it_leaves_then_nothing_is_left_running(server: Server) -> None:
    first, second = server.acquire(), server.acquire()
    keeper = keeper_of(server)
    first.release()
    still = server.is_ready()

    second.release()
    gone = server.stop_wait(20)

    assert still
    assert gone
    assert wait_for(lambda: find_process(keeper) is None)
    assert server.processes() == []
    assert sorted(path.name for path in server.places.run.iterdir()) == []


def test_last_users_when_killed_then_nothing_is_left_running(server: Server, new_user: Callable[..., User]) -> None:
    users = [new_user(server.places.data) for _ in range(3)]
    heard = [user.hear() for user in users]
    assert server.is_ready()

    for user in users:
        user.kill()

    assert heard == ["ready"] * 3
    assert server.stop_wait(20)


def test_user_when_it_leaves_by_itself_then_server_stops(server: Server, new_user: Callable[..., User]) -> None:
    user = new_user(server.places.data)
    heard = user.hear()

    user.end()

    assert heard == "ready"
    assert server.stop_wait(20)


@pytest.mark.slow
def test_two_data_directories_at_once_then_each_has_its_own_data(home: Path) -> None:
    one, two = Server(home / "one", settings=FAST), Server(home / "two", settings=FAST)

    with one.use(), two.use():
        ask(one, "create table only_here ()")
        found = [ask(server, "select to_regclass('only_here')::text") for server in (one, two)]

    assert found == ["only_here", None]


def test_starters_when_many_at_once_then_one_server(new_server: Server, new_user: Callable[..., User]) -> None:
    server = new_server
    users = [new_user(server.places.data) for _ in range(4)]
    leases: list[Lease] = []
    threads = [threading.Thread(target=lambda: leases.append(server.acquire())) for _ in range(4)]

    for thread in threads:
        thread.start()
    heard = [user.hear() for user in users]
    for thread in threads:
        thread.join()

    own = {process.pid for process in server.processes()}
    assert heard == ["ready"] * 4
    assert len(leases) == 4
    assert len([process for process in server.processes() if process.parent not in own]) == 1
    for lease in leases:
        lease.release()


@pytest.mark.slow
def test_acquire_when_server_is_just_stopping_then_gets_a_live_one(server: Server) -> None:
    answers = []

    for _ in range(5):
        with server.use():
            answers.append(ask(server, "select 1"))

    assert answers == [1] * 5


def test_release_when_repeated_then_does_no_harm(server: Server) -> None:
    lease, other = server.acquire(), server.acquire()

    lease.release()
    lease.release()

    assert server.is_ready()
    other.release()


def test_keeper_when_started_then_is_given_none_of_our_secrets(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUCHI_SECRET_KEY", "not for the keeper")
    monkeypatch.setenv("TZ", "Asia/Shanghai")

    with server.use():
        given = Path(f"/proc/{keeper_of(server)}/environ").read_bytes().split(b"\0")

    assert b"TZ=Asia/Shanghai" in given
    assert not [each for each in given if b"not for the keeper" in each]


def test_keeper_when_told_to_end_then_server_ends_in_good_order(server: Server) -> None:
    with server.use():
        os.kill(keeper_of(server), signal.SIGTERM)
        gone = server.stop_wait(20)

    assert gone
    assert server.places.log.read_text().rstrip().endswith("database system is shut down")


def test_ensure_when_keeper_was_told_to_end_then_server_is_back(server: Server) -> None:
    with server.use() as lease:
        os.kill(keeper_of(server), signal.SIGTERM)
        assert server.stop_wait(20)

        lease.ensure()

        assert ask(server, "select 1") == 1


@pytest.mark.slow
def test_ensure_when_data_directory_was_removed_then_a_new_one_is_kept_running(own_server: Server, home: Path) -> None:
    server = own_server
    with server.use() as lease:
        server.places.data.rename(home / "gone")

        lease.ensure()

        assert ask(server, "select 1") == 1
        assert not wait_for(lambda: not server.is_ready(), 0.5)


def test_run_program_when_psql_then_speaks_to_this_server(server: Server) -> None:
    with server.use():
        done = server.run_program("psql", ["-XAtc", "show data_directory"])

    assert (done.returncode, done.stdout.decode().strip()) == (0, str(server.places.pg))


def test_run_program_when_dump_goes_to_open_file_then_written(server: Server, home: Path) -> None:
    with server.use(), (home / "dump").open("wb") as file:
        ask(server, "drop table if exists kept; create table kept (id int)")
        done = server.run_program("pg_dump", stdout=file)

    assert done.returncode == 0
    assert "CREATE TABLE public.kept" in (home / "dump").read_text()


@pytest.mark.slow
def test_run_program_when_base_backup_then_allowed_by_the_socket(server: Server, home: Path) -> None:
    with server.use(), (home / "backup.tar").open("wb") as file:
        done = server.run_program("pg_basebackup", ["-D", "-", "-Ft", "-X", "fetch"], stdout=file)

    assert done.stderr == b""
    assert (home / "backup.tar").stat().st_size > 1_000_000


def test_program_when_unknown_then_says_so(server: Server) -> None:
    with pytest.raises(ProgramsMissing, match="pg_nothing"):
        server.program("pg_nothing")


def test_postmaster_when_running_then_is_child_of_keeper(server: Server) -> None:
    with server.use():
        process = find_process(postmaster_of(server))

        assert process
        assert process.parent == keeper_of(server)
