"""Rows whose sealed values are brought under the current keys: locked, sealed anew, written back together."""

from typing import Any, NamedTuple

from django.db import connection

from liuchi.ground.kernel.keyring import Keyring, KeyringBroken
from liuchi.ground.records import protected
from liuchi.ground.records.declared import RecordType
from liuchi.ground.records.key_counts import behind, column_of, table_of


class Fresh(NamedTuple):
    """A row's id and sealed values, sealed anew; `is_broken` when a value could not be opened and was left."""

    row: tuple[Any, ...]
    is_broken: bool


def locked(record_type: RecordType, ring: Keyring, after: Any, limit: int) -> list[tuple[Any, ...]]:
    """Lock and return id and sealed columns of rows that are behind, leaving those that others hold."""
    meta, found = record_type.rows_of._meta, behind(record_type, ring)  # noqa: SLF001 - Django's own public name
    key = connection.ops.quote_name(str(meta.pk.column))
    columns = ", ".join([key, *_columns(record_type)])
    onward, params = (f"{key} > %s AND ", (after, *found.params)) if after is not None else ("", found.params)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {table_of(record_type)} WHERE {onward}({found.sql})"  # noqa: S608
            f" ORDER BY {key} LIMIT {limit:d} FOR UPDATE SKIP LOCKED",
            params,
        )
        return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in cursor]


def anew(record_type: RecordType, ring: Keyring, row: tuple[Any, ...]) -> Fresh:
    """Return a row of `locked` with its values sealed anew; what cannot be opened is left as it is."""
    row_id, values = row[0], iter(row[1:])
    fresh, is_broken = [row_id], False
    for sealed in record_type.sealed:
        value, index = next(values), next(values) if sealed.index else None
        try:
            text = protected.unseal(value, sealed.field, row_id)
        except KeyringBroken:
            is_broken = True
        else:
            value = protected.seal(text, sealed.field, row_id)
            index = ring.blind(text, sealed.field) if index is not None and text else index
        fresh += [value, index] if sealed.index else [value]
    return Fresh(tuple(fresh), is_broken)


def write_anew(record_type: RecordType, rows: list[tuple[Any, ...]]) -> None:
    """Write rows of `anew` back, with one statement."""
    meta, columns = record_type.rows_of._meta, _columns(record_type)  # noqa: SLF001 - Django's own public name
    key, kind = connection.ops.quote_name(str(meta.pk.column)), meta.pk.db_type(connection)
    values = [f"v{number}" for number in range(len(columns))]
    changes = ", ".join(f"{column} = fresh.{value}" for column, value in zip(columns, values, strict=True))
    arrays = ", ".join([f"%s::{kind}[]", *["%s::bytea[]"] * len(columns)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table_of(record_type)} AS kept SET {changes}"  # noqa: S608
            f" FROM unnest({arrays}) AS fresh(id, {', '.join(values)}) WHERE kept.{key} = fresh.id",
            [list(each) for each in zip(*rows, strict=True)],
        )


def _columns(record_type: RecordType) -> list[str]:
    names = [name for sealed in record_type.sealed for name in (sealed.column, sealed.index) if name]
    return [column_of(record_type, name) for name in names]
