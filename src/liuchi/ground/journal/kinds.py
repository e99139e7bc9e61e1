"""The kinds of journal lines. A room declares each kind once, with the fields its data holds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

from liuchi.ground.kernel.writing import id_words

CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,80}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_WIDEST = 2**63
#: Codes and ids that this process has put into words lately: states, reasons, units and places come again and again.
_CODES_KEPT = 2048

Json = str | int | bool | list["Json"] | None


class JournalRefused(ValueError):
    """A line or a kind breaks the journal's rules; the message says what to do (it never repeats the refused value)."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of line: its name, and for each field of its data how a value is checked and put into JSON."""

    name: str
    fields: Mapping[str, object]
    is_read: bool
    _checks: Mapping[str, Callable[[Any], Json]]

    def check(self, data: Mapping[str, object]) -> dict[str, Json]:
        """Return `data` as JSON with exactly the declared fields; a field that may be None may be left out.

        Raises:
            JournalRefused: for an undeclared or missing field, free text, a float, or a value of another type.
        """
        unknown = data.keys() - self._checks.keys()
        if unknown:
            raise JournalRefused(f"{self.name}: {sorted(unknown)} not declared; add them where the kind is declared")
        checked: dict[str, Json] = {}
        name = ""
        try:
            for name, check in self._checks.items():
                checked[name] = check(data.get(name))
        except JournalRefused as error:
            raise JournalRefused(f"{self.name}: field {name!r} {error}") from None
        return checked


_declared: dict[str, Kind] = {}


def declare(name: str, /, *, is_read: bool = False, **fields: object) -> Kind:
    """Declare the kind `name` ("case.closed") with the types of its data's fields, and return it.

    `is_read` makes it a kind of read line: somebody saw, looked for or took away protected data. Such a line says what
    for, in a field `purpose` (None: nothing protected was among it); where one person's data were read, a field
    `person` holds whose.

    Types: UUID, int, bool, str (a code), date, datetime (aware), Decimal, bytes (a salted hash); `list[...]` of one
    of these; `... | None` where the value may be absent. Decimals, moments and hashes are stored as codes.

    Raises:
        JournalRefused: when the name is taken or not of the form "room.verb", a type is not among these, or a read line
            has no purpose.
    """
    if not _NAME.fullmatch(name):
        raise JournalRefused(f"{name!r} is no name for a kind; write it as room.what_happened, in small ASCII letters")
    if name in _declared:
        raise JournalRefused(f"the kind {name} is declared already; import it from where it is declared")
    if is_read and fields.get("purpose") not in {str, str | None}:
        raise JournalRefused(f"{name}: a read line says what for; declare it with purpose=str")
    kind = Kind(name, MappingProxyType(fields), is_read, {field: _check_for(kept) for field, kept in fields.items()})
    _declared[name] = kind
    return kind


def kinds() -> Mapping[str, Kind]:
    """Return every declared kind by name."""
    return MappingProxyType(_declared)


def read_kinds() -> frozenset[str]:
    """Return the names of the kinds whose lines tell that protected data were read."""
    return frozenset(name for name, kind in _declared.items() if kind.is_read)


def require_declared(kind: object) -> Kind:
    """Return `kind` when it came from `declare`.

    Raises:
        JournalRefused: otherwise.
    """
    if isinstance(kind, Kind) and _declared.get(kind.name) is kind:
        return kind
    raise JournalRefused(
        f"the kind {getattr(kind, 'name', kind)!r} is not declared; declare it in the room that records it"
    )


@lru_cache(maxsize=_CODES_KEPT)
def require_code(value: str, what: str) -> str:
    """Return `value` when it is a code.

    Raises:
        JournalRefused: when it is empty, longer than 80 characters, or holds anything but ASCII letters, digits, _.:+-
    """
    if CODE.fullmatch(value):
        return str(value)
    raise JournalRefused(
        f"{what} is not a code (1 to 80 of A-Z a-z 0-9 _ . : + -). Journal data holds no free text and no protected"
        " value, only ids, codes, numbers and salted hashes: keep the text in its room and journal the row's id"
    )


@lru_cache(maxsize=_CODES_KEPT)
def id_text(value: UUID) -> str:
    """Return an id as text."""
    return id_words(value)


def _code(value: str) -> Json:
    return require_code(value, "holds text that")


def _integer(value: int) -> Json:
    if not -_WIDEST <= value < _WIDEST:
        raise JournalRefused("does not fit 64 bits; journal the id of the row that holds it")
    return value


def _decimal(value: Decimal) -> Json:
    if not value.is_finite():
        raise JournalRefused("is not a finite number; leave it out instead")
    return require_code(format(value, "f"), "holds a number that")


def _moment(value: datetime) -> Json:
    if value.tzinfo is None:
        raise JournalRefused("is a moment without a time zone; give an aware one")
    return value.isoformat()


_TO_JSON: dict[type, Callable[[Any], Json]] = {
    UUID: id_text,
    int: _integer,
    bool: bool,
    str: _code,
    date: date.isoformat,
    datetime: _moment,
    Decimal: _decimal,
    bytes: bytes.hex,
}


def _check_for(declared: object) -> Callable[[Any], Json]:
    """Return the function that checks a value of the declared type and puts it into JSON."""
    if isinstance(declared, UnionType):
        inner = [each for each in get_args(declared) if each is not NoneType]
        if len(inner) == 1 and NoneType in get_args(declared):
            check = _check_for(inner[0])
            return lambda value: None if value is None else check(value)
    if get_origin(declared) is list:
        (item,) = get_args(declared)
        each_check = _check_for(item)
        return lambda value: [each_check(each) for each in _sequence(value)]
    if isinstance(declared, type) and declared in _TO_JSON:
        return _plain_check(declared)
    raise JournalRefused(f"{declared!r} is no type for journal data; see liuchi.ground.journal.kinds.declare")


def _plain_check(wanted: type) -> Callable[[Any], Json]:
    to_json = _TO_JSON[wanted]
    # A bool is an int to Python and a datetime is a date; to a reader of the journal they are not.
    excluded: type | tuple[()] = {int: bool, date: datetime}.get(wanted, ())

    def check(value: object) -> Json:
        if type(value) is wanted:
            return to_json(value)
        if value is None:
            raise JournalRefused("is missing; give it, or declare it as `... | None`")
        if not isinstance(value, wanted) or isinstance(value, excluded):
            raise JournalRefused(f"is a {type(value).__name__}, declared as {wanted.__name__}")
        return to_json(value)

    return check


def _sequence(value: object) -> list[object] | tuple[object, ...]:
    if isinstance(value, (list, tuple)):
        return value
    raise JournalRefused(f"is a {type(value).__name__}, declared as a list")
