"""`liuchi imports list|status|errors|columns|template|resume|undo|forget`."""

from pathlib import Path
from typing import Final

import click
from django.utils import timezone

from liuchi.doors.cli.commands.imports import OPERATOR, take_back
from liuchi.doors.cli.house import with_house
from liuchi.doors.cli.importing import Progress, say_end, say_findings
from liuchi.ground.exchange.actions import forget_import, start_import
from liuchi.ground.exchange.advancing import advance
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.queries import PAGE, find_import, imports_of
from liuchi.ground.exchange.refused_rows import refused_file
from liuchi.ground.exchange.registers import register_of
from liuchi.ground.exchange.templates import template_file

_NUMBER: Final = click.argument("number")


@click.group(name="imports")
def command() -> None:
    """Look after files that were brought in: list, progress, refused rows, taking back."""


@command.command("list")
@with_house()
def list_imports() -> None:
    """List the newest imports."""
    for one in imports_of(OPERATOR)[:PAGE]:
        click.echo(_line(one))


@command.command()
@_NUMBER
@with_house()
def status(number: str) -> None:
    """Say how far an import got and what was found."""
    one = find_import(OPERATOR, number)
    click.echo(_line(one))
    if one.trouble:
        click.echo(f"  {one.trouble['message']}")
    if one.findings:
        say_findings(one)


@command.command()
@_NUMBER
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_house()
def errors(number: str, file: Path) -> None:
    """Write the refused rows with the reasons to FILE: correct them there, and import that file."""
    made = refused_file(by=OPERATOR, one=find_import(OPERATOR, number))
    with file.open("wb") as out:
        for piece in made.content:
            out.write(piece)
    click.echo(f"{made.rows} rows in {file}.")


@command.command()
@click.argument("kind")
@with_house()
def columns(kind: str) -> None:
    """Say which columns a register has, and which headings it knows."""
    for column in register_of(kind).columns:
        known = ", ".join((str(column.label), *column.aliases))
        needed = " (required)" if column.is_required and not column.default else ""
        once = " (once for the file)" if column.is_once else ""
        click.echo(f"{column.key}{needed}{once}: {column.kind.hint}. Headings: {known}. {column.help}".rstrip())


@command.command()
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_house()
def template(kind: str, file: Path) -> None:
    """Write an empty table for a register to FILE (XLSX, or CSV by its ending)."""
    file.write_bytes(template_file(register_of(kind), "csv" if file.suffix.lower() == ".csv" else "xlsx"))


@command.command()
@_NUMBER
@with_house()
def resume(number: str) -> None:
    """Go on with an import that was stopped or killed."""
    one = find_import(OPERATOR, number)
    if one.state == State.STOPPED:
        start_import(by=OPERATOR, import_id=one.id, is_waited_for=True)
    with Progress() as progress:
        one = advance(one.id, tell=progress.tell)
    say_end(one)


@command.command()
@_NUMBER
@with_house()
def undo(number: str) -> None:
    """Take back what an import wrote: all of it, or nothing."""
    take_back(number)


@command.command()
@_NUMBER
@with_house()
def forget(number: str) -> None:
    """Delete the uploaded file and its rows now; it can then no longer be taken back."""
    one = forget_import(by=OPERATOR, import_id=find_import(OPERATOR, number).id)
    click.echo(f"{one.number}: the file is deleted.")


def _line(one: Import) -> str:
    at = timezone.localtime(one.received_at).strftime("%Y-%m-%d %H:%M")
    counts = f"{one.created}+ {one.changed}~ {one.unchanged}= {one.refused}!"
    how_far = f"{State(one.state).label}  {one.done}/{one.total}"
    return f"{one.number}  {at}  {one.register}  {one.filename}  {how_far}  {counts}"
