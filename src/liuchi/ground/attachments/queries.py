"""Reading attachments. Who may see a subject is its own room's question: callers come with subjects they have read."""

from collections.abc import Sequence
from uuid import UUID

from liuchi.ground.attachments.models import Attachment, AttachmentState


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
