"""What may be brought in: each room declares its registers, and says what becomes of their rows."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from liuchi.ground.exchange.columns import Column
from liuchi.ground.journal.kinds import CODE
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound

Values: TypeAlias = Mapping[str, Any]


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Problem:
    """Why a row is refused, or (`is_note`) what was noticed about it.

    `column` is the register's key ("" for the row as a whole); `message` says what to do and never repeats a value.
    """

    code: str
    message: str
    column: str = ""
    is_note: bool = False


class RowRefused(ValueError):
    """A row cannot be taken; raised by a register's `read_row`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__([problem.code for problem in problems])
        self.problems = problems


@dataclass(frozen=True)
class Entry:
    """A row that can be read: its number in the file, as the spreadsheet counts, and what `read_row` made of it."""

    number: int
    row: Any


@dataclass(frozen=True)
class Touched:
    """A stored row that an import wrote: `before` holds the columns it changed as they were, or None for a new row."""

    model: str
    pk: str
    before: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Result:
    """What became of one entry, and every stored row it touched, in the order of writing."""

    outcome: Outcome
    touched: tuple[Touched, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Written:
    """What a batch wrote: each row of the file with its result, and the marks by which a later change shows."""

    done: Sequence[tuple[int, Result]]
    marks: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Source:
    """What is known of the file as a whole: its name, the hash of its bytes, and the values asked once for all rows."""

    name: str
    digest: str
    values: Values


#: Takes in entries, in the name of somebody, through actions of the room; returns a result for each, in order.
Apply: TypeAlias = Callable[[Actor, Sequence[Entry], Source], Sequence[Result]]
#: Takes back what a batch wrote, newest batch first; returns the rows of the file that cannot be taken back, with why.
Undo: TypeAlias = Callable[[Actor, Written, Source], Sequence[tuple[int, Problem]]]


def same(values: Values) -> Values:
    """Return the values of a row as they were read: the row of a register that needs no type of its own."""
    return values


@dataclass(frozen=True)
class Register:
    """A register that files may be brought into.

    `apply` calls the room's actions: they ask what the actor may do, area by area, and leave the room's own journal
    lines. It may raise RuleBroken for a batch; the rows are then tried in ever smaller batches, and the one that is
    refused alone gets the message. The same row again must come out as unchanged.

    `read_row` turns checked values into what `apply` takes, and may raise RowRefused for what shows only when columns
    are seen together. `key` names what a row is about: two rows of one file about the same are refused. A register
    that `is_whole` takes a file entirely or not at all.
    """

    code: str
    title: str | Promise
    columns: tuple[Column, ...]
    power: str
    apply: Apply
    read_row: Callable[[Values], Any] = same
    key: Callable[[Any], Hashable] | None = None
    is_whole: bool = False
    undo: Undo | None = None
    #: What is noticed about a row that can be taken, told by the check too.
    notes: Callable[[Any], Sequence[Problem]] | None = None
    #: Does what a mapping asks for beside its columns, before rows are run; the command line calls it.
    prepare: Callable[[Actor, Mapping[str, Any]], None] | None = None
    help: str | Promise = ""
    #: Which column stands at which place of a file without headings.
    places: tuple[str, ...] = ()
    #: Where JSON files keep their rows, when it is not the document itself: names tried in order.
    rows_in: tuple[str, ...] = ()
    #: Turns a JSON document of another shape into rows.
    rows_of: Callable[[Any], Sequence[Mapping[str, Any]]] | None = None
    _by_key: dict[str, Column] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if not CODE.fullmatch(self.code) or not keys or len(set(keys)) < len(keys):
            raise ValueError(f"{self.code!r}: a register has a code and columns, each once")
        self._by_key.update({column.key: column for column in self.columns})

    def column(self, key: str) -> Column:
        """Return the column of that key; KeyError where there is none."""
        return self._by_key[key]

    @property
    def is_personal(self) -> bool:
        """Tell whether files for it hold personal data."""
        return any(column.is_personal for column in self.columns)


def created(*rows: models.Model) -> Result:
    """Return the result of an entry that made new rows."""
    return Result(Outcome.CREATED, tuple(Touched(_label(row), str(row.pk)) for row in rows))


def changed(row: models.Model, before: Mapping[str, Any], *more: Touched) -> Result:
    """Return the result of an entry that changed a row; `before` holds the changed columns as they were."""
    return Result(Outcome.CHANGED, (Touched(_label(row), str(row.pk), before), *more))


def unchanged() -> Result:
    """Return the result of an entry that said what is known already."""
    return Result(Outcome.UNCHANGED)


def refused(code: str, message: str, column: str = "") -> Result:
    """Return the result of an entry that cannot be taken, with the cure."""
    return Result(Outcome.REFUSED, problems=(Problem(code, message, column),))


@cache
def registers() -> Mapping[str, Register]:
    """Return every register by its code, in the order in which the wiring lists them."""
    return {register.code: register for register in import_string(settings.LIUCHI_REGISTERS)}


def register_of(code: str) -> Register:
    """Return the register of that code.

    Raises:
        NotFound: when there is none.
    """
    try:
        return registers()[code]
    except KeyError:
        known = ", ".join(registers())
        raise NotFound(
            _("There is no register “%(code)s”; there are: %(known)s.") % {"code": code, "known": known}
        ) from None


def _label(row: models.Model) -> str:
    return row._meta.label  # noqa: SLF001 - Django's own public name
