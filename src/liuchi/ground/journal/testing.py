"""For tests of any room: really committed data, emptied afterwards; and declared kinds to play with."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from liuchi.ground.kernel import guard

#: Filled by migrations and by the framework, and read by everybody: emptying them would starve the tests that follow.
_KEPT = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001 - sets up the database
    """Let the test commit for real (threads, sealing, workers); afterwards empty every table and the journal folder."""
    with django_db_blocker.unblock():
        empty_journal_folder()
        try:
            yield
        finally:
            empty_database()
            empty_journal_folder()


def empty_database() -> None:
    """Empty every table but the framework's own, letting the journal's guards through."""
    with transaction.atomic(), guard.scope("maintenance", "empty_database"), connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in _KEPT]
        cursor.execute("SET LOCAL liuchi.maintenance = 'on'")
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables))} RESTART IDENTITY CASCADE")


def empty_journal_folder() -> None:
    """Remove what the sealer has written outside the database."""
    shutil.rmtree(Path(settings.LIUCHI_JOURNAL), ignore_errors=True)
