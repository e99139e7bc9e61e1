"""A port of this machine, held from the moment it is chosen, so that nobody takes it between the look and the use."""

import errno
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
LOOPBACK = "127.0.0.1"
LOOPBACK_6 = "::1"


class PortTaken(OSError):
    """Another program listens on this port, or holds it."""


@dataclass(frozen=True)
class Held:
    """A port that is ours: `address` is numeric, whatever name was asked for."""

    address: str
    port: int


@contextmanager
def hold(host: str, port: int) -> Iterator[Held]:
    """Hold a port (0: any) inside the block without listening on it; only our own listeners (SO_REUSEPORT) may join.

    Raises:
        PortTaken: when it is another's.
        OSError: when there is no such host here, or the port is not ours to use.
    """
    family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with closing(_bound(family, where)) as held:
        # Only now may others join, and only by asking for it, under the same account: the web server's processes do.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield Held(str(where[0]), held.getsockname()[1])


def is_loopback(address: str) -> bool:
    """Tell whether only this machine reaches a numeric address."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def is_clear(port: int) -> bool:
    """Tell whether nobody has this port on either loopback address; a browser that is told "localhost" may try both."""
    for family, host in ((socket.AF_INET, LOOPBACK), (socket.AF_INET6, LOOPBACK_6)):
        try:
            _bound(family, (host, port)).close()
        except PortTaken:
            return False
        except OSError:
            # A machine without IPv6.
            continue
    return True


def _bound(family: int, where: Address) -> socket.socket:
    try:
        return _bind(family, where, reuse=False)
    except PortTaken:
        # Perhaps only connections of the past are in the way.
        return _bind(family, where, reuse=True)


def _bind(family: int, where: Address, *, reuse: bool) -> socket.socket:
    door = socket.socket(family, socket.SOCK_STREAM)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(reuse))
        door.bind(where)
        # Shut again at once: two that both reuse could both bind as long as neither listens.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    except OSError as error:
        door.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(error.errno, "the port is taken by another program") from error
        raise
    return door
