"""Reading what a request asks: an empty parameter is an absent one, lists have commas, dates have offsets."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused


def text_in(query: Mapping[str, str], name: str) -> str:
    """Return a parameter without space around it; "" where it is absent."""
    return query.get(name, "").replace("\0", "").strip()


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
    if not (given.isascii() and given.isdecimal()) or not 1 <= int(given[:9]) <= most:
        raise Refused(400, _("%(name)s is a whole number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(given)
