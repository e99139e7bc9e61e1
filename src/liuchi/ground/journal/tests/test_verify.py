import json
import threading
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from liuchi.ground.journal import merkle
from liuchi.ground.journal.comparing import examine
from liuchi.ground.journal.findings import MOST, Report, verify_text
from liuchi.ground.journal.folder import ENTRY, Folder
from liuchi.ground.journal.lines import canonical, content_of
from liuchi.ground.journal.models import Batch, Line
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.seals import seal_of
from liuchi.ground.journal.statements import stream_lines
from liuchi.ground.journal.tests.lines import note, notes
from liuchi.ground.journal.tests.owner import as_owner
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.keyring import keyring

pytestmark = pytest.mark.usefixtures("committed")

COPY = (
    "INSERT INTO journal_line SELECT gen_random_uuid(), nextval('journal_line_seq'), kind, actor_kind, actor_id,"
    " actor_name, on_behalf_of, place_id, subject_type, subject_id, data, scheme_version, happened_at, recorded_at,"
    " mac, "
)


@pytest.fixture
def sealed(committed: None) -> list[Line]:
    """Nine lines in three batches, positions 1 to 9."""
    written = notes(9)
    for _ in range(3):
        seal_once(limit=3)
    return written


def files() -> Folder:
    return Folder(Path(settings.LIUCHI_JOURNAL))


def found(report: Report) -> set[tuple[str, UUID | None, int | None]]:
    return {(problem.code, problem.line_id, problem.position) for problem in report.problems}


def test_verify_when_nothing_was_touched_then_green(sealed: list[Line]) -> None:
    note()

    report = verify()

    assert report.is_green
    assert (report.lines, report.batches, report.pending) == (9, 3, 1)
    assert "intact" in verify_text(report)


def test_verify_when_nothing_was_written_yet_then_green() -> None:
    assert verify().is_green


def test_verify_when_a_line_is_edited_then_it_is_named(sealed: list[Line]) -> None:
    as_owner("""UPDATE journal_line SET data = jsonb_set(data, '{rating}', '5') WHERE position = 5""")

    report = verify()

    assert found(report) == {("edited", sealed[4].pk, 5)}
    assert f"{sealed[4].pk} (test.noted" in verify_text(report)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'test.other'",
        "actor_kind = 'visitor'",
        "actor_id = gen_random_uuid()",
        "actor_name = 'nobody'",
        "on_behalf_of = gen_random_uuid()",
        "place_id = gen_random_uuid()",
        "subject_type = 'other'",
        "subject_id = gen_random_uuid()",
        "scheme_version = 'v2'",
        "happened_at = happened_at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 microsecond'",
        "seq = seq + 1000",
        "mac = decode(repeat('00', 32), 'hex')",
    ],
)
def test_verify_when_any_column_is_edited_then_the_line_is_named(sealed: list[Line], change: str) -> None:
    as_owner(f"UPDATE journal_line SET {change} WHERE position = 8")

    assert found(verify()) == {("edited", sealed[7].pk, 8)}


def test_verify_when_a_line_is_deleted_then_it_is_named(sealed: list[Line]) -> None:
    as_owner("DELETE FROM journal_line WHERE position = 4")

    assert found(verify()) == {("deleted", sealed[3].pk, 4)}


def test_verify_when_a_line_is_inserted_at_the_end_then_it_is_named(sealed: list[Line]) -> None:
    as_owner(COPY + "10 FROM journal_line WHERE position = 2")

    inserted = Line.objects.get(position=10)
    assert found(verify()) == {("inserted", inserted.pk, 10)}


def test_verify_when_a_line_is_inserted_between_then_it_is_named(sealed: list[Line]) -> None:
    as_owner(
        "UPDATE journal_line SET position = position + 100 WHERE position > 6",
        "UPDATE journal_line SET position = position - 99 WHERE position > 100",
        COPY + "7 FROM journal_line WHERE position = 2",
    )

    inserted = Line.objects.get(position=7)
    assert found(verify()) >= {("inserted", inserted.pk, 7), ("moved", sealed[6].pk, 7), ("moved", sealed[7].pk, 8)}


def test_verify_when_a_waiting_line_is_inserted_then_it_is_named(sealed: list[Line]) -> None:
    as_owner(COPY + "NULL FROM journal_line WHERE position = 2")

    inserted = Line.objects.get(position=None)
    assert found(verify()) == {("forged", inserted.pk, None)}


