"""The product's own server for the bench: two processes on a free port of this machine, gone with the block."""

import http.client
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from signal import SIGTERM
from typing import Final

from liuchi.doors.cli.ports import LOOPBACK, hold
from liuchi.doors.cli.processes import STOP_WITHIN, Companion

#: Seconds within which the server has to answer first.
_ANSWERS_WITHIN: Final = 60.0
#: Requests a minute and key: the bench measures the server, not the limit on keys.
_RATE: Final = "100000000"


class NotServed(RuntimeError):
    """The server answered something else than success; the lane would measure refusals."""


@dataclass(frozen=True)
class Request:
    """One request as a client sends it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Served:
    """A server that is up. Each thread that asks keeps a connection of its own."""

    def __init__(self, port: int, group: int) -> None:
        self.port, self.group = port, group
        self._mine = threading.local()

    def ask(self, request: Request) -> bytes:
        """Send a request, read the whole answer and return its body.

        Raises:
            NotServed: it was refused.
        """
        if not hasattr(self._mine, "line"):
            self._mine.line = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        line: http.client.HTTPConnection = self._mine.line
        try:
            line.request(request.method, request.path, request.body, dict(request.headers))
            answer = line.getresponse()
            body = answer.read()
        except OSError:
            line.close()
            raise
        if answer.status not in {200, 201}:
            raise NotServed(f"{request.method} {request.path}: {answer.status} {body[:500].decode(errors='replace')}")
        return body


@contextmanager
def serving() -> Iterator[Served]:
    """Serve the instance of this process, with two processes, inside the block."""
    os.environ["LIUCHI_API_RATE"] = _RATE
    with hold(LOOPBACK, 0) as door:
        server = Companion("web", ["serve", "--companion", "--host", LOOPBACK, "--port", str(door.port)])
        try:
            served = Served(door.port, server.start())
            _await(served)
            yield served
        finally:
            server.signal_group(SIGTERM)
            until = time.monotonic() + STOP_WITHIN
            while not server.has_ended() and time.monotonic() < until:
                time.sleep(0.02)
            server.bury()


def _await(served: Served) -> None:
    until = time.monotonic() + _ANSWERS_WITHIN
    while True:
        with suppress(OSError):
            served.ask(Request("GET", "/api/v1/openapi.json"))
            return
        if time.monotonic() > until:
            raise NotServed("The server did not answer within a minute.")
        time.sleep(0.05)
