"""The lanes over HTTP: the product's own server of two processes, eight clients; barely: eight plain connections."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import uuid4

from liuchi.doors.cli.bench.bare import Limit, heard_of, rehearse
from liuchi.doors.cli.bench.measuring import Call, Lane
from liuchi.doors.cli.bench.processors import server_and_database
from liuchi.doors.cli.bench.reads import WORDS
from liuchi.doors.cli.bench.served import Request, Served
from liuchi.doors.cli.bench.writes import reports, sayings, waiting
from liuchi.doors.cli.ports import LOOPBACK
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Case, Channel, State
from liuchi.engines.cases.queries import line_at_work, work_list
from liuchi.engines.cases.queries_open import OpenFilters, open_cases
from liuchi.engines.cases.search.queries import Search, find_cases
from liuchi.ground.access.actions import NewKey, make_key
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.models import Account
from liuchi.ground.access.powers import NOT_FOR_KEYS
from liuchi.ground.access.viewers import Viewer, viewer_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

CLIENTS: Final = 8
#: A request over HTTP, and what it comes to inside: the call whose rows are read or written barely.
Asked = tuple[Request, Call]
_SINCE: Final = timedelta(days=90)


class Reading:
    """Pages over HTTP; barely: the same SQL, prepared, all rows fetched."""

    clients, size = CLIENTS, 10 * CLIENTS

    def __init__(self, name: str, server: Served, pages: Sequence[Asked]) -> None:
        self.name, self._server, self._limit = name, server, Limit()
        self._asked = cycle([request for request, _ in pages])
        self._bare = cycle([self._limit.ready(heard_of(page)) for _, page in pages])
        self.processes = server_and_database(server.group)

    def product(self) -> Sequence[Call]:
        """Return the next requests."""
        return [partial(self._server.ask, request) for request in islice(self._asked, self.size)]

    def bare(self) -> Sequence[Call]:
        """Return the same as rows only."""
        return list(islice(self._bare, self.size))

    def close(self) -> None:
        """Close the bare connections."""
        self._limit.close()


class Changing:
    """Changes over HTTP, each once; barely: one statement that writes the same rows."""

    clients, size = CLIENTS, 5 * CLIENTS

    def __init__(self, name: str, server: Served, changes: Iterator[Asked]) -> None:
        self.name, self._server, self._limit, self._changes = name, server, Limit(), changes
        self.processes = server_and_database(server.group)

    def product(self) -> Sequence[Call]:
        """Return the next requests."""
        return [partial(self._server.ask, request) for request, _ in islice(self._changes, self.size)]

    def bare(self) -> Sequence[Call]:
        """Rehearse the next changes and return the statements that write what they would have written."""
        return [self._limit.ready([rehearse(change)]) for _, change in islice(self._changes, self.size)]

    def close(self) -> None:
        """Close the bare connections."""
        self._limit.close()


class Client:
    """Another system with a key of an account of the demo's."""

    def __init__(self, username: str) -> None:
        secret = _key(username)
        self.viewer = cast("Viewer", viewer_for_key(secret, LOOPBACK))
        self._headers = {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **query: object) -> Request:
        """Return a request for a page."""
        return Request("GET", f"{path}?{urlencode(query)}" if query else path, self._headers)

    def post(self, path: str, content: object, **headers: str) -> Request:
        """Return a request for a change."""
        body = json.dumps(content, default=str).encode()
        return Request("POST", path, {**self._headers, "Content-Type": "application/json", **headers}, body)


def lanes(server: Served) -> dict[str, Callable[[], Lane]]:
    """Return the lanes over HTTP by name, in the order in which they are measured: reads first."""
    desk, dispatcher = Client("demo-desk"), Client("demo-dispatcher")
    return {
        "worklist-http": lambda: Reading("worklist-http", server, list(_work_lists(dispatcher))),
        "detail": lambda: Reading("detail", server, list(_details(dispatcher))),
        "search-http": lambda: Reading("search-http", server, list(_searches(dispatcher))),
        "open311-list": lambda: Reading("open311-list", server, list(_open_lists())),
        "intake": lambda: Changing("intake", server, _reports(desk)),
        "move-http": lambda: Changing("move-http", server, _filings(desk)),
    }


def _work_lists(client: Client) -> Iterator[Asked]:
    """Yield fifty open cases by state and town; where a town has fewer, the whole district's."""
    root = territory().root()
    for area in (*territory().of_kind(AreaKind.TOWN), root):
        for state in (State.HANDLING, State.RECEIVED, State.CHECKING):
            request = client.get("/api/v1/cases", state=state.value, area=area.id)
            yield request, partial(work_list, client.viewer, Filters(scope="all", state=state, area_id=area.id))


def _details(client: Client) -> Iterator[Asked]:
    numbers = Case.objects.order_by("-id").values_list("number", flat=True)
    for number in (*numbers[:4000:40], *numbers[4000:20_000:160]):
        yield client.get(f"/api/v1/cases/{number}"), partial(line_at_work, client.viewer, number)


def _searches(client: Client) -> Iterator[Asked]:
    for words in WORDS:
        yield client.get("/api/v1/cases/found", q=words), partial(find_cases, client.viewer, Search(words))


def _open_lists() -> Iterator[Asked]:
    """Yield fifty requests at a time: the newest, open ones, of two services, in both forms."""
    area, now = territory().root().id, clock.now()
    asked: dict[str, Any] = {"": {}, "status=open": {"is_open": True}, "page=3": {"skip": 100}}
    for query, more in asked.items():
        for form in ("json", "xml"):
            path = f"/open311/v2/requests.{form}?page_size=50&{query or 'page=1'}"
            filters = OpenFilters(area_id=area, since=now - _SINCE, until=now, **more)
            yield Request("GET", path), partial(open_cases, filters)


def _reports(client: Client) -> Iterator[Asked]:
    inside = reports(client.viewer, Channel.API)
    for said in sayings():
        yield client.post("/api/v1/cases", said, **{"Idempotency-Key": str(uuid4())}), next(inside)


def _filings(client: Client) -> Iterator[Asked]:
    for case, condition in waiting():
        request = client.post(
            f"/api/v1/cases/{case.number}/moves/file", {"condition": condition}, **{"If-Match": f'"{case.version}"'}
        )
        yield request, partial(file_case, by=client.viewer, case_id=case.id, condition_id=condition)


def _key(username: str) -> str:
    owner = Account.objects.get(username=username)
    powers = frozenset[str]().union(*(grant.powers for grant in viewer_of(owner).grants)) - NOT_FOR_KEYS
    wanted = NewKey(
        name="bench",
        owner_id=owner.id,
        powers=sorted(powers),
        areas=[territory().root().id],
        expires_at=clock.now() + timedelta(days=1),
        reason="bench",
    )
    return make_key(by=System("bench"), key=wanted)[1]
