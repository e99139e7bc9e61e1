"""`liuchi suggest train|evaluate [PATH]`, `liuchi suggest duplicates|evaluate-units`."""

from collections.abc import Mapping
from pathlib import Path

import click

from liuchi.demo.district.planted import planted
from liuchi.demo.district.practice import CASES, Place, practised
from liuchi.doors.cli.house import clear_failures, data_option, open_house
from liuchi.engines.cases.duplicates.comparing import THRESHOLD
from liuchi.engines.cases.duplicates.evaluating import Evaluation as Duplicates
from liuchi.engines.cases.duplicates.evaluating import evaluate as evaluate_duplicates
from liuchi.engines.cases.queries import classes
from liuchi.engines.cases.suggesting.evaluating import FOLDS, REPEATS, Evaluation, Margin, evaluate
from liuchi.engines.cases.suggesting.evaluating_units import (
    LISTS,
    OURS,
    PLAIN,
    PRACTICE,
    Found,
    Given,
    House,
    evaluate_units,
    house_here,
    parts_here,
)
from liuchi.engines.cases.suggesting.kept import model_path
from liuchi.engines.cases.suggesting.labelled import Labelled, closed_cases, read_labelled
from liuchi.engines.cases.suggesting.model import save, train
from liuchi.engines.cases.suggesting.units import SURE
from liuchi.ground.organisations.models import OrganisationKind
from liuchi.ground.organisations.queries import organisations
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory

