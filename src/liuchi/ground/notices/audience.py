"""Who is to be told: people who can sign in, by what they may do and where."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from liuchi.ground.access.models import Account, Grant
from liuchi.ground.kernel import clock
from liuchi.ground.people.models import Person
from liuchi.ground.territory.queries import territory


def with_accounts(people: Iterable[UUID | None]) -> list[UUID]:
    """Return those of `people` who can sign in, for nobody else sees an inbox (one query).

    Whoever has several records that were joined is named once, by the one in force.
    """
    asked = {person for person in people if person is not None}
    if not asked:
        return []
    kept = Person.objects.filter(id__in=asked).order_by().values(kept=Coalesce("merged_into_id", "id"))
    found = Account.objects.annotate(human=_human("person")).filter(human__in=kept, is_active=True).order_by("human")
    return list(found.values_list("human", flat=True).distinct())


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
        .annotate(human=_human("account__person"))
        .order_by("human")
    )
    return list(grants.values_list("human", flat=True).distinct())


def _human(path: str) -> Coalesce:
    """Return the record in force of the person at `path`."""
    return Coalesce(f"{path}__merged_into_id", f"{path}_id")
