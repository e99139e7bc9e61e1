"""Somebody signed in, with the grants in force: what they may do, and where."""

from dataclasses import dataclass
from uuid import UUID

from liuchi.ground.access.models import Account, Grant
from liuchi.ground.access.powers import PUBLIC_POWERS
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import ActorKind, Visitor
from liuchi.ground.territory.queries import territory

PUBLIC = Visitor(PUBLIC_POWERS)


@dataclass(frozen=True)
class HeldGrant:
    """One grant in force, flattened for questions."""

    role: str
    powers: frozenset[str]
    area_id: UUID
    organisation_id: UUID | None


@dataclass(frozen=True)
class Viewer:
    """An account with its grants, read once per request. It is an actor, and queries take it as the viewer."""

    id: UUID
    person_id: UUID
    username: str
    grants: tuple[HeldGrant, ...]
    on_behalf_of: UUID | None = None
    kind: ActorKind = "person"

    def allows(self, power: str, area: UUID | None = None) -> bool:
        """Tell whether a grant gives `power`; with `area`, whether the grant's area is that one or above it."""
        if area is None:
            return any(power in grant.powers for grant in self.grants)
        above = territory().with_ancestors(area)
        return any(power in grant.powers and grant.area_id in above for grant in self.grants)

    def allows_in(self, power: str, organisation: UUID | None) -> bool:
        """Tell whether a grant gives `power` within `organisation`."""
        return organisation is not None and organisation in self.organisations(power)

    def areas(self, power: str) -> frozenset[UUID]:
        """Return every area in which the viewer holds `power`, subareas included."""
        roots = {grant.area_id for grant in self.grants if power in grant.powers}
        return frozenset().union(*(territory().with_descendants(root) for root in roots)) if roots else frozenset()

    def organisations(self, power: str) -> frozenset[UUID]:
        """Return the organisations in which the viewer holds `power`."""
        return frozenset(
            grant.organisation_id
            for grant in self.grants
            if power in grant.powers and grant.organisation_id is not None
        )

    @property
    def roles(self) -> frozenset[str]:
        """Return the codes of the roles held."""
        return frozenset(grant.role for grant in self.grants)


def viewer_of(account: Account) -> Viewer:
    """Return `account` with the grants in force now (one query)."""
    moment = clock.now()
    grants = (
        Grant.objects.filter(account=account, valid_from__lte=moment)
        .exclude(valid_to__lte=moment)
        .select_related("role")
        .order_by("role__code", "id")
    )
    return Viewer(
        id=account.id,
        person_id=account.person_id,
        username=account.username,
        grants=tuple(
            HeldGrant(grant.role.code, frozenset(grant.role.powers), grant.area_id, grant.organisation_id)
            for grant in grants
        ),
    )
