"""What files go with: given to a subject inside the action that writes it, taken away inside the one that erases it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from liuchi.ground.attachments.models import Attachment, AttachmentState
from liuchi.ground.attachments.preparing import Prepared
from liuchi.ground.attachments.stores import put, take_away
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.ids import new_id


@dataclass(frozen=True)
class Files:
    """Unsent files that go with what their holder says."""

    ids: Sequence[UUID]
    holder: bytes


NO_FILES = Files((), b"")


def claim(files: Files, *, subject_type: str, subject_id: UUID) -> int:
    """Give unsent files to a subject, inside the action that writes the subject; return how many.

    Files of somebody else, sent before or gone, are passed over: what was said counts more than its photos.
    """
    if not files.ids:
        return 0
    unsent = Attachment.objects.filter(id__in=list(files.ids), holder=files.holder, subject_id=None, removed_at=None)
    return unsent.update(subject_type=subject_type, subject_id=subject_id)


def forget_of(subject_type: str, subject_ids: Sequence[UUID]) -> int:
    """Take away the files of subjects, inside the action that erases these; return how many."""
    of_them = Q(subject_type=subject_type, subject_id__in=list(subject_ids), removed_at=None)
    rows = list(Attachment.objects.select_for_update().filter(of_them).order_by("id"))
    remove_rows(rows)
    return len(rows)


def new_attachment(prepared: Prepared, holder: bytes) -> Attachment:
    """Return the row of a prepared file, unsaved; its bytes are stored already, for a row must never name none."""
    return Attachment(
        id=new_id(),
        holder=holder,
        name=prepared.name,
        content_type=prepared.content_type,
        size=len(prepared.data),
        digest=prepared.digest,
        width=prepared.width,
        height=prepared.height,
        taken_at=prepared.taken_at,
        longitude=prepared.longitude,
        latitude=prepared.latitude,
        state=AttachmentState.WAITING if prepared.waits else AttachmentState.READY,
        created_at=clock.now(),
        scanned_at=clock.now() if prepared.is_scanned else None,
        key=put(prepared.data),
        thumbnail_key=put(prepared.thumbnail) if prepared.thumbnail else "",
    )


def remove_rows(rows: Sequence[Attachment]) -> None:
    """Empty locked rows; the bytes go once this is certain."""
    keys = [key for row in rows for key in (row.key, row.thumbnail_key)]
    moment = clock.now()
    for row in rows:
        row.state, row.removed_at = AttachmentState.REMOVED, moment
        row.key = row.thumbnail_key = row.name = ""
        row.taken_at = row.longitude = row.latitude = None
    fields = ["state", "removed_at", "key", "thumbnail_key", "name", "taken_at", "longitude", "latitude"]
    Attachment.objects.bulk_update(rows, fields, batch_size=500)
    transaction.on_commit(lambda: take_away(*keys))
