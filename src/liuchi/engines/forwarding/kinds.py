"""The journal kinds of this room."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

ENDPOINT_SET = declare("forwarding.endpoint_set", unit=UUID, sharing=UUID, routes=int, is_active=bool)
TAKEN = declare("forwarding.taken", endpoint=UUID | None, cases=list[UUID])
SETTLED = declare("forwarding.settled", endpoint=UUID, case=UUID, state=str, attempts=int)
RETRIED = declare("forwarding.retried", endpoint=UUID, case=UUID)
UPDATE_TAKEN = declare("forwarding.update_taken", endpoint=UUID, case=UUID, status=str, moved=str | None)
POLLED = declare("forwarding.polled", failures=int)
