"""Hats: in which capacity somebody acts. Grants of one post, one unit or one administrator's role make one hat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liuchi.ground.access.powers import PUBLIC_POWERS, administration_of


@dataclass(frozen=True)
class HeldGrant:
    """One grant in force, flattened for questions. `account_id` is the account it was given to."""

    role: str
    powers: frozenset[str]
    area_id: UUID
    organisation_id: UUID | None
    id: UUID | None = None
    account_id: UUID | None = None
    role_id: UUID | None = None
    role_name: str = ""
    organisation_name: str = ""
    post_id: UUID | None = None
    post_title: str = ""
    purpose: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    glass_id: UUID | None = None


@dataclass(frozen=True)
class Hat:
    """A capacity to act in: its key (stable, for addresses), what it stands for in the journal, its grants."""

    key: str
    id: UUID | None
    grants: tuple[HeldGrant, ...]

    @property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """Return code and stored name of each role under this hat, once, in order."""
        return tuple(dict.fromkeys((grant.role, grant.role_name) for grant in self.grants))

    @property
    def powers(self) -> frozenset[str]:
        """Return every power that some grant of this hat gives somewhere."""
        return frozenset().union(*(grant.powers for grant in self.grants))


def hats_of(grants: Iterable[HeldGrant]) -> tuple[Hat, ...]:
    """Return the hats that grants make, the one worn unasked first.

    Grants of one post are one hat; without a post, those in one unit; without either, what somebody may do by name.
    Each administrator's role is a hat of its own, whatever the unit (GB/T 22239-2019, 8.1.4: separation of duties).
    Grants of nothing but public powers make no hat, and broken glass none either: both are there under any.
    """
    found: dict[str, list[HeldGrant]] = {}
    named: dict[str, UUID | None] = {}
    for grant in grants:
        if is_under_any(grant):
            continue
        key, stands_for = _key(grant)
        found.setdefault(key, []).append(grant)
        named[key] = stands_for
    ordered = sorted(found, key=lambda key: _rank(key, found[key]))
    return tuple(Hat(key, named[key], tuple(found[key])) for key in ordered)


def is_under_any(grant: HeldGrant) -> bool:
    """Tell whether a grant counts whatever the hat: what everybody may do, and what broken glass opened."""
    return grant.glass_id is not None or grant.powers <= PUBLIC_POWERS


def worn(hats: Sequence[Hat], key: str) -> Hat | None:
    """Return the hat of that key, or the one worn unasked; None for somebody without any."""
    return next((hat for hat in hats if hat.key == key), hats[0] if hats else None)


def _key(grant: HeldGrant) -> tuple[str, UUID | None]:
    if administration_of(grant.powers):
        return f"role-{grant.role}", grant.role_id
    if grant.post_id is not None:
        return f"post-{grant.post_id}", grant.post_id
    if grant.organisation_id is not None:
        return f"unit-{grant.organisation_id}", grant.organisation_id
    return "own", None


def _rank(key: str, grants: Sequence[HeldGrant]) -> tuple[bool, float, str]:
    """Everyday hats come before administrators', the one held longest first."""
    began = min((grant.valid_from.timestamp() for grant in grants if grant.valid_from is not None), default=0.0)
    return key.startswith("role-"), began, key
