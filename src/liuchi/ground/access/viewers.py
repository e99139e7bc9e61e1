"""Somebody signed in, with the grants in force: what they may do, and where, under the hat they wear."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from liuchi.ground.access.hats import Hat, HeldGrant, hats_of, is_under_any, worn
from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.powers import PUBLIC_POWERS
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import ActorKind, Visitor
from liuchi.ground.kernel.compiled import A_MOMENT, AN_ID, Compiled
from liuchi.ground.people.models import Person
from liuchi.ground.people.queries import same_person
from liuchi.ground.territory.queries import territory

__all__ = ["PUBLIC", "HeldGrant", "Viewer", "viewer_of", "viewers_of"]

PUBLIC = Visitor(PUBLIC_POWERS)


@dataclass(frozen=True)
class Viewer:
    """An account with its grants, read once per request. It is an actor, and queries take it as the viewer.

    `grants` are those of the hat worn: somebody acts in one capacity at a time, and `on_behalf_of` tells the journal in
    which; while glass is broken, every line names that instead. `hats` are all there are to choose from; `held` are the
    grants of all accounts of this person, for the rules that ask whether the same human being had a part before,
    whatever the hat. `key_id` is set when another system came in with a key, `key_line` then to the first of the keys
    that this one was exchanged for (or itself).
    """

    id: UUID
    person_id: UUID
    username: str
    grants: tuple[HeldGrant, ...]
    on_behalf_of: UUID | None = None
    kind: ActorKind = "person"
    hat: Hat | None = None
    hats: tuple[Hat, ...] = ()
    held: tuple[HeldGrant, ...] = ()
    key_id: UUID | None = None
    key_line: UUID | None = None

    def allows(self, power: str, area: UUID | None = None) -> bool:
        """Tell whether a grant gives `power`; with `area`, whether the grant's area is that one or above it."""
        if area is None:
            return any(power in grant.powers for grant in self.grants)
        above = territory().with_ancestors(area)
        return any(power in grant.powers and grant.area_id in above for grant in self.grants)

    def where(self, power: str) -> "Viewer":
        """Return this viewer with every grant narrowed to where `power` is held too, under this hat.

        What broken glass opened is left out: it is for seeing.
        """
        own = [grant for grant in self.grants if grant.glass_id is None]
        roots = sorted({grant.area_id for grant in own if power in grant.powers})
        narrowed = (narrowed_to(grant, root) for grant in own for root in roots)
        return replace(self, grants=tuple(grant for grant in narrowed if grant is not None))

    def allows_in(self, power: str, organisation: UUID | None) -> bool:
        """Tell whether a grant gives `power` within `organisation`."""
        return organisation is not None and organisation in self.organisations(power)

    def areas(self, power: str) -> frozenset[UUID]:
        """Return every area in which the viewer holds `power`, subareas included."""
        roots = {grant.area_id for grant in self.grants if power in grant.powers}
        return frozenset().union(*(territory().with_descendants(root) for root in roots)) if roots else frozenset()

    def organisations(self, power: str) -> frozenset[UUID]:
        """Return the organisations in which the viewer holds `power`."""
        return _organisations(self.grants, power)

    def organisations_under_any_hat(self, power: str) -> frozenset[UUID]:
        """Return the organisations in which this human being holds `power`, under any hat of any account."""
        return _organisations(self.held or self.grants, power)

    @property
    def glass(self) -> HeldGrant | None:
        """Return the grant of the glass this viewer has broken, while it is open."""
        return next((grant for grant in self.grants if grant.glass_id is not None), None)

    @property
    def roles(self) -> frozenset[str]:
        """Return the codes of the roles under this hat."""
        return frozenset(grant.role for grant in self.grants if grant.role)

    @property
    def purposes(self) -> frozenset[str]:
        """Return what the grants under this hat were given for."""
        return frozenset(grant.purpose for grant in self.grants if grant.purpose)


