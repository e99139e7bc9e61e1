"""The key of a page's last row as it stands in an address: the next page begins behind it, whatever came or went."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

Key = tuple[datetime, UUID]
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def key_text(key: Key) -> str:
    """Return the key of a page's last row as it stands in an address."""
    return f"{(key[0] - _BEGINNING) // timedelta(microseconds=1)}-{key[1].hex}"


def moment_key(text: str) -> Key | None:
    """Return the key that `key_text` wrote into an address, or None where it is none."""
    micros, _dash, last = text.partition("-")
    if not micros.isdecimal() or not micros.isascii() or len(micros) > 17:
        return None
    try:
        return _BEGINNING + timedelta(microseconds=int(micros)), UUID(last)
    except ValueError:
        return None


RankedKey = tuple[int, UUID]


def ranked_text(key: RankedKey, closeness: str) -> str:
    """Return where the next page of ranked results begins, as it stands in an address."""
    return f"{key[0]}-{key[1].hex}-{closeness}"


def ranked_key(text: str) -> tuple[RankedKey | None, str]:
    """Return the key and the closeness that `ranked_text` wrote; None and "" where it is none."""
    rank, _dash, rest = text.partition("-")
    last, _dash, closeness = rest.partition("-")
    if not (rank.isascii() and rank.isdigit()) or len(rank) > 9:
        return None, ""
    try:
        return (int(rank), UUID(last)), closeness
    except ValueError:
        return None, ""
