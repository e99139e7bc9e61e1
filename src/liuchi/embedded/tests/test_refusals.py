import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from liuchi.embedded import (
    BadPath,
    BrokenData,
    ClosedDirectory,
    DiskFull,
    EmbeddedError,
    NotPermitted,
    OtherVersion,
    Server,
    StartFailed,
)
from liuchi.embedded.cluster import explain
from liuchi.embedded.errors import explained
from liuchi.embedded.places import Places
from liuchi.embedded.testing import FAST, account_named, wait_for

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another account")


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    place.mkdir()
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "liuchi-test", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["/bin/umount", "-l", place], check=True)


def can_mount() -> bool:
    return os.geteuid() == 0 and "tmpfs" in Path("/proc/filesystems").read_text()


def test_acquire_when_data_is_of_another_version_then_says_which(own_server: Server) -> None:
    server = own_server
    (server.places.pg / "PG_VERSION").write_text("16\n")

    with pytest.raises(OtherVersion, match=r"PostgreSQL 16; this program serves PostgreSQL 18") as caught:
        server.acquire()

    assert "--data" in str(caught.value)
    assert server.stop_wait(10)


def test_acquire_when_too_little_room_then_refuses_before_writing(new_server: Server) -> None:
    server = Server(new_server.places.data, settings=FAST, min_free=10**18)

    with pytest.raises(DiskFull, match=r"MB are free"):
        server.acquire()

    assert server.stop_wait(10)
    assert not server.places.pg.exists()


@pytest.mark.skipif(not can_mount(), reason="only root can mount a small disk")
def test_acquire_when_disk_is_small_then_disk_full(home: Path) -> None:
    with small_disk(home / "small", "150m"), pytest.raises(DiskFull, match=r"Only 1\d\d MB are free"):
        Server(home / "small" / "data", settings=FAST).acquire()


@pytest.mark.skipif(not can_mount(), reason="only root can mount a small disk")
@pytest.mark.slow
def test_acquire_when_disk_fills_up_on_the_way_then_disk_full_and_no_half_cluster(home: Path) -> None:
    with small_disk(home / "small", "20m"):
        server = Server(home / "small" / "data", settings=FAST, min_free=0)

        with pytest.raises(DiskFull, match=r"is full"):
            server.acquire()

        assert server.stop_wait(10)
        assert [path.name for path in server.places.server.glob("pg*")] == []


def test_acquire_when_path_is_too_long_for_a_socket_then_says_so_before_writing(home: Path) -> None:
    data = home / ("x" * 90)

    with pytest.raises(BadPath, match=r"bytes long; the system allows 107"):
        Server(data).acquire()

    assert not data.exists()


@pytest.mark.slow
def test_acquire_when_path_is_as_long_as_allowed_then_works(home: Path, model: Path) -> None:
    room = 107 - len(os.fsencode(Places(home / "x").socket)) + 1
    data = home / ("x" * room)
    subprocess.run(["/bin/cp", "-a", model, data], check=True)

    with Server(data, settings=FAST).use():
        is_ready = Server(data).is_ready()

    assert is_ready


def test_acquire_when_path_holds_a_comma_then_refuses(home: Path) -> None:
    with pytest.raises(BadPath, match="comma"):
        Server(home / "a,b").acquire()


@pytest.mark.slow
def test_acquire_when_path_holds_odd_characters_then_works(home: Path, model: Path) -> None:
    server = Server(home / "a b%'\"六", settings=FAST)
    subprocess.run(["/bin/cp", "-a", model, server.places.data], check=True)

    with server.use():
        done = server.run_program("psql", ["-XAtc", "select 1", server.dsn])
        by_url = server.run_program("psql", ["-XAtc", "select 1", server.url])

    assert (done.stdout, by_url.stdout) == (b"1\n", b"1\n")


@as_root
def test_acquire_when_a_parent_is_closed_then_names_it_and_writes_nothing(home: Path) -> None:
    closed = home / "closed"
    (closed / "deep").mkdir(parents=True)
    closed.chmod(0o700)

    with pytest.raises(ClosedDirectory, match=rf"directory {closed} is closed to the account \w+.*/var/lib/liuchi"):
        Server(closed / "deep" / "data", settings=FAST).acquire()

    assert list((closed / "deep").iterdir()) == []
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
@pytest.mark.slow
def test_acquire_when_data_belongs_to_root_then_refuses(home: Path, model: Path) -> None:
    data = home / "data"
    subprocess.run(["/bin/cp", "-r", model, data], check=True)

    with pytest.raises(BrokenData, match="belongs to root"):
        Server(data, settings=FAST).acquire()


