"""The journal kinds of this room."""

from uuid import UUID

from liuchi.ground.journal.kinds import declare

SUBSCRIBED = declare("hooks.subscribed", key=UUID, events=list[str], areas=list[UUID])
PAUSED = declare("hooks.paused", key=UUID)
RESUMED = declare("hooks.resumed", key=UUID)
STOPPED = declare("hooks.stopped", key=UUID, reason=str, deliveries=int)
REMOVED = declare("hooks.removed", key=UUID)
SECRET_ROTATED = declare("hooks.secret_rotated", key=UUID)
TESTED = declare("hooks.tested", key=UUID)
REPLAYED = declare("hooks.replayed", key=UUID, deliveries=int)
TAKEN = declare("hooks.deliveries_taken", taken=int, dropped=int, given_up=int, stopped=int)
SETTLED = declare("hooks.deliveries_settled", sent=int, failed=int, given_up=int, put_back=int, stopped=int)
FORGOTTEN = declare("hooks.deliveries_forgotten", deliveries=int)
