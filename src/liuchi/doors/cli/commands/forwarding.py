"""`liuchi forwarding set|list`."""

from pathlib import Path

import click

from liuchi.doors.cli.house import with_house
from liuchi.engines.forwarding.actions import set_endpoint
from liuchi.engines.forwarding.configuring import read_endpoint
from liuchi.engines.forwarding.models import Endpoint
from liuchi.ground.kernel.actors import System
from liuchi.ground.kernel.errors import RuleBroken


@click.group(name="forwarding")
def command() -> None:
    """Look after the endpoints of other cities to which cases are given."""


@command.command("set")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key-from",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the key that the other city gave; without it the known one is kept.",
)
@with_house()
def set_up(file: Path, key_from: Path | None) -> None:
    """Set up the endpoint that FILE (TOML) describes, or change it."""
    key = key_from.read_text(encoding="utf-8").strip() if key_from is not None else ""
    try:
        endpoint = set_endpoint(
            by=System("command line"), given=read_endpoint(file.read_text(encoding="utf-8"), key=key)
        )
    except (RuleBroken, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{endpoint.code}: {len(endpoint.routes)} classes go to {endpoint.address}")


@command.command("list")
@with_house()
def list_endpoints() -> None:
    """List the endpoints; keys are shown to nobody."""
    rows = list(Endpoint.objects.select_related("unit").order_by("code"))
    for each in rows:
        state = "active" if each.is_active else "off"
        click.echo(f"{each.code}  {each.unit.code}  {each.address}  {state}  {each.failures} failures in a row")
    click.echo(f"{len(rows)} endpoints.")
