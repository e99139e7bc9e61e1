"""`liuchi worker`."""

import signal
import threading

import click
from django.conf import settings
from django.utils.module_loading import import_string

from liuchi.doors.cli.house import data_option, kept_up, open_house
from liuchi.doors.cli.processes import heard
from liuchi.ground.journal.worker import work


@click.command(name="worker")
@click.option("--companion", is_flag=True, hidden=True, help="Another process keeps the database.")
@data_option
def command(*, companion: bool) -> None:
    """Seal the journal and run reactions until stopped."""
    stop = threading.Event()
    with open_house() as lease, kept_up(None if companion else lease):
        for name in heard():
            signal.signal(name, lambda *_: stop.set())
        work(import_string(settings.LIUCHI_REACTIONS), stop=stop)
