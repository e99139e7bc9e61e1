"""Files in pieces: nothing doubles, nothing is lost, everything that stays behind goes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from liuchi.ground.attachments.actions import (
    UploadRefused,
    WrongOffset,
    append_part,
    begin_upload,
    drop_upload,
    keep_upload,
    uploads,
)
from liuchi.ground.attachments.actions.uploads import WAITS_FOR
from liuchi.ground.attachments.links import holder_mark
from liuchi.ground.attachments.models import Attachment, Upload, UploadPart
from liuchi.ground.attachments.preparing import prepare
from liuchi.ground.attachments.queries import upload_of, whole_of
from liuchi.ground.attachments.tasks import clean_attachments
from liuchi.ground.attachments.testing import photo
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id

pytestmark = pytest.mark.django_db(transaction=False)
HOUSE = System("test")
MINE, OTHER = holder_mark("key:mine"), holder_mark("key:other")


def begun(length: int = 10, token: str = "") -> Upload:
    return begin_upload(by=HOUSE, holder=MINE, length=length, name="a.jpg", token=token)


def grown(row: Upload, offset: int, data: bytes) -> Upload:
    return append_part(by=HOUSE, upload_id=row.id, holder=MINE, offset=offset, data=data)


def test_file_when_it_comes_in_pieces_then_is_kept_whole() -> None:
    content = photo(size=(200, 100))
    row = begun(len(content))
    for at in range(0, len(content), 4000):
        grown(row, at, content[at : at + 4000])

    row = upload_of(MINE, row.id)
    kept = keep_upload(by=HOUSE, upload_id=row.id, holder=MINE, prepared=prepare(whole_of(row), row.name))

    assert (kept.width, kept.height, bytes(kept.holder)) == (200, 100, MINE)
    assert not UploadPart.objects.exists()
    again = keep_upload(by=HOUSE, upload_id=row.id, holder=MINE, prepared=prepare(content, "b"))
    assert again == kept
    assert Attachment.objects.count() == 1
    assert Line.objects.filter(kind="attachments.upload_grew").count() == -(-len(content) // 4000)


@pytest.mark.parametrize("offset", [0, 3, 5, 10])
def test_piece_when_it_begins_elsewhere_then_is_refused_and_nothing_changes(offset: int) -> None:
    row = grown(begun(), 0, b"1234")

    with pytest.raises(WrongOffset, match="4"):
        grown(row, offset, b"56")

    assert whole_of(row) == b"1234"


def test_piece_when_it_is_more_than_was_said_then_is_refused() -> None:
    with pytest.raises(UploadRefused):
        grown(begun(), 0, b"12345678901")

    assert not UploadPart.objects.exists()


def test_pieces_when_there_are_too_many_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_PARTS", 2)
    row = grown(grown(begun(), 0, b"1"), 1, b"2")

    with pytest.raises(UploadRefused):
        grown(row, 2, b"3")


def test_file_when_begun_twice_under_one_name_then_is_one() -> None:
    first = begun(token="walk-1")
    grown(first, 0, b"12")

    assert begun(token="walk-1").offset == 2
    assert Upload.objects.get() == first
    with pytest.raises(UploadRefused):
        begun(11, token="walk-1")


@pytest.mark.parametrize("length", [0, 20 * 1024**2 + 1])
def test_file_when_its_length_is_none_then_refused(length: int) -> None:
    with pytest.raises(UploadRefused):
        begun(length)


@pytest.mark.parametrize(("name", "most"), [("MOST_UPLOADS", 1), ("MOST_WEIGHT", 19)])
def test_files_when_too_much_is_on_its_way_then_refused(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(uploads, name, most)
    begun()

    with pytest.raises(UploadRefused):
        begun()


def test_file_when_somebody_else_s_then_there_is_none() -> None:
    row = begun()

    for act in (
        lambda: append_part(by=HOUSE, upload_id=row.id, holder=OTHER, offset=0, data=b"1"),
        lambda: drop_upload(by=HOUSE, upload_id=row.id, holder=OTHER),
        lambda: upload_of(OTHER, row.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_file_when_whoever_brings_it_may_not_report_then_refused() -> None:
    with pytest.raises(NotAllowed):
        begin_upload(by=Visitor(frozenset()), holder=MINE, length=1)


def test_file_when_not_whole_then_is_not_kept() -> None:
    row = grown(begun(), 0, b"1234")

    with pytest.raises(UploadRefused, match="6"):
        keep_upload(by=HOUSE, upload_id=row.id, holder=MINE, prepared=prepare(photo(size=(9, 9)), "a"))


def test_file_when_no_piece_comes_for_a_day_then_it_goes() -> None:
    old = grown(begun(), 0, b"12")
    with frozen_at(clock.now() + WAITS_FOR - timedelta(minutes=1)):
        grown(old, 2, b"34")  # its day begins anew
        young = begun()
    with frozen_at(clock.now() + WAITS_FOR + timedelta(hours=1)):
        clean_attachments()
        assert Upload.objects.count() == 2
    with frozen_at(clock.now() + 2 * WAITS_FOR):
        with pytest.raises(NotFound):
            upload_of(MINE, young.id)
        clean_attachments()

    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()


def test_file_when_dropped_then_its_pieces_go_too() -> None:
    row = grown(begun(), 0, b"1234")

    drop_upload(by=HOUSE, upload_id=row.id, holder=MINE)

    assert not UploadPart.objects.exists()


@pytest.mark.parametrize(
    "rule", ["upload_named_once", "upload_within_its_length", "upload_kept_when_whole", "upload_part_once"]
)
def test_row_when_it_breaks_a_rule_then_the_database_refuses_it(rule: str) -> None:
    row = grown(begun(token="x"), 0, b"1234")
    file = Attachment(id=new_id(), holder=MINE, name="a", content_type="image/png", size=1, digest=b"", state="ready")
    file.created_at = clock.now()

    def break_it() -> None:
        mine = Upload.objects.filter(id=row.id)
        if rule == "upload_named_once":
            mine.update(token="")
            for _ in range(2):
                other = begun()
                Upload.objects.filter(id=other.id).update(token="y")
        elif rule == "upload_within_its_length":
            mine.update(offset=F("length") + 1)
        elif rule == "upload_kept_when_whole":
            file.save()
            mine.update(attachment=file)
        else:
            UploadPart.objects.create(upload=row, offset=0, data=b"")

    with guard.scope("maintenance", "test"), pytest.raises(IntegrityError, match=rule), transaction.atomic():
        break_it()
