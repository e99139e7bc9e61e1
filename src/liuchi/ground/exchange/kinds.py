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
