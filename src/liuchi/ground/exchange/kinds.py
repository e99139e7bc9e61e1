"""The journal kinds of this room."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

EXPORTED = declare(
    "exchange.exported",
    is_read=True,
    export=UUID,
    listing=str,
    rows=int,
    format=str,
    personal=bool,
    purpose=str | None,
    filters=bytes | None,
)

FILE_RECEIVED = declare("exchange.file_received", register=str, size=int)
COLUMNS_SET = declare("exchange.columns_set", register=str, columns=int)
READING_CHOSEN = declare("exchange.reading_chosen", register=str)
IMPORT_STARTED = declare("exchange.import_started", register=str, total=int, refused=int)
IMPORT_STOPPED = declare("exchange.import_stopped", register=str, done=int)
IMPORT_ENDED = declare("exchange.import_ended", register=str, created=int, changed=int, unchanged=int, refused=int)
UNDO_ASKED = declare("exchange.undo_asked", register=str)
ROWS_PUT_BACK = declare("exchange.rows_put_back", register=str, rows=int)
IMPORT_TAKEN_BACK = declare("exchange.import_taken_back", register=str, rows=int)
IMPORT_FORGOTTEN = declare("exchange.import_forgotten", register=str)
