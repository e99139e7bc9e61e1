"""Trying to get around the guard at the database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, reset_queries, transaction
from psycopg import sql

from liuchi.ground.kernel import guard
from liuchi.ground.kernel.guard import WriteOutsideAction
from liuchi.ground.territory.models import Edition

pytestmark = pytest.mark.django_db


def _execute(statement: Any) -> Callable[[], object]:
    def run() -> object:
        with connection.cursor() as cursor:
            return cursor.execute(statement)

    return run


def _many() -> None:
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO territory_edition (id, number) VALUES (%s, %s)", [(True, 1)])


def _copy() -> None:
    with connection.cursor() as cursor, cursor.copy("COPY territory_edition FROM STDIN") as copied:
        copied.write_row((True, 1))


def _stream() -> list[object]:
    with connection.cursor() as cursor:
        return list(cursor.stream("INSERT INTO territory_edition VALUES (true, 1) RETURNING 1"))


def _callproc() -> None:
    with connection.cursor() as cursor:
        cursor.callproc("anything")


def _server_side() -> None:
    with connection.chunked_cursor() as cursor:
        cursor.execute("INSERT INTO territory_edition VALUES (true, 1) RETURNING 1")


TRIES: dict[str, Callable[[], object]] = {
    "create": lambda: Edition.objects.create(number=1),
    "save": lambda: Edition(number=1).save(),
    "bulk_create": lambda: Edition.objects.bulk_create([Edition(number=1)]),
    "update": lambda: Edition.objects.update(number=2),
    "delete": lambda: Edition.objects.all().delete(),
    "comment": _execute("/* only a look */ INSERT INTO territory_edition VALUES (true, 1)"),
    "with": _execute("WITH x AS (INSERT INTO territory_edition VALUES (true, 1) RETURNING 1) SELECT * FROM x"),
    "brackets": _execute("(WITH x AS (DELETE FROM territory_edition RETURNING 1) SELECT * FROM x)"),
    "second statement": _execute("SELECT 1; INSERT INTO territory_edition VALUES (true, 1)"),
    "merge": _execute(
        "MERGE INTO territory_edition t USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT VALUES (true, 1)"
    ),
    "truncate": _execute("TRUNCATE territory_edition"),
    "do": _execute("DO $$ BEGIN INSERT INTO territory_edition VALUES (true, 1); END $$"),
    "bytes": _execute(b"INSERT INTO territory_edition VALUES (true, 1)"),
    "composed": _execute(sql.SQL("INSERT INTO {} VALUES (true, 1)").format(sql.Identifier("territory_edition"))),
    "behind the framework's table": _execute(
        "WITH x AS (INSERT INTO territory_edition VALUES (true, 1)) DELETE FROM django_session"
    ),
    "many": _many,
    "copy": _copy,
    "stream": _stream,
    "procedure": _callproc,
    "server-side cursor": _server_side,
}


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES)
def test_write_when_no_action_runs_then_it_is_refused_before_it_reaches_the_database(
    attempt: Callable[[], object],
) -> None:
    with pytest.raises(WriteOutsideAction), transaction.atomic():
        attempt()

    assert list(Edition.objects.values_list("number", flat=True)) == []


def test_write_when_queries_are_logged_then_it_is_refused_all_the_same() -> None:
    connection.force_debug_cursor = True
    try:
        for attempt in (TRIES["create"], TRIES["copy"]):
            with pytest.raises(WriteOutsideAction), transaction.atomic():
                attempt()
    finally:
        connection.force_debug_cursor = False
        reset_queries()


def test_read_when_no_action_runs_then_it_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.Literal("INSERT INTO x")))
        composed = cursor.fetchone()
        cursor.execute(b"SELECT 2")  # type: ignore[arg-type]  # psycopg takes bytes
        plain = cursor.fetchone()

    assert (composed, plain) == (("INSERT INTO x",), (2,))
    assert list(Edition.objects.select_for_update().filter(number=1)) == []


def test_session_when_written_outside_an_action_then_it_passes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")


def test_scope_when_open_then_writes_are_counted_and_pass() -> None:
    with guard.scope("maintenance", "test") as opened:
        _copy()
        Edition.objects.update(number=2)
        list(Edition.objects.all())

    assert opened.writes == 2
    assert list(Edition.objects.values_list("number", flat=True)) == [2]


def test_scope_when_closed_by_an_error_then_nothing_may_write_any_more() -> None:
    with pytest.raises(ZeroDivisionError), guard.scope("maintenance", "test"):
        raise ZeroDivisionError

    assert guard.current_scope() is None
    with pytest.raises(WriteOutsideAction):
        Edition.objects.create(number=1)
