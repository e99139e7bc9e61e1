"""For tests: a noun to be told of, subscriptions to it, and a receiver on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

from liuchi.ground.access.actions import NewKey, make_key
from liuchi.ground.access.models import Account, ApiKey
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.actions import NewSubscription, open_subscription
from liuchi.ground.hooks.events import Events, Subject
from liuchi.ground.hooks.models import Subscription
from liuchi.ground.hooks.reactions import queue_line
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import declare
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area

BEGUN = declare("sample.begun")
ENDED = declare("sample.ended")
#: What samples are hidden from everybody.
HIDDEN: set[UUID] = set()
SAMPLE = "hooks.sample"


def _find(viewer: Viewer, subject_id: UUID) -> Subject | None:
    return None if subject_id in HIDDEN else Subject(f"S-{subject_id.hex[:6]}", f"/samples/{viewer.username}")


EVENTS = (Events("sample", {BEGUN.name: "Begun", ENDED.name: "Ended"}, _find),)


@action
def begin_sample(*, by: Actor, place_id: UUID, subject_id: UUID) -> Line:
    """Let a sample begin somewhere."""
    return record(kind=BEGUN, by=by, subject_type=SAMPLE, subject_id=subject_id, place_id=place_id)


def happen(place: Area, subject_id: UUID | None = None) -> Line:
    """Let something happen at a place, and the reaction read it; return its line."""
    line = begin_sample(by=System("tests"), place_id=place.id, subject_id=subject_id or new_id())
    with guard.scope("reaction", "tests"):
        queue_line(line)
    return line


def key_of(owner: str, *areas: Area, name: str = "市平台对接") -> ApiKey:
    """Make a key of an account that may be told of events in areas."""
    wanted = NewKey(
        name=name,
        owner_id=Account.objects.get(username=owner).id,
        powers=["hooks.receive", "cases.see"],
        areas=[each.id for each in areas],
        expires_at=clock.now() + timedelta(days=300),
        reason="数据共享协议",
    )
    return make_key(by=System("tests"), key=wanted)[0]


def subscribed(key: ApiKey, address: str, *events: str, areas: tuple[UUID, ...] = ()) -> tuple[Subscription, str]:
    """Subscribe in the name of the house; return subscription and secret."""
    wanted = NewSubscription(key.id, "市平台", address, events or (BEGUN.name,), areas)
    return open_subscription(by=System("tests"), wanted=wanted)


@dataclass
class Receiver:
    """Stands for another system: keeps what it was sent, and answers as it was told to."""

    origin: str
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return the address that it is told at; the path tells a token."""
        return f"{self.origin}/hooks/token-of-theirs"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver on loopback within the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(there.status)
            for name, value in there.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = Receiver(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()
