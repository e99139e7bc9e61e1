"""Cases recorded in another place, replayed: their own territory and clock, their dirt said and kept."""

import csv
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

import liuchi
from liuchi.doors.cli.commands import imports
from liuchi.doors.ui.templatetags.liuchi import moment
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.jurisdictions import of_district, zone_at
from liuchi.engines.cases.models import Case, CaseClock, CaseMove, CaseOrigin, FilingCondition, Jurisdiction, Report
from liuchi.engines.cases.queries import open_by_place, recent_public_cases, standing
from liuchi.engines.cases.testing import report, small_world
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.queries import forget, territory
from liuchi.insight.figures.queries import totals
from liuchi.insight.figures.reactions import count_line

pytestmark = pytest.mark.django_db
DATA = Path(liuchi.__file__).parent / "engines" / "cases" / "data"
MAPPING = DATA / "nyc311.cases.mapping.json"
REAL = os.environ.get("LIUCHI_NYC311", "")
NEW_YORK = ZoneInfo("America/New_York")
HEADINGS = (
    "Unique Key,Created Date,Closed Date,Agency Name,Complaint Type,Descriptor,Location Type,Incident Address,Status,"
    "Due Date,Resolution Description,Resolution Action Updated Date,Community Board,Borough,Open Data Channel Type,"
    "Latitude,Longitude"
)
#: A Tuesday evening: whole and in time; closed before made; open; closed though its status is open; without a place.
ROWS = """
1,02/28/2023 11:00:00 AM,02/28/2023 01:00:00 PM,Police,Noise,Loud,,1 A St,Closed,03/30/2023 11:00:00 AM,Done.,02/28/2023 01:00:00 PM,01 BRONX,BRONX,PHONE,40.8,-73.9
2,02/28/2023 11:45:00 PM,01/01/2023 01:00:00 AM,Streets,Street Condition,Pothole,,,Closed,,Done.,03/01/2023 01:00:00 AM,04 MANHATTAN,MANHATTAN,UNKNOWN,40.7,-74.0
3,02/28/2023 11:00:00 AM,,Streets,Taxi Licensee Complaint,,,2 B St,Open,,,,01 BRONX,BRONX,ONLINE,40.8,-73.9
4,02/28/2023 11:00:00 AM,03/01/2023 11:00:00 AM,Streets,Street Condition,,,2 B St,Assigned,,,,01 BRONX,BRONX,ONLINE,40.8,-73.9
5,02/28/2023 11:00:00 AM,,Police,Noise,,,,In Progress,,,,,,MOBILE,,
6,02/28/2023 11:00:00 AM,03/01/2023 11:00:00 AM,Police,Noise,,,2 B St,Closed,,,02/27/2023 11:00:00 AM,01 BRONX,BRONX,MOBILE,40.8,-73.9
"""  # noqa: E501 - rows of a file
FLAWS = {
    "1": ["other_due"],
    "2": ["closed_before_made", "no_due", "no_address"],
    "3": ["no_due", "no_matter"],
    "4": ["still_open", "no_due"],
    "5": ["no_due", "no_place", "no_point", "no_address"],
    "6": ["handled_before_made", "no_due", "no_result"],
}


