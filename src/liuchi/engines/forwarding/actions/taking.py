"""Noting what another city said of a case, and when it was asked."""

from datetime import datetime, timedelta
from uuid import UUID

from liuchi.engines.forwarding.kinds import POLLED, UPDATE_TAKEN
from liuchi.engines.forwarding.models import Endpoint, Forwarded, ForwardState, TakenUpdate
from liuchi.engines.forwarding.speaking import Told
from liuchi.ground.hooks.timing import probe_after
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def note_update(*, by: Actor, forwarded_id: UUID, told: Told, is_ending: bool, moved: str = "") -> bool:
    """Keep one update, once; `moved` names the move that our case made because of it. Tell whether it was new."""
    row = Forwarded.objects.select_for_update(of=("self",)).select_related("case").get(id=forwarded_id)
    if row.updates.filter(update_id=told.update_id).exists():
        return False
    now = clock.now()
    taken = TakenUpdate(
        forwarded=row,
        update_id=told.update_id,
        status=told.status,
        text=told.text,
        moved=moved,
        said_at=told.at,
        taken_at=now,
    )
    row.remote, row.changed_at = told.status, now
    row.state = ForwardState.DONE if is_ending else ForwardState.SENT
    row.save(update_fields=["remote", "changed_at", "state"])
    code = "".join(each if each.isascii() and each.isalnum() else "_" for each in told.status) or "none"
    facts = {"endpoint": row.endpoint_id, "case": row.case_id, "status": code, "moved": moved or None}
    record(
        kind=UPDATE_TAKEN,
        by=by,
        subject_type="forwarding.forwarded",
        subject_id=row.id,
        place_id=row.case.place_id,
        data=facts,
        rows=[taken],
    )
    return True


@action
def note_polled(*, by: Actor, endpoint_id: UUID, seen_until: datetime | None) -> None:
    """Note that an endpoint was asked: up to when it answered, or (None) that it did not, and when to ask again."""
    row = Endpoint.objects.select_for_update(of=("self",)).get(id=endpoint_id)
    now = clock.now()
    if seen_until is None:
        row.failures = min(row.failures + 1, 10_000)
        row.next_at = now + max(probe_after(row.failures), timedelta(minutes=row.poll_minutes))
    else:
        row.failures, row.seen_until, row.next_at = 0, seen_until, now + timedelta(minutes=row.poll_minutes)
    row.save(update_fields=["failures", "seen_until", "next_at"])
    record(kind=POLLED, by=by, subject_type="forwarding.endpoint", subject_id=row.id, data={"failures": row.failures})
