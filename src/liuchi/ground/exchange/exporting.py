"""Taking a list out of the house as a file: written in bounded memory, noted, watermarked where it is personal."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.exchange.access import require_export
from liuchi.ground.exchange.actions import record_export
from liuchi.ground.exchange.listings import Listing
from liuchi.ground.exchange.models import ExportFormat
from liuchi.ground.exchange.numbers import new_number
from liuchi.ground.exchange.purposes import PURPOSES
from liuchi.ground.exchange.writing import Sheet, write_csv, write_xlsx
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.keyring import keyring

CHUNK = 64 * 1024
CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FormatUnknown(RuleBroken):
    """A list was asked for in a form nobody writes."""

    code = "format_unknown"


class HeldFile:
    """The bytes of a file without a name, given once in pieces; it is gone when read to the end or closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._file.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        """Give the pieces."""
        return self

    def __next__(self) -> bytes:
        """Return the next piece, and let the file go after the last."""
        piece = b"" if self._file.closed else self._file.read(CHUNK)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def close(self) -> None:
        """Let the file go; a web server calls this when a reader hangs up."""
        self._file.close()


@dataclass(frozen=True)
class Export:
    """A file that may be handed out: it has been noted under `number`. `content` gives its bytes once."""

    number: str
    rows: int
    filename: str
    content_type: str
    content: HeldFile


def export_rows(
    *,
    by: Actor,
    listing: Listing,
    rows: Iterable[object],
    fmt: str,
    purpose: str = "",
    place_id: UUID | None = None,
    filters: Mapping[str, str] | None = None,
) -> Export:
    """Write `rows` as `listing` shows them, note the export in the journal, and return the file.

    Rows are taken one by one and wait on disk, in a file without a name: memory does not grow with them. `place_id` is
    the area the list covers, `filters` what it was narrowed to (of which only a keyed hash is kept).

    Raises:
        FormatUnknown: `fmt` is not "csv" or "xlsx".
        NotAllowed: a personal listing without the power exchange.export there.
        PurposeMissing: a personal listing without a known purpose.
        TooManyRows: more rows than a sheet of XLSX holds.
    """
    if fmt not in ExportFormat.values:
        raise FormatUnknown(_("Lists are exported as csv or xlsx."), field="format")
    if listing.is_personal:
        require_export(by, place_id=place_id, purpose=purpose)
    number = new_number("EX")
    sheet = Sheet(str(listing.title), listing.columns, number, _watermark(by, number, purpose, listing))
    with scratch() as folder:
        file = nameless_file(folder)
        try:
            count = (write_csv if fmt == ExportFormat.CSV else write_xlsx)(file, sheet, rows, folder)
            record_export(
                by=by,
                number=number,
                listing=listing.code,
                fmt=fmt,
                rows=count,
                is_personal=listing.is_personal,
                purpose=purpose if listing.is_personal else "",
                place_id=place_id,
                filters=_hash(filters),
            )
        except BaseException:
            file.close()
            raise
    name = f"{listing.title}-{timezone.localdate():%Y%m%d}-{number[-8:]}.{fmt}".replace("/", "-")
    return Export(number, count, name, CONTENT_TYPES[ExportFormat(fmt)], HeldFile(file))


class scratch:  # noqa: N801 - used as a word of the `with` statement
    """A folder of this process inside the instance's data for what must not lie about; gone after the block."""

    def __enter__(self) -> Path:
        """Make the folder, closed to others."""
        above = Path(settings.LIUCHI_DATA) / "exchange" / "scratch"
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=above))
        return self.folder

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def nameless_file(folder: Path | None = None) -> IO[bytes]:
    """Return a file without a name, which is gone when it is closed or the process ends."""
    if folder is None:
        with scratch() as made:
            return tempfile.TemporaryFile(dir=made)
    return tempfile.TemporaryFile(dir=folder)


def name_of(by: Actor) -> str:
    """Return how a file names who made it: the user name, or the part of the house."""
    return str(getattr(by, "username", "") or getattr(by, "name", "") or by.kind)


def _watermark(by: Actor, number: str, purpose: str, listing: Listing) -> str:
    if not listing.is_personal:
        return ""
    facts = {
        "number": number,
        "who": name_of(by),
        "when": timezone.localtime(clock.now()).strftime("%Y-%m-%d %H:%M"),
        "purpose": PURPOSES[purpose],
    }
    return _("Personal data. Export %(number)s by %(who)s at %(when)s for: %(purpose)s. Delete after use.") % facts


def _hash(filters: Mapping[str, str] | None) -> bytes | None:
    if not filters:
        return None
    text = json.dumps(dict(filters), sort_keys=True, ensure_ascii=False)
    return keyring().digest(hashlib.sha256(text.encode()).hexdigest(), "exchange.filters")
