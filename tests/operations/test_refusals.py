"""What cannot work is said in one clear line, with exit code 1, before anything is changed."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

import liuchi
from liuchi.doors.cli.testing import LIUCHI, environment, free_port, is_root, processes, run, scratch
from liuchi.embedded import Server
from liuchi.embedded.programs import installed_site
from liuchi.embedded.testing import SYSTEM_PYTHON, account_named
from liuchi.ground.kernel.keyring import create_keyring

PORT = free_port()
KEYS = Path("keys", "keyring.json")


def _assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("Error: "), done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_demo_on_a_port_that_is_taken_starts_nothing(host: str) -> None:
    with scratch() as place, socket.create_server((host, PORT)):
        done = run("demo", "--port", str(PORT), "--data", place / "demo")

        _assert_refused(done, f"Port {PORT}", f"--port {PORT + 1}")
        assert not (place / "demo").exists()


def test_serve_on_a_port_that_is_taken_says_so(loaded: Path) -> None:
    with socket.create_server(("127.0.0.1", PORT)):
        done = run("serve", "--port", str(PORT), "--data", loaded)

    _assert_refused(done, f"Port {PORT}")


def test_serve_for_an_unknown_host_says_so(loaded: Path) -> None:
    _assert_refused(run("serve", "--host", "no.such.host.invalid", "--data", loaded), "no.such.host.invalid")


@pytest.mark.skipif(not is_root(), reason="only root can mount a small disk")
def test_demo_on_a_disk_without_room_says_so() -> None:
    with scratch() as place, _small_disk(place / "disk"):
        done = run("demo", "--no-serve", "--data", place / "disk" / "demo")

    _assert_refused(done, "MB", "disk")


def test_demo_on_data_of_another_postgresql_names_both_versions(copy: Path) -> None:
    (copy / "server" / "pg" / "PG_VERSION").write_text("16\n")

    _assert_refused(run("demo", "--no-serve", "--data", copy), "PostgreSQL 16", "PostgreSQL 18")


@pytest.mark.parametrize("words", [("migrate",), ("demo", "--no-serve"), ("journal", "verify"), ("worker",)])
def test_command_on_a_database_of_a_newer_version_says_so(copy: Path, words: tuple[str, ...]) -> None:
    _write(copy, "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_tomorrow', now())")

    _assert_refused(run(*words, "--data", copy), "newer version", "cases.9999_tomorrow")


def test_command_on_a_database_of_an_older_version_says_how_to_go_on(copy: Path) -> None:
    _write(copy, "DELETE FROM django_migrations WHERE app = 'figures'")

    _assert_refused(run("journal", "verify", "--data", copy), "liuchi migrate")


@pytest.mark.skipif(not is_root(), reason="needs a second account")
def test_command_on_somebody_elses_instance_says_so(loaded: Path) -> None:
    account = account_named("nobody")
    done = subprocess.run(
        [str(SYSTEM_PYTHON), *LIUCHI[1:], "journal", "verify", "--data", str(loaded)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=environment(HOME="/", PYTHONPATH=f"{Path(liuchi.__path__[0]).parent}{os.pathsep}{installed_site()}"),
        user=account.uid,
        group=account.gid,
        extra_groups=[],
    )

    _assert_refused(done, str(loaded))


@pytest.mark.parametrize("words", [("serve",), ("worker",), ("journal", "verify"), ("journal", "dead")])
def test_command_without_an_instance_says_how_to_begin_one(words: tuple[str, ...]) -> None:
    with scratch() as place:
        done = run(*words, "--data", place / "none")

        _assert_refused(done, "no instance", "liuchi migrate", "liuchi demo")
        assert not (place / "none").exists()


@pytest.mark.parametrize("words", [("demo", "--no-serve"), ("migrate",), ("worker",), ("serve", "--port", str(PORT))])
def test_command_without_the_keys_of_its_database_never_makes_new_ones(copy: Path, words: tuple[str, ...]) -> None:
    (copy / KEYS).unlink()

    done = run(*words, "--data", copy)

    _assert_refused(done, str(copy / KEYS), "missing", "Restore")
    assert not (copy / KEYS).exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"current": "k1"}', "\0"])
def test_command_with_a_damaged_key_file_says_so(copy: Path, content: str) -> None:
    (copy / KEYS).write_text(content)

    _assert_refused(run("journal", "verify", "--data", copy), str(copy / KEYS))


def test_command_with_the_keys_of_another_instance_says_so(copy: Path) -> None:
    (copy / KEYS).unlink()
    create_keyring(copy / "keys")

    _assert_refused(run("worker", "--data", copy), "not this database's")


def test_demo_on_an_instance_in_use_loads_nothing(copy: Path) -> None:
    _write(copy, "UPDATE access_account SET username = 'somebody' WHERE username = 'demo-resident'")

    _assert_refused(run("demo", "--no-serve", "--data", copy), "not a demo")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("mysql://root@localhost/liuchi", "postgresql://"),
        ("nonsense", "postgresql://"),
        ("postgresql://localhost:notaport/liuchi", "DATABASE_URL"),
        ("postgresql://[::1/liuchi", "DATABASE_URL"),
        (f"postgresql://liuchi@127.0.0.1:{PORT}/liuchi", "reached"),
        ("postgresql://liuchi@/liuchi?host=/nowhere/at/all", "reached"),
        ("postgresql://liuchi@127.0.0.1/liuchi?no_such_option=1", "no_such_option"),
    ],
)
def test_command_with_a_wrong_database_url_says_so(url: str, word: str) -> None:
    with scratch() as place:
        done = run("migrate", DATABASE_URL=url, LIUCHI_DATA=str(place / "data"))

        _assert_refused(done, word)
        assert not (place / "data" / "server").exists()


def test_command_with_a_database_url_of_something_else_says_so() -> None:
    with scratch() as place, _babbler() as port:
        done = run("migrate", DATABASE_URL=f"postgresql://x@127.0.0.1:{port}/x", LIUCHI_DATA=str(place / "data"))

        _assert_refused(done, "cannot be reached")


def test_command_with_a_database_url_starts_no_server_of_its_own(copy: Path) -> None:
    server = Server(copy)
    with scratch() as place, server.use():
        shutil.copytree(copy / "keys", place / "data" / "keys")
        shutil.copytree(copy / "journal", place / "data" / "journal")

        done = run("journal", "verify", DATABASE_URL=server.url, LIUCHI_DATA=str(place / "data"))

        assert done.returncode == 0, done.stderr
        assert not (place / "data" / "server").exists()
        assert processes(place / "data") == {}


def _write(data: Path, statement: str) -> None:
    with Server(data).use(), psycopg.connect(Server(data).dsn) as connection:
        assert connection.execute(statement.encode()).rowcount > 0
    assert Server(data).stop_wait(20)


@contextmanager
def _small_disk(place: Path) -> Iterator[None]:
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m,mode=755", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        Server(place / "demo").stop_wait(20)
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def _babbler() -> Iterator[int]:
    """Answer every connection with something that is not PostgreSQL's."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(10)

        def babble() -> None:
            line, _ = door.accept()
            with line:
                line.recv(100)
                line.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        talking = threading.Thread(target=babble, daemon=True)
        talking.start()
        yield int(door.getsockname()[1])
        talking.join(10)
