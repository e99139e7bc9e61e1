import socket
import threading
from pathlib import Path

import pytest

from liuchi.embedded.probe import Answer, ask


def error(code: bytes) -> bytes:
    body = b"SFATAL\x00C" + code + b"\x00Mwords\x00\x00"
    return b"E" + (len(body) + 4).to_bytes(4, "big") + body


READY = b"R\x00\x00\x00\x08\x00\x00\x00\x00" + b"Z\x00\x00\x00\x05I"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (READY, Answer.READY),
        (error(b"57P03"), Answer.NOT_YET),
        (error(b"53300"), Answer.READY),
        (error(b"28000"), Answer.SILENT),
        (b"", Answer.SILENT),
        (b"Z\x00", Answer.SILENT),
    ],
)
def test_ask_when_server_replies_then_understood(home: Path, reply: bytes, expected: Answer) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "s"))
        listener.listen()

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(1000)
                line.sendall(reply)

        server = threading.Thread(target=serve)
        server.start()
        found = ask(home / "s", "liuchi")
        server.join()

    assert found is expected


def test_ask_when_socket_is_left_over_then_silent(home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "s"))

    assert (home / "s").exists()
    assert ask(home / "s", "liuchi") is Answer.SILENT


def test_ask_when_nobody_answers_then_silent_in_time(home: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "s"))
        listener.listen()

        assert ask(home / "s", "liuchi", timeout=0.1) is Answer.SILENT
