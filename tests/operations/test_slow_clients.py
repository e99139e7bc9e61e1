"""Clients that send a form and do not finish it hold up nobody."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from liuchi.doors.cli.testing import Running, status

BEGUN = (
    b"POST /report/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\ntext="
)


@pytest.fixture
def dawdlers(demo: Running) -> Iterator[list[socket.socket]]:
    """Connections that began to send a form and then fell silent."""
    with ExitStack() as stack:
        made = [stack.enter_context(socket.create_connection(("127.0.0.1", demo.port), 5)) for _ in range(64)]
        for each in made:
            each.sendall(BEGUN)
        yield made


def test_pages_when_many_forms_are_sent_slowly_still_come(demo: Running, dawdlers: list[socket.socket]) -> None:
    answers = [status(demo.port, path) for path in ("/healthz", "/", "/report/") * 4]

    assert answers == [200] * 12, demo.text()
    assert len(dawdlers) == 64
