"""Killed at every step, the journal loses nothing and doubles nothing."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.models import Batch, Checkpoint, Line
from liuchi.ground.journal.reactions import Reaction, run_reactions
from liuchi.ground.journal.restoring import resume_after_restore
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.seals import JournalBroken
from liuchi.ground.journal.tests.killing import killed_at_every_step
from liuchi.ground.journal.tests.lines import HOUSE, OTHER, note, notes
from liuchi.ground.journal.tests.owner import back_up, put_back
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor

pytestmark = pytest.mark.usefixtures("committed")
SEALING = ("sealing.py", "folder.py")


@action
def follow(*, by: Actor, line: Line) -> Line:
    return record(kind=OTHER, by=by, subject_type="test", subject_id=line.pk)


def follow_line(line: Line) -> None:
    follow(by=HOUSE, line=line)


FOLLOW = Reaction("test.follow", frozenset({"test.noted"}), follow_line)


def test_sealer_when_killed_at_every_step_then_the_next_one_goes_on() -> None:
    deaths = 0

    for _step in killed_at_every_step(lambda: (notes(2), seal_once()), within=SEALING):
        deaths += 1
        seal_once()

    assert deaths > 60
    assert list(Line.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 2 * deaths + 3))
    assert verify().is_green


def test_sealer_when_killed_while_filing_again_then_the_next_one_goes_on() -> None:
    notes(2)
    seal_once()
    deaths = 0

    def fall_behind_and_settle() -> None:
        _cut_last_line()
        seal_once()

    for _step in killed_at_every_step(fall_behind_and_settle, within=SEALING):
        deaths += 1

    assert deaths > 40
    assert seal_once() == 0
    assert verify().is_green


def test_worker_when_killed_at_every_step_of_a_reaction_then_one_effect_per_line() -> None:
    deaths = 0

    def react() -> None:
        note()
        seal_once()
        run_reactions([FOLLOW])

    for _step in killed_at_every_step(react, within=("reactions.py", "actions.py", "tests/test_kills.py")):
        deaths += 1
        seal_once()
    seal_once()
    run_reactions([FOLLOW])

    assert deaths > 50
    effects = Counter(Line.objects.filter(kind="test.other").values_list("subject_id", flat=True))
    assert effects == Counter(Line.objects.filter(kind="test.noted").values_list("pk", flat=True))
    assert Checkpoint.objects.get().position >= Line.objects.filter(kind="test.noted", position__gt=0).count()


def test_resuming_when_killed_at_every_step_then_it_can_be_done_again() -> None:
    notes(2)
    seal_once()
    back_up()
    note()
    seal_once()
    put_back()
    deaths = 0

    for _step in killed_at_every_step(resume, within=("restoring.py", "folder.py", "sealing.py")):
        deaths += 1
    seal_once()

    assert deaths > 40
    assert verify().is_green
    assert Batch.objects.filter(kind="restored").count() == 1


def resume() -> None:
    try:
        seal_once()
    except JournalBroken:
        resume_after_restore(by=HOUSE, reason="the disk failed")


def _cut_last_line() -> None:
    roots = Path(settings.LIUCHI_JOURNAL) / "roots.jsonl"
    lines = roots.read_bytes().splitlines(keepends=True)
    roots.write_bytes(b"".join(lines[:-1]))
