"""The rows that were refused, as a file of the form they came in: correct them there, and send that file again."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter import Workbook

from liuchi.ground.exchange.access import require_own
from liuchi.ground.exchange.actions.exporting import record_export
from liuchi.ground.exchange.cells import csv_cell, starts_formula
from liuchi.ground.exchange.exporting import CONTENT_TYPES, Export, HeldFile, nameless_file
from liuchi.ground.exchange.intake import rows_of
from liuchi.ground.exchange.keeping import key_of
from liuchi.ground.exchange.mapping import OUR_HEADINGS, REASON, ROW_NUMBER
from liuchi.ground.exchange.models import ExportFormat, Import, State
from liuchi.ground.exchange.numbers import new_number
from liuchi.ground.exchange.purposes import CORRECT_IMPORT
from liuchi.ground.exchange.registers import Outcome, Problem, Register, register_of
from liuchi.ground.exchange.results import results_of
from liuchi.ground.exchange.running import reader_of
from liuchi.ground.exchange.writing import BOM
from liuchi.ground.kernel.actors import Actor

_JSON: Final = "application/json"


@dataclass(frozen=True)
class RefusedRow:
    """A row as it was sent, and why it was refused."""

    number: int
    cells: Sequence[Any]
    problems: tuple[Problem, ...]


def refused_rows(by: Actor, one: Import) -> Iterator[RefusedRow]:
    """Yield the rows that were refused when they were run; before that, those that the check refuses.

    Raises:
        NotFound: it is not the actor's own import.
    """
    require_own(by, one)
    key = key_of(one)
    refused = _known(one, key) if one.done else _found(one, key)
    waiting = next(refused, None)
    for batch in rows_of(one.id, key):
        for number, cells, _flags in batch:
            if waiting is None:
                return
            if waiting[0] == number:
                yield RefusedRow(number, cells, waiting[1])
                waiting = next(refused, None)


def refused_file(*, by: Actor, one: Import) -> Export:
    """Return the refused rows with their reasons as CSV, XLSX or JSON, as they came; noted as an export.

    Raises:
        NotFound: it is not the actor's own import.
    """
    register, form = register_of(one.register), one.found.get("form", "csv")
    file = nameless_file()
    headings = [heading for heading in one.headings if heading not in OUR_HEADINGS]
    places = [place for place, heading in enumerate(one.headings) if heading not in OUR_HEADINGS]
    rows = (
        [_said(register, row.problems), row.number, *(_at(row.cells, place) for place in places)]
        for row in refused_rows(by, one)
    )
    names = [REASON, ROW_NUMBER, *headings]
    try:
        if form == "csv":
            count = _as_csv(file, names, rows, one.found.get("delimiter", ","))
        elif form == "json":
            count = _as_json(file, names, rows)
        else:
            count = _as_xlsx(file, names, rows)
        number = _noted(by, one, register, form, count)
    except BaseException:
        file.close()
        raise
    ending = form if form in {"csv", "json"} else "xlsx"
    kind = _JSON if form == "json" else CONTENT_TYPES[ExportFormat.CSV if form == "csv" else ExportFormat.XLSX]
    return Export(number, count, f"{one.number}-{REASON}.{ending}", kind, HeldFile(file))


def _noted(by: Actor, one: Import, register: Register, form: str, count: int) -> str:
    number = new_number("EX")
    record_export(
        by=by,
        number=number,
        listing=f"import.{one.register}",
        fmt=ExportFormat.CSV if form in {"csv", "json"} else ExportFormat.XLSX,
        rows=count,
        is_personal=register.is_personal,
        purpose=CORRECT_IMPORT if register.is_personal else "",
        is_own=True,
    )
    return number


def _known(one: Import, key: str) -> Iterator[tuple[int, tuple[Problem, ...]]]:
    found = results_of(one, key)
    return ((number, result.problems) for number, result in found if result.outcome == Outcome.REFUSED)


def _found(one: Import, key: str) -> Iterator[tuple[int, tuple[Problem, ...]]]:
    if one.mapping is None or one.state == State.READ:
        return
    reader = reader_of(one, register_of(one.register))
    for batch in rows_of(one.id, key):
        for raw in batch:
            read = reader.read(raw)
            if read.entry is None:
                yield raw[0], read.problems


def _said(register: Register, problems: Sequence[Problem]) -> str:
    return "；".join(
        f"{register.column(each.column).label}：{each.message}" if each.column else each.message
        for each in problems
        if not each.is_note
    )


def _at(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if place < len(cells) else None


def _as_csv(file: Any, names: Sequence[str], rows: Iterator[list[Any]], delimiter: str) -> int:
    file.write(BOM)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    out = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    out.writerow([csv_cell(name) for name in names])
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted for the journal
        out.writerow([csv_cell(cell) for cell in row])
    text.detach()
    return count


def _as_json(file: Any, names: Sequence[str], rows: Iterator[list[Any]]) -> int:
    file.write(b"[")
    count = 0
    for count, row in enumerate(rows, start=1):
        item: Mapping[str, Any] = dict(zip(names, row, strict=True))
        file.write((",\n" if count > 1 else "\n").encode() + json.dumps(item, ensure_ascii=False).encode())
    file.write(b"\n]\n")
    return count


def _as_xlsx(file: Any, names: Sequence[str], rows: Iterator[list[Any]]) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        page = book.add_worksheet()
        plain = book.add_format({"num_format": "@"})
        quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        page.set_column(0, len(names), 18, plain)
        for place, name in enumerate(names):
            page.write_string(0, place, name, quoted if starts_formula(name) else plain)
        count = 0
        for count, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    page.write_number(count, place, cell)
                elif cell not in (None, ""):
                    text = str(cell)
                    page.write_string(count, place, text, quoted if starts_formula(text) else plain)
    return count
