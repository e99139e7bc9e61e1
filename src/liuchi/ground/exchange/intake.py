"""Taking a file in: it is stored sealed, read by a process of its own, and its rows are laid down sealed, in order."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.exchange.mapping import find_headings, headings_from, names_of
from liuchi.ground.exchange.reading.limits import MOST_BYTES
from liuchi.ground.exchange.registers import Register
from liuchi.ground.exchange.rows import Raw, is_note_line
from liuchi.ground.exchange.sealed_files import FRAME, SealedReader, SealedWriter
from liuchi.ground.kernel.errors import RuleBroken

#: Rows of a frame, which are also the rows of a batch: what one transaction takes.
BATCH: Final = 1000
_SOURCE, _ROWS = "source", "rows"
#: The module that reads a file, in a process of its own.
READER: Final = "liuchi.ground.exchange.reading.child"
WORDS: Final[Mapping[str, str | Promise]] = {
    "empty": _("The file is empty."),
    "no_table": _("This is no table. Send CSV, XLSX, XLS, ODS or JSON."),
    "workbook": _(
        "The workbook cannot be read. Open it in a spreadsheet program, save it anew as XLSX, and send that."
    ),
    "password": _("The workbook has a password. Take it off and send the file again."),
    "bomb": _("The workbook unfolds to more than can be wanted. Save the sheet as CSV and send that."),
    "no_sheet": _("There is no sheet of that name; there are: %(sheets)s."),
    "too_many_cells": _("The sheet has more than %(most)d cells. Save it as CSV and send that."),
    "too_many_rows": _("The file has more than %(most)d rows. Split it and send the parts."),
    "too_many_columns": _("The file has more than %(most)d columns. Leave out those that nobody asks for."),
    "too_big": _("The file needs more memory than is given to one. Save it as CSV, or split it."),
    "too_long": _("The file is larger than %(most)d MB. Split it and send the parts."),
    "json": _("The file is no JSON: line %(line)d, character %(column)d."),
    "json_shape": _("The JSON holds no list of objects."),
    "no_rows": _("The file has headings and no rows."),
    "broken": _("The file could not be read. Save it anew and send it again."),
}


class UnreadableFile(RuleBroken):
    """The file as a whole cannot be taken; `facts["code"]` says why."""

    code = "unreadable_file"


def unreadable(code: str, **facts: object) -> UnreadableFile:
    """Return the refusal of a file, in words."""
    return UnreadableFile(str(WORDS[code]) % facts if facts else WORDS[code], field="file", code=code)


@dataclass(frozen=True)
class Laid:
    """What was found when a file was laid down: what it is, its headings, how many rows stand below them.

    `found["header_row"]` is the row of the headings, None where there are none.
    """

    found: Mapping[str, Any]
    headings: list[str]
    total: int


def folder_of(import_id: UUID) -> Path:
    """Return where the files of an import lie."""
    return Path(settings.LIUCHI_DATA) / "exchange" / "imports" / str(import_id)


def store_file(import_id: UUID, key: str, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Store an uploaded file sealed; return its size and the SHA-256 of its bytes.

    Raises:
        UnreadableFile: it is larger than is taken.
    """
    digest, size = hashlib.sha256(), 0
    with SealedWriter(folder_of(import_id) / _SOURCE, key, f"{import_id} {_SOURCE}") as out:
        for piece in _framed(pieces):
            size += len(piece)
            if size > MOST_BYTES:
                raise unreadable("too_long", most=MOST_BYTES // 1024 // 1024)
            digest.update(piece)
            out.write(piece)
    return size, digest.hexdigest()


def _framed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= FRAME:
            yield bytes(held[:FRAME])
            del held[:FRAME]
    if held:
        yield bytes(held)


def lay_rows(import_id: UUID, key: str, register: Register, options: Mapping[str, Any]) -> Laid:
    """Read the stored file and lay its rows down in frames of `BATCH`; return what was found.

    `options` overrides what is detected: encoding, delimiter, sheet, and `header_row` (0: the file has no headings).

    Raises:
        UnreadableFile: with the cure.
    """
    told = {**options, "rows_in": register.rows_in, "names": names_of(register)}
    with _reading(import_id, key, told) as (found, rows):
        unfolded = _unfolded(found.pop("document"), register) if "document" in found else rows
        headings, below, header_row = _split(register, unfolded, options.get("header_row"))
        with SealedWriter(folder_of(import_id) / _ROWS, key, f"{import_id} {_ROWS}") as out:
            total = 0
            kept = (row for row in below if not is_note_line(row[1]))
            while batch := list(islice(kept, BATCH)):
                total += len(batch)
                out.write(zlib.compress(json.dumps(batch, separators=(",", ":")).encode(), 1))
    if not total:
        raise unreadable("no_rows")
    return Laid({**found, "header_row": header_row}, headings, total)


def rows_of(import_id: UUID, key: str, *, since: int = 0) -> Iterator[list[Raw]]:
    """Yield the rows of an import as they were laid down, batch by batch, from batch `since` on."""
    with SealedReader(folder_of(import_id) / _ROWS, key, f"{import_id} {_ROWS}") as laid:
        for number in range(since, len(laid)):
            yield [tuple(row) for row in json.loads(zlib.decompress(laid.frame(number)))]


def source_of(import_id: UUID, key: str) -> Iterator[bytes]:
    """Yield the uploaded file in pieces, opened."""
    with SealedReader(folder_of(import_id) / _SOURCE, key, f"{import_id} {_SOURCE}") as stored:
        yield from stored


@contextmanager
def _reading(import_id: UUID, key: str, options: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Iterator[Raw]]]:
    """Run the reading process over the stored file; give what it found and its rows."""
    with memory_file() as held:
        for piece in source_of(import_id, key):
            held.write(piece)
        held.flush()
        command = [sys.executable, "-m", READER, str(held.fileno()), json.dumps(options)]
        with _process(command, held.fileno()) as out:
            lines = _lines(out)
            yield next(lines), lines


