"""Which line of a batch differs from what was sealed, and how."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal import lines, merkle
from liuchi.ground.journal.findings import Report
from liuchi.ground.journal.seals import Seal
from liuchi.ground.journal.statements import stream_rows
from liuchi.ground.kernel.keyring import keyring

Entry = tuple[UUID, bytes]


@dataclass(frozen=True, slots=True)
class Examined:
    """A line as the database holds it, its canonical bytes, and the leaf they give at its position."""

    line: lines.Stored
    form: bytes
    leaf: bytes

    @property
    def entry(self) -> Entry:
        """Return what `leaves.bin` must hold for this line."""
        return self.line.content.id, self.leaf


def examine(line: lines.Stored) -> Examined:
    """Return `line` with its leaf at the position it claims (0 while it waits)."""
    form = lines.canonical(line.content)
    return Examined(line, form, lines.leaf(line, form, line.position or 0))


def compare_batch(seal: Seal, rows: Sequence[Examined], entries: Sequence[Entry] | None, report: Report) -> None:
    """Report how the lines found at the positions of `seal` differ from what was sealed; nothing when they agree.

    `entries` is what `leaves.bin` holds for them, None where the files do not hold this seal yet.
    """
    names = {"number": seal.number}
    if merkle.root_of([row.leaf for row in rows]) == seal.root:
        if entries is not None and [row.entry for row in rows] != list(entries):
            report.add(
                "leaves_changed", _("leaves.bin was cut or changed in batch %(number)s; the database is right") % names
            )
        return
    entries = entries or []
    if merkle.root_of([leaf for _id, leaf in entries]) != seal.root:
        told = (
            _("leaves.bin was cut or changed in batch %(number)s; lines there are named as far as can be told") % names
        )
        report.add("leaves_changed", told)
    at_position: dict[int, list[Examined]] = {}
    for row in rows:
        at_position.setdefault(row.line.position or 0, []).append(row)
    for position, entry in enumerate(entries, seal.first):
        _compare_position(seal, position, entry, at_position.pop(position, []), report)
    _report_unmatched(at_position.values(), report)


def describe(row: Examined) -> str:
    """Return how a line is named in a message."""
    content = row.line.content
    return f"{content.id} ({content.kind}, {content.recorded_at.isoformat(timespec='seconds')})"


def _compare_position(seal: Seal, position: int, entry: Entry, rows: list[Examined], report: Report) -> None:
    """Report what differs at one position: `entry` was sealed there, `rows` stand there now."""
    genuine = next((row for row in rows if row.entry == entry), None)
    same = genuine or next((row for row in rows if row.line.content.id == entry[0]), None)
    if same is None:
        _report_absent(seal, position, entry[0], report)
    elif genuine is None:
        report.add("edited", _edited(same, position), entry[0], position)
    for row in rows:
        if row is not same:
            told = _("line %(line)s stands at position %(position)s, where another line was sealed")
            report.add("inserted", told % {"line": describe(row), "position": position}, row.line.content.id, position)


def _edited(row: Examined, position: int) -> str:
    if lines.is_ours(row.line, row.form, keyring()):
        told = _("line %(line)s at position %(position)s differs from what was sealed, though its keyed hash fits")
    else:
        told = _("line %(line)s at position %(position)s was edited: its keyed hash does not fit")
    return told % {"line": describe(row), "position": position}


def _report_absent(seal: Seal, position: int, line_id: UUID, report: Report) -> None:
    if report.is_full:
        report.add("deleted", "")
        return
    elsewhere = list(stream_rows("SELECT position FROM journal_line WHERE id = %s", line_id))
    facts = {"line": line_id, "position": position, "sealed": seal.sealed_at.isoformat(timespec="seconds")}
    if not elsewhere:
        told = _("line %(line)s, sealed at position %(position)s on %(sealed)s, was deleted")
        report.add("deleted", told % facts, line_id, position)
    elif elsewhere[0][0] is None:
        told = _("line %(line)s, sealed at position %(position)s on %(sealed)s, has lost its position")
        report.add("moved", told % facts, line_id, position)
    else:
        told = _("line %(line)s, sealed at position %(position)s on %(sealed)s, was moved to position %(now)s")
        report.add("moved", told % {**facts, "now": elsewhere[0][0]}, line_id, position)


def _report_unmatched(groups: Iterable[list[Examined]], report: Report) -> None:
    """Report lines at positions for which `leaves.bin` says nothing any more: those that are not ours."""
    for row in (row for group in groups for row in group):
        if not lines.is_ours(row.line, row.form, keyring()):
            report.add("edited", _edited(row, row.line.position or 0), row.line.content.id, row.line.position)