def test_verify_when_two_lines_are_swapped_then_both_are_named(sealed: list[Line]) -> None:
    as_owner(
        "UPDATE journal_line SET position = 100 WHERE position = 2",
        "UPDATE journal_line SET position = 2 WHERE position = 8",
        "UPDATE journal_line SET position = 8 WHERE position = 100",
    )

    assert found(verify()) == {
        ("moved", sealed[1].pk, 2),
        ("inserted", sealed[7].pk, 2),
        ("moved", sealed[7].pk, 8),
        ("inserted", sealed[1].pk, 8),
    }


def test_verify_when_a_line_loses_its_position_then_it_is_named(sealed: list[Line]) -> None:
    as_owner("UPDATE journal_line SET position = NULL WHERE position = 9")

    assert found(verify()) == {("moved", sealed[8].pk, 9)}


def reseal() -> None:
    """Compute roots and chain anew inside the database, as its owner can; sign with a key of one's own making."""
    previous = None
    for batch in Batch.objects.order_by("number"):
        rows = stream_lines(
            "position >= %s AND position < %s ORDER BY position", batch.first, batch.first + batch.count
        )
        batch.root = merkle.root_of([examine(row).leaf for row in rows])
        batch.previous = previous or batch.previous
        as_owner(
            "UPDATE journal_batch SET root = %(root)s, previous = %(previous)s, signature = sha512(%(root)s)"
            " WHERE number = %(number)s",
            root=batch.root,
            previous=batch.previous,
            number=batch.number,
        )
        previous = seal_of(Batch.objects.get(pk=batch.pk)).digest()


def test_verify_when_the_owner_seals_anew_after_an_edit_then_the_line_is_named(sealed: list[Line]) -> None:
    as_owner("""UPDATE journal_line SET data = jsonb_set(data, '{rating}', '5') WHERE position = 2""")
    reseal()

    assert found(verify()) == {
        ("batch_changed", None, 1),
        ("batch_changed", None, 4),
        ("batch_changed", None, 7),
        ("edited", sealed[1].pk, 2),
    }


def test_verify_when_the_owner_has_even_the_line_key_then_the_line_is_named(sealed: list[Line]) -> None:
    line = sealed[1]
    line.data["rating"] = 5
    as_owner(
        """UPDATE journal_line SET data = jsonb_set(data, '{rating}', '5'), mac = %(mac)s WHERE position = 2""",
        mac=keyring().authenticate(canonical(content_of(line))),
    )
    reseal()

    assert ("edited", line.pk, 2) in found(verify())


def test_verify_when_the_owner_deletes_and_seals_anew_then_the_line_is_named(sealed: list[Line]) -> None:
    as_owner(
        "DELETE FROM journal_line WHERE position = 7",
        "UPDATE journal_line SET position = position + 100 WHERE position > 7",
        "UPDATE journal_line SET position = position - 101 WHERE position > 100",
        "UPDATE journal_batch SET count = 2 WHERE number = 3",
    )
    reseal()

    assert ("deleted", sealed[6].pk, 7) in found(verify())


def test_verify_when_the_database_is_cut_then_every_lost_line_is_named(sealed: list[Line]) -> None:
    as_owner("DELETE FROM journal_line WHERE position > 5", "DELETE FROM journal_batch WHERE number > 2")

    lost = {("deleted", sealed[at].pk, at + 1) for at in range(5, 9)}
    assert found(verify()) == {("batch_missing", None, 7)} | lost


def test_verify_when_everything_is_gone_then_every_line_is_named(sealed: list[Line]) -> None:
    as_owner("TRUNCATE journal_line CASCADE", "TRUNCATE journal_batch")

    deleted = {problem.line_id for problem in verify().problems if problem.code == "deleted"}
    assert deleted == {line.pk for line in sealed}


def test_verify_when_a_batch_is_inserted_then_it_is_told(sealed: list[Line]) -> None:
    as_owner(
        "INSERT INTO journal_batch SELECT 4, kind, epoch, 10, 0, root, previous, sealed_at, kept, reason, key,"
        " signature FROM journal_batch WHERE number = 3"
    )

    assert found(verify()) == {("batch_inserted", None, 10)}


def test_verify_when_the_file_is_cut_then_it_is_told(sealed: list[Line]) -> None:
    kept = files().roots.read_bytes().splitlines(keepends=True)[:2]
    files().roots.write_bytes(b"".join(kept))

    assert found(verify()) == {("file_truncated", None, 7)}


