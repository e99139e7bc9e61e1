"""`liuchi privacy inventory|retention`."""

import sys

import click

from liuchi.doors.cli.house import with_house
from liuchi.ground.records.inventory import inventory, inventory_csv, inventory_markdown


@click.group(name="privacy")
def command() -> None:
    """What personal data is kept, why, and for how long."""


@command.command("inventory")
@click.option("--format", "fmt", type=click.Choice(["csv", "md"]), default="md", show_default=True)
@with_house()
def show_inventory(fmt: str) -> None:
    """Print the inventory of personal data."""
    entries = inventory()
    sys.stdout.write(inventory_csv(entries) if fmt == "csv" else inventory_markdown(entries))
