"""Killed twenty times while clients report and move: what was acknowledged is there, once, and all that follows."""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote, urlencode
from uuid import uuid4

import psycopg
import pytest

from liuchi.doors.cli.testing import Running, free_port, processes, run, started, wait_for
from liuchi.embedded import Server

KILLS: Final = int(os.environ.get("LIUCHI_TEST_KILLS", "20"))
CLIENTS: Final = 4
#: Seconds between a kill and the next, once the house answers again.
PAUSE: Final = (0.3, 2.0)
#: One of each, again and again, in an order of chance.
VICTIMS: Final = ("page server", "web", "worker", "postmaster", "keeper", "backend")
#: Seconds within which a request is acknowledged, however often it has to be sent.
PATIENCE: Final = 60.0
LONGITUDE, LATITUDE = 117.0411, 30.5154


@dataclass
class Load:
    """What the clients were told: numbers by what they said, moves by number, and answers that are none."""

    port: int
    desk: str
    dispatcher: str
    handler: str
    over: threading.Event = field(default_factory=threading.Event)
    said: dict[str, str] = field(default_factory=dict)
    moved: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)

    def run(self, seed: int) -> None:
        """Report by one door after the other, file and dispatch, until it is over."""
        chance = random.Random(seed)
        condition = self._first("/api/v1/conditions?" + urlencode({"q": "井盖"}))
        unit = self._until(self.handler, "GET", "/api/v1/me")[1]["grants"][0]["organisation"]
        while not self.over.is_set() and not self.wrong:
            said = f"井盖坏了 {uuid4()}"
            number = self._report(said) if chance.random() < 0.5 else self._report_to_open311(said)
            self.said[said] = number
            if chance.random() < 0.7:
                self._move(self.desk, number, "file", {"condition": condition})
                if chance.random() < 0.7:
                    self._move(self.dispatcher, number, "dispatch", {"unit": unit, "reason": "压力测试"})
            time.sleep(chance.random() / 10)

    def _first(self, path: str) -> str:
        return str(self._until(self.desk, "GET", path)[1]["items"][0]["id"])

    def _report(self, said: str) -> str:
        body = json.dumps({"text": said, "longitude": LONGITUDE, "latitude": LATITUDE})
        named = {"Idempotency-Key": said[-36:]}
        return str(self._until(self.desk, "POST", "/api/v1/cases", body, named)[1]["number"])

    def _report_to_open311(self, said: str) -> str:
        values = {"service_code": "component-0101", "attribute[condition]": "missing", "description": said}
        body = urlencode({"api_key": self.desk, **values, "lat": LATITUDE, "long": LONGITUDE})
        named = {"Idempotency-Key": said[-36:], "Content-Type": "application/x-www-form-urlencoded"}
        told = self._until("", "POST", "/open311/v2/requests.json", body, named)[1]
        return str(told[0]["service_request_id"])

    def _move(self, key: str, number: str, name: str, given: Mapping[str, Any]) -> None:
        """Make a move with a name of its own until it is acknowledged: what was read before is told each time."""
        tag = self._until(key, "GET", f"/api/v1/cases/{quote(number)}")[0]["etag"]
        named = {"Idempotency-Key": f"{name}-{number}", "If-Match": tag}
        self._until(key, "POST", f"/api/v1/cases/{quote(number)}/moves/{name}", json.dumps(given), named)
        self.moved.setdefault(number, []).append(name)

    def _until(
        self, key: str, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[dict[str, str], Any]:
        """Send a request until it is acknowledged, and return headers and content of the answer.

        Raises:
            AssertionError: it was refused, or not acknowledged in time.
        """
        deadline = time.monotonic() + PATIENCE
        told: dict[str, str] = {}
        status, content = 0, ""
        while time.monotonic() < deadline:
            self.tries["sent"] += 1
            with suppress(OSError, http.client.HTTPException):
                status, content, told = self._once(key, method, path, body, headers or {})
                if status < 300:
                    return told, json.loads(content)
                if status < 500 and status not in {408, 429}:
                    break
            self.tries["again"] += 1
            time.sleep(0.2)
        self.wrong.append(f"{method} {path}: {status} {content[:300]}")
        raise AssertionError(self.wrong[-1])

    def _once(
        self, key: str, method: str, path: str, body: str, headers: Mapping[str, str]
    ) -> tuple[int, str, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {}), **headers}
        try:
            line.request(method, path, body.encode() if body else None, sent)
            answer = line.getresponse()
            content = answer.read().decode()
            return answer.status, content, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            line.close()


