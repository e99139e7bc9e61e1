"""Pages of lists: so many rows, and an address of the next page that begins behind the last row seen."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from liuchi.doors.api.answers import none_of_ours, page_after

#: Rows of a page unless the client says otherwise, and at most.
USUAL, MOST = 50, 200
T = TypeVar("T")
#: What rows of a list are ordered by; no two rows share one.
Key = tuple[str, ...]


class Paging(Schema):
    """How much of a list is wanted, from where on, and what of each row."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="Rows of a page 每页条数.")
    after: str = Field("", max_length=400, description="From the address of the next page, as it stands there.")
    fields: str = Field("", max_length=400, description="Comma list of the fields wanted; all without it.")


def by_id(row: Any) -> Key:
    """Return the key of a row that is ordered by its id."""
    return (str(row.id),)


def answer_page(
    request: HttpRequest,
    rows: Iterable[T],
    show: Callable[[T], Mapping[str, Any]],
    paging: Paging,
    *,
    key: Callable[[T], Key] = by_id,
    headers: Mapping[str, str] | None = None,
    beside: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return the page of a short list, all of which is at hand, in the order of its keys.

    Raises:
        Refused: 422, a cursor that is none of ours, or a field that no row has.
    """
    seen = _key_in(paging.after)
    behind = sorted((key(row), place, row) for place, row in enumerate(rows) if seen is None or key(row) > seen)
    page = behind[: paging.limit]
    next_text = _key_text(page[-1][0]) if len(behind) > len(page) else ""
    shown = [show(row) for _key, _place, row in page]
    return page_after(request, shown, next_text, paging.fields, headers=headers, beside=beside)


def in_order(row: tuple[int, object]) -> Key:
    """Return the key of a row that is ordered by its place in the list."""
    return (f"{row[0]:06d}",)


def uuid_after(text: str) -> UUID | None:
    """Return the id behind which a page begins, None for "".

    Raises:
        Refused: 422, it is none of ours.
    """
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise none_of_ours() from error


def _key_text(key: Key) -> str:
    return urlsafe_b64encode(json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode()).decode().rstrip("=")


def _key_in(text: str) -> Key | None:
    if not text:
        return None
    try:
        found = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (NoBase64, ValueError) as error:
        raise none_of_ours() from error
    if not isinstance(found, list) or not found or not all(isinstance(part, str) for part in found):
        raise none_of_ours()
    return tuple(found)
