"""Noting what leaves the house."""

from uuid import UUID

from liuchi.ground.exchange.access import require_export
from liuchi.ground.exchange.kinds import EXPORTED
from liuchi.ground.exchange.models import ExportRecord
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def record_export(
    *,
    by: Actor,
    number: str,
    listing: str,
    fmt: str,
    rows: int,
    is_personal: bool,
    purpose: str = "",
    place_id: UUID | None = None,
    filters: bytes | None = None,
    is_own: bool = False,
) -> ExportRecord:
    """Note that `rows` rows of a listing leave the house as the file `number`; nothing is handed out without it.

    `filters` is a keyed hash of what the list was narrowed to; `is_own`: the actor gets back what they had sent.
    Journal: `exchange.exported`.

    Raises:
        NotAllowed: personal data, and the actor lacks the power exchange.export there.
        PurposeMissing: personal data without a purpose of `PURPOSES`.
    """
    if is_personal and not is_own:
        require_export(by, place_id=place_id, purpose=purpose)
    row = ExportRecord(
        number=number,
        listing=listing,
        fmt=fmt,
        rows=rows,
        is_personal=is_personal,
        purpose=purpose,
        place_id=place_id,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=str(getattr(by, "name", "")) if by.kind == "system" else "",
        made_at=clock.now(),
    )
    record(
        kind=EXPORTED,
        by=by,
        subject_type="exchange.export",
        subject_id=row.id,
        place_id=place_id,
        data={
            "export": row.id,
            "listing": listing,
            "rows": rows,
            "format": fmt,
            "personal": is_personal,
            "purpose": purpose or None,
            "filters": filters,
        },
        rows=[row],
    )
    return row