def viewer_of(account: Account, hat: str = "") -> Viewer:
    """Return `account` with the grants in force now, wearing the hat of that key, else the first (one query)."""
    return _viewer(account, grants_held(account.person_id), hat)


def viewers_of(accounts: Iterable[Account]) -> Iterator[Viewer]:
    """Yield what `viewer_of` returns of many accounts, for loads that let hundreds act (two queries)."""
    kept = dict(Person.objects.exclude(merged_into=None).order_by("id").values_list("id", "merged_into_id"))
    held: dict[UUID, list[HeldGrant]] = {}
    for person_id, *row in _in_force(clock.now()).values_list("account__person_id", *_HELD):
        held.setdefault(kept.get(person_id, person_id), []).append(_flat(*row))
    for account in accounts:
        yield _viewer(account, tuple(held.get(kept.get(account.person_id, account.person_id), ())), "")


def _viewer(account: Account, held: tuple[HeldGrant, ...], hat: str) -> Viewer:
    own = [grant for grant in held if grant.account_id == account.id]
    hats = hats_of(own)
    chosen = worn(hats, hat)
    always = tuple(grant for grant in own if is_under_any(grant))
    glass = next((grant.glass_id for grant in always if grant.glass_id is not None), None)
    return Viewer(
        id=account.id,
        person_id=account.person_id,
        username=account.username,
        grants=(*(chosen.grants if chosen else ()), *always),
        on_behalf_of=glass or (chosen.id if chosen else None),
        hat=chosen,
        hats=hats,
        held=held,
    )


def narrowed_to(grant: HeldGrant, area_id: UUID) -> HeldGrant | None:
    """Return a grant for as much of its area as lies within another; None where nothing does."""
    if grant.area_id in territory().with_ancestors(area_id):
        return replace(grant, area_id=area_id)
    return grant if area_id in territory().with_ancestors(grant.area_id) else None


def grants_held(person_id: UUID) -> tuple[HeldGrant, ...]:
    """Return the grants in force now of every open account of a person, of joined records too (one query)."""
    return tuple(_flat(*row) for row in _grants_held().rows(person=person_id, moment=clock.now()))


@cache
def _grants_held() -> Compiled:
    rows = _in_force(A_MOMENT).filter(same_person("account__person", AN_ID)).values_list(*_HELD)
    return Compiled(rows, {"person": AN_ID, "moment": A_MOMENT})


def _in_force(moment: datetime) -> QuerySet[Grant]:
    rows = Grant.objects.filter(account__is_active=True, valid_from__lte=moment).exclude(valid_to__lte=moment)
    return rows.order_by("role__code", "id")


_HELD: Final = {
    "role__code": "role",
    "area_id": "area_id",
    "organisation_id": "organisation_id",
    "id": "id",
    "account_id": "account_id",
    "role_id": "role_id",
    "role__name": "role_name",
    "organisation__short_name": "organisation_name",
    "post_id": "post_id",
    "post__title": "post_title",
    "purpose": "purpose",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "glass_id": "glass_id",
    "role__powers": "",
    "glass__powers": "",
}
#: What is empty text where there is none.
_NAMES: Final = ("role", "role_name", "organisation_name", "post_title")


def _flat(*row: Any) -> HeldGrant:
    """Return a row of _HELD as a grant; the powers are the role's, or what was reached by breaking glass."""
    *facts, of_role, of_glass = row
    held: dict[str, Any] = dict(zip(_HELD.values(), facts, strict=False))
    held.update({name: "" for name in _NAMES if held[name] is None})
    return HeldGrant(powers=frozenset((of_glass if of_role is None else of_role) or ()), **held)


def _organisations(grants: tuple[HeldGrant, ...], power: str) -> frozenset[UUID]:
    return frozenset(
        grant.organisation_id for grant in grants if power in grant.powers and grant.organisation_id is not None
    )
