import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.folder import ENTRY, Busy, Folder
from liuchi.ground.journal.models import Batch, Line
from liuchi.ground.journal.sealing import LOCK, seal_once, sealing
from liuchi.ground.journal.seals import JournalBroken, parse, seal_of
from liuchi.ground.journal.tests.lines import HOUSE, OTHER, note, notes
from liuchi.ground.journal.tests.owner import as_owner
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.keyring import keyring

pytestmark = pytest.mark.usefixtures("committed")


def files() -> Folder:
    return Folder(Path(settings.LIUCHI_JOURNAL))


def positions() -> list[int | None]:
    return list(Line.objects.order_by("position").values_list("position", flat=True))


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@action
def note_late(*, by: Actor, written: threading.Event, go: threading.Event) -> Line:
    """Write a line and hold the transaction open until told to go."""
    line = record(kind=OTHER, by=by, subject_type="test", subject_id=uuid4())
    written.set()
    assert go.wait(10)
    return line


def test_seal_when_lines_wait_then_positions_count_from_one() -> None:
    notes(5)

    first, second, none = seal_once(limit=3), seal_once(limit=3), seal_once(limit=3)

    assert (first, second, none) == (3, 2, 0)
    assert positions() == [1, 2, 3, 4, 5]
    assert list(Batch.objects.values_list("number", "first", "count")) == [(1, 1, 3), (2, 4, 2)]


def test_seal_when_done_then_the_file_holds_the_same_signed_chain() -> None:
    notes(3)
    seal_once(limit=2)
    seal_once()

    filed = [parse(line) for line in files().lines(files().size())]

    assert filed == [seal_of(batch) for batch in Batch.objects.order_by("number")]
    assert all(seal.is_signed(keyring()) for seal in filed)
    assert filed[1].previous == filed[0].digest()
    assert files().leaves_size() == 3 * ENTRY


def test_seal_when_a_transaction_commits_late_then_it_falls_into_a_later_batch() -> None:
    written, go = threading.Event(), threading.Event()
    late = in_thread(lambda: note_late(by=HOUSE, written=written, go=go))
    assert written.wait(10)
    early = note()

    seal_once()
    go.set()
    late.join()
    seal_once()

    assert Line.objects.get(position=1).pk == early.pk
    assert Line.objects.get(position=2).seq < early.seq


def test_seal_when_commit_order_is_known_then_it_is_the_order_of_positions() -> None:
    written, go = threading.Event(), threading.Event()
    late = in_thread(lambda: note_late(by=HOUSE, written=written, go=go))
    assert written.wait(10)
    early = note()
    go.set()
    late.join()
    with connection.cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        is_known = cursor.fetchone() == ("on",)

    seal_once()

    assert (Line.objects.get(position=1).pk == early.pk) is is_known


def test_seal_when_eight_write_and_two_seal_then_nothing_is_skipped_or_doubled() -> None:
    done = threading.Event()
    writers = [in_thread(write_twelve) for _ in range(8)]
    sealers = [in_thread(lambda: seal_until(done)) for _ in range(2)]
    reports = [verify() for _ in range(3)]

    for thread in writers:
        thread.join()
    done.set()
    for thread in sealers:
        thread.join()

    assert all(report.is_green for report in reports)
    assert positions() == list(range(1, 97))
    assert verify().is_green


def write_twelve() -> None:
    for number in range(12):
        note_slowly(number)


def note_slowly(number: int) -> None:
    """Let every third transaction stay open a little, so that commits overtake one another."""
    if number % 3:
        note()
    else:
        written, go = threading.Event(), threading.Event()
        timer = threading.Timer(0.02, go.set)
        timer.start()
        note_late(by=HOUSE, written=written, go=go)
        timer.join()


def seal_until(done: threading.Event) -> None:
    while not done.is_set():
        seal_once(limit=7)
    while seal_once(limit=7):
        pass


