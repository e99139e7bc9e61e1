"""Whether the server answers, found out by really connecting (PostgreSQL frontend/backend protocol 3.0)."""

import contextlib
import socket
import struct
from enum import Enum
from pathlib import Path

GOODBYE = b"X\x00\x00\x00\x04"
PROTOCOL_3 = 196608
STARTING = b"57P03"
TOO_MANY = b"53300"


class Answer(Enum):
    """What came back from the socket."""

    READY = "ready"
    NOT_YET = "the server says that it is starting up, recovering or shutting down"
    SILENT = "nothing usable came back"


def ask(path: Path, user: str, timeout: float = 5.0) -> Answer:
    """Connect to the socket at `path` as `user` and return what the server says, within `timeout` seconds."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(str(path))
            line.sendall(_greeting(user))
            answer = _read(line)
            if answer is Answer.READY:
                with contextlib.suppress(OSError):
                    line.sendall(GOODBYE)
            return answer
    except OSError:
        return Answer.SILENT


def _greeting(user: str) -> bytes:
    # Database "postgres": a visitor in template1 or in ours would be in the way of CREATE and DROP DATABASE.
    words = ("user", user, "database", "postgres", "application_name", "liuchi probe")
    body = struct.pack("!i", PROTOCOL_3) + b"".join(word.encode() + b"\x00" for word in words) + b"\x00"
    return struct.pack("!i", len(body) + 4) + body


def _read(line: socket.socket) -> Answer:
    with line.makefile("rb") as stream:
        while len(head := stream.read(5)) == 5:
            kind, length = struct.unpack("!ci", head)
            body = stream.read(length - 4)
            if kind == b"Z":
                return Answer.READY
            if kind == b"E":
                return _error(body)
    return Answer.SILENT


def _error(body: bytes) -> Answer:
    code = next((field[1:] for field in body.split(b"\x00") if field.startswith(b"C")), b"")
    if code == TOO_MANY:
        # Full of clients, hence alive.
        return Answer.READY
    return Answer.NOT_YET if code == STARTING else Answer.SILENT
