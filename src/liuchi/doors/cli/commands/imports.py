"""`liuchi import KIND FILE`."""

from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone

from liuchi.doors.cli.house import with_house
from liuchi.engines.cases.actions.standards import import_catalogue
from liuchi.engines.cases.catalogue import read_catalogue
from liuchi.ground.calendars.actions import import_holidays
from liuchi.ground.calendars.holidays_file import read_holidays
from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.actions import import_territory
from liuchi.ground.territory.divisions import EDITION_2023, read_divisions

OPERATOR = System("command-line")
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group(name="import")
def command() -> None:
    """Bring in a file; the same file twice changes nothing."""


@command.command()
@FILE
@with_house()
def holidays(file: Path) -> None:
    """Publish a year's holidays and make-up workdays (CSV or JSON); running deadlines are recomputed by the worker."""
    read = read_holidays(file.read_bytes())
    published = import_holidays(by=OPERATOR, source=file.name, days=read.days, years=read.years)
    if published.is_new:
        span = f"days from {published.first} to {published.last} may count differently"
        click.echo(f"Calendar {published.version}: {span}.")
    else:
        click.echo("Nothing new in this file.")


@command.command()
@FILE
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="First day in force.")
@with_house()
def divisions(file: Path, valid_from: datetime | None) -> None:
    """Bring in statistical divisions (JSON: district, towns, villages and communities)."""
    start = valid_from.date() if valid_from else EDITION_2023
    count = import_territory(by=OPERATOR, areas=read_divisions(file), valid_from=start)
    click.echo(f"{count} new areas.")


@command.command()
@FILE
@click.option("--document", required=True, help="Title of the document that issued the standard.")
@click.option("--city", required=True, help="The city whose standard it is.")
@click.option("--code", required=True, help="Short name; a new edition under the same name replaces the one before.")
@with_house()
def conditions(file: Path, document: str, city: str, code: str) -> None:
    """Bring in a standard's table of filing conditions (CSV)."""
    rows, content_hash = read_catalogue(file)
    catalogue = import_catalogue(
        by=OPERATOR,
        code=code,
        document=document,
        city=city,
        rows=rows,
        content_hash=content_hash,
        valid_from=timezone.localdate(),
    )
    click.echo(f"{catalogue}: {len(rows)} filing conditions.")
