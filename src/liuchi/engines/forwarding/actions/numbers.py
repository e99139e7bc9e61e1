"""Learning the number that a token stands for."""

from uuid import UUID

from liuchi.engines.forwarding.kinds import SETTLED
from liuchi.engines.forwarding.models import Forwarded, ForwardState
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor


@action
def note_number(*, by: Actor, forwarded_id: UUID, request_id: str) -> bool:
    """Note the number of a request that was taken by token; tell whether it was new."""
    rows = Forwarded.objects.select_for_update(of=("self",)).select_related("case")
    row = rows.filter(id=forwarded_id, state=ForwardState.TOKEN).first()
    if row is None:
        return False
    row.request_id, row.state, row.changed_at = request_id[:100], ForwardState.SENT, clock.now()
    row.save(update_fields=["request_id", "state", "changed_at"])
    facts = {"endpoint": row.endpoint_id, "case": row.case_id, "state": row.state, "attempts": row.attempts}
    place = row.case.place_id
    record(kind=SETTLED, by=by, subject_type="forwarding.forwarded", subject_id=row.id, place_id=place, data=facts)
    return True
