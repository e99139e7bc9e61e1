import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from structlog.testing import capture_logs

from liuchi.ground.journal import worker
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.tests.lines import note
from liuchi.ground.journal.tests.owner import back_up, put_back
from liuchi.ground.journal.verify import verify

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def seen(committed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Line]]:
    """The lines that a worker, running in a thread, has let its reaction take."""
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    taken: list[Line] = []
    stop = threading.Event()
    reaction = Reaction("test.read", frozenset({"test.noted"}), taken.append)
    thread = threading.Thread(target=worker.work, args=([reaction],), kwargs={"stop": stop, "interval": 0.02})
    thread.start()
    yield taken
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def wait_for(seen: list[Line], count: int) -> None:
    deadline = time.monotonic() + 10
    while len(seen) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(seen) == count


def test_worker_when_a_line_is_written_then_it_is_sealed_and_followed(seen: list[Line]) -> None:
    line = note()

    wait_for(seen, 1)

    assert seen[0].pk == line.pk
    assert verify().is_green


def test_worker_when_its_connections_are_cut_then_it_comes_back(seen: list[Line]) -> None:
    note()
    wait_for(seen, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )

    note()

    wait_for(seen, 2)


def test_worker_when_sealing_is_refused_then_reactions_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.01)
    note()
    seal_once()
    back_up()
    note()
    seal_once()
    put_back()
    taken: list[Line] = []
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()

    worker.work([Reaction("test.read", frozenset({"test.noted"}), taken.append)], stop=stop)

    assert taken == []


def test_worker_when_nobody_declares_a_kind_then_it_says_so() -> None:
    stop = threading.Event()
    stop.set()

    with capture_logs() as told:
        worker.work([Reaction("test.read", frozenset({"test.noted", "test.mistyped"}), print)], stop=stop)

    assert [each["kind"] for each in told if each["event"] == "worker.kind_not_declared"] == ["test.mistyped"]
