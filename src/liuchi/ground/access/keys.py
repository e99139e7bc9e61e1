"""Coming in with a key: a viewer that may do no more than key and owner both allow."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liuchi.ground.access.hats import HeldGrant
from liuchi.ground.access.models import AnsweredRequest, ApiKey
from liuchi.ground.access.powers import NOT_FOR_KEYS
from liuchi.ground.access.secrets import key_digest
from liuchi.ground.access.viewers import Viewer, grants_held, narrowed_to
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.compiled import A_TEXT, Compiled
from liuchi.ground.kernel.errors import NotFound


def viewer_for_key(secret: str, address: str) -> Viewer | None:
    """Return the viewer of whoever comes with `secret` from the network `address`, or None; two queries.

    None for a key that is unknown, revoked or over, from another network, or whose owner's account is closed. The
    viewer holds, for each grant of the owner and each area of the key, what both have in common; lines name the key.
    """
    prefix = secret.replace("\0", "").partition(".")[0]
    found = _known_key().rows(prefix=prefix)
    key = _Key(*found[0]) if found else None
    if key is None or not hmac.compare_digest(bytes(key.digest), key_digest(secret)):
        return None
    if key.networks and not _is_within(address, key.networks):
        return None
    return _viewer(key)


def viewer_of_key(key: ApiKey) -> Viewer | None:
    """Return the viewer of a key as `viewer_for_key` does, for what the house does in its name; None once it ended."""
    owner = key.owner
    known = (owner.person_id, owner.username, owner.is_active, *(getattr(key, name) for name in _Key._fields[5:]))
    return _viewer(_Key(key.id, key.owner_id, *known))


def _viewer(key: "_Key") -> Viewer | None:
    if not key.is_owner_active or key.revoked_at is not None or key.expires_at <= clock.now():
        return None
    held = grants_held(key.person_id)
    own = (grant for grant in held if grant.account_id == key.owner_id and grant.glass_id is None)
    return Viewer(
        id=key.owner_id,
        person_id=key.person_id,
        username=key.username,
        grants=tuple(_common(own, key)),
        on_behalf_of=key.id,
        held=held,
        key_id=key.id,
        key_line=key.first_id or key.id,
    )


class _Key(NamedTuple):
    """A key and its owner, as a request needs them."""

    id: UUID
    owner_id: UUID
    person_id: UUID
    username: str
    is_owner_active: bool
    organisation_id: UUID | None
    first_id: UUID | None
    digest: bytes
    powers: list[str]
    areas: list[UUID]
    networks: list[str]
    expires_at: datetime
    revoked_at: datetime | None


@cache
def _known_key() -> Compiled:
    rows = ApiKey.objects.filter(prefix=A_TEXT).order_by("id")
    columns = ("id", "owner_id", "owner__person_id", "owner__username", "owner__is_active", *_Key._fields[5:])
    return Compiled(rows.values_list(*columns), {"prefix": A_TEXT})


def answered(key_line: UUID, token: str) -> AnsweredRequest | None:
    """Return what a key, or one that it was exchanged for, was told before for the request of that name."""
    return AnsweredRequest.objects.filter(key_id=key_line, token=token).first()


def key_with(prefix: str) -> ApiKey | None:
    """Return the key that begins with `prefix`, which is no secret; for the server's own command line."""
    return ApiKey.objects.filter(prefix=prefix).first()


def key_of(viewer: Viewer) -> ApiKey:
    """Return the key with which a viewer came in.

    Raises:
        NotFound: they came without one.
    """
    found = ApiKey.objects.filter(id=viewer.key_id).first() if viewer.key_id is not None else None
    if found is None:
        raise NotFound(_("There is no such key, or it is revoked."))
    return found


def keys_of_system(key_id: UUID) -> QuerySet[ApiKey, UUID]:
    """Return the ids of a key and of those its owner had before or has beside it under the same name: one system."""
    own = ApiKey.objects.filter(id=key_id).values("owner_id", "name")
    rows = ApiKey.objects.filter(owner_id__in=own.values("owner_id"), name__in=own.values("name"))
    return rows.order_by().values_list("id", flat=True)


def _common(grants: Iterable[HeldGrant], key: _Key) -> Iterator[HeldGrant]:
    """Give what grants and key have in common: powers of both, below both areas, in the key's organisation."""
    scope = frozenset(key.powers) - NOT_FOR_KEYS
    for grant in grants:
        powers = grant.powers & scope
        if not powers or key.organisation_id not in {None, grant.organisation_id}:
            continue
        for area_id in key.areas:
            narrowed = narrowed_to(grant, area_id)
            if narrowed is not None:
                yield replace(narrowed, powers=powers)


def _is_within(address: str, networks: Iterable[str]) -> bool:
    try:
        there = ip_address(address)
    except ValueError:
        return False
    there = getattr(there, "ipv4_mapped", None) or there
    return any(there in ip_network(network) for network in networks)