@as_root
@pytest.mark.slow
def test_acquire_when_umask_is_tight_then_directories_made_are_passable(home: Path) -> None:
    before = os.umask(0o077)
    try:
        with Server(home / "a" / "b" / "data", settings=FAST).use():
            modes = [(home / part).stat().st_mode & 0o777 for part in ("a", "a/b", "a/b/data")]
    finally:
        os.umask(before)

    assert modes == [0o755] * 3


def test_acquire_when_data_is_a_file_then_says_so(home: Path) -> None:
    (home / "data").write_text("")

    with pytest.raises(BrokenData, match=r"data is not a directory"):
        Server(home / "data").acquire()


def test_acquire_when_cluster_has_no_version_then_broken(own_server: Server) -> None:
    server = own_server
    (server.places.pg / "PG_VERSION").unlink()

    with pytest.raises(BrokenData, match="no PG_VERSION"):
        server.acquire()


def test_acquire_when_control_file_is_gone_then_broken_with_the_log(own_server: Server) -> None:
    server = own_server
    (server.places.pg / "global" / "pg_control").unlink()

    with pytest.raises(BrokenData, match=r"Restore a backup(.|\n)*pg_control"):
        server.acquire()

    assert server.stop_wait(10)


def test_acquire_when_setting_is_unknown_then_start_fails_with_the_log(server: Server) -> None:
    with pytest.raises(StartFailed, match=r"unrecognized configuration parameter \"no_such\""):
        Server(server.places.data, settings={"no_such": "1"}).acquire()

    assert wait_for(lambda: server.stop_wait(0))


def test_acquire_when_it_failed_once_then_next_start_works(server: Server) -> None:
    with pytest.raises(StartFailed):
        Server(server.places.data, settings={"no_such": "1"}).acquire()

    with server.use():
        is_ready = server.is_ready()

    assert is_ready


def test_acquire_when_socket_directory_is_open_to_others_then_refuses(own_server: Server) -> None:
    server = own_server
    server.places.run.chmod(0o755)

    with pytest.raises(NotPermitted, match="chmod 700"):
        server.acquire()


def test_acquire_when_somebody_blocks_the_start_then_gives_up_in_time(server: Server) -> None:
    import fcntl

    with server.places.users_lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)

        with pytest.raises(StartFailed, match="still stopping"):
            server.acquire(timeout=0.1)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ENOSPC", DiskFull),
        ("EDQUOT", DiskFull),
        ("EACCES", NotPermitted),
        ("EROFS", NotPermitted),
        ("ENOTDIR", BrokenData),
        ("EIO", StartFailed),
    ],
)
def test_explained_when_the_system_refuses_then_right_kind(code: str, kind: type[EmbeddedError]) -> None:
    import errno

    with pytest.raises(kind, match="/the/place"), explained(Path("/the/place")):
        raise OSError(getattr(errno, code), "reason")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("FATAL:  could not write lock file: No space left on device", DiskFull),
        ("PANIC:  could not locate a valid checkpoint record at 0/1", BrokenData),
        ('FATAL:  could not open file "x": Permission denied', NotPermitted),
        ("FATAL:  something else", StartFailed),
    ],
)
def test_explain_when_log_says_why_then_right_kind(home: Path, said: str, kind: type[EmbeddedError]) -> None:
    error = explain(f"LOG:  starting\n{said}\n", Places(home))

    assert type(error) is kind
    assert said in str(error)


@as_root
@pytest.mark.slow
def test_acquire_when_server_directory_was_left_empty_by_root_then_taken_over(home: Path) -> None:
    (home / "data" / "server").mkdir(parents=True)
    server = Server(home / "data", settings=FAST)

    with pytest.raises(NotPermitted, match="belongs to the account root"):
        server.acquire()

    os.chown(server.places.server, account_named("nobody").uid, -1)
    server.places.server.chmod(0o700)
    with server.use():
        assert server.is_ready()
