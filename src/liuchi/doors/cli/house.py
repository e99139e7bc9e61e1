"""What commands share: the instance, the embedded server held for as long as the command runs, clear failures."""

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError, connection

from liuchi.doors.cli.database import error_line, require_keys, require_migrated, require_server
from liuchi.embedded import EmbeddedError, Lease, Server
from liuchi.embedded.errors import explained
from liuchi.ground.journal.seals import JournalBroken
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.keyring import KeyringBroken

P = ParamSpec("P")
R = TypeVar("R")
#: Seconds between two looks at the embedded server, and between two attempts to start it again.
LOOK, AGAIN = 0.5, 3.0

data_option = click.option(
    "--data",
    metavar="DIR",
    expose_value=False,
    help="Data directory of the instance (server, keys, seals).",
)
_log = structlog.get_logger(__name__)


def is_embedded() -> bool:
    """Tell whether the database is the embedded one."""
    return not os.environ.get("DATABASE_URL")


@contextmanager
def open_house(*, founding: bool = False) -> Iterator[Lease | None]:
    """Hold the instance's server and check that database and keys fit each other and this version.

    `founding` makes what does not exist yet (directory, server, keys) and leaves migrating to the caller.

    Raises:
        click.ClickException: with what is wrong and what to do.
    """
    data = Path(settings.LIUCHI_DATA)
    lease = None
    try:
        with clear_failures():
            _make_or_find(data, founding=founding)
            lease = Server(data).acquire() if is_embedded() else None
        with clear_failures():
            require_server()
            require_keys(may_create=founding)
            if not founding:
                require_migrated()
        yield lease
    finally:
        connection.close()
        if lease is not None:
            lease.release()


def _make_or_find(data: Path, *, founding: bool) -> None:
    with explained(data):
        if not is_embedded():
            # The embedded server makes its own directories, with a way in for the account that runs it.
            data.mkdir(mode=0o755, parents=True, exist_ok=True)
        elif not founding and not Server(data).places.server.exists():
            raise click.ClickException(
                f"There is no instance in {data}. Begin one with `liuchi migrate`, or look around with `liuchi demo`; "
                "or name another: --data DIR, or DATABASE_URL for a server of your own."
            )


@contextmanager
def clear_failures() -> Iterator[None]:
    """Show expected failures as one clear line."""
    try:
        yield
    except RuleBroken as error:
        raise click.ClickException(str(error)) from error
    except (EmbeddedError, JournalBroken, KeyringBroken) as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError, InterfaceError) as error:
        raise click.ClickException(f"The database refused: {error_line(error)}") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or settings.LIUCHI_DATA}: {error.strerror or error}") from error


def with_house(*, founding: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a command inside the house, and show expected failures as one clear line."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @data_option
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with open_house(founding=founding), clear_failures():
                return function(*args, **kwargs)

        return run

    return decorate


@contextmanager
def kept_up(lease: Lease | None) -> Iterator[None]:
    """Start the embedded server again whenever it was killed, as long as the block lasts."""
    stop = threading.Event()
    keeping = threading.Thread(target=_keep_up, args=(lease, stop), daemon=True) if lease else None
    if keeping:
        keeping.start()
    try:
        yield
    finally:
        stop.set()
        if keeping:
            keeping.join()


def _keep_up(lease: Lease, stop: threading.Event) -> None:
    server, trouble = Server(lease.wish.places.data), ""
    while not stop.wait(AGAIN if trouble else LOOK):
        try:
            if not server.is_ready():
                lease.ensure()
                _log.warning("database.started_again")
            trouble = ""
        except EmbeddedError as error:
            # Told once while it lasts.
            if str(error) != trouble:
                _log.error("database.down", trouble=str(error))
            trouble = str(error)


def say(text: str) -> None:
    """Print a line of progress."""
    click.echo(f"  {text}")
    sys.stdout.flush()
