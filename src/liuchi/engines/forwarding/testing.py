"""For tests: another city on loopback that speaks Open311, and an endpoint set up for it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.utils import timezone

from liuchi.engines.forwarding.actions import set_endpoint
from liuchi.engines.forwarding.configuring import NewEndpoint
from liuchi.engines.forwarding.models import Endpoint
from liuchi.engines.forwarding.reactions import forward_line
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.records.models import Sharing


@dataclass
class City:
    """Stands for another city: keeps requests, tells updates, and fails as it was told to.

    `mode`: "" works; "busy" answers 503 before taking; "dies" takes and closes the line; "refuses" answers 400;
    "token" answers with a token. `knows_names`: the same Idempotency-Key is the same request.
    """

    origin: str
    mode: str = ""
    knows_names: bool = False
    hides: bool = False
    requests: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return the endpoint's address."""
        return f"{self.origin}/v2/"

    def take(self, form: dict[str, list[str]], name: str) -> dict[str, Any]:
        """Take a request in and return its row."""
        known = next((row for row in self.requests if self.knows_names and row["name"] == name), None)
        if known is not None:
            return known
        row = {
            "service_request_id": f"T-{len(self.requests) + 1}",
            "service_code": form["service_code"][0],
            "description": None if self.hides else form["description"][0],
            "status": "open",
            "status_notes": "",
            "updated_datetime": "2024-09-12T10:00:00+08:00",
            "name": name,
        }
        self.requests.append(row)
        return row


@contextmanager
def a_city() -> Iterator[City]:
    """Run another city within the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            city.posts.append(form)
            if city.mode in {"busy", "refuses"}:
                self._say([{"code": 0, "description": "x"}], 503 if city.mode == "busy" else 400)
                return
            row = city.take(form, self.headers["Idempotency-Key"])
            if city.mode == "dies":
                self.close_connection = True
                return
            self._say([{"token": "tk"} if city.mode == "token" else {"service_request_id": row["service_request_id"]}])

        def do_GET(self) -> None:
            city.asked.append(self.path)
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if city.mode == "busy":
                self._say([], 503)
            elif "servicerequestupdates" in parts.path:
                self._say(city.updates)
            elif "/tokens/" in parts.path:
                self._say([{"token": "tk", "service_request_id": city.requests[-1]["service_request_id"]}])
            else:
                wanted = query.get("service_request_id", [""])[0]
                self._say([r for r in city.requests if not wanted or r["service_request_id"] in wanted.split(",")])

        def _say(self, rows: object, status: int = 200) -> None:
            body = json.dumps(rows).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        city = City(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield city
        finally:
            server.shutdown()
            thread.join()


def sharing() -> Sharing:
    """Enter in the register for what and on what ground cases are given."""
    with guard.scope("maintenance", "tests"):
        return Sharing.objects.create(
            kind="recipient",
            name="铜陵市",
            contact="市热线办",
            types=["cases.report"],
            purpose="跨市案件转办",
            basis="law",
            document="跨区域协同协议",
            since=timezone.localdate(clock.now()) - timedelta(days=1),
        )


def endpoint_at(address: str, unit: str = "water", **more: Any) -> Endpoint:
    """Set an endpoint up: manhole covers dispatched to `unit` go there."""
    route = {
        "class": "component-0101",
        "service": "MANHOLE",
        "tells": ["point", "address"],
        "attributes": {"REF": "{number}"},
    }
    facts: dict[str, Any] = {"routes": [route], "key": "their-key", **more}
    given = NewEndpoint("tongling", "铜陵市", address, unit, facts.pop("sharing", None) or sharing().id, **facts)
    return set_endpoint(by=System("tests"), given=given)


def react(case_id: UUID) -> None:
    """Let the reaction read what happened to a case."""
    with guard.scope("reaction", "tests"):
        for line in Line.objects.filter(kind="case.dispatched", subject_id=case_id).order_by("seq"):
            forward_line(line)