@contextmanager
def _process(command: Sequence[str], descriptor: int) -> Iterator[IO[bytes]]:
    """Run a process that may read a descriptor, give what it says, and end it."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, pass_fds=[descriptor], bufsize=1 << 16
    )
    with process:
        try:
            yield cast("IO[bytes]", process.stdout)
        finally:
            process.kill()


def _lines(out: IO[bytes]) -> Iterator[Any]:
    """Give what the reading process says, and refuse what it refuses; it may also die of the file."""
    for line in out:
        said = json.loads(line)
        if isinstance(said, dict) and "refused" in said:
            raise unreadable(said["refused"], **said["facts"])
        if isinstance(said, dict) and "end" in said:
            return
        yield said
    raise unreadable("broken")


def memory_file() -> IO[bytes]:
    """Return a file that never touches the disk where the system can do that, else one without a name."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("import"), "w+b")
    return tempfile.TemporaryFile()


def _unfolded(document: Any, register: Register) -> Iterator[Raw]:
    """Yield the rows that a register makes of a document of its own shape."""
    if register.rows_of is None:
        raise unreadable("json_shape")
    try:
        objects = register.rows_of(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable("json_shape") from error
    names = list(dict.fromkeys(name for each in objects for name in each))
    yield 0, list(names), []
    for number, each in enumerate(objects, start=1):
        yield number, [each.get(name) for name in names], []


def _split(register: Register, rows: Iterator[Raw], header_row: Any) -> tuple[list[str], Iterator[Raw], int | None]:
    """Return the headings, the rows below them, and the row of the headings; without any, places name the columns."""
    first = [row for row in islice(rows, 40) if not is_note_line(row[1])]
    if not first:
        raise unreadable("no_rows")
    at = _header_place(register, first, header_row)
    width = max(len(row[1]) for row in first) if at is None else len(first[at][1])
    headings = headings_from([None] * width if at is None else first[at][1])
    return headings, _chained(first if at is None else first[at + 1 :], rows), None if at is None else first[at][0]


def _header_place(register: Register, first: Sequence[Raw], header_row: Any) -> int | None:
    if isinstance(header_row, int) and not isinstance(header_row, bool):
        return next((at for at, row in enumerate(first) if row[0] == header_row), None)
    if first[0][0] == 0:
        return 0  # named values: the names are the headings
    return find_headings(register, [row[1] for row in first])


def _chained(first: Sequence[Raw], rest: Iterator[Raw]) -> Iterator[Raw]:
    yield from first
    yield from rest
