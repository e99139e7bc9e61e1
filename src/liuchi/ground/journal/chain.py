"""The chain of seals: which are in force after restores, and whether files and database tell the same of them."""

from collections.abc import Iterator
from contextlib import suppress

from django.utils.translation import gettext as _

from liuchi.ground.journal.findings import Report
from liuchi.ground.journal.folder import Folder
from liuchi.ground.journal.models import Batch
from liuchi.ground.journal.seals import NOTHING, JournalBroken, Seal, parse, seal_of
from liuchi.ground.kernel.keyring import keyring


def follows(seal: Seal, last: Seal | None) -> bool:
    """Tell whether `seal` goes on where `last` ended: in number, in position, and by naming its hash.

    After lost files were written again, the seals that an earlier restore had undone are missing before its note.
    """
    number, position, digest = (last.number, last.next_position, last.digest()) if last else (0, 1, NOTHING)
    if (seal.number, seal.first, seal.previous) == (number + 1, position, digest):
        return True
    return seal.kind == "restored" and seal.kept == number < seal.number and seal.first >= position


def live_seals(folder: Folder, size: int) -> Iterator[Seal]:
    """Yield the seals of the first `size` bytes of the file that no restore has undone, in order.

    Raises:
        JournalBroken: at a damaged line.
    """
    lost = _lost_numbers(folder, size)
    for line in folder.lines(size):
        try:
            seal = parse(line)
        except ValueError as error:
            raise JournalBroken(
                _("%(file)s holds a damaged line; put back a good copy") % {"file": folder.roots}
            ) from error
        if not _among(lost, seal):
            yield seal


class Chain:
    """One reading of the chain, files against database; what is wrong goes into `report`."""

    def __init__(self, folder: Folder, size: int, report: Report) -> None:
        self._folder, self._size, self._report = folder, size, report
        self._lost = _lost_numbers(folder, size)
        self._rows = (seal_of(batch) for batch in Batch.objects.order_by("number").iterator(chunk_size=2000))
        self._row = next(self._rows, None)

    def seals(self) -> Iterator[tuple[Seal, bool]]:
        """Yield the seals in force, and whether the files hold each: where they do, they are believed."""
        last = None
        for filed in self._filed():
            while self._row is not None and self._row.number < filed.number:
                yield from self._unfiled(self._next_row(), _("batch %(number)s is missing from roots.jsonl"))
            yield self._agreed(filed), True
            last = filed
        while self._row is not None:
            row = self._next_row()
            cut = _(
                "batch %(number)s is not in roots.jsonl: the file was cut, or the sealer was killed before writing it"
                " (the worker then repairs this when it next starts)"
            )
            if follows(row, last):
                yield from self._unfiled(row, cut)
                last = row
            else:
                self._tell("batch_inserted", _("batch %(number)s was not sealed by this house"), row)

    def _next_row(self) -> Seal:
        row = self._row
        assert row is not None  # noqa: S101 - callers have looked
        self._row = next(self._rows, None)
        return row

    def _agreed(self, filed: Seal) -> Seal:
        """Return the seal to believe where the file holds `filed`, and tell when the database differs."""
        if self._row is None or self._row.number > filed.number:
            self._tell("batch_missing", _("batch %(number)s is gone from the database"), filed)
            return filed
        row = self._next_row()
        if row == filed:
            return filed
        if filed.is_signed(keyring()) or not row.is_signed(keyring()):
            self._tell("batch_changed", _("batch %(number)s was changed or sealed anew in the database"), filed)
            return filed
        return row

    def _unfiled(self, row: Seal, told: str) -> Iterator[tuple[Seal, bool]]:
        """Yield a row that the file lacks when we have signed it and no restore has undone it."""
        if row.is_signed(keyring()) and not _among(self._lost, row):
            self._tell("file_truncated", told, row)
            yield row, False
        else:
            self._tell("batch_inserted", _("batch %(number)s was not sealed by this house"), row)

    def _filed(self) -> Iterator[Seal]:
        """Yield the filed seals in force, checking form, signature and order of all."""
        last = None
        for number, text in enumerate(self._folder.lines(self._size), 1):
            try:
                seal = parse(text)
            except ValueError as error:
                told = _("line %(number)s of roots.jsonl is damaged: %(error)s") % {"number": number, "error": error}
                self._report.add("file_changed", told)
                continue
            if not seal.is_signed(keyring()):
                self._tell("signature", _("the signature of batch %(number)s in roots.jsonl is not ours"), seal)
            if not follows(seal, last):
                self._tell("chain", _("batch %(number)s in roots.jsonl does not follow the one before it"), seal)
            if last is not None and keyring().is_older_signer(seal.key, last.key):
                told = _("batch %(number)s in roots.jsonl was signed with a key that had been replaced before")
                self._tell("signature", told, seal)
            last = seal
            if not _among(self._lost, seal):
                yield seal

    def _tell(self, code: str, told: str, seal: Seal) -> None:
        self._report.add(code, told % {"number": seal.number}, position=seal.first)


def _lost_numbers(folder: Folder, size: int) -> list[range]:
    """Return the runs of batch numbers that restores have undone."""
    lost = []
    for line in folder.lines(size):
        if b'"kind":"restored"' in line:
            with suppress(ValueError):
                note = parse(line)
                lost.append(range((note.kept or 0) + 1, note.number))
    return lost


def _among(runs: list[range], seal: Seal) -> bool:
    return any(seal.number in run for run in runs)