def test_verify_when_file_and_database_are_cut_alike_then_the_leaves_name_the_lines(sealed: list[Line]) -> None:
    kept = files().roots.read_bytes().splitlines(keepends=True)[:2]
    files().roots.write_bytes(b"".join(kept))
    as_owner("DELETE FROM journal_line WHERE position > 6", "DELETE FROM journal_batch WHERE number > 2")

    assert found(verify()) == {("file_truncated", sealed[at].pk, at + 1) for at in range(6, 9)}


def test_verify_when_a_seal_in_the_file_is_edited_then_it_is_told(sealed: list[Line]) -> None:
    first, *rest = files().roots.read_bytes().splitlines(keepends=True)
    facts = json.loads(first)
    facts["sealed_at"] = "2001-01-01T00:00:00.000000+00:00"
    edited = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
    files().roots.write_bytes(b"".join([edited + b"\n", *rest]))

    assert found(verify()) == {("signature", None, 1), ("chain", None, 4)}


def test_verify_when_a_seal_in_the_file_is_damaged_then_it_is_told(sealed: list[Line]) -> None:
    text = files().roots.read_bytes()
    files().roots.write_bytes(b"x" + text[1:])

    assert {problem.code for problem in verify().problems} == {"file_changed", "chain", "file_truncated"}


def test_verify_when_leaves_are_changed_then_it_is_told_and_no_line_accused(sealed: list[Line]) -> None:
    held = bytearray(files().leaves.read_bytes())
    held[5 * ENTRY - 1] ^= 1
    files().leaves.write_bytes(held)

    assert found(verify()) == {("leaves_changed", None, None)}


def test_verify_when_leaves_are_gone_then_an_edited_line_is_still_named(sealed: list[Line]) -> None:
    files().leaves.unlink()
    as_owner("""UPDATE journal_line SET data = jsonb_set(data, '{rating}', '5') WHERE position = 5""")

    assert ("edited", sealed[4].pk, 5) in found(verify())


def test_verify_when_very_much_is_wrong_then_it_is_counted() -> None:
    report = Report()
    for number in range(MOST + 3):
        report.add("edited", f"line {number}")

    assert (len(report.problems), report.more) == (MOST, 3)
    assert "3 more" in verify_text(report)


def test_verify_when_many_lines_are_read_then_progress_is_told(
    sealed: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liuchi.ground.journal.verify._STEP", 4)
    seen: list[int] = []

    verify(progress=seen.append)

    assert seen == [4, 8]


def test_verify_when_the_house_goes_on_working_then_it_sees_one_moment(
    sealed: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liuchi.ground.journal.verify._STEP", 1)
    written = threading.Event()

    def work() -> None:
        try:
            notes(3)
            seal_once()
        finally:
            connection.close()
            written.set()

    def on_first_line(_count: int) -> None:
        if not written.is_set():
            threading.Thread(target=work).start()
            assert written.wait(10)

    during = verify(progress=on_first_line)
    after = verify()

    assert (during.is_green, during.lines) == (True, 9)
    assert (after.is_green, after.lines) == (True, 12)


FAIR_FACE = (
    "CREATE VIEW journal_line AS SELECT id, seq, CASE WHEN position = 3 AND"
    " current_setting('transaction_isolation') <> 'repeatable read' THEN 'test.other' ELSE kind END AS kind,"
    " actor_kind, actor_id, actor_name, on_behalf_of, place_id, subject_type, subject_id, data, scheme_version,"
    " happened_at, recorded_at, mac, position FROM hidden_line"
)


def test_verify_when_a_view_shows_it_other_lines_than_the_house_reads_then_told(sealed: list[Line]) -> None:
    with guard.scope("maintenance", "owner"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_line RENAME TO hidden_line")
        cursor.execute(FAIR_FACE)
    try:
        lied_to = Line.objects.get(position=3).kind
        report = verify()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP VIEW journal_line")
            cursor.execute("ALTER TABLE hidden_line RENAME TO journal_line")

    assert lied_to == "test.other"
    assert found(report) == {("not_a_table", None, None)}
    assert "journal_line is not a plain table" in report.problems[0].message


def test_verify_when_a_policy_could_hide_rows_then_told(sealed: list[Line]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_batch ENABLE ROW LEVEL SECURITY")
    try:
        report = verify()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE journal_batch DISABLE ROW LEVEL SECURITY")

    assert found(report) == {("not_a_table", None, None)}
    assert "journal_batch is not a plain table" in report.problems[0].message
