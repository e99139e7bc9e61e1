"""Reading attachments. Who may see a subject is its own room's question: callers come with subjects they have read."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.attachments.models import Attachment, AttachmentState, Upload, UploadPart
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.errors import NotFound


def unsent_of(holder: bytes, ids: Sequence[UUID]) -> list[Attachment]:
    """Return those of `ids` that `holder` brought and has not sent, in the order they came."""
    rows = Attachment.objects.filter(id__in=list(ids), holder=holder, subject_id=None, removed_at=None)
    return list(rows.order_by("created_at", "id"))


def attachments_of(subject_ids: Sequence[UUID]) -> dict[UUID, list[Attachment]]:
    """Return the files of subjects the caller has read with the viewer's eyes (one query), in the order they came."""
    rows = Attachment.objects.filter(subject_id__in=list(subject_ids), removed_at=None)
    found: dict[UUID, list[Attachment]] = {}
    for row in rows.order_by("created_at", "id"):
        if row.subject_id is not None:
            found.setdefault(row.subject_id, []).append(row)
    return found


def find_served(attachment_id: UUID) -> Attachment | None:
    """Return a file that may be served, or None: removed, blocked or still waiting for the scan."""
    return Attachment.objects.filter(id=attachment_id, state=AttachmentState.READY).first()


def upload_of(holder: bytes, upload_id: UUID) -> Upload:
    """Return a file on its way that `holder` began.

    Raises:
        NotFound: there is none, or it waited too long for its next piece.
    """
    row = Upload.objects.filter(id=upload_id, holder=holder, expires_at__gt=clock.now()).first()
    if row is None:
        raise NotFound(_("There is no such file on its way; begin anew."))
    return row


def whole_of(upload: Upload) -> bytes:
    """Return what has come of a file that the caller holds already."""
    parts = UploadPart.objects.filter(upload=upload).order_by("offset", "id")
    return b"".join(bytes(data) for data in parts.values_list("data", flat=True))
