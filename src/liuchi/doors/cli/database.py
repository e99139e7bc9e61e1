"""Whether the database is there, new enough, ours to serve, and opened by the right keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, NotSupportedError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from liuchi.ground.kernel import guard
from liuchi.ground.kernel.keyfile import FILE, create_keyring, read_keyfile
from liuchi.ground.kernel.keys import KeyringBroken

OLDEST_SERVER = 15
#: The number that stands for "somebody migrates" among PostgreSQL's advisory locks.
MIGRATING = 6_0001


def require_server() -> None:
    """Connect, and refuse a server that is too old.

    Raises:
        click.ClickException: where it cannot be reached or is too old.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int((cursor.fetchone() or ("0",))[0]) // 10000
    except NotSupportedError as error:
        raise click.ClickException(f"{error_line(error)}; Liuchi needs PostgreSQL {OLDEST_SERVER} or newer.") from error
    except (DatabaseError, InterfaceError) as error:
        raise click.ClickException(f"The database cannot be reached: {error_line(error)}") from error
    refuse_old(version)


def refuse_old(version: int) -> None:
    """Refuse a major version of PostgreSQL that is too old.

    Raises:
        click.ClickException: naming the version that is needed.
    """
    if version < OLDEST_SERVER:
        raise click.ClickException(
            f"This is PostgreSQL {version}; Liuchi needs PostgreSQL {OLDEST_SERVER} or newer. Upgrade the server."
        )


def require_keys(*, may_create: bool) -> None:
    """Read the instance's keys; new ones are made only for a database that holds nothing yet.

    Raises:
        click.ClickException: where keys are missing, damaged, closed to this account, or of another instance.
    """
    folder = Path(settings.LIUCHI_KEYS)
    try:
        if not (folder / FILE).exists():
            _refuse_new_keys(folder, may_create=may_create)
            create_keyring(folder)
        signers = [key.name for key in read_keyfile(folder).uses["signing"]]
    except KeyringBroken as error:
        text = str(error)
        raise click.ClickException(f"{text[:1].upper()}{text[1:]}.") from error
    except OSError as error:
        raise click.ClickException(f"The keys in {folder} cannot be used: {error.strerror}.") from error
    other = _last_signer()
    if other and other not in signers:
        raise click.ClickException(
            f"The keys in {folder} are not this database's: its last seal was signed with {other}, they sign as "
            f"{signers[-1]}. Name the directory of its own keys: --data DIR or LIUCHI_KEYS."
        )


def _refuse_new_keys(folder: Path, *, may_create: bool) -> None:
    if not is_blank():
        raise click.ClickException(
            f"The key file {folder / FILE} is missing, and new keys could not open what this database holds sealed. "
            "Restore the file from where keys are kept, or name its directory: --data DIR or LIUCHI_KEYS."
        )
    if not may_create:
        raise click.ClickException("The database is empty: run `liuchi migrate`.")


def is_blank() -> bool:
    """Tell whether nothing has been put into this database yet."""
    return _answer("SELECT to_regclass('django_migrations') IS NULL") is True


def _last_signer() -> str:
    if _answer("SELECT to_regclass('journal_batch') IS NULL"):
        return ""
    return str(_answer("SELECT key FROM journal_batch ORDER BY number DESC LIMIT 1") or "")


def _answer(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def require_migrated() -> None:
    """Refuse to go on with a database of another version.

    Raises:
        click.ClickException: naming the command that mends it.
    """
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise click.ClickException(f"The database lacks {len(pending)} migrations: run `liuchi migrate`.")


def migrate() -> None:
    """Run the migrations that are missing; whoever comes at the same time waits, and finds nothing left to do.

    Raises:
        click.ClickException: where the database is newer than this version.
    """
    with guard.scope("maintenance", "migrate"), _alone():
        executor = MigrationExecutor(connection)
        _refuse_newer(executor.loader)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _refuse_newer(loader: MigrationLoader) -> None:
    known = set(loader.disk_migrations or ())
    ours = {app for app, _ in known}
    newer = sorted(f"{app}.{name}" for app, name in loader.applied_migrations or () if app in ours)
    newer = [name for name in newer if tuple(name.split(".", 1)) not in known]
    if newer:
        raise click.ClickException(
            f"The database was brought to a newer version of Liuchi than this one, which does not know {newer[0]}. "
            "Run the newer version, or restore a copy made before it."
        )


def error_line(error: BaseException) -> str:
    """Return a database's message as one line; what it says in several is about one thing."""
    return " ".join(str(error).split()) or type(error).__name__
