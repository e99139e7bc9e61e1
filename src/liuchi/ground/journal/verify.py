"""Verification: does the database still hold exactly what was sealed? Every line that differs is named.

The files outside the database are the measure. A batch whose lines give the signed root is genuine, whole and in
order; only where they do not is each line held against its entry in `leaves.bin` to say which one and how.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from liuchi.ground.journal import lines
from liuchi.ground.journal.chain import Chain
from liuchi.ground.journal.comparing import Examined, compare_batch, describe, examine
from liuchi.ground.journal.findings import Report
from liuchi.ground.journal.folder import ENTRY, Folder
from liuchi.ground.journal.sealing import sealing
from liuchi.ground.journal.statements import ask, stream_lines
from liuchi.ground.kernel.keyring import keyring

Progress = Callable[[int], None]
_STEP = 10_000
#: Names spelt out in full: whoever owns the database also chooses where short names are looked up.
_IS_PLAIN = (
    "SELECT relkind = 'r' AND NOT relrowsecurity AND NOT relforcerowsecurity AND NOT relhassubclass"
    " FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(%s)"
)


class _Snapshot(NamedTuple):
    """Files and database as they stood at one moment; what is sealed later is left for the next time."""

    folder: Folder
    roots_size: int
    leaves_size: int


def verify(*, progress: Progress | None = None) -> Report:
    """Hold the whole journal against its seals and return what was found; the house may go on working meanwhile.

    Reads one snapshot as a stream: memory stays bounded whatever the number of lines. `progress` is called with the
    number of lines read so far, every ten thousand lines.
    """
    report = Report()
    with _snapshot() as seen:
        _check_tables(report)
        _check_sealed(seen, _Sealed(report, progress), report)
        _check_pending(report)
    return report


@contextmanager
def _snapshot() -> Iterator[_Snapshot]:
    """Hold the sealer off just long enough to see database and files at the same moment."""
    with ExitStack() as held_off:
        folder = held_off.enter_context(sealing())
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            ask("SELECT 1 FROM journal_batch LIMIT 1")
            seen = _Snapshot(folder, folder.size(), folder.leaves_size())
            held_off.close()
            yield seen


class _Sealed:
    """The sealed lines in the order of their positions, taken batch by batch."""

    def __init__(self, report: Report, progress: Progress | None) -> None:
        self._report, self._progress = report, progress
        self._lines = self._read()
        self._next = next(self._lines, None)

    def take(self, before: int | None) -> list[Examined]:
        """Return the lines below position `before` that were not taken yet."""
        return list(self.take_all(before))

    def take_all(self, before: int | None = None) -> Iterator[Examined]:
        """Yield the lines below position `before` (None: all) that were not taken yet."""
        while self._next is not None and (before is None or (self._next.line.position or 0) < before):
            yield self._next
            self._next = next(self._lines, None)

    def _read(self) -> Iterator[Examined]:
        for line in stream_lines("position IS NOT NULL ORDER BY position"):
            self._report.lines += 1
            if self._progress and self._report.lines % _STEP == 0:
                self._progress(self._report.lines)
            yield examine(line)


def _check_tables(report: Report) -> None:
    """Check that lines and seals stand in plain tables: a view or a row policy could show us others than the house."""
    for table in ("journal_line", "journal_batch"):
        if ask(_IS_PLAIN, table) is not True:
            told = _("%(table)s is not a plain table: what is shown here need not be what the house reads")
            report.add("not_a_table", told % {"table": table})


def _check_sealed(seen: _Snapshot, found: _Sealed, report: Report) -> None:
    end = 1
    for seal, is_filed in Chain(seen.folder, seen.roots_size, report).seals():
        report.batches += 1
        _report_inserted(found.take(seal.first), report)
        entries = seen.folder.entries(seal.first, seal.count) if is_filed else None
        compare_batch(seal, found.take(seal.next_position), entries, report)
        end = seal.next_position
    _report_inserted(found.take_all(), report)
    left = seen.leaves_size // ENTRY - (end - 1)
    for position, (line_id, _leaf) in enumerate(seen.folder.entries(end, max(left, 0)), end):
        told = _("line %(line)s was sealed at position %(position)s, but roots.jsonl was cut before it")
        report.add("file_truncated", told % {"line": line_id, "position": position}, line_id, position)


def _check_pending(report: Report) -> None:
    """Check that every line that waits for its seal was written by this house."""
    keys = keyring()
    for row in map(examine, stream_lines("position IS NULL ORDER BY seq")):
        report.pending += 1
        if not lines.is_ours(row.line, row.form, keys):
            told = _("line %(line)s was not written by this house, or was changed before it was sealed")
            report.add("forged", told % {"line": describe(row)}, row.line.content.id)


def _report_inserted(rows: Iterable[Examined], report: Report) -> None:
    for row in rows:
        told = _("line %(line)s stands at position %(position)s, where none was sealed")
        facts = {"line": describe(row), "position": row.line.position}
        report.add("inserted", told % facts, row.line.content.id, row.line.position)
