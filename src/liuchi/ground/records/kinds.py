"""The journal kinds of this room."""

from datetime import datetime
from uuid import UUID

from liuchi.ground.journal.kinds import declare

KEY_ADDED = declare("records.key_added", use=str, key=str, begins_at=datetime)
ROWS_SEALED_ANEW = declare("records.rows_sealed_anew", type=str, rows=int, broken=int)
ROTATION_FINISHED = declare("records.rotation_finished", rotation=UUID, use=str, key=str, rows=int, broken=int)
KEY_RETIRED = declare("records.key_retired", use=str, key=str)
