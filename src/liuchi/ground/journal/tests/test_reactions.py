import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from liuchi.ground.journal import reactions
from liuchi.ground.journal.actions import AlreadyResolved, record, retry_dead_letter
from liuchi.ground.journal.kinds import JournalRefused
from liuchi.ground.journal.models import Checkpoint, DeadLetter, Line
from liuchi.ground.journal.queries import dead_letters, history_of
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.tests.lines import HOUSE, OTHER, note, note_other, notes
from liuchi.ground.journal.tests.owner import as_owner
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound

pytestmark = pytest.mark.usefixtures("committed")
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NOTED = frozenset({"test.noted"})


class Broken(Exception):
    """What a failing effect raises; its message must not reach the journal."""


def reading(seen: list[Line]) -> Reaction:
    return Reaction("test.read", NOTED, seen.append)


def failing(times: list[int], attempts: int = 3) -> Reaction:
    """A reaction that writes a line and then fails while `times` holds a count above zero."""

    def run(line: Line) -> None:
        follow(by=HOUSE, line=line)
        if times[0] > 0:
            times[0] -= 1
            raise Broken("张三 13900000000")

    return Reaction("test.fail", NOTED, run, attempts)


@action
def follow(*, by: Actor, line: Line) -> Line:
    return record(kind=OTHER, by=by, subject_type="test", subject_id=line.pk)


def effects() -> list[object]:
    return list(Line.objects.filter(kind="test.other").values_list("subject_id", flat=True))


def test_reactions_when_lines_are_sealed_then_each_is_read_once_in_order() -> None:
    seen: list[Line] = []
    written = notes(3)
    note_other()

    before = run_reactions([reading(seen)])
    seal_once()
    first, second = run_reactions([reading(seen)]), run_reactions([reading(seen)])

    assert (before, first, second) == (0, 3, 0)
    assert [line.pk for line in seen] == [line.pk for line in sorted(written, key=lambda line: line.seq)]
    assert Checkpoint.objects.get(pk="test.read").position == 4


def test_reactions_when_limited_then_the_rest_waits() -> None:
    seen: list[Line] = []
    notes(5)
    seal_once()

    counts = [run_reactions([reading(seen)], limit=2) for _ in range(4)]

    assert counts == [2, 2, 1, 0]
    assert [line.position for line in seen] == [1, 2, 3, 4, 5]


def test_reactions_when_nothing_concerns_them_then_the_checkpoint_moves_in_one_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reactions, "WINDOW", 3)
    seen: list[Line] = []
    for _ in range(7):
        note_other()
    note()
    seal_once()

    assert run_reactions([reading(seen)]) == 1

    assert Checkpoint.objects.get().position == 8


def test_reactions_when_new_then_they_read_history() -> None:
    notes(2)
    seal_once()
    run_reactions([])
    seen: list[Line] = []

    run_reactions([reading(seen)])

    assert len(seen) == 2


def test_reactions_when_one_fails_then_its_effect_is_undone_and_tried_again_later() -> None:
    seen: list[Line] = []
    times = [1]
    line = note()
    seal_once()
    both = [failing(times), reading(seen)]

    with clock.frozen_at(NOON):
        run_reactions(both)
        undone = effects()
        run_reactions(both)
    too_early = effects()
    with clock.frozen_at(NOON + timedelta(seconds=2)):
        run_reactions(both)

    assert (undone, too_early) == ([], [])
    assert effects() == [line.pk]
    assert len(seen) == 1
    assert Checkpoint.objects.get(pk="test.fail").attempts == 0


def lay_aside(times: list[int]) -> DeadLetter:
    """Let one line fail as often as it may, then return its dead letter."""
    for minute in range(3):
        with clock.frozen_at(NOON + timedelta(minutes=minute)):
            run_reactions([failing(times)])
    return dead_letters().get()


def test_reactions_when_a_line_fails_too_often_then_it_is_laid_aside_and_the_rest_goes_on() -> None:
    first, second = notes(2)
    seal_once()

    letter = lay_aside([3])

    assert (letter.line_id, letter.attempts, letter.resolved_at) == (first.pk, 3, None)
    assert letter.error.startswith("Broken at ")
    assert "张三" not in letter.error
    assert "139" not in letter.error
    assert effects() == [second.pk]


def test_retry_when_the_effect_succeeds_then_the_letter_is_resolved() -> None:
    line = note()
    seal_once()
    letter = lay_aside([3])

    retried = retry_dead_letter(by=HOUSE, dead_letter_id=letter.pk, reactions=[failing([0])])

    assert retried.resolved_at is not None
    assert effects() == [line.pk]
    assert not dead_letters().exists()
    told = Line.objects.get(kind="journal.dead_letter_retried")
    assert told.data == {"reaction": "test.fail", "line": str(line.pk), "is_resolved": True}
    with pytest.raises(AlreadyResolved):
        retry_dead_letter(by=HOUSE, dead_letter_id=letter.pk, reactions=[failing([0])])


