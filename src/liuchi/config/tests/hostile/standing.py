"""How much there is of everything: what a refusal leaves as it was."""

from django.apps import apps
from django.db import connection

#: Who merely looks leaves these: a session, a note of when a key came last.
PASSING = frozenset({"django_session"})


def standing() -> dict[str, tuple[int, int]]:
    """Return for each table how many rows it has, and how many of its rows were written since this was begun."""
    tables = sorted({model._meta.db_table for model in apps.get_models() if model._meta.managed} - PASSING)
    parts = [f"SELECT '{table}', count(*), coalesce(max(xmin::text::bigint), 0) FROM \"{table}\"" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (count, last) for table, count, last in cursor.fetchall()}


def changed(before: dict[str, tuple[int, int]]) -> list[str]:
    """Return the tables in which anything was added, changed or removed meanwhile."""
    after = standing()
    return [table for table, was in before.items() if after[table] != was]
