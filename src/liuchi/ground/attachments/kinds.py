"""What this room writes to the journal: never a file's name, which people make of other people's names."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

KEPT = declare("attachments.kept", attachment=UUID, size=int, kind=str, state=str)
REMOVED = declare("attachments.removed", attachment=UUID, reason=str)
SCANNED = declare("attachments.scanned", attachment=UUID, state=str)
CLEANED = declare("attachments.cleaned", attachments=int)
