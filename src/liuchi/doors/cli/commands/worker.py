"""`liuchi worker`."""

import signal
import threading
from importlib import import_module
from typing import Final

import click
import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

from liuchi.doors.cli.house import data_option, kept_up, open_house
from liuchi.doors.cli.processes import heard
from liuchi.ground.journal.worker import work

#: Seconds between two clearings of sessions that have run out.
CLEARED_EVERY: Final = 3600.0
_log = structlog.get_logger(__name__)


@click.command(name="worker")
@click.option("--companion", is_flag=True, hidden=True, help="Another process keeps the database.")
@data_option
def command(*, companion: bool) -> None:
    """Seal the journal and run reactions until stopped."""
    stop = threading.Event()
    with open_house() as lease, kept_up(None if companion else lease):
        for name in heard():
            signal.signal(name, lambda *_: stop.set())
        clearing = threading.Thread(target=_keep_clear, args=(stop,), daemon=True)
        clearing.start()
        work(import_string(settings.LIUCHI_REACTIONS), stop=stop)
        clearing.join()


def clear_sessions() -> None:
    """Delete the sessions that have run out."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _keep_clear(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            clear_sessions()
        except (DatabaseError, InterfaceError) as error:
            _log.warning("sessions.not_cleared", trouble=type(error).__name__)
        connection.close()
        stop.wait(CLEARED_EVERY)
