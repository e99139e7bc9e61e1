"""What an import waits for, done: its file read, its rows checked, its rows run. Killed at any point, it goes on there.

Rows, what became of them and how far the import got are committed together, as the journal's reactions do it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from liuchi.ground.exchange.access import require_import
from liuchi.ground.exchange.actions.ending import end_import
from liuchi.ground.exchange.checkpoints import committed_together
from liuchi.ground.exchange.intake import UnreadableFile, lay_rows, rows_of
from liuchi.ground.exchange.keeping import key_of
from liuchi.ground.exchange.mapping import fingerprint, guess_mapping, read_mapping, write_mapping
from liuchi.ground.exchange.models import Import, ImportBatch, SavedMapping, State
from liuchi.ground.exchange.registers import Entry, Outcome, Problem, Register, Result, Source, register_of
from liuchi.ground.exchange.restoring import marks_of
from liuchi.ground.exchange.results import seal_results
from liuchi.ground.exchange.rows import Raw, RowReader
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken, describe_failure
from liuchi.ground.kernel.jobs import pause_if_stopping

#: How many findings of the check are kept to be shown.
MOST_SHOWN = 100
Tell = Callable[[Import], None]
_log = structlog.get_logger(__name__)


def reader_of(one: Import, register: Register) -> RowReader:
    """Return what reads the rows of an import as its mapping says."""
    mapping = read_mapping(one.mapping or {"columns": {}}, register)
    return RowReader(register, mapping, one.headings, is_ragged_refused=one.found.get("form") == "csv")


def source_of(one: Import, reader: RowReader) -> Source:
    """Return what is known of the file as a whole."""
    return Source(one.filename, one.digest, reader.values_for_all)


def actor_of(one: Import) -> Actor:
    """Return in whose name an import runs, with the powers of this moment (`settings.LIUCHI_ACTORS`)."""
    find: Callable[[str, UUID | None, str], Actor] = import_string(settings.LIUCHI_ACTORS)
    return find(one.actor_kind, one.actor_id, one.actor_name)


def read_file(one: Import, by: Actor | None, tell: Tell) -> None:
    """Read a file that was received and lay its rows down; then it waits for its columns."""
    del by
    register = register_of(one.register)
    try:
        laid = lay_rows(one.id, key_of(one), register, one.options)
    except UnreadableFile as error:
        note(one, state=State.STOPPED, trouble=said(error), ended_at=clock.now())
        return
    one.headings = laid.headings
    saved = SavedMapping.objects.filter(
        register=register.code, fingerprint=fingerprint(register, laid.headings)
    ).first()
    is_headless = laid.found["header_row"] is None
    guessed = write_mapping(guess_mapping(register, laid.headings, is_headless=is_headless))
    mapping = saved.document if saved else guessed
    note(one, state=State.READ, found=dict(laid.found), headings=laid.headings, total=laid.total, mapping=mapping)
    tell(one)


def check_rows(one: Import, by: Actor | None, tell: Tell) -> None:
    """Check every row and keep what was found; then it waits for a word."""
    del by
    register = register_of(one.register)
    reader, counts, shown = reader_of(one, register), Counter[tuple[str, str, bool]](), list[list[Any]]()
    checked = bad = noted = 0
    for rows in rows_of(one.id, key_of(one)):
        for raw in rows:
            found = reader.read(raw)
            bad += found.entry is None
            noted += bool(found.problems) and found.entry is not None
            for problem in found.problems:
                counts[problem.column, problem.message, problem.is_note] += 1
                if len(shown) < MOST_SHOWN:
                    shown.append([raw[0], problem.column, problem.message, problem.is_note])
        checked += len(rows)
        note(one, checked=checked, bad=bad)
        tell(one)
        pause_if_stopping()
    findings = {"shown": shown, "noted": noted, "counts": [[*key, n] for key, n in counts.most_common(MOST_SHOWN)]}
    note(one, state=State.CHECKED, findings=findings)
    tell(one)


def run_rows(one: Import, by: Actor | None, tell: Tell) -> None:
    """Run the rows that have not been run yet, batch by batch."""
    register, key = register_of(one.register), key_of(one)
    try:
        by = by or actor_of(one)
        require_import(by, register)
        reader = reader_of(one, register)
    except RuleBroken as error:
        note(one, state=State.STOPPED, trouble=said(error), ended_at=clock.now())
        return
    source, start = source_of(one, reader), one.batches.count()
    for number, rows in enumerate(_batches(one, key, register)):
        if number < start:
            for raw in rows:
                reader.read(raw)  # a later row about the same is refused, as if there had been no break
            continue
        if not _run_batch(one, key, number, _Batch(register, reader, by, source), rows):
            return
        tell(one)
        pause_if_stopping()
    with committed_together():
        end_import(by=by, import_id=one.id)
    one.refresh_from_db()
    tell(one)


def _batches(one: Import, key: str, register: Register) -> Iterator[list[Raw]]:
    """Yield the rows batch by batch; those of a register that takes files whole come as one."""
    if not register.is_whole:
        return rows_of(one.id, key)
    return iter([list(chain.from_iterable(rows_of(one.id, key)))])


class _Batch:
    """What every batch of an import needs."""

    def __init__(self, register: Register, reader: RowReader, by: Actor, source: Source) -> None:
        self.register, self.reader, self.by, self.source = register, reader, by, source

    def run(self, rows: Sequence[Raw]) -> list[tuple[int, Result]]:
        """Return what becomes of each row."""
        reads = [(raw[0], self.reader.read(raw)) for raw in rows]
        entries = [read.entry for _number, read in reads if read.entry is not None]
        results = iter(apply_entries(self.register, self.by, entries, self.source))
        done = []
        for number, read in reads:
            result = next(results) if read.entry is not None else Result(Outcome.REFUSED)
            notes = (*read.problems, *result.problems)
            done.append((number, Result(result.outcome, result.touched, notes)))
        return done


def apply_entries(register: Register, by: Actor, entries: Sequence[Entry], source: Source) -> list[Result]:
    """Have a register take entries; where it refuses them together, each is tried until the faulty ones are found."""
    if not entries:
        return []
    try:
        with transaction.atomic():
            results = list(register.apply(by, entries, source))
    except (RuleBroken, IntegrityError, DataError) as error:
        if len(entries) == 1 or register.is_whole:
            return [Result(Outcome.REFUSED, problems=(_problem(error),))] * len(entries)
        half = len(entries) // 2
        first = apply_entries(register, by, entries[:half], source)
        return first + apply_entries(register, by, entries[half:], source)
    if len(results) != len(entries):
        raise ValueError(f"{register.code}: {len(results)} results for {len(entries)} rows")
    return results


def _run_batch(one: Import, key: str, number: int, batch: _Batch, rows: Sequence[Raw]) -> bool:
    """Run a batch and note it, in one transaction; False where the import was stopped or another runs it."""
    with committed_together():
        held = Import.objects.select_for_update().get(id=one.id)
        if held.state != State.RUNNING or held.batches.filter(number=number).exists():
            one.refresh_from_db()
            return False
        done = batch.run(rows)
        counts = Counter(result.outcome for _number, result in done)
        marks = marks_of(each for _number, result in done for each in result.touched)
        sealed = seal_results(one, key, number, done, marks)
        ImportBatch(of=held, number=number, results=sealed, made_at=clock.now()).save(force_insert=True)
        held.done += len(done)
        held.beat_at = clock.now()
        for outcome in Outcome:
            setattr(held, outcome.value, getattr(held, outcome.value) + counts[outcome])
        held.save(update_fields=["done", "beat_at", *(outcome.value for outcome in Outcome)])
    one.done, one.beat_at = held.done, held.beat_at
    for outcome in Outcome:
        setattr(one, outcome.value, getattr(held, outcome.value))
    return True


def _problem(error: Exception) -> Problem:
    if isinstance(error, RuleBroken):
        return Problem(error.code, str(error), error.field or "")
    _log.warning("exchange.row_refused", failure=describe_failure(error))
    return Problem("database", _("This contradicts what is stored already."))


def said(error: RuleBroken) -> dict[str, Any]:
    """Return a refusal as an import keeps it."""
    return {"code": error.code, "message": str(error)}


def note(one: Import, **facts: Any) -> None:
    """Keep how far an import got; such book-keeping leaves no line of its own."""
    for name, value in {**facts, "beat_at": clock.now()}.items():
        setattr(one, name, value)
    with committed_together():
        one.save(update_fields=[*facts, "beat_at"])
