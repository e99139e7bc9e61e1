"""Reading what a request asks: an empty parameter is an absent one, lists have commas, dates have offsets."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.texts import plain_text

#: What the specification allows at most: between two dates, and in one answer.
LONGEST: Final = timedelta(days=90)
MOST: Final = 1000
#: How many rows a page has whose size is not named.
PAGE: Final = 50


def text_in(query: Mapping[str, str], name: str) -> str:
    """Return a parameter as it is kept; "" where it is absent.

    Raises:
        Refused: 400, it is given several times and says different things.
    """
    given = set(query.getlist(name)) if isinstance(query, QueryDict) else {query.get(name, "")}
    given.discard("")
    if len(given) > 1:
        raise Refused(400, _("%(name)s is given more than once. Give it once.") % {"name": name})
    return plain_text(next(iter(given), ""))


def list_in(query: Mapping[str, str], name: str) -> list[str]:
    """Return the parts of a comma list, without empty ones."""
    return [part.strip() for part in text_in(query, name).split(",") if part.strip()]


def moment_in(query: Mapping[str, str], name: str) -> datetime | None:
    """Return a moment.

    Raises:
        Refused: 400, no date of ISO 8601 with an offset.
    """
    given = text_in(query, name)
    if not given:
        return None
    try:
        found = parse_datetime(given.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1900 <= found.year <= 9000:
        raise Refused(400, _("%(name)s is no date: write 2026-11-21T08:00:00Z.") % {"name": name})
    return found


def number_in(query: Mapping[str, str], name: str, *, usual: int, most: int) -> int:
    """Return a whole number of 1 to `most`; `usual` where it is absent.

    Raises:
        Refused: 400, no such number.
    """
    given = text_in(query, name)
    if not given:
        return usual
    if not (given.isascii() and given.isdecimal()) or len(given) > 9 or not 1 <= int(given) <= most:
        raise Refused(400, _("%(name)s is a whole number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(given)


def window_in(query: Mapping[str, str], *, usual: timedelta = LONGEST) -> tuple[datetime, datetime]:
    """Return `start_date` and `end_date`; the last `usual` before the end where no start is named.

    Raises:
        Refused: 400, a date that is none, or more than 90 days between them.
    """
    since, until = moment_in(query, "start_date"), moment_in(query, "end_date")
    if since is not None and until is not None and until - since > LONGEST:
        raise Refused(400, _("start_date and end_date may not lie more than 90 days apart."))
    if since is None:
        until = until or clock.now()
        return until - usual, until
    return since, until or since + LONGEST


def page_in(query: Mapping[str, str]) -> tuple[int, int]:
    """Return how many rows to skip and how many to return at most; everything allowed where no page is named.

    Raises:
        Refused: 400, a page or a size that is no such number.
    """
    size = number_in(query, "page_size", usual=PAGE if query.get("page") else MOST, most=MOST)
    return (number_in(query, "page", usual=1, most=100_000) - 1) * size, size
