"""`liuchi bench core|growth|imports [--json]`."""

import json
import os
import sys

import click

from liuchi.doors.cli.bench.growth import as_text as growth_text
from liuchi.doors.cli.bench.growth import compared, run_growth
from liuchi.doors.cli.bench.place import choose_place, thrown_away
from liuchi.doors.cli.bench.rounds import run_rounds


@click.command(name="bench")
@click.argument("name", type=click.Choice(["core", "growth", "imports"]), default="core")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object instead of the table.")
@click.option("--cases", type=click.IntRange(1000), default=100_000, show_default=True, help="Cases of history.")
@click.option("--seconds", type=click.FloatRange(0.1), default=2.0, show_default=True, help="Measured in each lane.")
@click.option("--rows", type=click.IntRange(100), default=100_000, show_default=True, help="Rows of the imported file.")
@click.option("--lane", "only", multiple=True, help="Of core only this lane (several times for several).")
@click.option("--data", metavar="DIR", default=None, help="Where the bench makes (and removes) its own instance.")
@click.option("--paced", "is_paced", is_flag=True, hidden=True, help="Run what is told line by line: a side of growth.")
def command(
    *,
    name: str,
    is_json: bool,
    cases: int,
    seconds: float,
    rows: int,
    only: tuple[str, ...],
    data: str | None,
    is_paced: bool,
) -> None:
    """Measure what matters beside its bare limit, in an instance of its own that is removed at the end.

    Each lane and its limit run in turns, with the durability of every day; over HTTP by eight clients. No instance
    that exists is touched. An aim that is missed is shown, and is no error.
    """
    if name == "growth":
        click.echo(_growth(seconds, data, is_json=is_json))
        return
    place = choose_place(data)
    os.environ["LIUCHI_DATA"] = str(place)
    os.environ.setdefault("LIUCHI_LOG", "warning")
    # Here, not at the top: the settings are read once, and must find the bench's own instance.
    from liuchi.doors.cli.main import set_up

    set_up()
    from liuchi.doors.cli.database import migrate
    from liuchi.doors.cli.house import clear_failures, open_house

    with thrown_away(place), open_house(founding=True), clear_failures():
        _say("an instance of its own …")
        migrate()
        if is_paced:
            _rounds(cases)
            return
        said = _imports(rows, is_json=is_json) if name == "imports" else _core(cases, seconds, only, is_json=is_json)
    click.echo(said)


def _rounds(cases: int) -> None:
    run_rounds(cases=cases, say=lambda _: None, told=sys.stdin, answers=sys.stdout)


def _core(cases: int, seconds: float, only: tuple[str, ...], *, is_json: bool) -> str:
    # The settings must stand before these are imported.
    from liuchi.doors.cli.bench.core import LANES, run_core
    from liuchi.doors.cli.bench.results import as_json, as_text

    if unknown := sorted(set(only) - set(LANES)):
        raise click.BadParameter(f"there is no lane {unknown[0]}; there are {', '.join(LANES)}.", param_hint="--lane")
    lanes = run_core(cases=cases, seconds=seconds, say=_say, only=only or LANES)
    return as_json("core", lanes) if is_json else as_text("core", lanes)


def _growth(seconds: float, data: str | None, *, is_json: bool) -> str:
    told = compared(run_growth(seconds=seconds, data=data, say=_say))
    return json.dumps(told) if is_json else growth_text(told)


def _imports(rows: int, *, is_json: bool) -> str:
    # The settings must stand before these are imported.
    from liuchi.doors.cli.bench.imports import as_json, as_text, run_imports

    found = run_imports(rows=rows, say=_say)
    return as_json(found) if is_json else as_text(found)


def _say(text: str) -> None:
    click.echo(f"  {text}", err=True)
