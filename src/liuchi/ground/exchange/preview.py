"""The first rows of a file as they would be, were they brought in now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any, Final

from django.db import transaction

from liuchi.ground.exchange.access import require_own
from liuchi.ground.exchange.checkpoints import committed_together
from liuchi.ground.exchange.columns import Choice, Kind
from liuchi.ground.exchange.intake import rows_of
from liuchi.ground.exchange.keeping import key_of
from liuchi.ground.exchange.models import Import
from liuchi.ground.exchange.registers import Outcome, Problem, Register, register_of
from liuchi.ground.exchange.rows import Raw, RowReader
from liuchi.ground.exchange.running import apply_entries, reader_of, source_of
from liuchi.ground.kernel.actors import Actor

MOST: Final = 20


@dataclass(frozen=True)
class PreviewRow:
    """One row: its number, what would become of it, each column as it was read (personal ones masked), and why not."""

    number: int
    outcome: Outcome
    values: Mapping[str, str]
    problems: tuple[Problem, ...]


def preview_rows(
    by: Actor, one: Import, count: int = MOST, *, before: Callable[[], None] = lambda: None
) -> list[PreviewRow]:
    """Return the first rows of an import as they would be, once `before` is done; nothing of it stays.

    Raises:
        NotFound: it is not the actor's own import.
    """
    require_own(by, one)
    register = register_of(one.register)
    reader = reader_of(one, register)
    # A register that takes files whole has to see all of it: its first rows alone would mean something else.
    batches = chain.from_iterable(rows_of(one.id, key_of(one)))
    rows = list(batches if register.is_whole else islice(batches, count))
    reads = [reader.read(raw) for raw in rows]
    entries = [read.entry for read in reads if read.entry is not None]
    if register.is_whole and len(entries) < len(rows):
        entries = []
    with committed_together():
        before()
        results = iter(apply_entries(register, by, entries, source_of(one, reader)))
        transaction.set_rollback(True)
    shown = []
    for raw, read in islice(zip(rows, reads, strict=True), count):
        result = next(results) if read.entry is not None and entries else None
        problems = (*read.problems, *(result.problems if result else ()))
        outcome = result.outcome if result else Outcome.REFUSED
        shown.append(PreviewRow(raw[0], outcome, _values(register, reader, raw), problems))
    return shown


def _values(register: Register, reader: RowReader, raw: Raw) -> dict[str, str]:
    """Return what a row says, column by column: as it was read, or as it is written where it cannot be read."""
    found = {}
    for column in register.columns:
        if column.is_once:
            continue
        text = _text(column.kind, reader.value_of(raw, column.key))
        found[column.key] = column.mask(text) if column.is_personal and text else text
    return found


def _text(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(kind, Choice) and value in kind.words:
        return str(kind.words[value])
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
