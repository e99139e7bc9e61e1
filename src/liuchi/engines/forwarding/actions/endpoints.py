"""Setting up an endpoint."""

from django.utils.translation import gettext as _

from liuchi.engines.forwarding.configuring import EndpointRefused, NewEndpoint, check
from liuchi.engines.forwarding.kinds import ENDPOINT_SET
from liuchi.engines.forwarding.models import Endpoint
from liuchi.engines.forwarding.telling import KEY
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.records.models import Sharing
from liuchi.ground.records.protected import seal

POWER = "hooks.manage"
_CHANGED = (
    *("name", "address", "jurisdiction", "unit", "sharing", "routes", "tells_updates", "is_repeatable"),
    *("poll_minutes", "is_active", "changed_at", "key_sealed"),
)


@action
def set_endpoint(*, by: Actor, given: NewEndpoint) -> Endpoint:
    """Set an endpoint up, or change the one of that code; its key is sealed and shown to nobody again.

    Raises:
        NotAllowed: without the power hooks.manage.
        EndpointRefused: no such unit or entry of the register of sharing, or anything `check` refuses.
    """
    if not by.allows(POWER):
        raise NotAllowed(_("Your office does not include this. It needs the power %(power)s.") % {"power": POWER})
    check(given)
    unit = Organisation.objects.filter(code=given.unit, valid_to=None).first()
    sharing = Sharing.objects.filter(id=given.sharing, ended_on=None).first()
    if unit is None:
        raise EndpointRefused(_("There is no unit of this code."))
    if sharing is None:
        raise EndpointRefused(_("Enter first in the register of sharing for what and on what ground this is given."))
    now = clock.now()
    row = Endpoint.objects.select_for_update(of=("self",)).filter(code=given.code).first()
    is_new = row is None
    row = row or Endpoint(code=given.code, next_at=now)
    row.name, row.address, row.jurisdiction = given.name.strip(), given.address, given.jurisdiction
    row.unit, row.sharing, row.routes = unit, sharing, [dict(each) for each in given.routes]
    row.tells_updates, row.is_repeatable = given.updates, given.repeatable
    row.poll_minutes, row.is_active, row.changed_at = given.poll_minutes, given.active, now
    if given.key:
        row.key_sealed = seal(given.key, KEY, row.id)
    if is_new:
        row.save(force_insert=True)
    else:
        row.save(update_fields=_CHANGED)
    facts = {"unit": unit.id, "sharing": sharing.id, "routes": len(row.routes), "is_active": row.is_active}
    record(kind=ENDPOINT_SET, by=by, subject_type="forwarding.endpoint", subject_id=row.id, data=facts)
    return row
