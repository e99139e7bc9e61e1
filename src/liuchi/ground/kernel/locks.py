"""Waiting for one another where there is no row to lock yet."""

from django.db import connection


def hold(name: str) -> None:
    """Let everybody else who holds `name` wait until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
