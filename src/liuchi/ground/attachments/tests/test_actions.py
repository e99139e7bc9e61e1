from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from liuchi.ground.attachments.actions import (
    MOST_WAITING,
    UNSENT_FOR,
    TooManyFiles,
    clean_up,
    drop_unsent,
    files,
    keep_attachment,
    record_scan,
    remove_attachment,
)
from liuchi.ground.attachments.belonging import Files, claim, forget_of
from liuchi.ground.attachments.links import GOOD_FOR, holder_mark, link_token, open_token
from liuchi.ground.attachments.models import Attachment, AttachmentState
from liuchi.ground.attachments.preparing import Prepared, prepare
from liuchi.ground.attachments.queries import attachments_of, find_served, unsent_of
from liuchi.ground.attachments.scanning import Finding
from liuchi.ground.attachments.stores import put, store, stored_keys
from liuchi.ground.attachments.tasks import clean_attachments, clean_store
from liuchi.ground.attachments.testing import PDF_BYTES, photo
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id

pytestmark = pytest.mark.django_db(transaction=False)
HOUSE = System("test")
MINE, OTHER = holder_mark("session:mine"), holder_mark("session:other")


@pytest.fixture
def ready() -> Prepared:
    return prepare(photo((80, 60)), "门口.jpg")


def _claim(row: Attachment, subject: UUID, holder: bytes = MINE) -> int:
    with guard.scope("maintenance", "test"):
        return claim(Files([row.id], holder), subject_type="cases.report", subject_id=subject)


def test_file_when_kept_then_its_holder_alone_finds_it_and_one_line_tells(ready: Prepared) -> None:
    row = keep_attachment(by=HOUSE, prepared=ready, holder=MINE)

    assert unsent_of(MINE, [row.id]) == [row]
    assert unsent_of(OTHER, [row.id]) == []
    with store().open(row.key) as stored:
        assert stored.read() == ready.data
    line = Line.objects.get(kind="attachments.kept")
    assert line.data["attachment"] == str(row.id)
    assert "门口" not in str(line.data)


def test_file_when_the_actor_may_not_report_then_refused(ready: Prepared) -> None:
    with pytest.raises(NotAllowed):
        keep_attachment(by=Visitor(frozenset()), prepared=ready, holder=MINE)


def test_files_when_twelve_wait_then_no_thirteenth_of_the_same_holder(ready: Prepared) -> None:
    for _ in range(MOST_WAITING):
        keep_attachment(by=HOUSE, prepared=ready, holder=MINE)

    with pytest.raises(TooManyFiles):
        keep_attachment(by=HOUSE, prepared=ready, holder=MINE)
    keep_attachment(by=HOUSE, prepared=ready, holder=OTHER)


