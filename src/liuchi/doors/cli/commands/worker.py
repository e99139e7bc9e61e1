"""`liuchi worker`."""

import signal
import threading

import click
import structlog
from django.conf import settings
from django.utils.module_loading import import_string

from liuchi.doors.cli.house import data_option, kept_up, open_house
from liuchi.doors.cli.processes import heard
from liuchi.ground.journal.worker import work
from liuchi.ground.kernel.job_worker import JobWorker
from liuchi.ground.kernel.jobs import wired_jobs

_log = structlog.get_logger(__name__)


@click.command(name="worker")
@click.option("--companion", is_flag=True, hidden=True, help="Another process keeps the database.")
@data_option
def command(*, companion: bool) -> None:
    """Seal the journal, run reactions and jobs, until stopped."""
    stop = threading.Event()
    with open_house() as lease, kept_up(None if companion else lease):
        for name in heard():
            signal.signal(name, lambda *_: stop.set())
        jobs = JobWorker(wired_jobs(), stop)
        jobs.start()
        work(import_string(settings.LIUCHI_REACTIONS), stop=stop)
        if not jobs.end():
            _log.warning("jobs.cut_off")
