"""How answers are written: moments with their offset, fields that were asked for, versions as ETags, pages by key."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.doors.api.problems import Refused
from liuchi.doors.ui.cursors import Key, RankedKey, key_text, moment_key, ranked_key
from liuchi.engines.cases.search.asking import Closeness


def answer(content: object, status: int = 200, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return `content` as JSON in UTF-8; moments in the district's time with their offset."""
    body = json.dumps(content, ensure_ascii=False, default=_written, separators=(",", ":"))
    return HttpResponse(body, "application/json; charset=utf-8", status, headers=dict(headers or {}))


def chosen(rows: Sequence[Mapping[str, Any]], fields: str) -> list[dict[str, Any]]:
    """Return the rows with the fields named in `fields` (comma list; "" for all).

    Raises:
        Refused: 422, a name that no row has.
    """
    wanted = [name.strip() for name in fields.split(",") if name.strip()]
    if not wanted or not rows:
        return [dict(row) for row in rows]
    unknown = [name for name in wanted if name not in rows[0]]
    if unknown:
        raise Refused(422, "unknown_field", _("There is no field %(name)s here.") % {"name": unknown[0]})
    return [{name: row[name] for name in wanted} for row in rows]


def plain_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as it goes out: moments, days and ids as text."""
    plain: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False, default=_written))
    return plain


def page_after(
    request: HttpRequest,
    rows: Sequence[Mapping[str, Any]],
    next_text: str,
    fields: str,
    *,
    headers: Mapping[str, str] | None = None,
    beside: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return one page: `items`, and `next`, the address of the page behind it (begun by `next_text`), or null.

    `beside` stands beside these two.
    """
    behind = None
    if next_text:
        asked = {name: request.GET[name] for name in request.GET if name != "after"}
        behind = f"{request.path}?{urlencode({**asked, 'after': next_text})}"
    link = {"Link": f'<{behind}>; rel="next"'} if behind else {}
    content = {"items": chosen(rows, fields), "next": behind, **(beside or {})}
    return answer(content, headers={**(headers or {}), **link})


def page(
    request: HttpRequest, rows: Sequence[Mapping[str, Any]], next_key: Key | None, fields: str = ""
) -> HttpResponse:
    """Return one page of a list in the order of moments."""
    return page_after(request, rows, key_text(next_key) if next_key is not None else "", fields)


def key_in(text: str) -> Key | None:
    """Return the key that an address of a next page holds, None for "".

    Raises:
        Refused: 422, it is none of ours.
    """
    key = moment_key(text) if text else None
    if text and key is None:
        raise none_of_ours()
    return key


def ranked_key_in(text: str) -> tuple[RankedKey | None, str]:
    """Return the key and the closeness that an address of a next page of results holds, None and "" for "".

    Raises:
        Refused: 422, it is none of ours.
    """
    key, closeness = ranked_key(text) if text else (None, "")
    if text and (key is None or closeness not in set(Closeness)):
        raise none_of_ours()
    return key, closeness


def none_of_ours() -> Refused:
    """Return the answer to an address of a next page that no answer held."""
    return Refused(422, "bad_cursor", _("Take the address of the next page from the answer as it is."))


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def version_in(if_match: str | None) -> int:
    """Return the version that `If-Match` names: every change says what it was decided on.

    Raises:
        Refused: 428 without the header; 412 for one that never was ours, or "*".
    """
    given = (if_match or "").strip()
    if not given:
        detail = _("Send If-Match with the ETag that you read, so that nothing is overwritten.")
        raise Refused(428, "if_match_missing", detail)
    try:
        return int(given.removeprefix("W/").strip('"'))
    except ValueError as error:
        raise Refused(412, "stale", _("This ETag is none of ours. Read the case again.")) from error


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
