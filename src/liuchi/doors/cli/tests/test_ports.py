import socket
from collections.abc import Iterator

import pytest

from liuchi.doors.cli.ports import LOOPBACK, LOOPBACK_6, PortTaken, hold, is_clear, is_loopback


@pytest.fixture
def port() -> Iterator[int]:
    """A port that nobody had a moment ago, outside the range that the system gives out by itself."""
    for number in range(28_500, 28_600):
        if is_clear(number):
            yield number
            return


def _listen_along(port: int) -> socket.socket:
    """Listen as each process of the web server does."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    door.bind((LOOPBACK, port))
    door.listen()
    return door


def test_port_that_is_held_is_refused_to_everybody_else(port: int) -> None:
    with hold(LOOPBACK, port), pytest.raises(PortTaken), hold(LOOPBACK, port):
        pass


def test_port_that_is_held_lets_our_own_listeners_in_and_takes_no_connection_from_them(port: int) -> None:
    with hold(LOOPBACK, port), _listen_along(port) as first, _listen_along(port) as second:
        first.settimeout(0.2)
        second.settimeout(0.2)
        for _ in range(20):
            with socket.create_connection((LOOPBACK, port), timeout=5):
                _accept_one(first, second)


def _accept_one(*doors: socket.socket) -> None:
    for door in doors:
        try:
            line, _ = door.accept()
        except TimeoutError:
            continue
        line.close()
        return
    pytest.fail("nobody took the connection")


def test_port_whose_last_connections_linger_may_be_held_again(port: int) -> None:
    with hold(LOOPBACK, port), _listen_along(port) as door, socket.create_connection((LOOPBACK, port)) as visitor:
        line, _ = door.accept()
        line.close()
        visitor.recv(1)

    with hold(LOOPBACK, port), pytest.raises(PortTaken), hold(LOOPBACK, port):
        pass


@pytest.mark.parametrize("host", [LOOPBACK, "0.0.0.0"])
def test_port_that_somebody_listens_on_cannot_be_held(port: int, host: str) -> None:
    with socket.create_server((host, port)), pytest.raises(PortTaken), hold(LOOPBACK, port):
        pass


def test_port_that_is_taken_on_the_other_loopback_address_is_not_clear(port: int) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    with socket.create_server((LOOPBACK_6, port), family=socket.AF_INET6):
        assert not is_clear(port)
    assert is_clear(port)


def test_host_that_is_not_ours_cannot_be_held(port: int) -> None:
    with pytest.raises(OSError, match="assign"), hold("192.0.2.1", port):
        pass


@pytest.mark.parametrize(
    ("address", "only_here"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("fe80::1%lo", False)],
)
def test_address_is_loopback_when_only_this_machine_reaches_it(address: str, only_here: bool) -> None:
    assert is_loopback(address) is only_here
