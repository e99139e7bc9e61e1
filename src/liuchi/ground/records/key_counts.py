"""Counting which keys are still needed: by every declared sealed column, and by holders outside the declared ones."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from django.db import connection, models

from liuchi.ground.kernel.keyring import Keyring, keyring
from liuchi.ground.kernel.keys import FIRST_INDEX_KEY, INDEX_LENGTH, index_mark, seal_mark
from liuchi.ground.records.declared import RecordType, Sealed, sealed_columns
from liuchi.ground.records.protected import BOUND

#: Asked for the names of the sealing keys it needs, with the number of values under each.
Count = Callable[[], Counter[str]]
_holders: Final[dict[str, Count]] = {}


class KeyNeed(NamedTuple):
    """So many values in one place stand under one key. `is_bound` False: sealed before values were bound to rows."""

    use: str
    key: str
    where: str
    values: int
    is_bound: bool = True


@dataclass(frozen=True)
class Behind:
    """The condition of a WHERE clause that finds the rows of a type which are not under the current keys."""

    sql: str
    params: tuple[bytes, ...]


def declare_holder(name: str, count: Count) -> None:
    """Say that `name` holds sealed values outside declared columns (sessions), and how to count their keys."""
    _holders[name] = count


def needs() -> Iterator[KeyNeed]:
    """Yield which keys are needed where, by counting every sealed value there is (one scan for each column)."""
    for record_type, sealed in sealed_columns():
        where = f"{record_type.name}.{sealed.column}"
        yield from _sealing_needs(record_type, sealed, where)
        if sealed.index:
            yield from _index_needs(record_type, sealed.index)
    for name, count in sorted(_holders.items()):
        for key, values in sorted(count().items()):
            yield KeyNeed("sealing", key, name, values)


def behind(record_type: RecordType, ring: Keyring | None = None) -> Behind:
    """Return what finds the rows of this type with a value under another key than the current, or not bound."""
    ring = ring or keyring()
    mark, tail = bytes([BOUND]) + seal_mark(ring.sealing.current), index_mark(ring.index.current)
    clauses: list[str] = []
    params: list[bytes] = []
    for sealed in record_type.sealed:
        column = column_of(record_type, sealed.column)
        clauses.append(f"({column} IS NOT NULL AND substring({column} from 1 for {len(mark)}) <> %s)")
        params.append(mark)
        if sealed.index:
            index = column_of(record_type, sealed.index)
            clauses.append(f"({index} IS NOT NULL AND substring({index} from {INDEX_LENGTH + 1}) <> %s)")
            params.append(tail)
    return Behind(" OR ".join(clauses), tuple(params))


def count_behind(record_type: RecordType) -> int:
    """Return how many rows of this type wait to be sealed anew (one scan)."""
    found = behind(record_type)
    rows = _ask(f"SELECT count(*) FROM {table_of(record_type)} WHERE {found.sql}", found.params)  # noqa: S608
    return int(rows[0][0])


def table_of(record_type: RecordType) -> str:
    """Return the quoted name of a type's table."""
    return connection.ops.quote_name(record_type.rows_of._meta.db_table)  # noqa: SLF001 - Django's own public name


def column_of(record_type: RecordType, name: str) -> str:
    """Return the quoted name of the column in which a type's field stands."""
    field = cast("models.Field[Any, Any]", record_type.rows_of._meta.get_field(name))  # noqa: SLF001
    return connection.ops.quote_name(field.column)


def _sealing_needs(record_type: RecordType, sealed: Sealed, where: str) -> Iterator[KeyNeed]:
    column = column_of(record_type, sealed.column)
    bound = f"(get_byte({column}, 0) = {BOUND})"
    start = f"(CASE WHEN {bound} THEN 1 ELSE 0 END)"
    rows = _ask(
        f"SELECT substring({column} from {start} + 2 for get_byte({column}, {start})), {bound}, count(*)"  # noqa: S608
        f" FROM {table_of(record_type)} WHERE length({column}) > 2 GROUP BY 1, 2 ORDER BY 1, 2",
    )
    for key, is_bound, values in rows:
        yield KeyNeed("sealing", bytes(key).decode(errors="replace"), where, values, is_bound)


def _index_needs(record_type: RecordType, name: str) -> Iterator[KeyNeed]:
    column = column_of(record_type, name)
    rows = _ask(
        f"SELECT substring({column} from {INDEX_LENGTH + 1}), count(*) FROM {table_of(record_type)}"  # noqa: S608
        f" WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY 1",
    )
    for key, values in rows:
        yield KeyNeed(
            "index", bytes(key).decode(errors="replace") or FIRST_INDEX_KEY, f"{record_type.name}.{name}", values
        )


def _ask(sql: str, params: tuple[bytes, ...] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
