"""Between the server and the web application: a request takes a thread only once it has arrived whole.

A thread that waits for a body waits as long as the client likes; eight such clients would stop every page.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from granian._granian import RSGIHTTPProtocol
from granian.rsgi import Scope

#: Seconds within which a body has to arrive, however much of it has come so far.
BODY_WITHIN: Final = 20.0
#: Requests that one process works on at the same time; each of its threads holds a connection to the database.
THREADS: Final = 4
_NO_BODY: Final = frozenset({"GET", "HEAD"})
#: Headers that have a name of their own in WSGI.
_OWN_NAMES: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}

Application = Callable[..., Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes]
_log = structlog.get_logger(__name__)


class Unfinished(Exception):
    """A body is shorter than was told, or its length was not told."""


class ArrivesFirst:
    """The WSGI `application` as the server calls it: bodies of up to `most` bytes are read without a thread."""

    def __init__(self, application: Application, *, most: int, within: float = BODY_WITHIN) -> None:
        self.application, self.most, self.within = application, most, within
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")

    async def __rsgi__(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        """Read the body, have the request answered in a thread, and send the answer; 408 for who sends too slowly."""
        try:
            async with asyncio.timeout(self.within):
                body, length = await self._body(scope, protocol)
        except TimeoutError:
            _log.info("request.too_slow", method=scope.method, path=scope.path)
            protocol.response_empty(408, [("connection", "close")])
        except Unfinished:
            protocol.response_empty(400, [("connection", "close")])
        else:
            facts = environment(scope, body, length)
            answer = await asyncio.get_running_loop().run_in_executor(self.threads, self._answer, facts)
            protocol.response_bytes(*answer)

    async def _body(self, scope: Scope, protocol: RSGIHTTPProtocol) -> tuple[bytes, int]:
        """Return the body and its length; one that is too long is left out, and its length tells the application."""
        told, parts = scope.headers.get("content-length"), bytearray()
        if told is None and scope.method in _NO_BODY:
            return b"", 0
        length = int(told) if told and told.isdecimal() else 0
        if length > self.most:
            return b"", length
        async for part in protocol:
            parts += part
            if len(parts) > self.most:
                return b"", len(parts)
        if len(parts) != length:
            # The server does not say that the line broke; without a length told, half a body would pass for a whole.
            raise Unfinished
        return bytes(parts), length

    def _answer(self, facts: dict[str, Any]) -> Answer:
        said: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            said[:] = [int(status.split(" ", 1)[0]), headers]

        given = self.application(facts, start_response)
        try:
            return said[0], said[1], b"".join(given)
        finally:
            if hasattr(given, "close"):
                given.close()


def environment(scope: Scope, body: bytes, length: int) -> dict[str, Any]:
    """Return a request as WSGI (PEP 3333) tells it; header names with an underscore could pass for others: left out."""
    server, client = urlsplit(f"//{scope.server}"), urlsplit(f"//{scope.client}")
    facts = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.hostname or "",
        "SERVER_PORT": str(server.port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.hostname or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        facts["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = _OWN_NAMES.get(name, f"HTTP_{name.upper().replace('-', '_')}")
        between = "; " if key == "HTTP_COOKIE" else ","
        facts[key] = f"{facts[key]}{between}{value}" if key in facts else value
    return facts | {"CONTENT_LENGTH": str(length)}
