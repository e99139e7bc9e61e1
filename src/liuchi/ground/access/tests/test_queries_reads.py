from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.access import queries_reads
from liuchi.ground.access.actions import record_look_up, record_reveal
from liuchi.ground.access.queries_reads import ReadFilters, read_log
from liuchi.ground.access.testing import MORNING, SETUP, Ground, give, small_ground
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.exchange.exporting import export_rows
from liuchi.ground.exchange.listings import ListColumn, Listing
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.kernel.ids import new_id

PERSON, OTHER = new_id(), new_id()


@pytest.fixture
def world(db: None) -> Ground:
    made = small_ground()
    with frozen_at(MORNING):
        give("desk", "desk", made.district)
        give("checker", "checker", made.district)
        give("auditor", "audit_admin", made.district)
        give("town-auditor", "audit_admin", made.towns[0])
    return made


@pytest.fixture
def auditor(world: Ground) -> Viewer:
    with frozen_at(MORNING):
        return world.viewer("auditor")


def reveal(world: Ground, username: str = "desk", person: UUID | None = PERSON, purpose: str = "visiting") -> None:
    record_reveal(
        by=world.viewer(username),
        subject_type="people.person",
        subject_id=person or new_id(),
        field="people.phone",
        purpose=purpose,
        person_id=person,
        place_id=world.grids[0].id,
    )


def test_read_log_when_values_were_looked_at_and_looked_for_then_tells_all_of_it_newest_first(
    world: Ground, auditor: Viewer
) -> None:
    with frozen_at(MORNING):
        reveal(world)
        record_look_up(
            by=world.viewer("checker"), field="people.phone", value="19900001234", purpose="verifying", found=PERSON
        )
        record_look_up(
            by=world.viewer("checker"), field="people.phone", value="19900001234", purpose="verifying", found=None
        )
        rows = read_log(auditor, ReadFilters()).rows

    assert [(row.kind, row.username, row.field, row.purpose, row.person_id, row.is_found) for row in rows] == [
        ("access.looked_up", "checker", "people.phone", "verifying", None, False),
        ("access.looked_up", "checker", "people.phone", "verifying", PERSON, True),
        ("access.revealed", "desk", "people.phone", "visiting", PERSON, True),
    ]
    assert rows[2].at == MORNING
    values = {line.data["value"] for line in Line.objects.filter(kind="access.looked_up")}
    assert len(values) == 1
    assert "19900001234" not in str(Line.objects.values_list("data", flat=True))


def test_read_log_when_lists_leave_the_house_then_the_personal_ones_are_told(world: Ground, auditor: Viewer) -> None:
    columns = (ListColumn("name", "Name", str, is_personal=True),)
    personal, plain = (
        Listing("test.people", "People", columns),
        Listing("test.days", "Days", (ListColumn("d", "D", str),)),
    )
    with frozen_at(MORNING):
        for listing, purpose in ((personal, "contact_people"), (plain, "")):
            export = export_rows(by=SETUP, listing=listing, rows=["a", "b"], fmt="csv", purpose=purpose)
            assert b"".join(export.content)

    (row,) = read_log(auditor, ReadFilters()).rows

    assert (row.kind, row.username, row.field, row.purpose, row.rows) == (
        "exchange.exported",
        "tests",
        "test.people",
        "contact_people",
        2,
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ReadFilters(person_id=OTHER), ["desk-2"]),
        (ReadFilters(username="checker"), ["checker-1"]),
        (ReadFilters(username="nobody"), []),
        (ReadFilters(purpose="verifying"), ["checker-1"]),
        (ReadFilters(kind="access.revealed"), ["desk-2", "checker-1", "desk-0"]),
        (ReadFilters(kind="cases.reported"), []),
        (ReadFilters(since=MORNING + timedelta(hours=2)), ["desk-2"]),
        (ReadFilters(until=MORNING + timedelta(hours=1)), ["desk-0"]),
    ],
)
def test_read_log_when_narrowed_then_shows_what_fits(
    world: Ground, auditor: Viewer, filters: ReadFilters, found: list[str]
) -> None:
    whose = [("desk", PERSON, "visiting"), ("checker", PERSON, "verifying"), ("desk", OTHER, "visiting")]
    for hour, (username, person, purpose) in enumerate(whose):
        with frozen_at(MORNING + timedelta(hours=hour)):
            reveal(world, username, person, purpose)

    rows = read_log(auditor, filters).rows

    assert [f"{row.username}-{(row.at - MORNING) // timedelta(hours=1)}" for row in rows] == found


def test_read_log_when_the_auditor_has_one_town_then_shows_its_reads_only(world: Ground) -> None:
    with frozen_at(MORNING):
        reveal(world)
        record_look_up(by=world.viewer("desk"), field="people.phone", value="1", purpose="visiting", found=None)
        record_reveal(
            by=world.viewer("desk"),
            subject_type="people.person",
            subject_id=OTHER,
            field="people.phone",
            purpose="visiting",
            place_id=world.grids[-1].id,
        )
        town, whole = world.viewer("town-auditor"), world.viewer("auditor")

    assert [row.place_id for row in read_log(town, ReadFilters()).rows] == [world.grids[0].id]
    assert len(read_log(whole, ReadFilters()).rows) == 3


def test_read_log_when_the_viewer_audits_nothing_then_refused(world: Ground) -> None:
    reveal(world)
    with frozen_at(MORNING):
        desk = world.viewer("desk")

    with pytest.raises(NotAllowed):
        read_log(desk, ReadFilters())


def test_read_log_when_longer_than_a_page_then_goes_on_where_it_ended(
    world: Ground, auditor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_reads, "PAGE", 2)
    for _ in range(5):
        reveal(world)

    seen, after = list[int](), None
    while True:
        page = read_log(auditor, ReadFilters(after=after))
        seen += [row.seq for row in page.rows]
        after = page.next
        if after is None:
            break

    assert seen == sorted(Line.objects.filter(kind="access.revealed").values_list("seq", flat=True), reverse=True)


def test_read_log_when_rows_grow_then_asks_the_database_no_more_often(world: Ground, auditor: Viewer) -> None:
    counts = []
    reveal(world)
    read_log(auditor, ReadFilters())
    for _ in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            read_log(auditor, ReadFilters())
        counts.append(len(asked))
        reveal(world)
        reveal(world, "checker")

    assert counts == [2, 2]


@pytest.mark.parametrize("filters", [ReadFilters(), ReadFilters(person_id=PERSON), ReadFilters(username="desk")])
def test_read_log_when_asked_then_an_index_of_read_lines_answers(
    world: Ground, auditor: Viewer, filters: ReadFilters
) -> None:
    reveal(world)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = queries_reads._lines(auditor, filters).explain()

    assert "journal_line_reads" in plan
