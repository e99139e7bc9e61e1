"""Sealing, finding and masking what must not be read at a glance."""

import re

from liuchi.ground.kernel.keyring import keyring

PHONE = "people.phone"
IDENTITY = "people.identity"
ADDRESS = "people.address"
NAME = "people.name"
_NOT_PHONE = re.compile(r"[\s()+-]")


def normal_phone(text: str) -> str:
    """Return a phone number as digits without spaces, brackets and the country code 86."""
    digits = _NOT_PHONE.sub("", text)
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def seal(text: str, context: str) -> bytes | None:
    """Return `text` sealed under `context`, or None for an empty text."""
    return keyring().seal(text, context) if text else None


def unseal(blob: bytes | memoryview | None, context: str) -> str:
    """Return what `seal` took; empty for None."""
    return keyring().unseal(bytes(blob), context) if blob else ""


def blind(text: str, context: str) -> bytes | None:
    """Return the blind index of `text` for exact look-up, or None for an empty text."""
    return keyring().blind(text, context) if text else None


def mask_phone(phone: str) -> str:
    """Return a phone as 138****5678; a shorter number shows its last two digits only."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_name(name: str) -> str:
    """Return a name as 张* or 欧阳**: the family name stays, the given name does not."""
    if not name:
        return ""
    kept = 2 if len(name) > 3 else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)
