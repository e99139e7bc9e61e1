"""`liuchi serve`."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import click
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.urls import get_resolver
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from liuchi.doors.cli.house import data_option, kept_up, open_house
from liuchi.doors.cli.ports import Held, PortTaken, hold, is_loopback
from liuchi.doors.cli.processes import die_with_parent, heard
from liuchi.doors.cli.web import UPLOAD_WITHIN, ArrivesFirst, Limits

WEB = "liuchi.config.wsgi:application"
#: The server's own words go the way of all events, and only its troubles are told.
LOGS: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}},
}
OPEN_TO_ALL = (
    "Warning: others reach this address without encryption, passwords included. Listen on 127.0.0.1 behind"
    " a proxy that speaks HTTPS, or, where that proxy is on another machine, say so with LIUCHI_HTTPS=1."
)
#: Seconds that a request in progress is given when the server stops.
PATIENCE = 8


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--companion", is_flag=True, hidden=True, help="Another process holds the port and keeps the database.")
@data_option
def command(*, host: str, port: int, workers: int, companion: bool) -> None:
    """Serve the web pages until stopped.

    LIUCHI_HOSTS names the hosts it answers to, separated by commas; LIUCHI_HTTPS=1 says that it stands behind HTTPS.
    """
    if companion:
        with open_house():
            _serve(Held(host, port), workers)
        return
    with held(host, port) as door, open_house() as lease, kept_up(lease):
        click.echo(f"Serving http://{host}:{port}/", err=True)
        if is_open_to_all(door.address):
            click.echo(OPEN_TO_ALL, err=True)
        _serve(door, workers)


@contextmanager
def held(host: str, port: int) -> Iterator[Held]:
    """Hold a port inside the block.

    Raises:
        click.ClickException: saying whose it is and what to do.
    """
    try:
        with hold(host, port) as door:
            yield door
    except PortTaken as error:
        raise click.ClickException(
            f"Port {port} on {host} is taken by another program. Choose another one, such as --port {port + 1}."
        ) from error
    except PermissionError as error:
        raise click.ClickException(
            f"Port {port} is not for this account to use. Choose one above 1023, such as --port 8000."
        ) from error
    except socket.gaierror as error:
        raise click.ClickException(f"{host} is no host of this machine: {error.strerror}.") from error


def is_open_to_all(address: str) -> bool:
    """Tell whether others reach `address` without a proxy that speaks HTTPS, as far as we were told."""
    return not is_loopback(address) and not settings.LIUCHI_HTTPS


def _serve(door: Held, workers: int) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, door.address]
    # Made once, before the server's processes are: what is wrong is told once, and they start at once.
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018
    connection.close()
    server = _server(door, workers)
    if signal.SIGHUP in heard():
        # To the server a closed terminal means "load anew"; to whoever closed it, that it is over.
        server.on_startup(partial(signal.signal, signal.SIGHUP, server.signal_handler_interrupt))
    server.serve(target_loader=partial(_take_over, application, os.getpid()), wrap_loader=False)


def _server(door: Held, workers: int) -> MPServer:
    return MPServer(
        WEB,
        address=door.address,
        port=door.port,
        interface=Interfaces.RSGI,
        workers=workers,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig=LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )


def _take_over(application: Callable[..., Any], parent: int) -> Callable[..., Any]:
    """Begin a process of the server's, which is of no use once the one that watches it is gone."""
    die_with_parent(signal.SIGKILL, parent=parent)
    uploads = Limits(settings.LIUCHI_MOST_UPLOADED, UPLOAD_WITHIN)
    made = ArrivesFirst(application, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, uploads=uploads)
    return cast("Callable[..., Any]", made)
