"""`liuchi suggest train|evaluate [PATH]`."""

from pathlib import Path

import click

from liuchi.demo.district.planted import planted
from liuchi.doors.cli.house import clear_failures, data_option, open_house
from liuchi.engines.cases.duplicates.comparing import THRESHOLD
from liuchi.engines.cases.duplicates.evaluating import Evaluation as Duplicates
from liuchi.engines.cases.duplicates.evaluating import evaluate as evaluate_duplicates
from liuchi.engines.cases.suggesting.evaluating import FOLDS, REPEATS, Evaluation, Margin, evaluate
from liuchi.engines.cases.suggesting.kept import model_path
from liuchi.engines.cases.suggesting.labelled import Labelled, closed_cases, read_labelled
from liuchi.engines.cases.suggesting.model import save, train

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
