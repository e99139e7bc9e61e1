"""From what a row says to what a register takes: each value read, each fault named with its cure."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liuchi.ground.exchange.cells import TEXT_MARK, starts_formula
from liuchi.ground.exchange.columns import CellRefused, Column, Day, Moment, PlainWords
from liuchi.ground.exchange.mapping import MappingRefused, Taken, bare_name, place_of
from liuchi.ground.exchange.reading.cleaning import NOTES
from liuchi.ground.exchange.reading.limits import MOST_COLUMNS
from liuchi.ground.exchange.registers import Entry, Problem, Register, RowRefused, Values
from liuchi.ground.exchange.writing import NOTE_MARK

#: A row as it was read from the file: its number, its cells, what was noticed about them.
Raw = tuple[int, list[Any], list[list[Any]]]

#: What the reading process notices, in words that say what to do.
FLAGS: Final[Mapping[str, str | Promise]] = {
    "quote_open": gettext_lazy("A quotation mark is opened and never closed; close it, or take it out."),
    "quote_inside": gettext_lazy("A quotation mark stands inside a value; double it, or take it out."),
    "line_too_long": gettext_lazy("This line has more than a million characters; something does not belong there."),
    "cell_too_long": gettext_lazy("This value is longer than a cell can be (32,767 characters); shorten it."),
    "broken_text": gettext_lazy("Some characters are broken. Save the file as UTF-8, or choose its encoding again."),
    "turning": gettext_lazy("Hidden characters turn the reading direction here; type the value anew."),
    "unseen": gettext_lazy("Invisible characters were taken out."),
    "calculated": gettext_lazy("A formula gave this value; the value was taken."),
    "no_object": gettext_lazy("This entry is not an object with named values."),
}


@dataclass(frozen=True)
class Read:
    """What became of a row: the entry (None when refused) and everything that was found."""

    entry: Entry | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Cell:
    """How one column is read: where it stands (None: a constant, or nothing at all) and what an empty one means."""

    column: Column
    place: int | None
    read: Callable[[Any], Any]
    empty: Any
    values: Mapping[str, str]


@dataclass
class RowReader:
    """Reads rows of one file for one register. It remembers what rows are about, so that none is said twice.

    Raises:
        MappingRefused: when a constant of the mapping cannot be read.
    """

    register: Register
    mapping: Mapping[str, Taken]
    headings: Sequence[str]
    is_ragged_refused: bool = True
    _seen: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._width = len(self.headings)
        self._cells = [self._prepared(column) for column in self.register.columns if not column.is_once]
        nowhere = MOST_COLUMNS + 1
        self._plan = [
            (cell.column.key, nowhere if cell.place is None else cell.place, cell.read, cell.empty, cell.values)
            for cell in self._cells
        ]
        self._mapped = {cell.place: cell.column.key for cell in self._cells if cell.place is not None}
        self.values_for_all = {
            column.key: self._constant(column, self.mapping.get(column.key))
            for column in self.register.columns
            if column.is_once
        }

    def read(self, raw: Raw) -> Read:
        """Return a row read, or why it cannot be."""
        number, cells, flags = raw
        problems = self._noticed(cells, flags) if flags or len(cells) != self._width else []
        if not any(problem.column == "" and not problem.is_note for problem in problems):
            values = self._values(cells, problems)
            if all(problem.is_note for problem in problems):
                try:
                    row = self.register.read_row(values)
                    self._refuse_twice(row, number)
                    if self.register.notes is not None:
                        problems.extend(self.register.notes(row))
                    return Read(Entry(number, row), tuple(problems))
                except RowRefused as error:
                    problems.extend(error.problems)
        return Read(None, tuple(problems))

    def value_of(self, raw: Raw, key: str) -> Any:
        """Return what a row says in a column: as it is read, or as it stands there where it cannot be."""
        _number, cells, _flags = raw
        cell = next(each for each in self._cells if each.column.key == key)
        if cell.place is None or cell.place >= len(cells) or cells[cell.place] in (None, ""):
            return None if cell.empty is _MISSING else cell.empty
        written = cells[cell.place]
        try:
            return cell.read(_unmarked(written, cell.values))
        except CellRefused:
            return written

    def _values(self, cells: Sequence[Any], problems: list[Problem]) -> Values:
        values: dict[str, Any] = dict(self.values_for_all)
        flagged = {problem.column for problem in problems if not problem.is_note}
        count = len(cells)
        for key, place, read, empty, words in self._plan:
            written = cells[place] if place < count else None
            if written is None or written == "" or (type(written) is str and not written.strip()):
                if empty is not _MISSING:
                    values[key] = empty
                elif key not in flagged:
                    problems.append(Problem("required", _("This must be filled in."), key))
                continue
            if words or (type(written) is str and written[0] == TEXT_MARK):
                written = _unmarked(written, words)
            if key in flagged:
                continue
            try:
                values[key] = read(written)
            except CellRefused as error:
                problems.append(Problem(error.code, error.message, key))
        return values

    def _noticed(self, cells: Sequence[Any], flags: Sequence[Sequence[Any]]) -> list[Problem]:
        problems = [
            Problem(code, str(FLAGS[code]), self._mapped.get(place, ""), is_note=code in NOTES)
            for place, code in flags
            if place < 0 or place in self._mapped or code not in NOTES | {"cell_too_long", "turning", "broken_text"}
        ]
        if self.is_ragged_refused and len(cells) != self._width and not flags:
            extra = any(cell not in (None, "") for cell in cells[self._width :])
            if extra or len(cells) < self._width:
                said = _("%(found)d values under %(wanted)d headings: a delimiter is missing, or one too many.")
                problems.append(Problem("ragged", said % {"found": len(cells), "wanted": self._width}))
        return problems

    def _refuse_twice(self, row: Any, number: int) -> None:
        if self.register.key is None:
            return
        about: Hashable = self.register.key(row)
        if about is None:
            return
        before = self._seen.setdefault(hash(about), number)
        if before != number:
            said = _("Row %(row)d is about the same; keep one of the two.") % {"row": before}
            raise RowRefused(Problem("twice", said))

    def _prepared(self, column: Column) -> _Cell:
        taken = self.mapping.get(column.key)
        kind = column.kind
        if taken is not None and taken.day and isinstance(kind, (Day, Moment)):
            kind = replace(kind, form=taken.day)
        if taken is not None and taken.constant is not None:
            return _Cell(column, None, kind.read, self._constant(column, taken), {})
        place = place_of(taken, self.headings) if taken else None
        return _Cell(column, place, kind.read, self._default(column), taken.values if taken else {})

    def _default(self, column: Column) -> Any:
        if column.default:
            return column.kind.read(column.default)
        return _MISSING if column.is_required else None

    def _constant(self, column: Column, taken: Taken | None) -> Any:
        text = taken.constant if taken and taken.constant is not None else column.default
        if not text:
            if column.is_required:
                raise MappingRefused(_("Still needed: %(columns)s.") % {"columns": column.label}, field=column.key)
            return None
        try:
            return column.kind.read(text)
        except CellRefused as error:
            raise MappingRefused(f"{column.label}: {error.message}", field=column.key) from error


_MISSING: Final = object()


def is_note_line(cells: Sequence[Any]) -> bool:
    """Tell whether a row is the watermark of one of our exports."""
    first = next((cell for cell in cells if cell not in (None, "")), None)
    return isinstance(first, str) and first.startswith(NOTE_MARK)


def _unmarked(written: Any, values: Mapping[str, str]) -> Any:
    """Return a value without the mark that our exports put before what might calculate, and in the register's words."""
    if isinstance(written, str) and written.startswith(TEXT_MARK) and starts_formula(written[1:]):
        return PlainWords(written[1:])
    if values:
        text = written if isinstance(written, str) else str(written)
        return values.get(bare_name(text), written)
    return written
