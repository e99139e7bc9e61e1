"""What commands share: the data directory, the embedded server held for as long as the command runs, clear failures."""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from liuchi.embedded import EmbeddedError, Lease, Server
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.keyring import KeyringBroken, create_keyring

P = ParamSpec("P")
R = TypeVar("R")

data_option = click.option(
    "--data", metavar="DIR", expose_value=False, help="Data directory of the instance (embedded PostgreSQL)."
)


def is_embedded() -> bool:
    """Tell whether the database is the embedded one."""
    return not os.environ.get("DATABASE_URL")


@contextmanager
def open_house(*, migrated: bool = True) -> Iterator[Lease | None]:
    """Make the instance's directory and keys, hold its server, and check that the database fits this version.

    Raises:
        click.ClickException: with what is wrong and what to do.
    """
    data = Path(settings.LIUCHI_DATA)
    try:
        data.mkdir(mode=0o755, parents=True, exist_ok=True)
        create_keyring(Path(settings.LIUCHI_KEYS))
        lease = Server(data).acquire() if is_embedded() else None
    except (EmbeddedError, KeyringBroken, OSError) as error:
        raise click.ClickException(str(error)) from error
    try:
        if migrated:
            require_migrated()
        yield lease
    finally:
        connection.close()
        if lease is not None:
            lease.release()


def require_migrated() -> None:
    """Refuse to go on with a database of another version.

    Raises:
        click.ClickException: naming the command that mends it.
    """
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error}") from error
    if pending:
        raise click.ClickException(f"The database lacks {len(pending)} migrations: run `liuchi migrate`.")


def migrate() -> None:
    """Run the migrations that are missing."""
    with guard.scope("maintenance", "migrate"):
        call_command("migrate", verbosity=0, interactive=False)


def with_house(*, migrated: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a command inside the house, and show expected failures as one clear line."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @data_option
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with open_house(migrated=migrated):
                    return function(*args, **kwargs)
            except RuleBroken as error:
                raise click.ClickException(str(error)) from error
            except (OperationalError, ProgrammingError) as error:
                raise click.ClickException(f"The database refused: {error}".strip()) from error

        return run

    return decorate


def say(text: str) -> None:
    """Print a line of progress."""
    click.echo(f"  {text}")
    sys.stdout.flush()
