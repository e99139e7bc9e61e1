"""`liuchi import KIND FILE`."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from liuchi.doors.cli.house import with_house
from liuchi.doors.cli.importing import Progress, say_end, say_findings, say_preview
from liuchi.ground.exchange.actions import receive_file, set_mapping, start_import
from liuchi.ground.exchange.advancing import advance
from liuchi.ground.exchange.columns import Column, YesNo
from liuchi.ground.exchange.keeping import key_of
from liuchi.ground.exchange.mapping import MappingRefused
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.noticed import write_noticed
from liuchi.ground.exchange.preview import preview_rows
from liuchi.ground.exchange.queries import find_import
from liuchi.ground.exchange.refused_rows import refused_rows
from liuchi.ground.exchange.registers import Register, registers
from liuchi.ground.exchange.results import results_of
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.queries import forget

OPERATOR: Final = System("command-line")
_PIECE: Final = 1 << 18
#: How a file is to be read, where that is not to be detected.
_READING: Final = ("encoding", "delimiter", "sheet", "header_row")


class Kinds(click.Group):
    """One command for each register of the house."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the codes of all registers."""
        del ctx
        return list(registers())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a register."""
        del ctx
        return _command_of(registers()[cmd_name]) if cmd_name in registers() else None


@click.group(name="import", cls=Kinds)
def command() -> None:
    """Bring in a file (CSV, XLSX, XLS, ODS, JSON); the same file twice changes nothing.

    `liuchi imports` lists what was brought in, hands out refused rows, takes back.
    """


def _command_of(register: Register) -> click.Command:
    """Return the command that brings files into a register; what is asked once for a file is an option of its own."""

    @with_house()
    def run(file: Path | None, **given: Any) -> None:
        if given["undo"]:
            take_back(given["undo"])
        elif file is None:
            raise click.UsageError("Name the file, or an import to take back: --undo NUMBER.")
        else:
            bring_in(register, file, given)

    params: list[click.Parameter] = [
        click.Argument(["file"], required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.Option(
            ["--mapping"],
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="JSON: {“columns”: {column: heading}}; see `liuchi imports columns`.",
        ),
        click.Option(
            ["--dry-run", "--check", "--preview"],
            is_flag=True,
            help="Check all rows and show the first ones as they would be.",
        ),
        click.Option(
            ["--findings"],
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write everything that is noticed about rows to this file (CSV), row by row.",
        ),
        click.Option(["--undo"], metavar="NUMBER", help="Take back what an import wrote."),
        click.Option(["--encoding"], help="utf-8-sig, gb18030, utf-16-le, utf-16-be or big5; detected unless given."),
        click.Option(["--delimiter"], help="Comma, semicolon, bar or tab; detected unless given."),
        click.Option(["--sheet"], help="Sheet of a workbook; the one with the headings looked for unless given."),
        click.Option(
            ["--header-row"], type=click.IntRange(0), help="Row of the headings, 0 for none; found unless given."
        ),
        *(_option_of(column) for column in register.columns if column.is_once),
    ]
    # The decorator of the house adds its own parameter to a function; here they are gathered by hand.
    shared = list(getattr(run, "__click_params__", ()))
    return click.Command(
        register.code, params=[*params, *shared], callback=run, help=f"{register.title}. {register.help}"
    )


def _option_of(column: Column) -> click.Option:
    """Return the option by which a value is given once for a file; a yes-or-no is a flag."""
    name, said = f"--{column.key.replace('_', '-')}", f"{column.label}. {column.help}"
    if isinstance(column.kind, YesNo):
        return click.Option([name], flag_value="yes", default=None, help=said)
    return click.Option([name], default=None, help=said)


def bring_in(register: Register, file: Path, given: dict[str, Any]) -> None:
    """Bring a file in with progress, as far as it goes.

    Raises:
        click.ClickException: nothing of it could be brought in; with the rows and the cure.
    """
    document = _document(given["mapping"])
    if not given["dry_run"]:
        _prepare(register, document)
    options = {name: given[name] for name in _READING if given[name] is not None} | _reading_in(document)
    one = receive_file(
        by=OPERATOR,
        register=register.code,
        filename=file.name,
        pieces=_pieces(file),
        options=options,
        is_waited_for=True,
    )
    with Progress() as progress:
        one = _go_on(one, progress)
        columns = {**(one.mapping or {}).get("columns", {}), **document.get("columns", {})}
        columns |= {
            column.key: {"set": given[column.key]}
            for column in register.columns
            if column.is_once and given[column.key] is not None
        }
        set_mapping(
            by=OPERATOR,
            import_id=one.id,
            document={"columns": columns},
            is_checked=given["dry_run"],
            is_waited_for=True,
        )
        one = _go_on(one, progress)
        if not given["dry_run"] and not (register.is_whole and one.bad):
            start_import(by=OPERATOR, import_id=one.id, is_waited_for=True)
            one = _go_on(one, progress)
    _write_findings(register, one, file, given["findings"])
    if given["dry_run"] or one.state == State.CHECKED:
        say_findings(one)
        if given["dry_run"]:
            say_preview(register, preview_rows(OPERATOR, one, before=partial(_prepare, register, document)))
            forget()  # what the preview read of areas that do not stay
            return
        raise click.ClickException("Nothing was imported: this register takes a file entirely or not at all.")
    if register.is_whole and one.refused:
        raise click.ClickException(next(refused_rows(OPERATOR, one)).problems[0].message)
    say_end(one, results_of(one, key_of(one)))


def _prepare(register: Register, document: dict[str, Any]) -> None:
    if register.prepare is not None:
        register.prepare(OPERATOR, document)


def _write_findings(register: Register, one: Import, file: Path, wished: Path | None) -> None:
    """Write what was noticed about rows, where somebody wants it or the register has something to say of every row."""
    target = wished or (file.with_name(f"{file.name}.findings.csv") if register.notes is not None else None)
    if target is None:
        return
    with target.open("wb") as out:
        count = write_noticed(by=OPERATOR, one=one, file=out)
    click.echo(f"{count} findings, row by row: {target}")


def take_back(number: str) -> None:
    """Take an import back, or list the rows that stand in the way.

    Raises:
        click.ClickException: it cannot be taken back.
    """
    one = find_import(OPERATOR, number)
    try:
        undo_import(by=OPERATOR, import_id=one.id)
    except CannotTakeBack as error:
        for row, problem in error.conflicts:
            click.echo(f"row {row}: {problem.message}", err=True)
        raise
    click.echo(f"{one.number}: {one.created + one.changed} rows taken back.")


def _go_on(one: Import, progress: Progress) -> Import:
    moved = advance(UUID(str(one.id)), tell=progress.tell)
    if moved.state == State.STOPPED:
        raise click.ClickException((moved.trouble or {}).get("message", "The import was stopped."))
    return moved


def _document(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}; a mapping is JSON.") from error
    if not isinstance(document, dict) or not isinstance(document.get("columns"), dict):
        raise MappingRefused("A mapping is JSON: {“columns”: {column: heading}}.")
    return document


def _reading_in(document: dict[str, Any]) -> dict[str, Any]:
    return {name: document[name] for name in _READING if name in document}


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
