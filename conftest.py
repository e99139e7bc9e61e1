"""The test suite's database and keys: the embedded PostgreSQL, one directory per checkout, one journal per process."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from liuchi.embedded import Server, default_data
from liuchi.embedded.cluster import DATABASE, USER
from liuchi.embedded.places import PORT

SCRATCH = Path(tempfile.mkdtemp(prefix="liuchi-test-"))
DATA = Path(os.environ.get("LIUCHI_TEST_DATA") or default_data("test"))
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def pytest_configure() -> None:
    """Give this process keys and a journal folder of its own."""
    from django.conf import settings

    from liuchi.ground.kernel.keyring import create_keyring

    settings.LIUCHI_KEYS, settings.LIUCHI_JOURNAL = SCRATCH / "keys", SCRATCH / "journal"
    settings.LIUCHI_DATA, settings.LIUCHI_DEMO = SCRATCH, False
    settings.SECRET_KEY = "only for tests"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    create_keyring(SCRATCH / "keys")
    settings.STORAGES["attachments"]["OPTIONS"]["location"] = SCRATCH / "files"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let messages be compared in the language of the msgids; pages choose their own at each request."""
    from django.utils import translation

    with translation.override("en"):
        yield


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(SCRATCH, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Hold the embedded server for the session, unless DATABASE_URL names another."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    from django.db import connection

    server = Server(DATA, settings=FAST)
    connection.settings_dict.update(HOST=str(server.places.run), PORT=str(PORT), USER=USER, NAME=DATABASE)
    with server.use():
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Create this process's test database by the migrations; only set-up may write outside actions."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from liuchi.ground.kernel import guard

    connection.settings_dict["TEST"]["NAME"] = f"test_{os.getpid()}"
    with django_db_blocker.unblock(), guard.scope("maintenance", "test set-up"):
        _drop_orphans()
        names = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock(), guard.scope("maintenance", "test tear-down"):
        teardown_databases(names, verbosity=0)


def _drop_orphans() -> None:
    """Drop the test databases of processes that were killed."""
    from django.db import connection

    with connection._nodb_cursor() as cursor:  # noqa: SLF001 - as Django does for its own test databases
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
        for (name,) in cursor.fetchall():
            if not Path(f"/proc/{name.removeprefix('test_')}").exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
