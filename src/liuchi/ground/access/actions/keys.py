"""Making, revoking and noting the use of keys by which other systems come in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.access.kinds import ANSWERS_FORGOTTEN, KEY_MADE, KEY_REVOKED, KEY_USED
from liuchi.ground.access.models import AnsweredRequest, ApiKey, RevokeReason
from liuchi.ground.access.powers import NOT_FOR_KEYS, POWERS
from liuchi.ground.access.rules import account_for_update, account_of, require_other, require_power, require_reason
from liuchi.ground.access.secrets import new_key
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.territory.queries import territory

#: A key lasts this long at most; then another agreement is due.
LONGEST = timedelta(days=366)
#: For so long the same request again is answered the same; who repeats later reads how things stand.
ANSWERS_KEPT = timedelta(days=3)


class KeyRefused(RuleBroken):
    """The key cannot be made as it was asked for."""

    code = "key_refused"


@dataclass(frozen=True)
class NewKey:
    """A key to make: what it is called, whose it is, what it opens, where, from which networks (CIDR), until when.

    `organisation_id` narrows it to what the owner may do in that unit.
    """

    name: str
    owner_id: UUID
    powers: Collection[str]
    areas: Collection[UUID]
    expires_at: datetime
    reason: str
    organisation_id: UUID | None = None
    networks: Collection[str] = ()


@action
def make_key(*, by: Actor, key: NewKey) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is told once and kept as a hash.

    Raises:
        NotAllowed: the actor lacks the power access.keys in one of the areas.
        NotForOneself: a key of one's own.
        NotFound: there is no such account, area or organisation.
        KeyRefused: no name; no power, or one that no key opens; no area; a network that is none; past or more than
            366 days ahead.
        ReasonMissing: without a reason.
    """
    owner = account_for_update(key.owner_id)
    for area_id in key.areas:
        territory().area(area_id)
    require_power(by, "access.keys", *key.areas)
    require_other(by, owner.person_id)
    reason, moment = require_reason(key.reason), clock.now()
    _require_sound(key, moment)
    prefix, secret, digest = new_key()
    row = ApiKey(
        name=key.name.strip(),
        owner=owner,
        organisation_id=_organisation(key.organisation_id),
        prefix=prefix,
        digest=digest,
        powers=sorted(set(key.powers)),
        areas=sorted(set(key.areas)),
        networks=[str(ip_network(each.strip(), strict=False)) for each in key.networks],
        reason=reason,
        created_by_id=account_of(by),
        created_at=moment,
        expires_at=key.expires_at,
    )
    facts = {
        "key": row.id,
        "owner": owner.id,
        "powers": row.powers,
        "areas": row.areas,
        "expires_at": key.expires_at,
    }
    record(kind=KEY_MADE, by=by, subject_type="access.key", subject_id=row.id, data=facts, rows=[row])
    return row, secret


@action
def revoke_key(*, by: Actor, key_id: UUID, reason: str) -> None:
    """Revoke a key: the next request with it is refused. `reason` is a RevokeReason; its owner may do this too.

    Raises:
        NotFound: there is no such key, or it is revoked.
        NotAllowed: somebody else's, without the power access.keys in one of its areas.
    """
    row = ApiKey.objects.select_for_update(of=("self",)).filter(id=key_id, revoked_at=None).first()
    if row is None:
        raise NotFound(_("There is no such key, or it is revoked."))
    if by.id != row.owner_id:
        require_power(by, "access.keys", *row.areas)
    row.revoked_at, row.revoked_by_id, row.revoke_reason = clock.now(), account_of(by), RevokeReason(reason)
    row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    facts = {"key": row.id, "reason": str(row.revoke_reason)}
    record(kind=KEY_REVOKED, by=by, subject_type="access.key", subject_id=row.id, data=facts)


@action
def record_key_use(*, by: Actor, key_id: UUID) -> bool:
    """Note that a key was used today, in China's time; tell whether this was the first time today."""
    today = timezone.localdate(clock.now())
    row = ApiKey.objects.select_for_update(of=("self",)).filter(id=key_id).exclude(last_used_on=today).first()
    if row is None:
        return False
    row.last_used_on = today
    row.save(update_fields=["last_used_on"])
    record(kind=KEY_USED, by=by, subject_type="access.key", subject_id=row.id, data={"key": row.id})
    return True


@action
def forget_answers(*, by: Actor) -> int:
    """Delete what other systems were answered more than three days ago; return how many answers."""
    old = AnsweredRequest.objects.filter(answered_at__lt=clock.now() - ANSWERS_KEPT).order_by("answered_at", "id")
    ids = list(old.values_list("id", flat=True))
    if not ids:
        return 0
    AnsweredRequest.objects.filter(id__in=ids).delete()
    facts = {"answers": len(ids)}
    record(kind=ANSWERS_FORGOTTEN, by=by, subject_type="access.key", subject_id=ids[0], data=facts)
    return len(ids)


def _require_sound(key: NewKey, moment: datetime) -> None:
    if not key.name.strip():
        raise KeyRefused(_("Give the key a name that says what for."), field="name")
    if not key.powers or set(key.powers) - POWERS.keys() or set(key.powers) & NOT_FOR_KEYS:
        raise KeyRefused(
            _("Choose what the key opens. Administration and single looks are for people only."), field="powers"
        )
    if not key.areas:
        raise KeyRefused(_("Choose where the key opens."), field="areas")
    if not moment < key.expires_at <= moment + LONGEST:
        raise KeyRefused(_("A key ends within a year. Choose a day."), field="expires_at")
    for network in key.networks:
        try:
            ip_network(network.strip(), strict=False)
        except ValueError as error:
            raise KeyRefused(
                _("%(network)s is no network. Write 10.1.0.0/16, or one address.") % {"network": network},
                field="networks",
            ) from error


def _organisation(organisation_id: UUID | None) -> UUID | None:
    if organisation_id is not None and not Organisation.objects.filter(id=organisation_id, valid_to=None).exists():
        raise NotFound(_("There is no such organisation."), field="organisation")
    return organisation_id
