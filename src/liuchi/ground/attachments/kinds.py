"""What this room writes to the journal: never a file's name, which people make of other people's names."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

KEPT = declare("attachments.kept", attachment=UUID, size=int, kind=str, state=str)
REMOVED = declare("attachments.removed", attachment=UUID, reason=str)
SCANNED = declare("attachments.scanned", attachment=UUID, state=str)
CLEANED = declare("attachments.cleaned", attachments=int)
UPLOAD_BEGUN = declare("attachments.upload_begun", upload=UUID, size=int)
UPLOAD_GREW = declare("attachments.upload_grew", upload=UUID, offset=int, size=int)
UPLOAD_DROPPED = declare("attachments.upload_dropped", upload=UUID)
UPLOADS_CLEANED = declare("attachments.uploads_cleaned", uploads=int)