@pytest.fixture(autouse=True)
def _in_the_house(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The test's own database is open already; the command's house would open another."""

    def stays_open(**_: bool) -> Any:
        return click.option("--data", expose_value=False)

    monkeypatch.setattr(imports, "with_house", stays_open)
    yield
    forget()


def invoke(*words: object) -> Result:
    done = CliRunner().invoke(imports.command, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture
def file(tmp_path: Path) -> Path:
    small_world()
    standard = ("--code", "yuncheng", "--document", "立案标准", "--city", "运城")
    invoke("conditions", DATA / "case_standards_yuncheng.csv", *standard)
    path = tmp_path / "nyc.csv"
    path.write_text(HEADINGS + ROWS, encoding="utf-8")
    return path


def test_rows_when_replayed_then_each_is_a_case_of_its_own_jurisdiction_moved_at_the_recorded_times(file: Path) -> None:
    invoke("cases", file, "--mapping", MAPPING)

    cases = {origin.number: origin.case for origin in CaseOrigin.objects.select_related("case__place", "case__unit")}
    nyc = Jurisdiction.objects.get(code="nyc")
    below = territory().with_descendants(nyc.area_id)
    made = datetime(2023, 2, 28, 16, 0, tzinfo=UTC)
    assert {number: case.state for number, case in cases.items()} == {
        "1": "closed", "2": "closed", "3": "received", "4": "handling", "5": "handling", "6": "closed",
    }  # fmt: skip
    assert all(case.place_id in below for case in cases.values())
    assert (cases["1"].place.name, cases["5"].place_id) == ("01 BRONX", nyc.area_id)
    assert cases["1"].reported_at == made
    moves = CaseMove.objects.filter(case=cases["1"]).order_by("id")
    later = made.replace(hour=18)
    assert list(moves.values_list("name", "happened_at")) == [
        *((name, made) for name in ("report", "file", "dispatch")),
        *((name, later) for name in ("hand_in", "pass_check", "close")),
    ]
    assert Organisation.objects.filter(area_id=nyc.area_id).count() == 2
    assert Line.objects.filter(subject_id=cases["1"].id).count() == 6


def test_deadlines_when_replayed_then_follow_the_jurisdictions_own_calendar_and_zone(file: Path) -> None:
    invoke("cases", file, "--mapping", MAPPING)

    case = CaseOrigin.objects.get(number="4").case
    clock = CaseClock.objects.get(case=case, kind="case")
    assert clock.calendar_version.calendar.code == "nyc"
    # Five working days of nine to five from Tuesday 11:00 in New York, which keeps another time than the district.
    assert clock.due_at.astimezone(NEW_YORK) == datetime(2023, 3, 7, 11, 0, tzinfo=NEW_YORK)
    assert str(zone_at(case.place_id)) == "America/New_York"
    with timezone.override(zone_at(case.place_id)):
        assert "11:00" in moment(case.reported_at)


def test_dirt_when_replayed_then_is_told_row_by_row_and_summed_and_never_dropped(file: Path) -> None:
    done = invoke("cases", file, "--mapping", MAPPING)

    told = list(csv.DictReader((file.parent / "nyc.csv.findings.csv").read_text("utf-8-sig").splitlines()))
    by_case = {number: [row["code"] for row in told if row["about"] == number] for number in FLAWS}
    assert by_case == FLAWS
    assert {origin.number: origin.flaws for origin in CaseOrigin.objects.all()} == FLAWS
    assert "×5  no due date is recorded" in done.output
    assert "it was closed before it was made" in done.output
    assert "6 created." in done.output
    odd = CaseOrigin.objects.get(number="2").case
    assert odd.ended_at == odd.reported_at


def test_file_when_only_checked_then_its_dirt_is_told_and_nothing_is_written(file: Path) -> None:
    before = Line.objects.filter(kind__startswith="case.").count()

    done = invoke("cases", file, "--mapping", MAPPING, "--check")

    assert "note ×5  due_at" in done.output
    assert "row 2  created  Number=1" in done.output
    assert (Case.objects.count(), Jurisdiction.objects.count()) == (0, 0)
    assert Line.objects.filter(kind__startswith="case.").count() == before
    assert (file.parent / "nyc.csv.findings.csv").exists()


def test_file_when_replayed_twice_then_nothing_is_new_and_when_taken_back_then_no_case_is_left(file: Path) -> None:
    invoke("cases", file, "--mapping", MAPPING)
    again = invoke("cases", file, "--mapping", MAPPING)
    assert "Nothing new in this file." in again.output
    assert (Case.objects.count(), Report.objects.count()) == (6, 6)

    invoke("cases", "--undo", Import.objects.order_by("received_at")[1].number)

    for model in (Case, Report, CaseMove, CaseClock, CaseOrigin):
        assert model.objects.count() == 0
    assert Line.objects.filter(kind="case.replayed_withdrawn").count() == 1
    invoke("cases", file, "--mapping", MAPPING)
    assert Case.objects.count() == 6


def test_import_when_a_case_was_moved_since_then_it_is_not_taken_back(file: Path) -> None:
    invoke("cases", file, "--mapping", MAPPING)
    condition = FilingCondition.objects.filter(case_class__catalogue__valid_to=None).first()
    assert condition is not None
    file_case(by=System("tests"), case_id=CaseOrigin.objects.get(number="3").case_id, condition_id=condition.id)

    done = CliRunner().invoke(imports.command, ["cases", "--undo", Import.objects.latest("received_at").number])

    assert done.exit_code != 0
    assert Case.objects.count() == 6


def test_replay_when_the_district_counts_then_it_counts_its_own_cases_only(file: Path) -> None:
    invoke("cases", file, "--mapping", MAPPING)
    own = report(small_world_again())

    assert standing().open == 1
    assert [each.case.id for each in recent_public_cases()] == [own.case_id]
    assert sum(open_by_place().values()) == 1
    assert Case.objects.filter(of_district()).count() == 1
    with guard.scope("reaction", "tests"):
        for line in Line.objects.filter(kind="case.reported"):
            count_line(line)
    assert totals(["case.reported"])["case.reported"] == 1


def small_world_again() -> Any:
    """Return the names of the world that stands already."""
    from liuchi.engines.cases.testing import World
    from liuchi.ground.territory.models import Area

    areas = {area.code: area for area in Area.objects.order_by("code")}
    grids = tuple(area for code, area in areas.items() if len(code) == 15 and code.startswith("99"))
    water = Organisation.objects.get(code="water")
    return World(areas["990803"], (), grids, water, water, ())


@pytest.mark.slow
@pytest.mark.skipif(not REAL, reason="LIUCHI_NYC311 names the published file")
def test_published_file_when_replayed_then_all_its_rows_stand_and_its_dirt_is_counted(file: Path) -> None:
    invoke("cases", REAL, "--mapping", MAPPING, "--findings", file.parent / "found.csv")

    one = Import.objects.latest("received_at")
    flaws = Counter(flaw for origin in CaseOrigin.objects.all() for flaw in origin.flaws)
    assert (one.state, one.total, one.created, one.refused) == (State.DONE, 2500, 2500, 0)
    assert (flaws["closed_before_made"], flaws["no_due"], flaws["still_open"], flaws["no_point"]) == (2, 2499, 15, 41)
    assert Counter(Case.objects.values_list("state", flat=True)) == {"closed": 2306, "handling": 114, "received": 80}
