"""A file made ready to be kept, before any transaction begins: decoding a picture takes a while."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from liuchi.ground.attachments.pictures import Picture, remake
from liuchi.ground.attachments.scanning import Finding, scan
from liuchi.ground.attachments.sniffing import PICTURES, FileRefused, sniff

#: Control characters, and those that turn the direction of writing: "exe.gpj" would read as "jpg.exe".
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\]")


@dataclass(frozen=True)
class Prepared:
    """A file that may be kept: what is stored, and what is known of it."""

    name: str
    content_type: str
    data: bytes
    thumbnail: bytes
    digest: bytes
    width: int | None
    height: int | None
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None
    is_scanned: bool
    waits: bool


def prepare(data: bytes, name: str, *, declares_place: bool = False) -> Prepared:
    """Return the file as it will be kept: a picture re-encoded, its time and place only when declared.

    Raises:
        FileRefused: too large, of another kind, damaged, or infected.
    """
    kind = sniff(data)
    finding = scan(data)
    if finding == Finding.INFECTED:
        raise FileRefused(_("The virus scan warns of this file. It was not kept."), field="photos")
    picture = remake(data, kind.content_type) if kind.content_type in PICTURES else None
    stored = picture.data if picture else data
    said = picture if picture and declares_place else _SILENT
    return Prepared(
        name=plain_name(name, kind.ending),
        content_type=kind.content_type,
        data=stored,
        thumbnail=picture.thumbnail if picture else b"",
        digest=hashlib.sha256(stored).digest(),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        taken_at=said.taken_at,
        longitude=said.longitude,
        latitude=said.latitude,
        is_scanned=finding == Finding.CLEAN,
        waits=finding == Finding.UNKNOWN,
    )


def plain_name(name: str, ending: str) -> str:
    """Return a file name without paths and hidden characters, with the ending that its content has."""
    stem = _UNSEEN.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    return f"{stem[:60].strip() or 'file'}.{ending}"


_SILENT = Picture(b"", b"", 0, 0, None, None, None)
