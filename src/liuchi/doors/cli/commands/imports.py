"""`liuchi import KIND FILE`."""

from collections.abc import Iterator
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
from liuchi.ground.territory.actions import import_boundaries, import_edition
from liuchi.ground.territory.boundaries_file import read_boundaries
from liuchi.ground.territory.checking import check_boundaries
from liuchi.ground.territory.coordinates import CoordinateSystem
from liuchi.ground.territory.divisions import read_divisions_file
from liuchi.ground.territory.editions import EditionPlan, plan_edition
from liuchi.ground.territory.queries import territory, today

OPERATOR = System("command-line")
#: How many changes of an edition are listed one by one.
SHOWN = 100
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
VALID_FROM = click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="First day in force.")


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
@VALID_FROM
@click.option("--managed", multiple=True, metavar="CODE", help="A district that is governed through the platform.")
@click.option("--partial", is_flag=True, help="The file is an extract: what it does not list goes on.")
@click.option("--preview", is_flag=True, help="Only say what would change.")
@with_house()
def divisions(
    file: Path, valid_from: datetime | None, managed: tuple[str, ...], *, partial: bool, preview: bool
) -> None:
    """Take over an edition of the statistical divisions (JSON, or CSV with a code and a name in each row).

    Areas are renamed, recoded, moved, added and closed as the edition says, from its first day: --valid-from, else what
    the file states, else today.
    """
    read = read_divisions_file(file)
    on = valid_from.date() if valid_from else read.edition or today()
    known = territory(on)
    if preview:
        plan = plan_edition(known, read.areas, is_complete=not partial)
    else:
        plan = import_edition(by=OPERATOR, areas=read.areas, on=on, managed=frozenset(managed), is_complete=not partial)
    for line in told_of(plan):
        click.echo(line)


@command.command()
@FILE
@VALID_FROM
@click.option("--crs", type=click.Choice(list(CoordinateSystem)), default=CoordinateSystem.CGCS2000.value)
@with_house()
def boundaries(file: Path, valid_from: datetime | None, crs: str) -> None:
    """Take over boundaries (GeoJSON): of areas by their code, and of new grids by name and parent.

    Each feature has the property code, or name and parent (the code of its community).
    """
    shapes = read_boundaries(file.read_bytes(), file.name, crs=CoordinateSystem(crs))
    taken = import_boundaries(by=OPERATOR, shapes=shapes, on=valid_from.date() if valid_from else today())
    click.echo(
        f"{len(taken.opened)} new, {len(taken.drawn)} drawn for the first time, {len(taken.redrawn)} redrawn,"
        f" {taken.unchanged} as they were."
    )
    faults = check_boundaries().faults
    if faults:
        click.echo(f"{len(faults)} faults of boundaries; see /office/territory/boundaries/.")


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


def told_of(plan: EditionPlan) -> Iterator[str]:
    """Give the lines that say what an edition changes."""
    moves = [f"{row.code} {row.name}: new" for row in plan.added]
    for each in plan.changed:
        said = ", ".join(f"{name} → {value}" for name, value in each.facts.items() if value)
        moves.append(f"{each.area.code} {each.area.name}: {said}")
    moves += [f"{area.code} {area.name}: closed" for area in plan.closed]
    yield from moves[:SHOWN]
    if len(moves) > SHOWN:
        yield f"… and {len(moves) - SHOWN} more"
    for area in plan.undecided:
        yield f"{area.code} {area.name}: no longer listed, but areas stand below it; merge it or move them"
    for code in plan.unnamed:
        yield f"{code}: the file does not name it; rename it when its name is known"
    yield (
        f"{len(plan.added)} new areas, {len(plan.changed)} changed, {len(plan.closed)} closed,"
        f" {plan.unchanged} as they were."
    )
