"""The database's owner, who can switch every guard off; and copies of the database, older and newer."""

from typing import Any

from django.db import connection, transaction

from liuchi.ground.kernel import guard

_TABLES = ("journal_line", "journal_batch", "journal_checkpoint", "journal_dead_letter")


def as_owner(*statements: str, **params: Any) -> None:
    """Run `statements` in one transaction with the journal's triggers off."""
    with transaction.atomic(), guard.scope("maintenance", "owner"), connection.cursor() as cursor:
        for table in ("journal_line", "journal_batch"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, params or None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("journal_line", "journal_batch"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def back_up() -> None:
    with guard.scope("maintenance", "back_up"), connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS copy_of_{table}")
            cursor.execute(f"CREATE TABLE copy_of_{table} AS TABLE {table}")


def put_back() -> None:
    as_owner(f"TRUNCATE {', '.join(_TABLES)}", *(f"INSERT INTO {table} TABLE copy_of_{table}" for table in _TABLES))
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DROP TABLE copy_of_{table}")
