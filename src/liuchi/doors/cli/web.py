"""Between the server and the web application: a request takes a thread only once it has arrived whole.

A thread that waits for a body waits as long as the client likes; eight such clients would stop every page.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any, Final, cast
from urllib.parse import urlsplit

import structlog
from granian._granian import RSGIHTTPProtocol
from granian.rsgi import Scope

from liuchi.doors.ui.refusals import UNREAD

#: Seconds within which a body has to arrive, however much of it has come so far.
BODY_WITHIN: Final = 20.0
#: The same for forms with files; so many of them are read at the same time.
UPLOAD_WITHIN: Final = 180.0
UPLOADS: Final = 8
#: What is held in memory of one body; the rest waits on disk.
IN_MEMORY: Final = 1024**2
#: Requests that one process works on at the same time; each of its threads holds a connection to the database.
THREADS: Final = 4
_NO_BODY: Final = frozenset({"GET", "HEAD"})
#: Headers that have a name of their own in WSGI.
_OWN_NAMES: Final = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}

Application = Callable[..., Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes]
_log = structlog.get_logger(__name__)


class Unread(Exception):
    """A body did not arrive as it should: `status` says in what way."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


@dataclass(frozen=True)
class Limits:
    """What a body may weigh, in bytes, and within how many seconds it has to be here."""

    most: int
    within: float


class ArrivesFirst:
    """The WSGI `application` as the server calls it: bodies of up to `most` bytes are read without a thread.

    Forms with files may be larger and take longer; eight of them are read at a time, and most of each waits on disk.
    """

    def __init__(
        self,
        application: Application,
        *,
        most: int,
        within: float = BODY_WITHIN,
        uploads: Limits | None = None,
    ) -> None:
        self.application, self.plain, self.uploads = application, Limits(most, within), uploads or Limits(most, within)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self.reading = 0

    async def __rsgi__(self, scope: Scope, protocol: RSGIHTTPProtocol) -> None:
        """Read the body, have the request answered in a thread, and send the answer.

        Of a body that comes too slowly (408), breaks off (400) or does not tell its length (411) the application gets
        that status and nothing else, to answer as its door does. 503 goes to whose files come while eight others' are
        being read.
        """
        is_upload = (scope.headers.get("content-type") or "").startswith("multipart/form-data")
        if is_upload and self.reading >= UPLOADS:
            protocol.response_empty(503, [("retry-after", "10"), ("connection", "close")])
            return
        self.reading += is_upload
        with cast("IO[bytes]", tempfile.SpooledTemporaryFile(IN_MEMORY)) as body:
            try:
                length = await self._arrive(scope, protocol, body, self.uploads if is_upload else self.plain)
                facts = environment(scope, body, length)
            except Unread as unread:
                body.truncate(0)
                body.seek(0)
                facts = environment(scope, body, 0) | {UNREAD: unread.status}
            finally:
                self.reading -= is_upload
            status, headers, said = await asyncio.get_running_loop().run_in_executor(self.threads, self._answer, facts)
        protocol.response_bytes(status, [*headers, *([("connection", "close")] if UNREAD in facts else [])], said)

    async def _arrive(self, scope: Scope, protocol: RSGIHTTPProtocol, body: IO[bytes], limits: Limits) -> int:
        """Read the body within its limits and return its length.

        Raises:
            Unread: it did not come as it should.
        """
        try:
            async with asyncio.timeout(limits.within):
                return await self._read(scope, protocol, body, limits.most)
        except TimeoutError as error:
            _log.info("request.too_slow", method=scope.method, path=scope.path)
            raise Unread(HTTPStatus.REQUEST_TIMEOUT) from error

    async def _read(self, scope: Scope, protocol: RSGIHTTPProtocol, body: IO[bytes], most: int) -> int:
        """Read a body and return its length; one that is too long is left out, and its length tells the application."""
        told, count = scope.headers.get("content-length"), 0
        if told is None and scope.method in _NO_BODY:
            return 0
        length = int(told) if told and told.isdecimal() else 0
        if length > most:
            return length
        async for part in protocol:
            count += len(part)
            if count > most:
                body.truncate(0)
                body.seek(0)
                return count
            body.write(part)
        if count != length:
            # The server does not say that the line broke; without a length told, half a body would pass for a whole.
            raise Unread(HTTPStatus.LENGTH_REQUIRED if told is None else HTTPStatus.BAD_REQUEST)
        body.seek(0)
        return length

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


def environment(scope: Scope, body: IO[bytes], length: int) -> dict[str, Any]:
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
        "wsgi.input": body,
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
