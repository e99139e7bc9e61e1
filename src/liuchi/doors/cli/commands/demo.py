"""`liuchi demo`: everything at once, watched over, and gone without a trace when it stops."""

import os
from datetime import datetime

import click
from django.utils import timezone

from liuchi.demo.load import load_small
from liuchi.doors.cli.commands.serve import is_free
from liuchi.doors.cli.house import data_option, migrate, open_house, say
from liuchi.doors.cli.processes import Companions

PORTS_TRIED = 20


@click.command(name="demo")
@click.option("--size", type=click.Choice(["small"]), default="small", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="8000, or the next free.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The demo's present day.")
@click.option("--no-serve", is_flag=True, help="Only set up and load.")
@data_option
def command(*, size: str, port: int | None, today: datetime | None, no_serve: bool) -> None:
    """Set up everything, load the demo district, serve web and worker; Ctrl-C stops all of it."""
    del size
    os.environ["LIUCHI_DEMO"] = "1"
    chosen = None if no_serve else _port(port)
    click.echo("六尺 Liuchi: preparing the demo district …")
    with open_house(migrated=False) as lease:
        migrate()
        load_small(today=(today.date() if today else timezone.localdate()), say=say)
        if chosen is None:
            click.echo("The demo is loaded. Start it with: liuchi demo")
            return
        _welcome(chosen)
        Companions(chosen, lease).run()
    click.echo("\n已停止。Stopped; no process is left behind.")


def _port(wished: int | None) -> int:
    if wished is not None:
        if is_free("127.0.0.1", wished):
            return wished
        raise click.ClickException(
            f"Port {wished} is taken by another program. Choose another: --port {wished + 1} (make demo PORT={wished + 1})"
        )
    for port in range(8000, 8000 + PORTS_TRIED):
        if is_free("127.0.0.1", port):
            if port != 8000:
                click.echo(f"Port 8000 is taken; using {port}.")
            return port
    raise click.ClickException(f"Ports 8000 to {7999 + PORTS_TRIED} are all taken. Choose one with --port.")


def _welcome(port: int) -> None:
    click.echo(
        f"""
  居民首页 residents     http://localhost:{port}/
  工作台 office          http://localhost:{port}/office/
  登录 sign in           http://localhost:{port}/sign-in/   one tap into each role, no password
                         居民 resident · 受理员 desk · 派遣员 dispatcher · 处置员 handler · 核查员 checker

  停止 stop: Ctrl-C
"""
    )
