"""The reading process: reads the file on a descriptor and writes its rows as JSON lines.

Line one tells what was found, every further line is a row `[number, cells, flags]`, the last one tells how it ended.
A flag is `[column, code]`, column -1 for the row as a whole.
"""

import io
import json
import os
import resource
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final

from liuchi.ground.exchange.reading.cleaning import clean
from liuchi.ground.exchange.reading.documents import cell_of, headings_of, read_documents
from liuchi.ground.exchange.reading.encodings import ENCODINGS, detect_encoding
from liuchi.ground.exchange.reading.limits import (
    LONGEST_CELL,
    LONGEST_LINE,
    MEMORY,
    MOST_COLUMNS,
    MOST_ROWS,
    SECONDS,
    FileRefused,
)
from liuchi.ground.exchange.reading.tables import DELIMITERS, detect_delimiter, records
from liuchi.ground.exchange.reading.workbooks import (
    calculating_cells,
    open_sheet,
    open_workbook,
    sheet_rows,
    shown_sheets,
)

#: How a file begins: packed workbooks (XLSX, ODS), workbooks of old (XLS).
_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: What is no table, told by how it begins.
_STRANGERS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"MZ",
)
_SAMPLE, _LOOKED_AT = 200_000, 12
Flag = list[Any]
Row = tuple[int, list[Any], list[Flag]]


def read(file: IO[bytes], wanted: Mapping[str, Any]) -> tuple[dict[str, Any], Iterator[Row]]:
    """Return what a file is, and its rows. `wanted` overrides what would be detected: encoding, delimiter, sheet.

    Raises:
        FileRefused: nothing of it can be read.
    """
    file.seek(0)
    head = file.read(4096)
    if not head.strip():
        raise FileRefused("empty")
    if head.startswith(_STRANGERS):
        raise FileRefused("no_table")
    if head.startswith((_PACKED, _OLD)):
        return _workbook(file, head, wanted)
    encoding, is_sure = detect_encoding(file)
    if wanted.get("encoding") in ENCODINGS:
        encoding, is_sure = str(wanted["encoding"]), True
    text = _text(file, encoding)
    start = text.read(_SAMPLE).lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return _document(file, encoding, wanted)
    return _table(text, start, {"encoding": encoding, "is_sure": is_sure}, wanted)


def _workbook(file: IO[bytes], head: bytes, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], Iterator[Row]]:
    book = open_workbook(file)
    names = shown_sheets(book)
    if not names:
        raise FileRefused("workbook")
    name = str(wanted.get("sheet") or _likeliest(book, names, wanted.get("names", ())))
    sheet = open_sheet(book, name)
    form = "xls" if head.startswith(_OLD) else "ods" if b"opendocument.spreadsheet" in head else "xlsx"
    left = sheet.start[1] if sheet.start else 0
    number = book.sheet_names.index(name)
    calculating = calculating_cells(file, number, left) if form == "xlsx" else set()
    facts = {"form": form, "sheet": name, "sheets": names, "is_sure": len(names) == 1 or bool(wanted.get("sheet"))}
    rows = _cleaned((place, row, "") for place, row in sheet_rows(sheet))
    return facts, _marked(rows, calculating) if calculating else rows


def _likeliest(book: Any, names: list[str], headings: Iterable[str]) -> str:
    """Return the sheet that holds most of the headings looked for; else the first that holds anything."""
    if len(names) == 1:
        return names[0]
    wanted = {_bare(heading) for heading in headings}

    def score(name: str) -> tuple[int, bool]:
        sheet = open_sheet(book, name)
        first = sheet.to_python(nrows=_LOOKED_AT) if sheet.height else []
        found = {_bare(cell) for row in first for cell in row if isinstance(cell, str)}
        return len(found & wanted), bool(sheet.height)

    return max(names, key=score)


def _bare(heading: str) -> str:
    return "".join(heading.split()).strip("*＊").lower()


