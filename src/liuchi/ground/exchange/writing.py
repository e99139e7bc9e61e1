"""Writing a list as CSV that Chinese Excel opens, and as XLSX in which nothing calculates."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from liuchi.ground.exchange.cells import csv_cell, plain_cell, starts_formula
from liuchi.ground.exchange.listings import Cell, ListColumn
from liuchi.ground.kernel.errors import RuleBroken

#: Leads a line that is no row of the list: the watermark. Imports skip such lines.
NOTE_MARK = "※"
BOM = b"\xef\xbb\xbf"
#: Rows of a sheet, and letters of a cell, as the format has them.
MOST_ROWS, LONGEST_CELL, LONGEST_FOOTER = 1_048_576, 32_767, 250
_WIDTHS = (8, 40)


class TooManyRows(RuleBroken):
    """The list is longer than a sheet."""

    code = "too_many_rows"


@dataclass(frozen=True)
class Sheet:
    """What is written: title, columns, the export's number, and the watermark (empty where nothing is personal)."""

    title: str
    columns: tuple[ListColumn, ...]
    number: str
    watermark: str

    @property
    def note(self) -> list[str]:
        """Return the watermark as a line of its own, none when there is no watermark."""
        return [f"{NOTE_MARK} {self.watermark}"] if self.watermark else []


def write_csv(file: IO[bytes], sheet: Sheet, rows: Iterable[object], folder: Path) -> int:
    """Write `rows` as UTF-8 with a byte order mark; return how many. The watermark leads and ends the file."""
    del folder
    file.write(BOM)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    out = csv.writer(text, lineterminator="\r\n")
    for line in sheet.note:
        out.writerow([line])
    out.writerow([csv_cell(column.label) for column in sheet.columns])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted for the journal
        out.writerow([csv_cell(column.value(row)) for column in sheet.columns])
    for line in sheet.note:
        out.writerow([line])
    text.detach()
    return count


def write_xlsx(file: IO[bytes], sheet: Sheet, rows: Iterable[object], folder: Path) -> int:
    """Write `rows` as a workbook with one sheet; return how many. Rows wait in `folder`, not in memory.

    Raises:
        TooManyRows: more than a sheet holds.
    """
    options = {
        "constant_memory": True,
        "tmpdir": str(folder),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(file, options)
    page = book.add_worksheet(sheet_name(sheet.title))
    try:
        count = _fill(book, page, sheet, rows)
        book.close()
    finally:
        page.row_data_fh.close()  # rows that wait on disk; the library leaves the file open when a row fails
    return count


def _fill(book: Workbook, page: Worksheet, sheet: Sheet, rows: Iterable[object]) -> int:
    write = _CellWriter(book, page)
    top = _head(book, page, sheet)
    count = 0
    for count, row in enumerate(rows, start=1):
        if top + count + len(sheet.note) >= MOST_ROWS:
            raise TooManyRows(_("A sheet holds a million rows; narrow the list down, or take it as CSV."))
        for place, column in enumerate(sheet.columns):
            write.cell(top + count, place, column.value(row))
    for line in sheet.note:
        page.write_string(top + count + 1, 0, line)
    return count


class _CellWriter:
    """Writes cells with the formats of one workbook."""

    def __init__(self, book: Workbook, page: Worksheet) -> None:
        self._page = page
        self._day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._text: Format = book.add_format({"num_format": "@"})
        self._quoted: Format = book.add_format({"num_format": "@", "quote_prefix": True})

    def cell(self, row: int, place: int, value: Cell) -> None:
        """Write one cell; what might calculate is marked as text, so that editing it does not wake it up."""
        plain = plain_cell(value)
        if plain is None:
            return
        if isinstance(plain, str):
            text = plain if len(plain) <= LONGEST_CELL else plain[: LONGEST_CELL - 1] + "…"
            self._page.write_string(row, place, text, self._quoted if starts_formula(text) else self._text)
        elif isinstance(plain, datetime):
            self._page.write_datetime(row, place, plain, self._moment)
        elif isinstance(plain, date):
            self._page.write_datetime(row, place, datetime(plain.year, plain.month, plain.day), self._day)  # noqa: DTZ001 - a day
        else:
            self._page.write_number(row, place, float(plain))


def _head(book: Workbook, page: Worksheet, sheet: Sheet) -> int:
    """Write what stands above the rows and return the line of the headings."""
    for place, column in enumerate(sheet.columns):
        low, high = _WIDTHS
        page.set_column(place, place, min(max(low, 2 * len(str(column.label)) + 4), high))
    if sheet.watermark:
        _mark(page, sheet)
    top = len(sheet.note)
    heading = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    for place, column in enumerate(sheet.columns):
        page.write_string(top, place, str(column.label), heading)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    return top


def _mark(page: Worksheet, sheet: Sheet) -> None:
    """Put the watermark into the first line, header, footer and behind the cells."""
    page.write_string(0, 0, sheet.note[0])
    said = sheet.watermark.replace("&", "&&")[:LONGEST_FOOTER]
    page.set_header(f"&L{said}")
    page.set_footer(f"&L{sheet.number}&R&P / &N")
    page.set_background(_background(sheet.number))


def _background(number: str) -> io.BytesIO:
    """Return a pale picture of the export's number, to be repeated behind the cells."""
    picture = Image.new("RGB", (460, 220), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((30, 95), number, fill=(226, 226, 226), font=ImageFont.load_default(size=26))
    held = io.BytesIO()
    picture.rotate(20, fillcolor="white").save(held, format="PNG")
    held.seek(0)
    return held


def sheet_name(title: str) -> str:
    """Return a title as the name of a sheet may be."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "Liuchi"