def test_retry_when_the_effect_fails_again_then_it_is_undone_and_counted() -> None:
    note()
    seal_once()
    letter = lay_aside([3])

    retried = retry_dead_letter(by=HOUSE, dead_letter_id=letter.pk, reactions=[failing([1])])

    assert (retried.resolved_at, retried.attempts) == (None, 4)
    assert effects() == []
    assert Line.objects.get(kind="journal.dead_letter_retried").data["is_resolved"] is False


def test_retry_when_not_allowed_or_unknown_then_refused() -> None:
    note()
    seal_once()
    letter = lay_aside([3])

    with pytest.raises(NotAllowed):
        retry_dead_letter(by=Visitor(frozenset()), dead_letter_id=letter.pk, reactions=[failing([0])])
    with pytest.raises(NotFound):
        retry_dead_letter(by=HOUSE, dead_letter_id=letter.pk, reactions=[])
    with pytest.raises(NotFound):
        retry_dead_letter(by=HOUSE, dead_letter_id=uuid4(), reactions=[failing([0])])


def test_dead_letter_when_doubled_then_the_database_refuses() -> None:
    note()
    seal_once()
    letter = lay_aside([3])
    letter.pk = uuid4()

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError), transaction.atomic():
        letter.save(force_insert=True)


def test_reactions_when_two_workers_run_then_each_line_has_one_effect() -> None:
    written = notes(25)
    seal_once()
    barrier = threading.Barrier(3)

    def work() -> None:
        try:
            barrier.wait()
            while Checkpoint.objects.filter(position__gte=25).count() == 0:
                run_reactions([failing([0])])
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(map(str, effects())) == sorted(str(line.pk) for line in written)
    assert not DeadLetter.objects.exists()


def run_while_checkpoint_is_held(then: Callable[[], object]) -> object:
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Checkpoint.objects.select_for_update().get()
                held.set()
                assert go.wait(10)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    answer = then()
    go.set()
    holder.join()
    return answer


def test_reactions_when_another_worker_has_the_reaction_then_this_one_does_not_wait() -> None:
    seen: list[Line] = []
    note()
    seal_once()
    run_reactions([reading(seen)])
    note()
    seal_once()

    taken = run_while_checkpoint_is_held(lambda: run_reactions([reading(seen)]))

    assert taken == 0
    assert len(seen) == 1
    assert run_reactions([reading(seen)]) == 1


def test_reactions_when_the_database_goes_away_then_no_attempt_is_counted() -> None:
    note()
    seal_once()

    def cut(_line: Line) -> None:
        assert connection.connection is not None
        connection.connection.close()
        connection.cursor()

    with pytest.raises(Exception, match="closed"):
        run_reactions([Reaction("test.cut", NOTED, cut)])
    connection.close()

    assert Checkpoint.objects.get(pk="test.cut").attempts == 0


def test_reaction_when_its_name_is_no_code_then_refused() -> None:
    with pytest.raises(JournalRefused):
        Reaction("读", NOTED, print)


def test_history_when_asked_then_lines_of_the_subject_in_order_of_writing() -> None:
    line = note()
    note()
    follow(by=HOUSE, line=line)
    follow(by=HOUSE, line=line)

    found = history_of("test", line.pk)

    assert [each.kind for each in found] == ["test.other", "test.other"]
    assert [each.seq for each in found] == sorted(each.seq for each in found)


def test_reactions_when_a_position_was_lost_then_they_go_on_after_it() -> None:
    seen: list[Line] = []
    notes(3)
    seal_once()
    as_owner("DELETE FROM journal_line WHERE position = 2")

    assert run_reactions([reading(seen)]) == 2
    assert Checkpoint.objects.get().position == 3


FORGED = (
    "INSERT INTO journal_line SELECT gen_random_uuid(), nextval('journal_line_seq'), kind, actor_kind, actor_id,"
    " actor_name, on_behalf_of, place_id, subject_type, subject_id, data, scheme_version, happened_at, recorded_at,"
    " mac, 2 FROM journal_line WHERE position = 1"
)


def test_reactions_when_the_owner_forges_a_line_then_nothing_follows_from_it_and_it_is_laid_aside() -> None:
    seen: list[Line] = []
    genuine = note()
    seal_once()
    as_owner(FORGED)
    reaction = Reaction("test.read", NOTED, seen.append, attempts=1)

    run_reactions([reaction])

    assert [line.pk for line in seen] == [genuine.pk]
    letter = DeadLetter.objects.get()
    assert letter.line.position == 2
    assert letter.error.startswith("NotOurs at ")


def test_reactions_when_a_sealed_line_was_edited_then_nothing_follows_from_it() -> None:
    seen: list[Line] = []
    notes(2)
    seal_once()
    as_owner("""UPDATE journal_line SET data = jsonb_set(data, '{rating}', '5') WHERE position = 1""")

    run_reactions([Reaction("test.read", NOTED, seen.append, attempts=1)])

    assert [line.position for line in seen] == [2]
