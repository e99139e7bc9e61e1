"""The one form in which a line is hashed: canonical bytes, keyed hash, leaf of the Merkle tree."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from liuchi.ground.journal.kinds import id_text
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import written
from liuchi.ground.kernel.keys import Keyring
from liuchi.ground.kernel.writing import id_words, json_object
from liuchi.ground.kernel.writing import quoted as _quote

#: Leads the canonical bytes, so that a later form can never be taken for this one.
FORM = "liuchi.line.1"


class NotOurs(RuntimeError):
    """A line that stands in the database was not written by this house, or was changed since."""


class Content(NamedTuple):
    """What a line states, in the order in which it is hashed; everything but `seq`, `position` and `mac`."""

    id: UUID
    kind: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    on_behalf_of: UUID | None
    place_id: UUID | None
    subject_type: str
    subject_id: UUID
    data: Mapping[str, Any]
    scheme_version: str
    happened_at: datetime
    recorded_at: datetime


class Stored(NamedTuple):
    """A line as it stands in the database."""

    content: Content
    seq: int
    mac: bytes
    position: int | None


#: The columns that `stored` reads, in its order.
COLUMNS = ", ".join((*Content._fields, "seq", "mac", "position"))
_parts = attrgetter(*Content._fields)


def content_of(line: Line) -> Content:
    """Return what `line` states."""
    return Content(*_parts(line))


def stored(row: tuple[Any, ...]) -> Stored:
    """Return the line of a raw row of COLUMNS (JSON arrives as text)."""
    *fields, seq, mac, position = row
    fields[9] = json.loads(fields[9])
    return Stored(Content(*fields), seq, bytes(mac), position)


def canonical(content: Content) -> bytes:
    """Return the bytes that stand for `content`: ASCII JSON, keys sorted, moments in UTC to the microsecond."""
    (id_, kind, actor_kind, actor_id, actor_name, behalf, place, subject_type, subject_id, data, scheme, *moments) = (
        content
    )
    happened = written(moments[0])
    recorded = happened if moments[1] is moments[0] else written(moments[1])
    actor = actor_form(actor_kind, actor_id, actor_name, behalf)
    subject = subject_form(place, subject_type, subject_id)
    return form_of(id_words(id_), kind, actor, subject, json_object(data), scheme, happened, recorded)


def actor_form(kind: str, actor_id: UUID | None, name: str, on_behalf_of: UUID | None) -> str:
    """Return whoever acts as the canonical bytes name them."""
    return f"{_quote(kind)},{_id(actor_id)},{_quote(name)},{_id(on_behalf_of)}"


def subject_form(place_id: UUID | None, kind: str, subject_id: UUID) -> str:
    """Return what a line is about, and where, as the canonical bytes name it."""
    return f"{_id(place_id)},{_quote(kind)},{_id(subject_id)}"


def form_of(
    line_id: str, kind: str, actor: str, subject: str, data: str, scheme: str, happened: str, recorded: str
) -> bytes:
    """Return the canonical bytes of parts that are in words already: a JSON array without spaces."""
    # Written out, for every line of the journal passes here.
    return (
        f'["{FORM}","{line_id}",{_quote(kind)},{actor},{subject},{data},{_quote(scheme)},"{happened}","{recorded}"]'
    ).encode("ascii")


def is_ours(line: Stored, form: bytes, keys: Keyring) -> bool:
    """Tell whether the keyed hash of `line` fits its canonical bytes `form`: written by this house and unchanged."""
    return hmac.compare_digest(line.mac, keys.authenticate(form))


def require_ours(line: Line, keys: Keyring) -> None:
    """Refuse a line whose keyed hash does not fit: somebody else wrote it into the database, or changed it there.

    Raises:
        NotOurs: before anything follows from it.
    """
    if not hmac.compare_digest(bytes(line.mac), keys.authenticate(canonical(content_of(line)))):
        raise NotOurs(f"line {line.pk} was not written by this house, or was changed; run `liuchi journal verify`")


def leaf(line: Stored, form: bytes, position: int) -> bytes:
    """Return the leaf hash (32 bytes) of a line at `position`."""
    return leaf_of(line.seq, line.mac, form, position)


def leaf_of(seq: int, mac: bytes, form: bytes, position: int) -> bytes:
    """Return a leaf hash (32 bytes): SHA-256 over 0x00, both numbers, keyed hash and form."""
    numbers = position.to_bytes(8, "big", signed=True) + seq.to_bytes(8, "big", signed=True)
    return hashlib.sha256(b"\x00" + numbers + mac + form).digest()


def _id(value: UUID | None) -> str:
    return "null" if value is None else f'"{id_text(value)}"'
