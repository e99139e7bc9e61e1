import shutil
from pathlib import Path

import pytest
from django.conf import settings

from liuchi.ground.journal.folder import Folder
from liuchi.ground.journal.models import Batch, Line
from liuchi.ground.journal.restoring import NothingToResume, ReasonMissing, resume_after_restore
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.seals import JournalBroken, parse
from liuchi.ground.journal.tests.lines import HOUSE, note, notes
from liuchi.ground.journal.tests.owner import as_owner, back_up, put_back
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.errors import NotAllowed

pytestmark = pytest.mark.usefixtures("committed")


def files() -> Folder:
    return Folder(Path(settings.LIUCHI_JOURNAL))


def seal_each(count: int) -> list[Line]:
    written = notes(count)
    while seal_once(limit=1):
        pass
    return written


def test_sealing_when_an_older_database_was_put_back_then_refused_until_resumed() -> None:
    seal_each(2)
    back_up()
    lost = seal_each(3)
    put_back()
    note()

    with pytest.raises(JournalBroken, match="an older copy of the database was put back"):
        seal_once()
    lost_ids = {problem.line_id for problem in verify().problems if problem.code == "deleted"}
    seal = resume_after_restore(by=HOUSE, reason="The disk failed; the copy of last night was put back.")
    seal_once()

    assert lost_ids == {line.pk for line in lost}
    assert (seal.epoch, seal.kept, seal.number, seal.first) == (2, 2, 6, 6)
    assert list(Line.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 6, 7]
    assert Line.objects.get(kind="journal.restored").data == {"epoch": 2, "kept": 2, "next_position": 6}
    assert verify().is_green


def test_resuming_when_done_twice_and_to_ever_older_copies_then_numbers_are_never_used_again() -> None:
    seal_each(1)
    back_up()
    seal_each(2)
    put_back()
    resume_after_restore(by=HOUSE, reason="first restore")
    back_up()
    seal_each(2)
    put_back()
    resume_after_restore(by=HOUSE, reason="second restore")
    note()
    seal_once()

    filed = [parse(line) for line in files().lines(files().size())]
    assert [seal.number for seal in filed] == list(range(1, len(filed) + 1))
    assert filed[-1].epoch == 3
    assert verify().is_green


def test_verify_when_a_lost_line_is_put_back_by_hand_then_it_is_named() -> None:
    seal_each(1)
    back_up()
    (lost,) = seal_each(1)
    as_owner("CREATE TABLE lost_line AS SELECT * FROM journal_line WHERE position = 2")
    put_back()
    resume_after_restore(by=HOUSE, reason="a restore")
    seal_once()

    as_owner("INSERT INTO journal_line TABLE lost_line", "DROP TABLE lost_line")

    assert [(problem.code, problem.line_id) for problem in verify().problems] == [("inserted", lost.pk)]


def test_resuming_when_the_files_are_lost_then_they_are_written_again_and_the_loss_is_told() -> None:
    seal_each(3)
    shutil.rmtree(files().path)

    with pytest.raises(JournalBroken, match="put back the newest copy"):
        seal_once()
    resume_after_restore(by=HOUSE, reason="The folder was lost.")
    seal_once()

    assert list(Batch.objects.values_list("number", "kind")) == [
        (1, "batch"),
        (2, "batch"),
        (3, "batch"),
        (4, "restored"),
        (5, "batch"),
    ]
    assert verify().is_green


def test_resuming_when_the_files_are_lost_after_an_earlier_restore_then_they_are_written_again() -> None:
    seal_each(1)
    back_up()
    seal_each(2)
    put_back()
    resume_after_restore(by=HOUSE, reason="a restore")
    seal_each(1)
    shutil.rmtree(files().path)

    resume_after_restore(by=HOUSE, reason="The folder was lost.")
    seal_once()

    assert list(Line.objects.order_by("position").values_list("position", flat=True)) == [1, 4, 5, 6]
    assert verify().is_green


def test_resuming_when_lines_were_changed_meanwhile_then_refused() -> None:
    seal_each(3)
    shutil.rmtree(files().path)
    as_owner("""UPDATE journal_line SET data = '{"rating": 9}' WHERE position = 2""")

    with pytest.raises(JournalBroken, match="its lines were changed"):
        resume_after_restore(by=HOUSE, reason="The folder was lost.")


def test_resuming_when_the_database_is_of_another_house_then_refused() -> None:
    seal_each(2)
    as_owner(
        "UPDATE journal_batch SET root = decode(repeat('00', 32), 'hex') WHERE number = 1",
        "DELETE FROM journal_batch WHERE number = 2",
    )

    with pytest.raises(JournalBroken, match="no older copy of this house"):
        resume_after_restore(by=HOUSE, reason="a restore")


def test_resuming_when_there_is_nothing_to_resume_then_refused() -> None:
    with pytest.raises(NothingToResume):
        resume_after_restore(by=HOUSE, reason="before the first line")
    seal_each(1)

    with pytest.raises(NothingToResume):
        resume_after_restore(by=HOUSE, reason="a mistake")
    with pytest.raises(ReasonMissing):
        resume_after_restore(by=HOUSE, reason=" ")
    with pytest.raises(NotAllowed):
        resume_after_restore(by=Visitor(frozenset()), reason="a mistake")
