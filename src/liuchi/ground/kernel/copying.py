"""Many rows of one table by COPY: a load of a hundred thousand rows costs little more than writing their text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import DatabaseDefault

from liuchi.ground.kernel.clock import written
from liuchi.ground.kernel.writing import json_object

Model: TypeAlias = type[models.Model]
Row = TypeVar("Row", bound=models.Model)
Field: TypeAlias = "models.Field[Any, Any]"

#: Fields whose values are written as they are, when they are of a type named in `_TEXTS`.
_PLAIN: Final = frozenset(
    {
        models.BigIntegerField,
        models.BinaryField,
        models.BooleanField,
        models.CharField,
        models.DateField,
        models.DateTimeField,
        models.DecimalField,
        models.FloatField,
        models.ForeignKey,
        models.IntegerField,
        models.OneToOneField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.SmallIntegerField,
        models.TextField,
        models.UUIDField,
    }
)
#: Rows put into words together, and handed over at once.
_TOGETHER: Final = 200
#: Texts and moments whose words are kept: codes come again and again, moments in several columns.
_TEXTS_KEPT, _MOMENTS_KEPT = 8192, 1 << 16
_NULL: Final = r"\N"
_SPECIAL: Final = re.compile(r"[\\\t\n\r]").search
_ESCAPED: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_in(model: type[Row], rows: Iterable[Row]) -> int:
    """Insert unsaved rows of one table by COPY and return how many; many times faster than INSERT.

    A generator keeps memory bounded; it cannot ask the database while it gives rows. All rows leave the same columns to
    the database (`db_default`), which are not read back.

    Raises:
        IntegrityError: when a row breaks a constraint; nothing of the call stands.
        ValueError: when a row is of another model, or leaves other columns to the database than the first one.
    """
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return 0
    copying = _Copying(model, first)
    coming = chain((first,), coming)
    connection = connections[DEFAULT_DB_ALIAS]
    count = 0
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(copying.statement) as copied:
        while block := list(islice(coming, _TOGETHER)):
            copied.write("".join(map(copying.line, block)))
            count += len(block)
    return count


def copy_words(table: str, columns: Sequence[str], rows: Iterable[str]) -> None:
    """Insert rows that are in words already, with their line ends; see `words_of`.

    Raises:
        IntegrityError: when a row breaks a constraint; nothing of the call stands.
    """
    named = ", ".join(f'"{each}"' for each in columns)
    connection = connections[DEFAULT_DB_ALIAS]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f'COPY "{table}" ({named}) FROM STDIN') as copied,
    ):
        copied.write("".join(rows))


def words_of(values: Iterable[Any]) -> str:
    """Return values of plain types in the words of COPY, without a line end.

    Raises:
        TypeError: a value is of another type, or a moment without a time zone.
    """
    texts = _TEXTS
    return "\t".join([texts[type(value)](value) for value in values])  # type: ignore[misc]


class _Copying:
    """How rows of one model are put into words for COPY: plain columns first, then those that Django prepares."""

    def __init__(self, model: Model, first: models.Model) -> None:
        self.model = model
        fields = model._meta.concrete_fields  # noqa: SLF001 - Django's own public name
        self.left = tuple(each.attname for each in fields if _is_left(first.__dict__.get(each.attname)))
        given = [each for each in fields if each.attname not in self.left]
        self.plain = [each for each in given if _is_plain(each)]
        self.values = itemgetter(*(each.attname for each in self.plain))
        others = [each for each in given if not _is_plain(each)]
        #: JSON is written as it is; of others Django and the driver know how.
        self.others = [(each, type(each) is models.JSONField and each.encoder is None) for each in others]
        columns = [f'"{each.column}"' for each in (*self.plain, *others)]
        self.statement = f'COPY "{model._meta.db_table}" ({", ".join(columns)}) FROM STDIN'  # noqa: SLF001

    def line(self, row: models.Model) -> str:
        """Return the row's line; it counts as stored from now on."""
        held = row.__dict__
        if type(row) is not self.model or (self.left and not all(_is_left(held.get(name)) for name in self.left)):
            raise ValueError(f"copy_in takes rows of {self.model.__name__} that all leave {len(self.left)} columns out")
        texts = _TEXTS
        words = [texts[type(value)](value) for value in self.values(held)]
        if None in words:
            words = [
                _prepared(row, each) if word is None else word for word, each in zip(words, self.plain, strict=True)
            ]
        for each, is_json in self.others:
            value = held[each.attname]
            words.append(escaped(json_object(value)) if is_json and type(value) is dict else _prepared(row, each))
        row._state.adding = False  # noqa: SLF001 - what Model.save does
        row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001
        return "\t".join(words) + "\n"  # type: ignore[arg-type]


def _is_plain(field: Field) -> bool:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return False
    return type(field) in _PLAIN


def _is_left(value: object) -> bool:
    return isinstance(value, DatabaseDefault)


def _prepared(row: models.Model, field: Field) -> str:
    """Return a value as Django prepares it and the driver writes it; most values need neither, and it costs more."""
    held = row.__dict__[field.attname]
    if _is_left(held):
        raise ValueError(f"copy_in: {field.name} is given in the first row and left out in another")
    connection: Any = connections[DEFAULT_DB_ALIAS]
    value = field.get_db_prep_save(field.pre_save(row, add=True), connection=connection)
    if value is None:
        return _NULL
    driver = connection.Database.adapt
    dumped = driver.Transformer.from_context(connection.connection).get_dumper(value, driver.PyFormat.TEXT).dump(value)
    return _NULL if dumped is None else escaped(bytes(dumped).decode())


def escaped(value: str) -> str:
    """Return a text in the words of COPY."""
    return value.translate(_ESCAPED) if _SPECIAL(value) else str.__str__(value)


@lru_cache(maxsize=_MOMENTS_KEPT)
def _moment(value: datetime) -> str | None:
    return written(value) if value.tzinfo is not None else None


class _Texts(dict[type, Callable[[Any], str | None]]):
    """How values of a type are written; None where Django is to prepare them."""

    def __missing__(self, kind: type) -> Callable[[Any], str | None]:
        found = next((each for each in (str, int) if issubclass(kind, each)), None)
        # Not what is kept of plain texts: members of enumerations are slow to look up.
        self[kind] = write = escaped if found is str else _BY_TYPE[found] if found else lambda _value: None
        return write


_BY_TYPE: Final[dict[type, Callable[[Any], str | None]]] = {
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: r"\\x" + value.hex(),
    date: date.isoformat,
    datetime: _moment,
    Decimal: str,
    float: float.__repr__,
    int: int.__repr__,
    str: lru_cache(maxsize=_TEXTS_KEPT)(escaped),
    type(None): lambda _value: _NULL,
    UUID: lambda value: "%032x" % value.int,  # noqa: UP031 - twice as fast as a format
}
_TEXTS: Final = _Texts(_BY_TYPE)
