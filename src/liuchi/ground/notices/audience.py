"""Who is to be told: people who can sign in, by what they may do and where."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
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


def holders_by_place(power: str, area_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return for each place the people who hold `power` there, by a grant there or above it (one query)."""
    asked, known = set(area_ids), territory()
    above = {area: known.with_ancestors(area) for area in asked}
    where = Q(area_id__in={each for areas in above.values() for each in areas}, organisation=None)
    held = _held_by(power, where, "area_id") if asked else {}
    return {area: frozenset().union(*(held.get(each, ()) for each in above[area])) for area in asked}


def holders_by_organisation(power: str, organisation_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return for each organisation the people who hold `power` in it (one query)."""
    asked = set(organisation_ids)
    held = _held_by(power, Q(organisation_id__in=asked), "organisation_id") if asked else {}
    return {body: frozenset(held.get(body, ())) for body in asked}


def _holding(power: str, where: Q) -> list[UUID]:
    grants = _grants(power, where).annotate(human=_human("account__person")).order_by("human")
    return list(grants.values_list("human", flat=True).distinct())


def _held_by(power: str, where: Q, field: str) -> dict[UUID, set[UUID]]:
    held: dict[UUID, set[UUID]] = {}
    grants = _grants(power, where).annotate(human=_human("account__person")).order_by("id")
    for key, human in grants.values_list(field, "human"):
        held.setdefault(key, set()).add(human)
    return held


def _grants(power: str, where: Q) -> QuerySet[Grant]:
    moment = clock.now()
    return Grant.objects.filter(
        where, role__powers__contains=[power], account__is_active=True, valid_from__lte=moment
    ).exclude(valid_to__lte=moment)


def _human(path: str) -> Coalesce:
    """Return the record in force of the person at `path`."""
    return Coalesce(f"{path}__merged_into_id", f"{path}_id")