@contextmanager
def loading(load: Load) -> Iterator[list[threading.Thread]]:
    """Let the clients run inside the block; on its way out each ends what it is at."""
    clients = [threading.Thread(target=_quietly, args=(load, seed)) for seed in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        yield clients
    finally:
        load.over.set()
        for each in clients:
            each.join(4 * PATIENCE)


def _quietly(load: Load, seed: int) -> None:
    with suppress(AssertionError):
        load.run(seed)


def key_of(account: str, data: Path) -> str:
    made = run("access", "key", account, "--for", "load", "--reason", "tests", "--data", data)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def rows(data: Path, query: LiteralString) -> list[tuple[Any, ...]]:
    with Server(data).use(), psycopg.connect(Server(data).dsn) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.slow
def test_house_when_killed_twenty_times_under_load_then_nothing_acknowledged_is_lost_or_doubled(copy: Path) -> None:
    keys = [key_of(name, copy) for name in ("demo-desk", "demo-dispatcher", "demo-handler")]
    chance = random.Random(20)
    with started(copy, free_port(), LIUCHI_API_RATE="1000000") as demo:
        assert wait_for(demo.is_answering, 60), demo.text()
        load = Load(demo.port, keys[0], keys[1], keys[2])
        with loading(load):
            killed = [_kill(demo, chance, VICTIMS[turn % len(VICTIMS)]) for turn in range(KILLS)]

        assert load.wrong == [], demo.text()[-3000:]
        assert len(killed) == KILLS
        assert wait_for(lambda: _unfinished(copy) == [], 60), (_unfinished(copy), demo.text()[-3000:])
        verified = run("journal", "verify", "--data", copy)
        assert verified.returncode == 0, verified.stdout
        assert _differences(copy, load) == []
    print(f"{len(load.said)} reports, {sum(map(len, load.moved.values()))} moves, {dict(load.tries)}")


def _kill(demo: Running, chance: random.Random, role: str) -> str:
    """Kill one process of a role a while after the house was seen to answer."""
    assert wait_for(lambda: demo.is_answering() and role in processes(demo.data), 40), (role, demo.text()[-3000:])
    time.sleep(chance.uniform(*PAUSE))
    alive = processes(demo.data).get(role, [])
    with suppress(ProcessLookupError, IndexError):
        os.kill(chance.choice(alive), signal.SIGKILL)
    return role


def _unfinished(data: Path) -> list[str]:
    """Return what the worker has still to do: lines to seal, reactions to run, jobs."""
    ((waiting,),) = rows(data, "SELECT count(*) FROM journal_line WHERE position IS NULL")
    behind = rows(
        data,
        "SELECT reaction, position FROM journal_checkpoint WHERE position < (SELECT max(position) FROM journal_line)",
    )
    jobs = rows(
        data,
        "SELECT task_name, status::text FROM procrastinate_jobs"
        " WHERE status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now()",
    )
    return [*([f"{waiting} lines to seal"] if waiting else []), *map(str, [*behind, *jobs])]


#: What must return no row: each query looks for one way in which something would be half there, twice, or missing.
NOTHING: Final[Mapping[str, LiteralString]] = {
    "a case without its line": "SELECT number FROM cases_case AS c WHERE NOT EXISTS"
    " (SELECT FROM journal_line WHERE subject_id = c.id AND kind = 'case.reported')",
    "a case reported twice": "SELECT subject_id FROM journal_line WHERE kind = 'case.reported'"
    " GROUP BY subject_id HAVING count(*) > 1",
    "a case without report": "SELECT number FROM cases_case AS c WHERE NOT EXISTS"
    " (SELECT FROM cases_report WHERE case_id = c.id)",
    "a line without its case": "SELECT l.id FROM journal_line AS l WHERE kind = 'case.reported' AND NOT EXISTS"
    " (SELECT FROM cases_case WHERE id = l.subject_id)",
    "a move without its line": "SELECT m.id FROM cases_casemove AS m WHERE NOT EXISTS"
    " (SELECT FROM journal_line WHERE id = m.line_id AND subject_id = m.case_id)",
    "a line of a move without the move": "SELECT id FROM journal_line WHERE kind IN ('case.filed', 'case.dispatched')"
    " AND NOT EXISTS (SELECT FROM cases_casemove WHERE line_id = journal_line.id)",
    "an open case of ours without a clock that runs": "SELECT number FROM cases_case AS c WHERE ended_at IS NULL"
    " AND state IN ('received', 'filed', 'handling') AND NOT EXISTS"
    " (SELECT FROM cases_caseclock WHERE case_id = c.id AND kind = 'step' AND stopped_at IS NULL)",
    "a filed case without its deadline": "SELECT number FROM cases_case WHERE state IN ('filed', 'handling')"
    " AND due_at IS NULL",
    "a case that cannot be found": "SELECT number FROM cases_case AS c WHERE NOT EXISTS"
    " (SELECT FROM cases_caseindexed WHERE case_id = c.id)",
    "a line laid aside": "SELECT reaction, error FROM journal_dead_letter",
    "a job laid aside": "SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'",
    "somebody told twice": "SELECT source, person_id, template FROM notices_notice"
    " GROUP BY 1, 2, 3 HAVING count(*) > 1",
    "a dispatch by key of which nobody was told": "SELECT id FROM journal_line AS l WHERE kind = 'case.dispatched'"
    " AND on_behalf_of IS NOT NULL AND NOT EXISTS (SELECT FROM notices_notice WHERE source = l.id)",
    "a figure that is not the count of its lines": "SELECT * FROM"
    " (SELECT figure, place_id, \"on\", count FROM figures_tally WHERE figure IN ('case.reported', 'case.filed')) AS t"
    " FULL JOIN (SELECT kind AS figure, place_id, (happened_at AT TIME ZONE 'Asia/Shanghai')::date AS \"on\", count(*)"
    " FROM journal_line WHERE kind IN ('case.reported', 'case.filed') GROUP BY 1, 2, 3) AS l"
    ' USING (figure, place_id, "on") WHERE t.count IS DISTINCT FROM l.count',
}


def _differences(data: Path, load: Load) -> list[str]:
    """Return everything in which the house differs from what the clients were told, and from itself."""
    found = [f"{name}: {row}" for name, query in NOTHING.items() for row in rows(data, query)[:5]]
    kept = rows(
        data,
        "SELECT substring(r.text FROM '井盖坏了 [-0-9a-f]{36}'), c.number FROM cases_report AS r"
        " JOIN cases_case AS c ON c.id = r.case_id WHERE r.text ~ '井盖坏了 [-0-9a-f]{36}'",
    )
    found += [
        f"there without being acknowledged, or twice: {row}" for row in (Counter(kept) - Counter(load.said.items()))
    ]
    found += [f"acknowledged and not there: {row}" for row in Counter(load.said.items()) - Counter(kept)]
    made = rows(
        data,
        "SELECT c.number, m.name FROM cases_casemove AS m JOIN cases_case AS c ON c.id = m.case_id"
        " JOIN cases_report AS r ON r.case_id = c.id WHERE r.text ~ '井盖坏了 [-0-9a-f]{36}' AND m.name <> 'report'",
    )
    acknowledged = Counter((number, name) for number, names in load.moved.items() for name in names)
    found += [f"moved otherwise: {row}" for row in Counter(made) - acknowledged]
    return found + [f"move not there: {row}" for row in acknowledged - Counter(made)]
