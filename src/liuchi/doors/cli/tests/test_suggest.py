"""`liuchi suggest train|evaluate PATH`, with made-up texts."""

import csv
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from liuchi.doors.cli.commands import suggest
from liuchi.engines.cases.suggesting.kept import model_in_use
from liuchi.engines.cases.testing import small_world

SAID = {
    "路灯": ("路灯不亮了", "路灯一直闪"),
    "井盖": ("井盖翘起来了", "污水井盖破了"),
    "噪声": ("施工太吵", "音响太吵"),
}


@pytest.fixture
def table(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of 72 texts in three classes; the instance is the test's own."""
    settings.LIUCHI_DATA = tmp_path / "instance"
    monkeypatch.setattr(suggest, "open_house", lambda **_: nullcontext())
    path = tmp_path / "made_up.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["主题", "内容", "类别"])
        for kind, sayings in SAID.items():
            writer.writerows(
                [said, f"{place}附近,请处理", kind] for said in sayings for place in "东南西北中前后左右内外旁"
            )
    return path


def ask(*words: object) -> Result:
    return CliRunner().invoke(suggest.command, [*map(str, words)], catch_exceptions=False)


def test_train_when_given_a_file_then_the_instance_has_a_model(table: Path) -> None:
    told = ask("train", table)

    model = model_in_use()
    assert told.exit_code == 0
    assert "3 classes from 72 texts" in told.output
    assert model is not None
    assert model.suggest("这里路灯坏了")[0].label == "路灯"


def test_evaluate_when_given_a_file_then_figures_are_told_and_nothing_is_kept(table: Path) -> None:
    told = ask("evaluate", table, "--repeats", 1)

    assert told.exit_code == 0
    assert "72 texts, 3 classes, 1 times 5 folds" in told.output
    assert "macro-F1" in told.output
    assert model_in_use() is None


def test_train_when_the_file_has_no_such_column_then_one_line_says_what_to_name(table: Path) -> None:
    told = ask("train", table, "--class-column", "大类")

    assert told.exit_code == 1
    assert "--class-column NAME" in told.output


@pytest.mark.django_db
def test_units_when_planted_in_a_small_district_then_four_ways_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "open_house", lambda **_: nullcontext())
    small_world()

    own, planted = ask("evaluate-units"), ask("evaluate-units", "--planted", "--cases", 40)

    assert own.output.startswith("0 closed cases")
    assert planted.output.startswith("40 closed cases")
    assert [line.split("  ")[0] for line in planted.output.splitlines()[2:]] == [
        "plain way",
        "lists alone",
        "practice alone",
        "both, in use",
    ]