def test_seal_when_a_line_is_not_ours_then_it_is_passed_over_and_the_rest_sealed() -> None:
    first, second, third = notes(3)
    as_owner("UPDATE journal_line SET kind = 'test.faked' WHERE id = %(id)s", id=second.pk)

    sealed = seal_once(limit=2)

    assert sealed == 2
    assert set(Line.objects.filter(position__isnull=False).values_list("pk", flat=True)) == {first.pk, third.pk}
    assert [(problem.code, problem.line_id) for problem in verify().problems] == [("forged", second.pk)]


def test_seal_when_no_waiting_line_is_ours_then_none_is_sealed() -> None:
    line = note()
    as_owner("UPDATE journal_line SET kind = 'test.faked'")

    assert seal_once() == 0

    assert Line.objects.get(pk=line.pk).position is None


def test_seal_when_another_machine_seals_then_it_says_so() -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            inside.set()
            assert leave.wait(10)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

    holder = in_thread(hold)
    assert inside.wait(10)
    with pytest.raises(Busy):
        seal_once(wait=False)
    leave.set()
    holder.join()

    assert seal_once(wait=False) == 0


def test_seal_when_another_seals_then_it_waits_or_says_so() -> None:
    note()
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with sealing():
            inside.set()
            assert leave.wait(10)

    holder = in_thread(hold)
    assert inside.wait(10)
    with pytest.raises(Busy):
        seal_once(wait=False)
    waiting = in_thread(seal_once)
    assert positions() == [None]
    leave.set()
    holder.join()
    waiting.join()

    assert positions() == [1]


def test_seal_when_the_last_line_of_the_file_is_torn_then_it_is_repaired() -> None:
    notes(2)
    seal_once(limit=1)
    seal_once(limit=1)
    whole = files().roots.read_bytes()
    files().roots.write_bytes(whole[:-40])

    assert seal_once() == 0

    assert files().roots.read_bytes() == whole
    assert verify().is_green


def test_seal_when_the_file_lacks_more_than_a_kill_explains_then_refused() -> None:
    notes(3)
    for _ in range(3):
        seal_once(limit=1)
    lines = files().roots.read_bytes().splitlines(keepends=True)
    files().roots.write_bytes(lines[0])

    with pytest.raises(JournalBroken, match="put back the newest copy"):
        seal_once()


def test_seal_when_the_file_lacks_a_batch_that_was_changed_then_refused() -> None:
    notes(2)
    seal_once(limit=1)
    seal_once(limit=1)
    lines = files().roots.read_bytes().splitlines(keepends=True)
    files().roots.write_bytes(lines[0])
    as_owner("""UPDATE journal_line SET data = '{"rating": 9}' WHERE position = 2""")

    with pytest.raises(JournalBroken, match="not sealed by this house, or its lines were changed"):
        seal_once()


def test_seal_when_leaves_are_cut_then_refused() -> None:
    notes(2)
    seal_once()
    files().leaves.write_bytes(files().leaves.read_bytes()[:ENTRY])

    with pytest.raises(JournalBroken, match="ends before the last seal"):
        seal_once()


def test_seal_when_the_database_was_sealed_anew_then_refused() -> None:
    note()
    seal_once()
    as_owner("UPDATE journal_batch SET root = decode(repeat('00', 32), 'hex')")

    with pytest.raises(JournalBroken, match="not the one filed"):
        seal_once()


def test_seal_when_the_owner_put_a_line_at_the_next_position_then_refused_until_it_is_gone() -> None:
    note()
    seal_once()
    as_owner(
        "INSERT INTO journal_line SELECT gen_random_uuid(), nextval('journal_line_seq'), kind, actor_kind, actor_id,"
        " actor_name, on_behalf_of, place_id, subject_type, subject_id, data, scheme_version, happened_at, recorded_at,"
        " mac, 2 FROM journal_line WHERE position = 1"
    )
    note()

    with pytest.raises(JournalBroken, match="stands at position 2"):
        seal_once()
    as_owner("DELETE FROM journal_line WHERE position = 2")

    assert seal_once() == 1
    assert verify().is_green
