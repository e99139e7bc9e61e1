"""Keeping files, removing them, and cleaning up after what was never sent."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from liuchi.ground.attachments.belonging import new_attachment, remove_rows
from liuchi.ground.attachments.kinds import CLEANED, KEPT, REMOVED, SCANNED
from liuchi.ground.attachments.models import Attachment, AttachmentState
from liuchi.ground.attachments.preparing import Prepared
from liuchi.ground.attachments.scanning import Finding
from liuchi.ground.attachments.sniffing import ENDINGS
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken

#: Files that one holder may have brought without sending them.
MOST_WAITING = 12
#: Bytes of unsent files in all: anybody can bring some.
MOST_UNSENT = 2 * 1024**3
#: What was not sent within this time is removed.
UNSENT_FOR = timedelta(hours=24)
SUBJECT = "attachments.attachment"


class TooManyFiles(RuleBroken):
    """More files were brought than are taken."""

    code = "too_many_files"


@action
def keep_attachment(*, by: Actor, prepared: Prepared, holder: bytes) -> Attachment:
    """Store a prepared file for its `holder`, who alone sees it until it is sent with something; gone after a day.

    Raises:
        NotAllowed: the actor may not report, so neither bring files.
        TooManyFiles: the holder has 12 unsent files, or unsent files fill 2 GB.
    """
    if not (by.allows("cases.report") or by.kind == "person"):
        raise NotAllowed(_("You may not add files here."))
    unsent = Attachment.objects.filter(subject_id=None, removed_at=None)
    if unsent.filter(holder=holder).count() >= MOST_WAITING:
        raise TooManyFiles(
            _("At most %(most)d files at a time. Send these first.") % {"most": MOST_WAITING}, field="photos"
        )
    if (unsent.aggregate(all=Sum("size"))["all"] or 0) + len(prepared.data) > MOST_UNSENT:
        raise TooManyFiles(
            _("Too many files wait at the moment. Send your words without files, or try later."), field="photos"
        )
    row = new_attachment(prepared, holder)
    record(
        kind=KEPT,
        by=by,
        subject_type=SUBJECT,
        subject_id=row.id,
        data={"attachment": row.id, "size": row.size, "kind": ENDINGS[row.content_type], "state": row.state},
        rows=[row],
    )
    return row


@action
def drop_unsent(*, by: Actor, attachment_id: UUID, holder: bytes) -> None:
    """Remove a file that its holder brought and did not send.

    Raises:
        NotFound: no unsent file of this holder.
    """
    rows = Attachment.objects.select_for_update().filter(id=attachment_id, subject_id=None, removed_at=None)
    row = rows.first()
    if row is None or bytes(row.holder) != holder:
        raise NotFound(_("There is no such file, or it was sent already."))
    remove_rows([row])
    _record_removed(by, row, "dropped")


@action
def remove_attachment(*, by: Actor, attachment_id: UUID, place_id: UUID, reason: str) -> None:
    """Take a sent file away, bytes and name; that there was one stays. `reason`: "wrong_file", "privacy", "unlawful".

    Raises:
        NotAllowed: the actor does not hold cases.accept at the place.
        NotFound: there is no such file.
    """
    if not by.allows("cases.accept", place_id):
        raise NotAllowed(_("Only the desk may remove files."))
    row = Attachment.objects.select_for_update().filter(id=attachment_id, removed_at=None).first()
    if row is None:
        raise NotFound(_("There is no such file."))
    remove_rows([row])
    _record_removed(by, row, reason)


@action
def record_scan(*, by: Actor, attachment_id: UUID, finding: Finding) -> None:
    """Note what the scanner said of a file that waited for it; an infected one is blocked and never served."""
    row = Attachment.objects.select_for_update().filter(id=attachment_id, state=AttachmentState.WAITING).first()
    if row is None or finding == Finding.UNKNOWN:
        return
    row.state = AttachmentState.BLOCKED if finding == Finding.INFECTED else AttachmentState.READY
    row.scanned_at = None if finding == Finding.NOT_ASKED else clock.now()
    row.save(update_fields=["state", "scanned_at"])
    record(
        kind=SCANNED, by=by, subject_type=SUBJECT, subject_id=row.id, data={"attachment": row.id, "state": row.state}
    )


@action
def clean_up(*, by: Actor, most: int = 500) -> int:
    """Remove files that were brought a day ago and never sent; return how many (at most `most`)."""
    rows = list(
        Attachment.objects.select_for_update(skip_locked=True)
        .filter(subject_id=None, removed_at=None, created_at__lt=clock.now() - UNSENT_FOR)
        .order_by("created_at", "id")[:most]
    )
    if not rows:
        return 0
    remove_rows(rows)
    record(kind=CLEANED, by=by, subject_type=SUBJECT, subject_id=rows[0].id, data={"attachments": len(rows)})
    return len(rows)


def _record_removed(by: Actor, row: Attachment, reason: str) -> None:
    record(kind=REMOVED, by=by, subject_type=SUBJECT, subject_id=row.id, data={"attachment": row.id, "reason": reason})
