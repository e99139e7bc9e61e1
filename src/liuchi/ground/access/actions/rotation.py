"""Exchanging a key for a new one with the same powers, while the old one lives on for a while."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.access.actions.keys import KeyRefused
from liuchi.ground.access.kinds import KEY_EXCHANGED
from liuchi.ground.access.models import ApiKey, RevokeReason
from liuchi.ground.access.rules import account_for_update, require_other, require_power
from liuchi.ground.access.secrets import new_key
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound

#: How long the old key lives on unless somebody says otherwise, and at most.
USUAL_GRACE: Final = timedelta(hours=24)
LONGEST_GRACE: Final = timedelta(days=7)


@action
def exchange_key(*, by: Actor, key_id: UUID, grace: timedelta = USUAL_GRACE) -> tuple[ApiKey, str]:
    """Make a key that opens what this one opens, until the same end, and return it with its secret, told once.

    The old key lives on for `grace`, so that a client may change over without a gap. Whoever lost the answer exchanges
    again: a new key that was never used is replaced. Nothing widens: powers, areas, networks, owner, end stay.

    Raises:
        NotFound: there is no such key in force.
        NotAllowed: a key exchanges only itself; people need the power access.keys in its areas.
        NotForOneself: somebody at the desk exchanges a key of their own.
        KeyRefused: a grace outside 0 to 7 days, or its successor is in use already.
    """
    moment = clock.now()
    row = ApiKey.objects.select_for_update(of=("self",)).filter(id=key_id, revoked_at=None).first()
    if row is None or row.expires_at <= moment:
        raise NotFound(_("There is no such key, or it is revoked."))
    _require_may(by, row)
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise KeyRefused(_("The old key lives on for 0 to 7 days."), field="grace")
    expires_at = _end_before(row, moment)
    prefix, secret, digest = new_key()
    successor = ApiKey(
        name=row.name,
        owner_id=row.owner_id,
        organisation_id=row.organisation_id,
        prefix=prefix,
        digest=digest,
        powers=row.powers,
        areas=row.areas,
        networks=row.networks,
        reason=row.reason,
        created_by_id=row.created_by_id,
        created_at=moment,
        expires_at=expires_at,
        follows=row,
        first_id=row.first_id or row.id,
    )
    row.expires_at = max(min(row.expires_at, moment + grace), row.created_at + timedelta(microseconds=1))
    row.save(update_fields=["expires_at"])
    facts = {"key": row.id, "successor": successor.id, "until": row.expires_at, "expires_at": expires_at}
    record(kind=KEY_EXCHANGED, by=by, subject_type="access.key", subject_id=row.id, data=facts, rows=[successor])
    return successor, secret


def _require_may(by: Actor, row: ApiKey) -> None:
    if isinstance(by, Viewer) and by.key_id is not None:
        if by.key_id != row.id:
            raise NotAllowed(_("A key exchanges only itself."))
        return
    require_power(by, "access.keys", *row.areas)
    require_other(by, account_for_update(row.owner_id).person_id)


def _end_before(row: ApiKey, moment: datetime) -> datetime:
    """Return when a successor ends: when the key did; one made before and never used makes room for it."""
    before = ApiKey.objects.select_for_update(of=("self",)).filter(follows=row, revoked_at=None).first()
    if before is None:
        return row.expires_at
    if before.last_used_on is not None:
        raise KeyRefused(_("This key was exchanged already, and the new one is in use. Come in with that."))
    before.revoked_at, before.revoke_reason = moment, RevokeReason.REPLACED
    before.save(update_fields=["revoked_at", "revoke_reason"])
    return before.expires_at
