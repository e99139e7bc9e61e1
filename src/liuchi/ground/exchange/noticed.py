"""Everything that was noticed about the rows of an import, row by row, as a file."""

import csv
import io
from collections.abc import Iterator
from typing import IO, Final

from liuchi.ground.exchange.access import require_own
from liuchi.ground.exchange.cells import csv_cell
from liuchi.ground.exchange.intake import rows_of
from liuchi.ground.exchange.keeping import key_of
from liuchi.ground.exchange.models import Import
from liuchi.ground.exchange.registers import Problem, Register, register_of
from liuchi.ground.exchange.results import results_of
from liuchi.ground.exchange.running import reader_of
from liuchi.ground.exchange.writing import BOM
from liuchi.ground.kernel.actors import Actor

HEADINGS: Final = ("row", "about", "kind", "code", "column", "message")


def write_noticed(*, by: Actor, one: Import, file: IO[bytes]) -> int:
    """Write a line for each thing noticed about a row: its number, what it is about, fault or note; return how many.

    No value of the row is repeated but what it is about. Before the rows are run, it is what the check finds.

    Raises:
        NotFound: it is not the actor's own import.
    """
    require_own(by, one)
    register = register_of(one.register)
    file.write(BOM)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(HEADINGS)
    count = 0
    for number, about, problem in _noticed(one, register):
        kind = "note" if problem.is_note else "fault"
        out.writerow([number, csv_cell(about), kind, problem.code, problem.column, csv_cell(problem.message)])
        count += 1
    text.detach()
    return count


def _noticed(one: Import, register: Register) -> Iterator[tuple[int, str, Problem]]:
    key, reader = key_of(one), reader_of(one, register)
    later = {number: result.problems for number, result in results_of(one, key)}
    for batch in rows_of(one.id, key):
        for raw in batch:
            read = reader.read(raw)
            about = str(register.key(read.entry.row)) if read.entry is not None and register.key is not None else ""
            found = dict.fromkeys((*read.problems, *later.get(raw[0], ())))
            yield from ((raw[0], about, problem) for problem in found)
