"""Reading a search's address: what is looked for, to what it is narrowed, and where the page begins."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from liuchi.doors.ui.cursors import ranked_key, ranked_text
from liuchi.engines.cases.models import State
from liuchi.engines.cases.search.asking import LONGEST_QUESTION, Closeness
from liuchi.engines.cases.search.queries import Found, Search

_WHOLE_NUMBER = re.compile(r"([0-9]{8})-?([0-9]{6})")


def whole_number(words: str) -> str:
    """Return the case number that was typed and nothing else, with or without its line; empty where none was."""
    found = _WHOLE_NUMBER.fullmatch(words)
    return "-".join(found.groups()) if found else ""


def search_from(query: Mapping[str, str]) -> Search:
    """Return what an address asks for; what makes no sense is left out."""
    after, closeness = ranked_key(query.get("after", ""))
    if closeness not in set(Closeness):
        after, closeness = None, ""
    return Search(
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST_QUESTION],
        state=query.get("state", "") if query.get("state") in State.values else "",
        town_id=_uuid(query.get("town", "")),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        after=after,
        closeness=closeness,
    )


def next_text(found: Found) -> str:
    """Return where the page after `found` begins, as it stands in an address; empty on the last."""
    return "" if found.next_key is None else ranked_text(found.next_key, found.closeness)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
