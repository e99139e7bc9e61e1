"""`liuchi demo`: everything at once, watched over, and gone without a trace when it stops."""

import fcntl
import http.client
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from liuchi.demo.load import load_demo
from liuchi.doors.cli import logs
from liuchi.doors.cli.commands.serve import held
from liuchi.doors.cli.database import migrate
from liuchi.doors.cli.house import clear_failures, data_option, is_embedded, kept_up, open_house, say
from liuchi.doors.cli.ports import LOOPBACK, PortTaken, hold, is_clear
from liuchi.doors.cli.processes import Companion, Companions, GivenUp, Stop, die_with_parent, tell
from liuchi.embedded import Server
from liuchi.ground.access.models import Account

FIRST_PORT: Final = 8000
PORTS_TRIED: Final = 20
ANSWERS_WITHIN: Final = 60.0
INTERRUPTED: Final = 130


class RunsAlready(click.ClickException):
    """The demo of this data directory runs already."""


@click.command(name="demo")
@click.option(
    "--size",
    type=click.Choice(["small", "district"]),
    default="small",
    show_default=True,
    help="small: some 4,000 people; district: 180,000 and a year of 100,000 cases.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Default: 8000, or the next one free.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The demo's present day.")
@click.option("--no-serve", is_flag=True, help="Only set up and load.")
@data_option
def command(*, size: str, port: int | None, today: datetime | None, no_serve: bool) -> None:
    """Set up everything, load the demo district, serve web and worker; Ctrl-C stops all of it."""
    os.environ["LIUCHI_DEMO"] = "1"
    os.environ.setdefault("LIUCHI_LOG", "warning")
    logs.configure()
    if os.environ.pop("LIUCHI_TIED", ""):
        # Started by make: were make killed, nobody could stop us from where it ran.
        die_with_parent()
    stop = Stop()
    try:
        with stop.listening(), nullcontext() if no_serve else _door(port) as door:
            _run(door, today, stop, size)
    except KeyboardInterrupt:
        tell("\n已停止。Stopped before it was ready; the next run goes on from there.")
        sys.exit(INTERRUPTED)
    except GivenUp as error:
        raise click.ClickException(str(error)) from error


def _run(door: int | None, today: datetime | None, stop: Stop, size: str) -> None:
    try:
        with open_house(founding=True) as lease, clear_failures(), _only_one(door):
            click.echo("六尺 Liuchi: preparing the demo district …")
            migrate()
            _refuse_real_instance()
            load_demo(today=today.date() if today else timezone.localdate(), say=say, size=size)
            connection.close()
            if door is None:
                click.echo("The demo is loaded. Start it with: liuchi demo")
                return
            threading.Thread(target=_announce, args=(door, stop), daemon=True).start()
            with kept_up(lease):
                Companions(_companions(door), stop).run()
    except RunsAlready:
        raise
    except BaseException:
        _is_gone()
        raise
    end = "no process is left behind." if _is_gone() else "another program still uses the database."
    tell(f"\n已停止。Stopped; {end}")


def _is_gone() -> bool:
    """Wait for the embedded server to end, which it does unless somebody else uses it."""
    return not is_embedded() or Server(settings.LIUCHI_DATA).stop_wait(15)


def _companions(door: int) -> list[Companion]:
    data = ["--companion", "--data", str(settings.LIUCHI_DATA)]
    return [
        Companion("web server", ["serve", "--host", LOOPBACK, "--port", str(door), *data]),
        Companion("worker", ["worker", *data]),
    ]


@contextmanager
def _door(wished: int | None) -> Iterator[int]:
    """Hold the port wished for, or else the first that is free on every loopback address."""
    if wished is not None:
        with held(LOOPBACK, wished):
            yield wished
        return
    with ExitStack() as stack:
        yield next(_held_ports(stack), None) or _refuse_all()


def _held_ports(stack: ExitStack) -> Iterator[int]:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        with suppress(PortTaken):
            if is_clear(port):
                yield stack.enter_context(hold(LOOPBACK, port)).port


def _refuse_all() -> int:
    raise click.ClickException(
        f"Ports {FIRST_PORT} to {FIRST_PORT + PORTS_TRIED - 1} are all taken. Choose one: --port N (make demo PORT=N)."
    )


@contextmanager
def _only_one(door: int | None) -> Iterator[None]:
    """Be the only demo of this data directory inside the block; the file says where it is."""
    path = Path(settings.LIUCHI_DATA) / "demo.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RunsAlready(f"This demo runs already: {file.read().strip() or 'it is being loaded'}") from None
        file.truncate(0)
        file.write(f"http://{LOOPBACK}:{door}/\n" if door else "")
        file.flush()
        yield


def _refuse_real_instance() -> None:
    names = Account.objects.order_by("username")
    if names.exists() and not names.filter(username="demo-resident").exists():
        raise click.ClickException(
            "This instance is in use and is not a demo: nothing was loaded. Give the demo a --data of its own."
        )


def _announce(door: int, stop: Stop) -> None:
    """Say where to look as soon as there is something to see."""
    patience = ANSWERS_WITHIN
    while (status := _status(door)) is None and patience > 0 and not stop.event.wait(0.1):
        patience -= 0.1
    if stop.event.is_set():
        return
    if status is None:
        tell(f"The web server does not answer on port {door}; LIUCHI_LOG=info liuchi demo shows more.")
    else:
        _welcome(door)
        if status != http.client.OK:
            tell(f"It is not well: {status}. What is wrong: liuchi doctor")


def _status(door: int) -> int | None:
    line = http.client.HTTPConnection(LOOPBACK, door, timeout=10)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def _welcome(port: int) -> None:
    place = f"http://{LOOPBACK}:{port}"
    click.echo(
        f"""
  居民首页 residents     {place}/
  工作台 office          {place}/office/
  登录 sign in           {place}/sign-in/   one tap into each role, no password
                         居民 resident · 受理员 desk · 派遣员 dispatcher · 处置员 handler · 核查员 checker

  数据 data              {settings.LIUCHI_DATA}   (remove it to begin afresh)
  停止 stop              Ctrl-C
"""
    )
