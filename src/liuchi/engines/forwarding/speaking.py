"""Speaking Open311 GeoReport v2 as a client: sending, looking up, and asking what became of requests."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from liuchi.ground.kernel.outgoing import Answer, Limits, NotReached, Request, exchange

PATIENCE: Final = Limits(seconds=20, size=2 * 1024 * 1024)
_FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"
#: Answers after which the same may be said again later.
_LATER: Final = frozenset({408, 425, 429})
#: Pages of updates read at once, and requests named with one question.
_PAGES, _NAMED = 40, 50


@dataclass(frozen=True)
class Spoken:
    """Whom to speak to."""

    address: str
    jurisdiction: str = ""
    key: str = field(default="", repr=False)


class NotTaken(Exception):
    """The other side took nothing. `is_final`: it refused; `is_unsure`: it may have taken it all the same."""

    def __init__(self, code: str, *, is_final: bool = False, is_unsure: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_final, self.is_unsure = code, is_final, is_unsure


@dataclass(frozen=True)
class Given:
    """What the other side gave for a request: its number, or a token under which the number will stand."""

    request_id: str = ""
    token: str = ""


@dataclass(frozen=True)
class Told:
    """One thing that the other side says of a request. `update_id` is the same whenever it is told again."""

    request_id: str
    update_id: str
    status: str
    text: str
    at: datetime | None


def send(to: Spoken, form: Sequence[tuple[str, str]], name: str) -> Given:
    """Make a request; `name` goes as Idempotency-Key.

    Raises:
        NotTaken: refused, later, or unsure whether it arrived.
    """
    fields = [("api_key", to.key), ("jurisdiction_id", to.jurisdiction), *form]
    body = urlencode([(key, value) for key, value in fields if value]).encode()
    headers = {"Content-Type": _FORM, "Idempotency-Key": name, "Accept": "application/json"}
    try:
        answer = exchange(Request(f"{to.address}requests.json", "POST", body, headers), limits=PATIENCE)
    except NotReached as error:
        raise NotTaken(error.code, is_unsure=error.may_have_arrived) from None
    _require_good(answer)
    rows = _rows(answer, is_unsure=True)
    row = rows[0] if rows else {}
    given = Given(_word(row.get("service_request_id")), _word(row.get("token")))
    if not given.request_id and not given.token:
        raise NotTaken("no_number", is_unsure=True)
    return given


def look_up(to: Spoken, service: str, since: datetime, mark: str) -> str:
    """Return the number of the request since `since` whose description holds `mark`; "" where none is shown.

    Raises:
        NotTaken: the other side could not be asked.
    """
    query = {"service_code": service, "start_date": _written(since)}
    for row in _ask(to, "requests.json", query):
        if mark in _word(row.get("description")):
            return _word(row.get("service_request_id"))
    return ""


def number_for(to: Spoken, token: str) -> str:
    """Return the number that a token stands for; "" while there is none.

    Raises:
        NotTaken: the other side could not be asked.
    """
    rows = _ask(to, f"tokens/{quote(token, safe='')}.json", {})
    return _word(rows[0].get("service_request_id")) if rows else ""


def updates(to: Spoken, since: datetime, until: datetime, numbers: Sequence[str] = ()) -> list[Told]:
    """Return what is told by servicerequestupdates of that time, without what has no id.

    Servers that know pages are asked page by page, until one brings nothing new; those that can choose by request are
    asked about `numbers` only.

    Raises:
        NotTaken: the other side could not be asked.
    """
    # Moments are written to the second: what was said within the last one counts.
    window = {"start_date": _written(since), "end_date": _written(until + timedelta(seconds=1))}
    query = {**window, "api_key": to.key, "service_request_id": ",".join(numbers[:_NAMED]) if numbers else ""}
    found: dict[str, Told] = {}
    for page in range(1, _PAGES + 1):
        told = _read_updates(_ask(to, "servicerequestupdates.json", {**query, "page": str(page)}))
        fresh = {each.update_id: each for each in told if each.update_id not in found}
        if not fresh:
            break
        found |= fresh
    return list(found.values())


def _read_updates(rows: Iterable[Mapping[str, Any]]) -> list[Told]:
    found = []
    for row in rows:
        update_id, number = _word(row.get("update_id")), _word(row.get("service_request_id"))
        if update_id and number:
            status = _word(row.get("status")).lower()[:40]
            at = _moment(row.get("updated_datetime"))
            found.append(Told(number, update_id[:160], status, _word(row.get("description"))[:2000], at))
    return found


def standing(to: Spoken, numbers: Iterable[str]) -> list[Told]:
    """Return how requests stand; told again as the same until status or words change.

    Raises:
        NotTaken: the other side could not be asked.
    """
    found = []
    for row in _ask(to, "requests.json", {"service_request_id": ",".join(numbers)}):
        status, text = _word(row.get("status")).lower()[:40], _word(row.get("status_notes"))[:2000]
        written = _word(row.get("updated_datetime"))
        told = Told(_word(row.get("service_request_id")), f"{status}:{written}"[:160], status, text, _moment(written))
        if told.request_id and status:
            found.append(told)
    return found


def _ask(to: Spoken, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
    asked = {**query, "jurisdiction_id": to.jurisdiction}
    text = urlencode({key: value for key, value in asked.items() if value}, safe=",")
    address = f"{to.address}{path}" + (f"?{text}" if text else "")
    try:
        answer = exchange(Request(address, headers={"Accept": "application/json"}), limits=PATIENCE)
    except NotReached as error:
        raise NotTaken(error.code) from None
    _require_good(answer)
    return _rows(answer)


def _require_good(answer: Answer) -> None:
    if answer.is_good:
        return
    is_refused = 400 <= answer.status < 500 and answer.status not in _LATER
    raise NotTaken(f"http-{answer.status}", is_final=is_refused, is_unsure=answer.status >= 500)


def _rows(answer: Answer, *, is_unsure: bool = False) -> list[dict[str, Any]]:
    """Return the rows of an answer; some servers put their list under a name, as their XML does."""
    try:
        read = json.loads(answer.body)
    except ValueError:
        raise NotTaken("unreadable", is_unsure=is_unsure) from None
    if isinstance(read, dict):
        lists = [value for value in read.values() if isinstance(value, list)]
        read = lists[0] if lists else [read]
    return [row for row in read if isinstance(row, dict)] if isinstance(read, list) else []


def _word(value: object) -> str:
    """Return a field as text: ids come as numbers too, and what is missing as null."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\0", "").strip()


def _moment(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(_word(value))
    except ValueError:
        return None
    return read if read.tzinfo else None


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
