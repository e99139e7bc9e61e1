"""`liuchi worker`."""

import signal
import threading

import click
from django.conf import settings
from django.utils.module_loading import import_string

from liuchi.doors.cli.house import with_house
from liuchi.ground.journal.worker import work


@click.command(name="worker")
@with_house()
def command() -> None:
    """Seal the journal and run reactions until stopped."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    work(import_string(settings.LIUCHI_REACTIONS), stop=stop)
