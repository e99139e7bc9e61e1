"""What the worker does for this room by the clock."""

from datetime import timedelta

from liuchi.ground.attachments.actions import clean_up, clean_uploads, record_scan
from liuchi.ground.attachments.models import Attachment, AttachmentState
from liuchi.ground.attachments.scanning import scan
from liuchi.ground.attachments.stores import store, stored_keys, take_away
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import System

CLEANER = System("attachments")


def clean_attachments() -> None:
    """Remove what was never sent or never came whole, and ask the scanner again about what waits for it."""
    while clean_up(by=CLEANER):
        pass
    while clean_uploads(by=CLEANER):
        pass
    for row in Attachment.objects.filter(state=AttachmentState.WAITING).order_by("created_at")[:100]:
        with store().open(row.key) as file:
            record_scan(by=CLEANER, attachment_id=row.id, finding=scan(file.read()))


def clean_store() -> None:
    """Delete stored bytes that no row names: a process was ended between storing them and writing the row."""
    stray = _stray()
    if stray:
        take_away(*stray)


def _stray() -> list[str]:
    """Return the keys without a row that are older than a day, for a row may be about to name a younger one."""
    named: set[str] = set()
    for pair in Attachment.objects.exclude(key="").values_list("key", "thumbnail_key").iterator():
        named.update(pair)
    before = clock.now() - timedelta(days=1)
    return [key for key in stored_keys() if key not in named and store().get_modified_time(key) < before]