def _document(file: IO[bytes], encoding: str, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], Iterator[Row]]:
    found, document = read_documents(file, encoding, wanted.get("rows_in", ()))
    facts: dict[str, Any] = {"form": "json", "encoding": encoding, "is_sure": True}
    if document is not None:
        return {**facts, "document": document}, iter(())
    names = headings_of(found)
    if not names:
        raise FileRefused("json_shape")
    return facts, _cleaned(_objects(found, names), LONGEST_LINE)  # polygons are long


def _objects(found: Iterable[Any], names: list[str]) -> Iterator[tuple[int, list[Any], str]]:
    yield 0, list(names), ""
    for number, each in enumerate(found, start=1):
        if isinstance(each, Mapping):
            yield number, [cell_of(each.get(name)) for name in names], ""
        else:
            yield number, [], "no_object"


def _table(
    text: io.TextIOWrapper, start: str, facts: dict[str, Any], wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], Iterator[Row]]:
    if "\0" in start.replace("\r", "").replace("\n", "")[:2000] and start.count("\0") > len(start) * 0.05:
        raise FileRefused("no_table")
    delimiter, width, is_sure = detect_delimiter(start)
    if wanted.get("delimiter") in DELIMITERS and wanted["delimiter"] != delimiter:
        delimiter, width, is_sure = str(wanted["delimiter"]), 0, True
    text.seek(0)
    found = (
        (number, [cell or None for cell in cells], flag)
        for number, (cells, flag) in enumerate(records(text, delimiter, width), start=1)
    )
    facts |= {"form": "csv", "delimiter": delimiter, "is_sure": facts["is_sure"] and is_sure}
    return facts, _cleaned(found)


def _text(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")


def _cleaned(rows: Iterable[tuple[int, list[Any], str]], longest: int = LONGEST_CELL) -> Iterator[Row]:
    """Yield rows that hold something, their texts cleaned, with what was noticed."""
    for number, cells, flag in rows:
        flags: list[Flag] = [[-1, flag]] if flag else []
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                cells[place], noticed = clean(cell, longest)
                if noticed:
                    flags.append([place, noticed])
            elif cell == "":
                cells[place] = None
        if number == 1 and flags == [[0, "unseen"]]:
            flags = []  # the mark of the encoding itself
        if flags or any(cell is not None and cell != "" for cell in cells):
            yield number, cells, flags


def _marked(rows: Iterable[Row], calculating: set[tuple[int, int]]) -> Iterator[Row]:
    lines = {row for row, _ in calculating}
    for number, cells, flags in rows:
        if number in lines:
            flags += [[place, "calculated"] for place in range(len(cells)) if (number, place) in calculating]
        yield number, cells, flags


def _counted(rows: Iterable[Row]) -> Iterator[Row]:
    """Pass rows on.

    Raises:
        FileRefused: more rows or columns than are taken.
    """
    for count, row in enumerate(rows):
        if count > MOST_ROWS:
            raise FileRefused("too_many_rows", most=MOST_ROWS)
        if len(row[1]) > MOST_COLUMNS:
            filled = max((place for place, cell in enumerate(row[1], start=1) if cell not in {None, ""}), default=0)
            if filled > MOST_COLUMNS:
                raise FileRefused("too_many_columns", most=MOST_COLUMNS)
            del row[1][MOST_COLUMNS:]
        yield row


def main() -> None:
    """Read the descriptor named by the first argument as the second one (JSON) wants it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="ascii", write_through=False)
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        try:
            facts, rows = read(file, json.loads(sys.argv[2]))
            print(json.dumps(facts), file=out)
            dump = json.JSONEncoder(separators=(",", ":")).encode
            for row in _counted(rows):
                out.write(dump(row) + "\n")
            print(json.dumps({"end": True}), file=out)
        except FileRefused as error:
            print(json.dumps({"refused": error.code, "facts": error.facts}), file=out)
        except MemoryError:
            print(json.dumps({"refused": "too_big", "facts": {}}), file=out)
        out.flush()


if __name__ == "__main__":
    main()
