"""Reading a work-list's address: what it is narrowed to, and how to come back to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from liuchi.engines.cases.models import State
from liuchi.engines.cases.queries import Filters

NAMES = ("scope", "state", "town", "late", "q", "after")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_WORDS = 60


def filters_from(query: Mapping[str, str]) -> Filters:
    """Return what an address asks for; what makes no sense is left out."""
    return Filters(
        scope="all" if query.get("scope") == "all" else "mine",
        state=query.get("state", "") if query.get("state") in State.values else "",
        town_id=_uuid(query.get("town", "")),
        late=query.get("late", "") if query.get("late") in {"overdue", "soon"} else "",
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS],
        after=_key(query.get("after", "")),
    )


def key_text(key: tuple[datetime, UUID]) -> str:
    """Return the key of a page's last row as it stands in an address."""
    return f"{(key[0] - _BEGINNING) // timedelta(microseconds=1)}-{key[1].hex}"


def list_address(query: Mapping[str, str], **changes: str) -> str:
    """Return the query string of a list, with `changes`; empty values and unknown names are left out."""
    wanted = {name: query.get(name, "") for name in NAMES} | changes
    return urlencode({name: value for name, value in wanted.items() if value})


def list_behind(text: str) -> str:
    """Return the query string of the list somebody came from, with known names only."""
    return list_address(QueryDict(text[:500]))


def _key(text: str) -> tuple[datetime, UUID] | None:
    micros, _, last = text.partition("-")
    found = _uuid(last)
    if found is None or not micros.isdecimal() or not micros.isascii() or len(micros) > 17:
        return None
    return _BEGINNING + timedelta(microseconds=int(micros)), found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
