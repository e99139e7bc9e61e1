"""Who is to be told: people who can sign in, by what they may do and where."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from liuchi.ground.access.models import Account, Grant
from liuchi.ground.kernel import clock
from liuchi.ground.territory.queries import territory


def with_accounts(people: Iterable[UUID | None]) -> list[UUID]:
    """Return those of `people` who can sign in, for nobody else sees an inbox (one query)."""
    asked = {person for person in people if person is not None}
    if not asked:
        return []
    found = Account.objects.filter(person_id__in=asked, is_active=True).order_by("person_id")
    return list(found.values_list("person_id", flat=True).distinct())


def holders_in(power: str, organisation_id: UUID) -> list[UUID]:
    """Return the people who hold `power` in an organisation (one query)."""
    return _holding(power, Q(organisation_id=organisation_id))


def holders_at(power: str, area_id: UUID) -> list[UUID]:
    """Return the people who hold `power` at a place, by a grant there or above it (one query)."""
    return _holding(power, Q(area_id__in=territory().with_ancestors(area_id), organisation=None))


def holders_anywhere(*powers: str) -> list[UUID]:
    """Return the people who hold one of `powers` somewhere (one query)."""
    return sorted({person for power in powers for person in _holding(power, Q())})


def _holding(power: str, where: Q) -> list[UUID]:
    moment = clock.now()
    grants = (
        Grant.objects.filter(where, role__powers__contains=[power], account__is_active=True, valid_from__lte=moment)
        .exclude(valid_to__lte=moment)
        .order_by("account__person_id")
    )
    return list(grants.values_list("account__person_id", flat=True).distinct())
