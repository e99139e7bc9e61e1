"""Workbooks (XLSX, XLS, ODS): values only, after a look at how much they would unfold to."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from liuchi.ground.exchange.reading.limits import MOST_CELLS, MOST_TIMES, MOST_UNPACKED, FileRefused

_PIECE: Final = 1 << 16
#: A cell that calculates, in the XML of a sheet: its column, its row.
_CALCULATES: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f[\s>/]')
_OVERLAP: Final = 512


def open_workbook(file: IO[bytes]) -> CalamineWorkbook:
    """Return the workbook, once it is sure that it unfolds to a bearable size.

    Raises:
        FileRefused: a zip bomb, a password, or no workbook at all.
    """
    file.seek(0)
    if file.read(2) == b"PK":
        _weigh(file)
    file.seek(0)
    try:
        return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise FileRefused("password") from error
    except (CalamineError, OSError) as error:
        raise FileRefused("workbook") from error


def shown_sheets(book: CalamineWorkbook) -> list[str]:
    """Return the names of the sheets that are not hidden."""
    return [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]


def open_sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    """Return a sheet.

    Raises:
        FileRefused: there is none of that name, or it holds too many cells.
    """
    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, OSError) as error:
        raise FileRefused("no_sheet", sheets="、".join(shown_sheets(book))) from error
    if sheet.total_height * (sheet.total_width + 1) > MOST_CELLS:
        raise FileRefused("too_many_cells", most=MOST_CELLS)
    return sheet


def sheet_rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Yield every row with its number as the spreadsheet shows it; empty columns on the left are left out."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [_value(each) for each in row]


def calculating_cells(file: IO[bytes], sheet_number: int, left: int) -> set[tuple[int, int]]:
    """Return (row, column) of the cells of an XLSX sheet whose values a formula gave; empty for other formats.

    `left` is how many empty columns were left out.
    """
    found: set[tuple[int, int]] = set()
    file.seek(0)
    if not zipfile.is_zipfile(file):
        return found
    with zipfile.ZipFile(file) as packed:
        names = sorted(
            (name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
            key=lambda name: int(re.sub(r"\D", "", name)),
        )
        if not sheet_number < len(names):
            return found
        with packed.open(names[sheet_number]) as sheet:
            tail = b""
            while piece := sheet.read(_PIECE):
                text = tail + piece
                found.update((int(match[2]), _column(match[1]) - left) for match in _CALCULATES.finditer(text))
                tail = text[-_OVERLAP:]
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _weigh(file: IO[bytes]) -> None:
    """Unfold every part of the archive and let it go again, counting: what an archive says of itself may be untrue."""
    size = file.seek(0, 2)
    most = min(MOST_UNPACKED, max(size, 1 << 20) * MOST_TIMES)
    total = 0
    try:
        with zipfile.ZipFile(file) as packed:
            for part in packed.infolist():
                if part.flag_bits & 1:
                    raise FileRefused("password")
                for piece in _unfolded(file, part):
                    total += len(piece)
                    if total > most:
                        raise FileRefused("bomb")
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError) as error:
        raise FileRefused("workbook") from error


def _unfolded(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(part.header_offset)
    head = file.read(30)
    file.seek(part.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"))
    left = part.compress_size
    if part.compress_type == zipfile.ZIP_STORED:
        yield b"\0" * min(left, MOST_UNPACKED + 1)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise FileRefused("workbook")
    unfold = zlib.decompressobj(-15)
    while left > 0 and not unfold.eof:
        packed = file.read(min(_PIECE, left))
        if not packed:
            return
        left -= len(packed)
        while packed:
            yield unfold.decompress(packed, 1 << 20)
            packed = unfold.unconsumed_tail


def _value(value: Any) -> Any:
    """Return a cell as JSON can carry it: days and moments as text in ISO form."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return None if value == "" else value
