"""The bare limit of an action: one prepared statement that writes the same rows, made from what the action executes."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, transaction

from liuchi.ground.kernel import guard
from liuchi.ground.kernel.sql import written_tables

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Statement:
    """A statement and its parameters, as Django hands them to psycopg."""

    sql: str
    params: tuple[Any, ...]


class NotOneStatement(RuntimeError):
    """What the action executes cannot be put together as one statement; the bench has to learn it."""


@contextmanager
def listening(wanted: Callable[[str], bool]) -> Iterator[list[Statement]]:
    """Collect the statements executed in the block that are `wanted`."""
    heard: list[Statement] = []

    def listen(execute: Callable[..., Any], sql: Any, params: Any, many: Any, context: Mapping[str, Any]) -> Any:
        if wanted(str(sql)):
            heard.append(Statement(str(sql), tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard


def rehearse(action: Callable[[], object]) -> Statement:
    """Run an action, undo it, and return the one statement that writes what it wrote.

    Raises:
        NotOneStatement: when it executes something else than updates and one insertion of rows together.
    """
    with (
        transaction.atomic(),
        guard.scope("reaction", "bench"),
        listening(lambda sql: bool(written_tables(sql))) as heard,
    ):
        action()
        transaction.set_rollback(True)
    return _together(heard)


def _writes(sql: str) -> bool:
    return bool(written_tables(sql))


def _together(heard: list[Statement]) -> Statement:
    """Put the updates last: the server runs such parts last to first, and a clock must stop before the next starts."""
    inserted = [each for each in heard if each.sql.startswith("WITH r0 AS (INSERT ")]
    updated = [each for each in heard if each.sql.startswith("WITH u0 AS (UPDATE ")]
    if len(inserted) != 1 or len(inserted) + len(updated) != len(heard):
        raise NotOneStatement("; ".join(each.sql[:60] for each in heard))
    new, _, answer = inserted[0].sql.rpartition(") SELECT ")
    changed = [each.sql.removeprefix("WITH ").rpartition(" RETURNING 1) SELECT ")[0] for each in updated]
    params = [value for each in (inserted[0], *updated) for value in each.params]
    return Statement(f"{'), '.join([new, *changed])}) SELECT {answer}", tuple(params))


class Limit:
    """Plain connections to the database that Django uses, one for each thread; each statement is a transaction."""

    def __init__(self) -> None:
        self._where, self._mine = _where(), threading.local()
        self._all: list[Connection] = []

    def ready(self, statements: Sequence[Statement]) -> Callable[[], object]:
        """Return a call that executes the statements one after the other, in whichever thread."""
        return lambda: [ready(self._connection(), each)() for each in statements]

    def close(self) -> None:
        """Close the connections."""
        for each in self._all:
            each.close()

    def _connection(self) -> Connection:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = open_bare(self._where)
            self._all.append(self._mine.connection)
        found: Connection = self._mine.connection
        return found


def open_bare(where: Mapping[str, Any] | None = None) -> Connection:
    """Return a plain connection to the database that Django uses, each statement a transaction of its own."""
    return psycopg.connect(**(where or _where()), autocommit=True)


def _where() -> dict[str, Any]:
    given = connection.get_connection_params()
    return {name: given[name] for name in ("host", "port", "user", "password", "dbname") if given.get(name)}


def heard_of(page: Callable[[], object]) -> list[Statement]:
    """Return the statements by which a page reads cases."""
    with listening(lambda sql: '"cases_case"' in sql) as heard:
        page()
    return heard


def ready(bare: Connection, statement: Statement) -> Callable[[], object]:
    """Return a call that executes `statement` prepared and fetches all it answers."""
    cursor, sql, params = bare.cursor(), statement.sql, statement.params
    return lambda: cursor.execute(sql, params, prepare=True).fetchall()
