"""Sealing, finding and masking what must not be read at a glance.

A sealed value is bound to its field and to the row it stands in: copied into another row it does not open. Its first
byte says so; values from before that (which begin with the length of their key's name) open by their field alone, until
the re-sealing of `records.rotation` has bound them too.
"""

import re
from typing import Final
from uuid import UUID

from django.db import connection

from liuchi.ground.kernel import guard
from liuchi.ground.kernel.keyring import keyring, pin_keyring
from liuchi.ground.records.declared import unique_fields

PHONE: Final = "people.phone"
IDENTITY: Final = "people.identity"
ADDRESS: Final = "people.address"
NAME: Final = "people.name"
#: The advisory lock of everybody who registers a value that may stand once only.
REGISTERING: Final = 0x6C696378
#: The first byte of a value bound to its row; lengths of key names, which led older values, stay below it.
BOUND: Final = 0x81
_NOT_PHONE = re.compile(r"[\s()+-]")
#: What an address may show: down to the road or community, not the house number and what follows it.
_BELOW_COMMUNITY = re.compile(r"[0-9０-９A-Za-z一二三四五六七八九十百零〇]+\s*(号|幢|栋|单元|室|楼|户|座|弄|组|#|-).*$")

RowId = UUID | int | str


def normal_phone(text: str) -> str:
    """Return a phone number as digits without spaces, brackets and the country code 86."""
    digits = _NOT_PHONE.sub("", text)
    return digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits


def seal(text: str, field: str, row_id: RowId) -> bytes | None:
    """Return `text` sealed for `field` of the row `row_id`, or None for an empty text."""
    return bytes([BOUND]) + keyring().seal(text, _context(field, row_id)) if text else None


def unseal(blob: bytes | memoryview | None, field: str, row_id: RowId) -> str:
    """Return what `seal` took; empty for None.

    Raises:
        KeyringBroken: unknown key, changed bytes, or a value of another field or row.
    """
    value = bytes(blob or b"")
    if is_bound(value):
        return keyring().unseal(value[1:], _context(field, row_id))
    return keyring().unseal(value, field) if value else ""


def is_bound(blob: bytes | memoryview) -> bool:
    """Tell whether a sealed value is bound to its row."""
    return bytes(blob[:1]) == bytes([BOUND])


def blind(text: str, field: str) -> bytes | None:
    """Return the blind index of `text` that is written beside it, or None for an empty text."""
    if not text:
        return None
    if field in unique_fields():
        hold_unique()
    return keyring().blind(text, field)


def blinds(text: str, field: str) -> list[bytes]:
    """Return the blind indexes under which `text` may stand at present: one for each key not retired yet.

    A look-up asks for any of them (`phone_index__in=blinds(…)`), so that it finds its row while index keys change.
    """
    return keyring().blinds(text, field) if text else []


def hold_unique() -> None:
    """Keep values that may stand once only single while index keys change, until the running action ends.

    While one key is in force the database's unique constraint does it, and holders do not wait for each other. While
    there are two, the same value has two indexes which the constraint lets pass: then holders come one at a time, and
    look for the value under both. The keys stay pinned until the action ends, so that it writes as it has looked.
    `blind` calls this by itself for fields declared unique.
    """
    scope = guard.current_scope()
    if scope is None or scope.kind == "maintenance" or scope.keys is not None:
        return
    # The keys are read before the question is put to them: what is decided by one ring must be written with it.
    ring = pin_keyring()
    with connection.cursor() as cursor:
        is_held = False
        if not ring.is_index_changing:
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [REGISTERING])
            (is_held,) = cursor.fetchone() or (False,)
        if not is_held:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTERING])
            pin_keyring()  # they may have turned while we waited


def mask_phone(phone: str) -> str:
    """Return a phone as 138****5678; a shorter number shows its last two digits only."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_name(name: str) -> str:
    """Return a name as 张* or 欧阳**: the family name stays, the given name does not."""
    if not name:
        return ""
    kept = 2 if len(name) > 3 else 1
    return name[:kept] + "*" * max(len(name) - kept, 1)


def mask_identity(number: str) -> str:
    """Return a citizen number as 340803********1234; a shorter number shows its last two characters only."""
    if len(number) < 15:
        return "*" * max(len(number) - 2, 0) + number[-2:]
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def mask_address(address: str) -> str:
    """Return an address down to road or community: 花亭社区12号楼3单元402室 becomes 花亭社区****."""
    shown = _BELOW_COMMUNITY.sub("", address.strip())
    if shown == address.strip():
        shown = shown[: len(shown) // 2]
    return f"{shown}****" if address.strip() else ""


def _context(field: str, row_id: RowId) -> str:
    return f"{field}\0{row_id}"
