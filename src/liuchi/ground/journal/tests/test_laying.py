"""Lines laid together with their seal."""

from uuid import uuid4

import pytest

from liuchi.ground.journal.actions import Statement
from liuchi.ground.journal.folder import Folder
from liuchi.ground.journal.laying import LaidLine, Scribe, lay_sealed
from liuchi.ground.journal.models import Batch, Line
from liuchi.ground.journal.sealing import seal_once
from liuchi.ground.journal.tests.lines import HOUSE, OTHER, note, notes
from liuchi.ground.journal.verify import verify
from liuchi.ground.kernel import clock, guard

pytestmark = pytest.mark.usefixtures("committed")


def drafted(count: int) -> list[LaidLine]:
    said = (Statement(OTHER, HOUSE, "test", uuid4(), None, {}, clock.now()) for _ in range(count))
    return [Scribe(HOUSE).line(each) for each in said]


def lay(count: int) -> bool:
    with guard.scope("maintenance", "tests"):
        return lay_sealed(drafted(count), lambda: None)


def test_lay_when_all_is_sealed_then_lines_stand_sealed_in_their_order_and_verify_agrees() -> None:
    notes(3)
    seal_once()
    given = drafted(4)

    with guard.scope("maintenance", "tests"):
        is_sealed = lay_sealed(given, lambda: None)
    note()
    seal_once()

    assert is_sealed
    assert list(Line.objects.order_by("position").values_list("id", flat=True))[3:7] == [each.id for each in given]
    assert list(Line.objects.order_by("seq").values_list("position", flat=True)) == list(range(1, 9))
    assert list(Batch.objects.values_list("number", "first", "count")) == [(1, 1, 3), (2, 4, 4), (3, 8, 1)]
    assert not verify().problems


def test_lay_when_other_lines_wait_for_their_seal_then_these_wait_behind_them() -> None:
    notes(2)

    assert not lay(3)
    assert not Line.objects.exclude(position=None).exists()
    seal_once()

    assert list(Line.objects.order_by("seq").values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert not verify().problems


def test_lay_when_what_belongs_to_the_lines_is_refused_then_nothing_stands_and_sealing_goes_on() -> None:
    def refuse() -> None:
        raise ValueError("refused")

    with guard.scope("maintenance", "tests"), pytest.raises(ValueError, match="refused"):
        lay_sealed(drafted(2), refuse)
    note()
    seal_once()

    assert Line.objects.count() == 1
    assert not verify().problems


def test_lay_when_killed_before_the_files_were_written_then_the_next_seal_files_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            lay(2)
    note()
    seal_once()

    assert Line.objects.exclude(position=None).count() == 3
    assert not verify().problems


def test_lay_when_there_are_none_then_nothing_is_sealed() -> None:
    assert lay(0)
    assert not Batch.objects.exists()