_path = click.argument("path", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_class_column = click.option("--class-column", default="", metavar="NAME", help="Column that holds the class.")
_text_column = click.option("--text-column", multiple=True, metavar="NAME", help="Column of text; the subject first.")


@click.group(name="suggest")
def command() -> None:
    """Learn which class a report belongs to. A suggestion decides nothing: the desk does.

    Without PATH the district's own closed cases are learnt from; PATH is a CSV file of texts with their classes.
    Texts stay where they are: a model holds sequences of one or two characters that three texts share, and no digits.
    """


@command.command("train")
@_path
@_class_column
@_text_column
@data_option
def train_model(path: Path | None, class_column: str, text_column: tuple[str, ...]) -> None:
    """Learn from closed cases or PATH; the desk's suggestions use the new model from then on."""
    with open_house(), clear_failures():
        known = read_labelled(path, class_column=class_column, text_columns=text_column) if path else closed_cases()
        model = train(known.texts, known.labels)
        save(model, model_path())
    size = model_path().stat().st_size
    click.echo(f"Learnt {len(model.labels)} classes from {model.texts:,} texts: {model_path()} ({size / 1e6:.1f} MB)")
    if left := len(set(known.labels)) - len(model.labels):
        click.echo(f"{left} classes have too few texts; they are suggested by their words alone.")


@command.command("evaluate")
@_path
@_class_column
@_text_column
@click.option("--repeats", type=click.IntRange(1, 50), default=REPEATS, show_default=True, help="Times five folds.")
@click.option("--seed", type=int, default=2026, show_default=True, help="Decides the folds.")
@data_option
def evaluate_model(path: Path | None, class_column: str, text_column: tuple[str, ...], repeats: int, seed: int) -> None:
    """Measure on texts held out how often the class is found, beside the plain way on the same folds.

    Nothing is kept. The plain way: all sequences of one to three characters by TF-IDF, and a linear support vector
    machine.
    """
    with clear_failures():
        known = _evaluated(path, class_column, text_column)
        found = evaluate(known.texts, known.labels, repeats=repeats, seed=seed, say=_say)
    click.echo(as_text(found, repeats))


@command.command("duplicates")
@click.option("--seed", type=int, default=2026, show_default=True, help="Decides what is planted where.")
def measure_duplicates(seed: int) -> None:
    """Measure on near-duplicates planted among the demo's stories how many are found, and how many shown are right."""
    click.echo(duplicates_as_text(evaluate_duplicates(*planted(seed))))


@command.command("evaluate-units")
@click.option("--planted", is_flag=True, help="Not on closed cases, but on a practice planted away from the lists.")
@click.option(
    "--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True, help="How many are planted."
)
@click.option("--seed", type=int, default=2026, show_default=True, help="Decides what is planted.")
@data_option
def measure_units(planted: bool, cases: int, seed: int) -> None:  # noqa: FBT001 - click gives it by name
    """Measure how often the unit that finished a case is suggested, asking each as of its dispatch.

    On the district's own closed cases; with --planted on a year of dispatches drawn in its areas by its lists, from
    which practice comes away here and there. Beside it the plain way: who finished most cases of the class so far.
    """
    with open_house(), clear_failures():
        house = house_here()
        given = _planted(seed, cases, house) if planted else parts_here()
        found = evaluate_units(given, house)
    click.echo(units_as_text(found))


def units_as_text(found: Mapping[str, Found]) -> str:
    """Return the figures as a small table."""
    names = {PLAIN: "plain way", LISTS: "lists alone", PRACTICE: "practice alone", OURS: "both, in use"}
    lines = [
        f"{found[OURS].cases:,} closed cases; chosen already from a share of {SURE:.2f}",
        f"{'':16}{'MRR':>8}{'top-1':>9}{'top-3':>9}{'chosen':>9}{'of them right':>15}",
    ]
    for way, name in names.items():
        each = found[way]
        lines.append(f"{name:16}{each.mrr:8.3f}{each.top1:9.1%}{each.top3:9.1%}{each.sure:9.1%}{_right(each):>15}")
    return "\n".join(lines)


def _right(found: Found) -> str:
    return f"{found.sure_right:.1%}" if found.sure else "—"


def _planted(seed: int, cases: int, house: House) -> list[Given]:
    known = territory()
    offices = {body.area_id: body.id for body in organisations().filter(kind=OrganisationKind.TOWN)}
    places = []
    for grid in known.of_kind(AreaKind.GRID):
        town, community = known.ancestor(grid.id, AreaKind.TOWN), known.ancestor(grid.id, AreaKind.COMMUNITY)
        if town is not None and community is not None and town.id in offices:
            places.append(Place(grid.id, community.id, offices[town.id]))
    return practised(seed, [each.matter for each in classes()], places, house.duties, cases)


def duplicates_as_text(found: Duplicates) -> str:
    """Return the figures as a small table; the threshold in use is marked."""
    lines = [
        f"{found.known:,} open matters; {found.new:,} reports come in, {found.again:,} of them about one of these",
        f"{'threshold':>10}{'shown':>8}{'right':>8}{'precision':>11}{'recall':>9}",
    ]
    for each in found.at:
        rates = f"{_share(each.precision):>11}{_share(each.recall):>9}"
        mark = "  in use" if each.threshold == THRESHOLD else ""
        lines.append(f"{each.threshold:10.2f}{each.shown:8,}{each.right:8,}{rates}{mark}")
    return "\n".join(lines)


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.1%}"


def as_text(found: Evaluation, repeats: int) -> str:
    """Return the figures as a small table."""
    lines = [
        f"{found.texts:,} texts, {found.classes} classes, {repeats} times {FOLDS} folds",
        f"{'':10}{'this model':>12}{'plain way':>12}{'margin':>10}{'± s.e.':>9}{'t':>7}",
    ]
    for name, ours, plain, margin in (
        ("macro-F1", found.ours.f1, found.plain.f1, found.f1),
        ("top-3", found.ours.top3, found.plain.top3, found.top3),
    ):
        lines.append(f"{name:10}{ours.mean():12.4f}{plain.mean():12.4f}{_margin(margin)}")
    lines.append("Standard error of the paired margin corrected for overlapping folds (Nadeau and Bengio 2003).")
    return "\n".join(lines)


def _margin(margin: Margin) -> str:
    return f"{margin.mean:+10.4f}{margin.error:9.4f}{margin.ratio:7.2f}"


def _evaluated(path: Path | None, class_column: str, text_columns: tuple[str, ...]) -> Labelled:
    if path is not None:
        return read_labelled(path, class_column=class_column, text_columns=text_columns)
    with open_house():
        return closed_cases()


def _say(text: str) -> None:
    click.echo(f"  {text}", err=True)
