from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from liuchi.ground.journal.actions import LineOutsideAction, draft, record, write
from liuchi.ground.journal.kinds import JournalRefused
from liuchi.ground.journal.lines import canonical, content_of
from liuchi.ground.journal.models import Checkpoint, Line
from liuchi.ground.journal.tests.lines import HOUSE, NOTED, note
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actions import ActionMisbuilt, action
from liuchi.ground.kernel.actors import Actor, System, Visitor
from liuchi.ground.kernel.keyring import keyring

MOMENT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_record_when_called_in_an_action_then_line_holds_what_happened() -> None:
    with clock.frozen_at(MOMENT):
        line = note(by=HOUSE, rating=5)

    read = Line.objects.get(pk=line.pk)
    assert (read.kind, read.actor_kind, read.actor_name, read.actor_id) == (
        "test.noted",
        "system",
        "journal tests",
        None,
    )
    assert (read.happened_at, read.recorded_at, read.position) == (MOMENT, MOMENT, None)
    assert read.data == line.data
    assert read.seq == line.seq
    assert bytes(read.mac) == keyring().authenticate(canonical(content_of(read)))


@pytest.mark.django_db
def test_record_when_rows_are_given_then_they_come_with_the_line() -> None:
    row = Checkpoint(reaction="together", position=7)

    @action
    def note_with_row(*, by: Actor) -> Line:
        return record(
            kind=NOTED, by=by, subject_type="test", subject_id=uuid4(), data={"unit": uuid4(), "rating": 1}, rows=[row]
        )

    note_with_row(by=HOUSE)

    assert Line.objects.count() == 1
    assert Checkpoint.objects.get(pk="together").position == 7


@pytest.mark.django_db
def test_record_when_no_action_runs_then_refused() -> None:
    line = draft(kind=NOTED, by=HOUSE, subject_type="test", subject_id=uuid4(), data={"unit": uuid4(), "rating": 1})

    with pytest.raises(LineOutsideAction):
        write(line)
    with guard.scope("maintenance", "test"), pytest.raises(LineOutsideAction):
        write(line)


@pytest.mark.django_db
def test_record_when_called_twice_then_the_action_is_undone() -> None:
    with pytest.raises(ActionMisbuilt):
        note(by=HOUSE, times=2)

    assert Line.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"unit": "海口镇", "rating": 1}, "declared as UUID"),
        ({"unit": UUID(int=1)}, "'rating' is missing"),
        ({"unit": UUID(int=1), "rating": 1, "note": "x"}, "not declared"),
        ({"unit": UUID(int=1), "rating": 1.5}, "is a float"),
        ({"unit": UUID(int=1), "rating": True}, "is a bool"),
        ({"unit": UUID(int=1), "rating": 2**63}, "64 bits"),
    ],
)
def test_draft_when_data_breaks_its_kind_then_refused(data: dict[str, object], told: str) -> None:
    with pytest.raises(JournalRefused, match=told):
        draft(kind=NOTED, by=HOUSE, subject_type="test", subject_id=UUID(int=1), data=data)


def test_draft_when_parts_are_no_codes_then_refused() -> None:
    good = {"unit": UUID(int=1), "rating": 1}

    with pytest.raises(JournalRefused, match="subject_type"):
        draft(kind=NOTED, by=HOUSE, subject_type="a case", subject_id=UUID(int=1), data=good)
    with pytest.raises(JournalRefused, match="scheme_version"):
        draft(kind=NOTED, by=HOUSE, subject_type="test", subject_id=UUID(int=1), data=good, scheme_version="第一版")
    with pytest.raises(JournalRefused, match="system actor"):
        draft(kind=NOTED, by=System("张三"), subject_type="test", subject_id=UUID(int=1), data=good)
    with pytest.raises(JournalRefused, match="time zone"):
        draft(
            kind=NOTED, by=HOUSE, subject_type="test", subject_id=UUID(int=1), data=good,
            happened_at=datetime(2026, 1, 1),
        )  # fmt: skip
    with pytest.raises(JournalRefused, match="subject_id"):
        draft(kind=NOTED, by=HOUSE, subject_type="test", subject_id="1", data=good)  # type: ignore[arg-type]
    with pytest.raises(JournalRefused, match="not declared"):
        draft(kind="test.noted", by=HOUSE, subject_type="test", subject_id=UUID(int=1), data=good)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_line_when_visitor_acts_then_nobody_is_named() -> None:
    line = note(by=Visitor(frozenset({"report"})))

    assert (line.actor_kind, line.actor_id, line.actor_name) == ("visitor", None, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_line",
        "TRUNCATE journal_line CASCADE",
        "UPDATE journal_line SET kind = 'test.other'",
        "UPDATE journal_line SET position = 1, kind = 'test.other'",
        """UPDATE journal_line SET data = '{"rating": 1}'""",
        (
            "INSERT INTO journal_line SELECT gen_random_uuid(), seq, kind, actor_kind, actor_id, actor_name,"
            " on_behalf_of, place_id, subject_type, subject_id, data, scheme_version, happened_at, recorded_at, mac, 9"
            " FROM journal_line"
        ),
    ],
)
def test_line_when_changed_by_sql_then_the_database_refuses(statement: str) -> None:
    note(by=HOUSE)

    with guard.scope("maintenance", "test"), pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        _run(statement)
    assert Line.objects.get().position is None


@pytest.mark.django_db
def test_line_when_position_is_set_then_only_once() -> None:
    note(by=HOUSE)

    with guard.scope("maintenance", "test"):
        _run("UPDATE journal_line SET position = 4")
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            _run("UPDATE journal_line SET position = 5")
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            _run("UPDATE journal_line SET position = NULL")

    assert Line.objects.get().position == 4


@pytest.mark.django_db
def test_line_when_maintenance_is_on_then_it_may_go() -> None:
    note(by=HOUSE)

    with guard.scope("maintenance", "test"):
        _run("SET LOCAL liuchi.maintenance = 'on'")
        _run("DELETE FROM journal_line")

    assert Line.objects.count() == 0


@pytest.mark.django_db
def test_line_when_a_person_has_no_id_then_the_database_refuses() -> None:
    line = draft(kind=NOTED, by=HOUSE, subject_type="test", subject_id=uuid4(), data={"unit": uuid4(), "rating": 1})
    line.actor_kind = "person"

    with guard.scope("action", "test"), pytest.raises(IntegrityError), transaction.atomic():
        write(line)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
