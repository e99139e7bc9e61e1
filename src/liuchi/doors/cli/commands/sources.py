"""`liuchi sources load|show`."""

import click
from django.utils import timezone

from liuchi.demo.sources import load_sources
from liuchi.doors.cli.house import with_house
from liuchi.engines.cases.replay.figures import told


@click.group(name="sources")
def command() -> None:
    """Look after the cases by which the sources' own figures stand beside the district."""


@command.command()
@with_house()
def load() -> None:
    """Lay the cases of every programme of which the sources state a figure; a second time changes nothing."""
    click.echo(f"{load_sources()} cases.")


@command.command()
@with_house()
def show() -> None:
    """Count, from the rows, what was taken in and closed in each jurisdiction beside the district."""
    for each in told():
        span = "–".join(f"{timezone.localtime(at):%Y-%m-%d}" for at in (each.first, each.last) if at is not None)
        rate = f"{each.rate} %" if each.rate is not None else "-"
        click.echo(f"{each.code}  {each.name}  {span}  {each.closed}/{each.collected} = {rate}  ({each.source})")
