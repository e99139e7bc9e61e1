"""For tests: people with inboxes and wishes, and fake servers on loopback that stand for the outside."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import Viewer, viewer_of
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.addresses import seal_address
from liuchi.ground.notices.models import Notice, Preferences, Urgency
from liuchi.ground.notices.parameters import AREA, CODE, MOMENT, NUMBER, ORGANISATION
from liuchi.ground.notices.posting import Message, post
from liuchi.ground.notices.templates import Template, declare, topic

SAMPLES = topic("tests", "Tests")
_TEXTS = Path(__file__).parent / "tests" / "texts"
SAMPLE = declare("tests.sample", SAMPLES, _TEXTS, number=CODE, count=NUMBER, due=MOMENT, place=AREA, unit=ORGANISATION)
PLAIN = declare("tests.plain", SAMPLES, _TEXTS, number=CODE)


def tell(
    people: list[UUID],
    *,
    number: str = "20240912-000001",
    urgent: bool = False,
    source: UUID | None = None,
    organisation_id: UUID | None = None,
    template: Template = PLAIN,
    words: str = "",
) -> int:
    """Post a plain message in the name of a reaction and return how many were told."""
    message = Message(
        template,
        source or new_id(),
        {"number": number},
        Urgency.URGENT if urgent else Urgency.ORDINARY,
        link="/",
        organisation_id=organisation_id,
    )
    with guard.scope("reaction", "tests"):
        return post(message, people, words=words)


def wish(person_id: UUID, *, email: str = "", is_confirmed: bool = True, **more: Any) -> Preferences:
    """Give somebody wishes; with an address, they want e-mail there."""
    chosen = {
        "by_email": bool(email),
        "email_sealed": seal_address(email, person_id),
        "is_email_confirmed": bool(email) and is_confirmed,
        **more,
    }
    with guard.scope("maintenance", "tests"):
        return Preferences.objects.update_or_create(person_id=person_id, defaults=chosen)[0]


def reader(username: str) -> Viewer:
    """Return the viewer of an account."""
    return viewer_of(Account.objects.get(username=username))


def told(person_id: UUID) -> list[str]:
    """Return the templates of somebody's notices, oldest first."""
    return list(Notice.objects.filter(person_id=person_id).order_by("id").values_list("template", flat=True))


def in_china(text: str) -> datetime:
    """Return "2024-09-12T21:00" as a moment in China."""
    return datetime.fromisoformat(f"{text}:00+08:00")


@dataclass
class FakeGroup:
    """Stands for the service of a group robot: keeps what it was sent, and answers as it was told to."""

    address: str
    heard: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200
    answer: object = field(default_factory=lambda: {"errcode": 0, "code": 0})


@contextmanager
def fake_group() -> Iterator[FakeGroup]:
    """Run a fake service on loopback within the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fake.heard.append(json.loads(body))
            fake.paths.append(self.path)
            answer = fake.answer if isinstance(fake.answer, bytes) else json.dumps(fake.answer).encode()
            self.send_response(fake.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        fake = FakeGroup(f"http://127.0.0.1:{server.server_port}")
        yield from _served(server, fake)


@dataclass
class FakePost:
    """Stands for a mail server: keeps envelopes and letters, and refuses recipients it was told to."""

    port: int
    letters: list[tuple[str, str]] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)


@contextmanager
def fake_post() -> Iterator[FakePost]:
    """Run a fake SMTP server on loopback within the block."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            recipient, refusal = "", 0
            self._say(220, "fake")
            while line := self.rfile.readline().decode():
                word = line.split()[0].upper() if line.split() else ""
                if word == "RCPT":
                    recipient = line[line.index("<") + 1 : line.index(">")]
                    refusal = fake.refused.get(recipient, 0)
                    self._say(refusal or 250, "recipient")
                elif word == "DATA":
                    self._say(354, "go on")
                    fake.letters.append((recipient, self._letter()))
                    self._say(250, "taken")
                elif word == "QUIT":
                    self._say(221, "bye")
                    return
                else:
                    self._say(250, "fake")

        def _letter(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) != ".\r\n":
                lines.append(line)
            return "".join(lines)

        def _say(self, code: int, text: str) -> None:
            self.wfile.write(f"{code} {text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        fake = FakePost(server.server_address[1])
        yield from _served(server, fake)


def _served(server: socketserver.BaseServer, fake: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
