"""Files that come in pieces: begun, grown piece by piece, kept when whole, dropped, cleaned up.

A piece is there whole or not at all, in the database with how far the file has come: nothing else has to survive.
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from liuchi.ground.attachments.belonging import new_attachment
from liuchi.ground.attachments.kinds import KEPT, UPLOAD_BEGUN, UPLOAD_DROPPED, UPLOAD_GREW, UPLOADS_CLEANED
from liuchi.ground.attachments.models import Attachment, Upload, UploadPart
from liuchi.ground.attachments.preparing import Prepared
from liuchi.ground.attachments.sniffing import ENDINGS, MOST_BYTES
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action, again_on
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id

#: Files on their way that one holder may have, and what they may weigh together when whole, in bytes.
MOST_UPLOADS, MOST_WEIGHT = 100, 256 * 1024**2
#: Pieces of one file.
MOST_PARTS = 1000
#: How long one may wait for its next piece; the same as for files that were not sent.
WAITS_FOR = timedelta(hours=24)
SUBJECT = "attachments.upload"


class UploadRefused(RuleBroken):
    """The file cannot come in pieces like this."""

    code = "upload_refused"


class WrongOffset(RuleBroken):
    """A piece does not begin where the file ends."""

    code = "wrong_offset"


@again_on("upload_named_once")
@action
def begin_upload(*, by: Actor, holder: bytes, length: int, name: str = "", token: str = "") -> Upload:
    """Begin a file of `length` bytes that will come in pieces; the same `token` again returns the one begun before.

    Raises:
        NotAllowed: the actor may neither report nor handle.
        UploadRefused: empty, larger than 20 MB, the token was used for another length, or too much is on its way.
    """
    if not (by.allows("cases.report") or by.allows("cases.handle")):
        raise NotAllowed(_("You may not add files here."))
    known = Upload.objects.filter(holder=holder, token=token).first() if token else None
    if known is not None:
        if known.length != length:
            raise UploadRefused(_("Another file was begun under this name. Choose a new one for each."), field="token")
        return known
    if not 0 < length <= MOST_BYTES:
        most = MOST_BYTES // 1024**2
        raise UploadRefused(_("A file has 1 byte to %(most)d MB.") % {"most": most}, field="length")
    waiting = Upload.objects.filter(holder=holder, expires_at__gt=clock.now(), attachment=None)
    weight = waiting.aggregate(all=Sum("length"))["all"] or 0
    if waiting.count() >= MOST_UPLOADS or weight + length > MOST_WEIGHT:
        raise UploadRefused(_("Too many files are on their way with this key. Finish or drop some first."))
    now = clock.now()
    row = Upload(
        id=new_id(),
        holder=holder,
        token=token[:100],
        name=name[:200],
        length=length,
        offset=0,
        parts=0,
        created_at=now,
        expires_at=now + WAITS_FOR,
    )
    facts = {"upload": row.id, "size": length}
    record(kind=UPLOAD_BEGUN, by=by, subject_type=SUBJECT, subject_id=row.id, data=facts, rows=[row])
    return row


@action
def append_part(*, by: Actor, upload_id: UUID, holder: bytes, offset: int, data: bytes) -> Upload:
    """Add the next piece, which begins at `offset`; a file waits a day for its next one.

    Raises:
        NotFound: the holder has no such file on its way.
        WrongOffset: the file ends elsewhere; ask where, and go on there.
        UploadRefused: more than was said, or in too many pieces.
    """
    row = _held(upload_id, holder)
    if offset != row.offset:
        raise WrongOffset(_("The file goes on at byte %(offset)d.") % {"offset": row.offset}, field="offset")
    if not data:
        return row
    if offset + len(data) > row.length:
        raise UploadRefused(_("The file was to have %(length)d bytes; this is more.") % {"length": row.length})
    if row.parts >= MOST_PARTS:
        raise UploadRefused(_("At most %(most)d pieces. Begin anew with larger ones.") % {"most": MOST_PARTS})
    part = UploadPart(id=new_id(), upload=row, offset=offset, data=data)
    row.offset, row.parts, row.expires_at = offset + len(data), row.parts + 1, clock.now() + WAITS_FOR
    row.save(update_fields=["offset", "parts", "expires_at"])
    facts = {"upload": row.id, "offset": offset, "size": len(data)}
    record(kind=UPLOAD_GREW, by=by, subject_type=SUBJECT, subject_id=row.id, data=facts, rows=[part])
    return row


@action
def keep_upload(*, by: Actor, upload_id: UUID, holder: bytes, prepared: Prepared) -> Attachment:
    """Keep a file that came whole, as `prepare` made it of its pieces; kept before, it is returned as it is.

    Raises:
        NotFound: the holder has no such file on its way.
        UploadRefused: it is not whole yet.
    """
    row = _held(upload_id, holder)
    if row.attachment is not None:
        return row.attachment
    if row.offset != row.length:
        raise UploadRefused(_("Of this file %(left)d bytes are still to come.") % {"left": row.length - row.offset})
    kept = new_attachment(prepared, holder)
    facts = {"attachment": kept.id, "size": kept.size, "kind": ENDINGS[kept.content_type], "state": kept.state}
    record(kind=KEPT, by=by, subject_type="attachments.attachment", subject_id=kept.id, data=facts, rows=[kept])
    UploadPart.objects.filter(upload=row).delete()
    row.attachment = kept
    row.save(update_fields=["attachment"])
    return kept


@action
def drop_upload(*, by: Actor, upload_id: UUID, holder: bytes) -> None:
    """Let go of a file that is on its way; what was kept of it already stays.

    Raises:
        NotFound: the holder has no such file on its way.
    """
    row = _held(upload_id, holder)
    _remove([row.id])
    record(kind=UPLOAD_DROPPED, by=by, subject_type=SUBJECT, subject_id=row.id, data={"upload": row.id})


@action
def clean_uploads(*, by: Actor, most: int = 100) -> int:
    """Remove files whose next piece did not come for a day; return how many (at most `most`)."""
    rows = Upload.objects.select_for_update(skip_locked=True).filter(expires_at__lte=clock.now())
    ids = list(rows.order_by("expires_at", "id").values_list("id", flat=True)[:most])
    if not ids:
        return 0
    _remove(ids)
    record(kind=UPLOADS_CLEANED, by=by, subject_type=SUBJECT, subject_id=ids[0], data={"uploads": len(ids)})
    return len(ids)


def _held(upload_id: UUID, holder: bytes) -> Upload:
    rows = Upload.objects.select_for_update(of=("self",)).select_related("attachment")
    row = rows.filter(id=upload_id, holder=holder, expires_at__gt=clock.now()).first()
    if row is None:
        raise NotFound(_("There is no such file on its way; begin anew."))
    return row


def _remove(ids: list[UUID]) -> None:
    UploadPart.objects.filter(upload_id__in=ids).delete()
    Upload.objects.filter(id__in=ids).delete()