def test_files_when_unsent_ones_fill_the_place_then_refused(ready: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_UNSENT", len(ready.data) + 10)
    keep_attachment(by=HOUSE, prepared=ready, holder=MINE)

    with pytest.raises(TooManyFiles, match="without files"):
        keep_attachment(by=HOUSE, prepared=ready, holder=OTHER)


def test_file_when_claimed_by_its_holder_then_belongs_to_the_subject_and_nobody_else_can_claim_it(
    ready: Prepared,
) -> None:
    row, subject = keep_attachment(by=HOUSE, prepared=ready, holder=MINE), new_id()

    assert _claim(row, subject, OTHER) == 0
    assert _claim(row, subject) == 1
    assert _claim(row, new_id()) == 0
    assert [each.id for each in attachments_of([subject])[subject]] == [row.id]
    assert unsent_of(MINE, [row.id]) == []


def test_file_when_dropped_then_bytes_and_name_are_gone(
    ready: Prepared, django_capture_on_commit_callbacks: Any
) -> None:
    row = keep_attachment(by=HOUSE, prepared=ready, holder=MINE)
    with pytest.raises(NotFound):
        drop_unsent(by=HOUSE, attachment_id=row.id, holder=OTHER)

    with django_capture_on_commit_callbacks(execute=True):
        drop_unsent(by=HOUSE, attachment_id=row.id, holder=MINE)

    row.refresh_from_db()
    assert (row.state, row.name, row.key) == (AttachmentState.REMOVED, "", "")
    assert stored_keys() == []
    with pytest.raises(NotFound):
        drop_unsent(by=HOUSE, attachment_id=row.id, holder=MINE)


def test_sent_file_when_removed_by_somebody_without_the_power_then_refused(ready: Prepared) -> None:
    row, place = keep_attachment(by=HOUSE, prepared=ready, holder=MINE), new_id()
    _claim(row, new_id())

    with pytest.raises(NotAllowed):
        remove_attachment(by=Visitor(frozenset()), attachment_id=row.id, place_id=place, reason="privacy")
    remove_attachment(by=HOUSE, attachment_id=row.id, place_id=place, reason="privacy")

    assert find_served(row.id) is None
    assert Line.objects.get(kind="attachments.removed").data["reason"] == "privacy"
    with pytest.raises(NotFound):
        remove_attachment(by=HOUSE, attachment_id=row.id, place_id=place, reason="privacy")


def test_unsent_file_when_a_day_old_then_cleaned_and_a_sent_one_stays(
    ready: Prepared, django_capture_on_commit_callbacks: Any
) -> None:
    now = clock.now()
    with frozen_at(now - UNSENT_FOR - timedelta(minutes=1)):
        old, sent = (keep_attachment(by=HOUSE, prepared=ready, holder=MINE) for _ in range(2))
    fresh = keep_attachment(by=HOUSE, prepared=ready, holder=MINE)
    _claim(sent, new_id())

    with frozen_at(now), django_capture_on_commit_callbacks(execute=True):
        clean_attachments()

    states = dict(Attachment.objects.values_list("id", "state"))
    assert states == {old.id: "removed", sent.id: "ready", fresh.id: "ready"}
    assert len(stored_keys()) == 4
    assert clean_up(by=HOUSE) == 0


def test_store_when_nothing_was_ever_stored_then_cleaning_finds_nothing() -> None:
    clean_store()

    assert stored_keys() == []


def test_stored_bytes_when_no_row_names_them_then_removed_after_a_day(ready: Prepared) -> None:
    row = keep_attachment(by=HOUSE, prepared=ready, holder=MINE)
    stray = put(b"left over")

    clean_store()
    assert stray in stored_keys()
    with frozen_at(clock.now() + timedelta(days=2)):
        clean_store()

    assert stored_keys() == sorted([row.key, row.thumbnail_key])


def test_file_when_it_waits_for_the_scan_then_served_only_once_found_clean(ready: Prepared) -> None:
    from dataclasses import replace

    clean, bad = (keep_attachment(by=HOUSE, prepared=replace(ready, waits=True), holder=MINE) for _ in range(2))
    assert find_served(clean.id) is None

    record_scan(by=HOUSE, attachment_id=clean.id, finding=Finding.UNKNOWN)
    assert find_served(clean.id) is None
    record_scan(by=HOUSE, attachment_id=clean.id, finding=Finding.CLEAN)
    record_scan(by=HOUSE, attachment_id=bad.id, finding=Finding.INFECTED)

    assert find_served(clean.id) is not None
    assert find_served(bad.id) is None


def test_files_of_a_subject_when_forgotten_then_all_are_gone(ready: Prepared) -> None:
    row, subject = keep_attachment(by=HOUSE, prepared=ready, holder=MINE), new_id()
    _claim(row, subject)

    with guard.scope("maintenance", "test"):
        assert forget_of("cases.report", [subject]) == 1

    assert attachments_of([subject]) == {}


def test_link_when_anybody_else_has_it_or_it_is_old_or_changed_then_it_opens_nothing(ready: Prepared) -> None:
    row = keep_attachment(by=HOUSE, prepared=ready, holder=MINE)
    token = link_token(row, "thumbnail", MINE)

    opened = open_token(token, MINE)
    assert opened is not None
    assert (opened.attachment_id, opened.variant) == (row.id, "thumbnail")
    assert open_token(token, OTHER) is None
    assert open_token(token[:-1] + ("A" if token[-1] != "A" else "B"), MINE) is None
    assert open_token("nonsense", MINE) is None


def test_link_when_ten_minutes_are_over_then_it_opens_nothing(ready: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    token = link_token(keep_attachment(by=HOUSE, prepared=ready, holder=MINE), "file", MINE)
    later = time.time() + GOOD_FOR.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)

    assert open_token(token, MINE) is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"subject_type": "cases.report"}, "attachment_names_its_subject_whole"),
        ({"state": "removed"}, "attachment_removed_keeps_nothing"),
        ({"longitude": 117.0}, "attachment_place_is_a_pair"),
    ],
)
def test_row_when_it_breaks_a_rule_then_the_database_refuses(
    ready: Prepared, changes: dict[str, Any], name: str
) -> None:
    row = keep_attachment(by=HOUSE, prepared=ready, holder=MINE)

    with pytest.raises(IntegrityError, match=name), transaction.atomic(), guard.scope("maintenance", "test"):
        Attachment.objects.filter(id=row.id).update(**changes)


def test_pdf_when_kept_then_it_has_no_thumbnail() -> None:
    row = keep_attachment(by=HOUSE, prepared=prepare(PDF_BYTES, "a.pdf"), holder=MINE)

    assert (row.is_picture, row.thumbnail_key) == (False, "")
