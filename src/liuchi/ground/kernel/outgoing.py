"""The way out of the house over HTTP: one exchange, with limits on where, how long and how much.

The name is looked up once, every address it leads to is judged (`reachable`), and the connection goes to one of those:
a name that leads elsewhere a moment later changes nothing. No redirect is followed, no proxy is asked, and
nothing is decompressed. What a server says is never part of an error.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any, Final, Self, TypeAlias

from liuchi.ground.kernel.reachable import IP, AddressRefused, Target, require_reachable, target_of

#: Looks a host's name and port up and returns the addresses it leads to.
Resolver: TypeAlias = Callable[[str, int], Sequence[str]]
AGENT: Final = "Liuchi/1 (+outgoing)"
#: So many of a name's addresses are tried.
_TRIED = 2


@dataclass(frozen=True)
class Limits:
    """What an exchange may cost: seconds in all, and bytes of the answer, its head included."""

    seconds: float = 10.0
    size: int = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back. Names of headers are in small letters; of several with one name the last counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Tell whether the server says that it did what was asked."""
        return 200 <= self.status < 300


class NotReached(Exception):
    """There was no whole answer. `code` is stable; `may_have_arrived` tells that the request was (partly) sent.

    Codes: unreadable_address, user_in_address, not_https, port_not_allowed, address_not_allowed (see `reachable`),
    unknown_host, unreachable, untrusted (TLS), timeout, too_large, unreadable.
    """

    def __init__(self, code: str, *, may_have_arrived: bool = False) -> None:
        super().__init__(code)
        self.code, self.may_have_arrived = code, may_have_arrived


@dataclass
class Request:
    """What is sent. `address` may hold a token: it is shown to nobody and stands in no error."""

    address: str = field(repr=False)
    method: str = "GET"
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def exchange(
    request: Request,
    *,
    limits: Limits | None = None,
    resolve: Resolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Send a request and return the answer, whatever its status; a redirect is an answer like any other.

    `resolve` and `tls` are for tests and for houses with a root of their own.

    Raises:
        NotReached: with a code, and nothing of the address or of what the server said.
    """
    time_left = _Deadline(limits or Limits())
    try:
        target = target_of(request.address)
        addresses = _judged(target, resolve or look_up, time_left)
    except AddressRefused as error:
        raise NotReached(error.code) from None
    with _connected(target, addresses, time_left, tls) as line:
        return _spoken(request, target, line)


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as the system's resolver gives them.

    Raises:
        OSError: it knows none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class _Deadline:
    """Counts down time and bytes."""

    def __init__(self, limits: Limits) -> None:
        self.until = time.monotonic() + limits.seconds
        self.size = limits.size

    def left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def count(self, number: int) -> None:
        self.size -= number
        if self.size < 0:
            raise _TooLarge


class _TooLarge(Exception):
    """The answer is longer than anybody wants to read."""


def _judged(target: Target, resolve: Resolver, time_left: _Deadline) -> list[IP]:
    """Return the addresses to connect to; none when any of those that the name leads to is out of bounds."""
    found = _looked_up(target, resolve, time_left)
    try:
        addresses = [ip_address(each) for each in found if "%" not in each]
    except ValueError:
        raise NotReached("unknown_host") from None
    if not addresses or len(addresses) != len(found):
        raise NotReached("unknown_host")
    for address in addresses:
        require_reachable(target, address)
    return addresses[:_TRIED]


def _looked_up(target: Target, resolve: Resolver, time_left: _Deadline) -> Sequence[str]:
    """Look a name up for as long as there is time: the system's resolver knows no limit of ours."""
    found: list[Sequence[str]] = []

    def look() -> None:
        try:
            found.append(resolve(target.host, target.port))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=look, name="look-up", daemon=True)
    thread.start()
    thread.join(time_left.left())
    if not found:
        raise NotReached("timeout")
    return found[0]


class _Line:
    """A connected socket that keeps within the limits; what HTTP needs of one."""

    def __init__(self, plain: socket.socket, time_left: _Deadline) -> None:
        self.socket, self.time_left, self.has_sent = plain, time_left, False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self.socket.settimeout(self.time_left.left())
            sent = self.socket.send(view)
            self.has_sent = True
            view = view[sent:]

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Stay open: HTTP gives its socket up before it has read the answer to the end."""


class _Incoming(io.RawIOBase):
    """What comes in over a line, counted."""

    def __init__(self, line: _Line) -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.socket.settimeout(self.line.time_left.left())
        number = self.line.socket.recv_into(buffer)
        self.line.time_left.count(number)
        return number


def _connected(target: Target, addresses: Sequence[IP], time_left: _Deadline, tls: ssl.SSLContext | None) -> _Line:
    code = "unreachable"
    for address in addresses:
        try:
            plain = socket.create_connection((str(address), target.port), time_left.left())
        except TimeoutError:
            code = "timeout"
            continue
        except OSError:
            continue
        return _Line(_secured(plain, target, time_left, tls) if target.scheme == "https" else plain, time_left)
    raise NotReached(code)


def _secured(plain: socket.socket, target: Target, time_left: _Deadline, tls: ssl.SSLContext | None) -> ssl.SSLSocket:
    try:
        plain.settimeout(time_left.left())
        return (tls or _trust()).wrap_socket(plain, server_hostname=target.host)
    except TimeoutError:
        plain.close()
        raise NotReached("timeout") from None
    except (OSError, ValueError):
        plain.close()
        raise NotReached("untrusted") from None


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _spoken(request: Request, target: Target, line: _Line) -> Answer:
    speaker = HTTPSConnection if target.scheme == "https" else HTTPConnection
    http = speaker(target.host, target.port)
    http.sock = line  # what HTTP needs of a socket, and it never connects by itself
    headers = {"User-Agent": AGENT, "Accept": "*/*", **request.headers}
    try:
        http.request(
            request.method, target.path, request.body, {**headers, "Accept-Encoding": "identity", "Connection": "close"}
        )
        return _read(http.getresponse())
    except TimeoutError:
        raise NotReached("timeout", may_have_arrived=line.has_sent) from None
    except _TooLarge:
        raise NotReached("too_large", may_have_arrived=True) from None
    except (HTTPException, ValueError):
        raise NotReached("unreadable", may_have_arrived=line.has_sent) from None
    except OSError:
        raise NotReached("unreachable", may_have_arrived=line.has_sent) from None


def _read(answer: HTTPResponse) -> Answer:
    with answer:
        headers = {name.lower(): value for name, value in answer.getheaders()}
        if headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
            raise ValueError
        return Answer(answer.status, headers, answer.read())
