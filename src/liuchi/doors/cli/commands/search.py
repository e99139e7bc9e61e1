"""`liuchi search rebuild`."""

import click

from liuchi.doors.cli.house import data_option, open_house
from liuchi.engines.cases.search.indexing import rebuild_index


@click.group(name="search")
def command() -> None:
    """Look after the index by which cases are found."""


@command.command(name="rebuild")
@data_option
def rebuild() -> None:
    """Make the index anew from what the cases say; the house may go on working meanwhile."""
    done = 0
    with open_house():
        for done in rebuild_index():
            click.echo(f"{done} cases", err=True)
    click.echo(f"The index holds {done} cases.")
