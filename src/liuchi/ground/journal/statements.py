"""Plain SQL where the journal works on many lines at once: one value, or a stream of stored lines."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from liuchi.ground.journal.lines import COLUMNS, Stored, stored

_CHUNK = 2000


def ask(sql: str, *params: Any) -> Any:
    """Return the first column of the first row, or None when there is no row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None


def stream_lines(condition: str, *params: Any) -> Iterator[Stored]:
    """Yield the lines that meet `condition` (SQL after WHERE, order included), holding a few thousand at a time."""
    for row in stream_rows(f"SELECT {COLUMNS} FROM journal_line WHERE {condition}", *params):  # noqa: S608 - our own SQL
        yield stored(row)


def stream_rows(sql: str, *params: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query through a cursor that the server keeps."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows
