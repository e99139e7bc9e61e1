"""`liuchi serve`."""

import os
import socket

import click
from granian import Granian
from granian.constants import Interfaces

from liuchi.doors.cli.house import with_house

WEB = "liuchi.config.wsgi:application"


def is_free(host: str, port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@with_house()
def command(host: str, port: int, workers: int) -> None:
    """Serve the web pages until stopped."""
    if not is_free(host, port):
        raise click.ClickException(f"Port {port} on {host} is taken by another program. Choose one: --port {port + 1}")
    os.environ.setdefault("LIUCHI_HOSTS", f"{host},localhost,127.0.0.1")
    Granian(
        WEB,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()
