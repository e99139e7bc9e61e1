"""Every file that ships, or that may be brought in, by one command each, twice."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import liuchi
from liuchi.doors.cli.commands import history, imports
from liuchi.engines.cases.models import CaseClass, Catalogue, FilingCondition, RecordedRequest, Topic
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.calendars.models import CalendarVersion
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.kernel.actors import System
from liuchi.ground.territory.models import Area, AreaVersion
from liuchi.insight.figures.models import StatedFigure

pytestmark = pytest.mark.django_db
PACKAGE = Path(liuchi.__file__).parent
CASES, TERRITORY = PACKAGE / "engines" / "cases", PACKAGE / "ground" / "territory" / "data"


@pytest.fixture(autouse=True)
def _in_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database is open already; the command's house would open another."""

    def stays_open(**_: bool) -> Any:
        return click.option("--data", expose_value=False)

    monkeypatch.setattr(imports, "with_house", stays_open)


def invoke(*words: object) -> Result:
    return CliRunner().invoke(imports.command, [str(word) for word in words], catch_exceptions=False)


@dataclass(frozen=True)
class Shipped:
    """A file, the command's words for it, and how many rows it makes."""

    kind: str
    file: Path
    words: tuple[object, ...]
    rows: int


FILES = (
    Shipped("divisions", TERRITORY / "daguan_divisions.json", (), 77),
    Shipped(
        "divisions",
        TERRITORY / "divisions_anqing_core.csv",
        ("--partial", "--valid-from", "2023-07-01"),
        32,
    ),
    Shipped("holidays", PACKAGE / "ground" / "calendars" / "data" / "holidays_cn.csv", (), 405),
    Shipped(
        "conditions",
        CASES / "data" / "case_standards_yuncheng.csv",
        ("--code", "yuncheng", "--document", "立案标准", "--city", "运城市"),
        519,
    ),
    Shipped("topics", CASES / "data" / "demand_taxonomy_15_118_517.csv", (), 517),
    Shipped("figures", PACKAGE / "insight" / "figures" / "data" / "seed_figures.csv", (), 230),
)


def stands() -> dict[str, int]:
    """Return how many rows stand in every table that these files fill."""
    models: tuple[Any, ...] = (
        Area,
        AreaVersion,
        CalendarVersion,
        Catalogue,
        CaseClass,
        FilingCondition,
        Topic,
        RecordedRequest,
        StatedFigure,
    )
    return {model.__name__: model.objects.count() for model in models}


@pytest.fixture
def calendar() -> None:
    ensure_base_calendar(by=System("tests"))


@pytest.mark.parametrize("shipped", FILES, ids=lambda each: each.file.name)
@pytest.mark.usefixtures("calendar")
def test_shipped_file_when_imported_twice_then_the_second_time_changes_nothing(shipped: Shipped) -> None:
    words = (shipped.kind, shipped.file, *shipped.words)

    first = invoke(*words)
    after_first = stands()
    second = invoke(*words)

    new, again = Import.objects.order_by("received_at")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert (new.state, new.total, new.refused) == (State.DONE, shipped.rows, 0)
    assert (again.unchanged, again.refused) == (shipped.rows, 0)
    assert stands() == after_first
    assert second.output == "Nothing new in this file.\n"


@pytest.mark.usefixtures("calendar")
def test_requests_of_another_place_when_imported_twice_then_equal_and_their_dirt_is_told(tmp_path: Path) -> None:
    file = tmp_path / "nyc311_2023_02.csv"
    file.write_bytes(gzip.decompress((CASES / "tests" / "data" / "nyc311_2023_02.csv.gz").read_bytes()))
    words = ("requests", file, "--mapping", CASES / "data" / "nyc311.mapping.json")

    first, second = invoke(*words), invoke(*words)

    new, again = Import.objects.order_by("received_at")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert (new.created, again.unchanged, RecordedRequest.objects.count()) == (2500, 2500, 2500)
    odd = RecordedRequest.objects.get(number="56923577")
    assert odd.closed_at is not None
    assert odd.closed_at < odd.made_at
    assert odd.made_at.isoformat() == "2023-03-01T04:45:00+00:00"


def test_taxonomy_when_imported_then_has_fifteen_hundred_eighteen_and_five_hundred_seventeen_headings() -> None:
    invoke("topics", CASES / "data" / "demand_taxonomy_15_118_517.csv")

    assert [Topic.objects.filter(level=level).count() for level in (1, 2, 3)] == [15, 118, 517]


@pytest.mark.parametrize("shipped", FILES[:2] + FILES[3:], ids=lambda each: each.file.name)
def test_shipped_file_when_taken_back_then_everything_stands_as_before(shipped: Shipped) -> None:
    if shipped.file.name == "divisions_anqing_core.csv":
        invoke("divisions", TERRITORY / "daguan_divisions.json", "--valid-from", "2023-01-01")
    before = stands()
    invoke(shipped.kind, shipped.file, *shipped.words)
    number = Import.objects.latest("received_at").number
    assert stands() != before

    done = invoke(shipped.kind, "--undo", number)

    assert (done.exit_code, stands()) == (0, before), done.output


def test_import_when_only_tried_then_says_what_would_be_and_writes_nothing() -> None:
    before = stands()

    done = invoke("topics", CASES / "data" / "demand_taxonomy_15_118_517.csv", "--dry-run")

    assert "517 rows, 517 can be read, 0 want correcting" in done.output
    assert "row 2  created  Code=010101  First level=城乡建设" in done.output
    assert stands() == before


@pytest.mark.usefixtures("calendar")
def test_whole_register_when_a_row_is_wrong_then_nothing_is_imported_and_the_row_is_named(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("date,name,kind\n2027-01-01,元旦,off\n2027-13-01,元旦,off\n", encoding="utf-8")
    before = stands()

    done = invoke("holidays", file)

    assert done.exit_code == 1
    assert "row 3  date: Expected a day such as 2024-09-12." in done.output
    assert "entirely or not at all" in done.output
    assert stands() == before


def test_history_when_its_commands_are_listed_then_each_says_what_it_is_for() -> None:
    said = CliRunner().invoke(history.command, ["--help"]).output

    for name in ("list", "status", "errors", "columns", "template", "resume", "undo", "forget"):
        assert name in said
