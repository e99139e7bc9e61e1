"""Records that may be the same person: what somebody should look at, never what anything does by itself."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.people import access, values
from liuchi.ground.people.entries import community_of
from liuchi.ground.people.models import Merge, Person
from liuchi.ground.people.showing import Card, card_of, person_for

#: So many pairs are offered at a time; joining some makes room for others.
MOST = 100
BY_PHONE, BY_BIRTH = "phone", "birth"


@dataclass(frozen=True)
class Double:
    """Two records that may be one person, and what they share: phone and name, or name, birth date and community.

    The other one may lie outside the viewer's reach: then nothing but its existence is told.
    """

    first: Card
    other: Card | None
    why: str


def find_doubles(viewer: Reader, *, most: int = MOST) -> list[Double]:
    """Return pairs of records of which at least one is the viewer's to manage, by name.

    Pairs that were joined once and separated again are settled: they are not offered any more.
    """
    mine = Person.objects.filter(access.within(viewer, access.MANAGE), merged_into=None, erased_at=None)
    areas = viewer.areas(access.MANAGE)
    settled = {frozenset(pair) for pair in Merge.objects.exclude(undone_at=None).values_list("kept_id", "absorbed_id")}
    found: dict[frozenset[UUID], Double] = {}
    for why, same, shares in (
        (BY_PHONE, Q(phone_index=OuterRef("phone_index"), name=OuterRef("name")), ("phone_index", "name")),
        (BY_BIRTH, Q(birth_on=OuterRef("birth_on"), name_order=OuterRef("name_order")), ("birth_on", "name_order")),
    ):
        given = mine.exclude(**{shares[0]: None})
        others = Person.objects.filter(same, merged_into=None, erased_at=None).exclude(id=OuterRef("id"))
        rows = given.filter(Exists(others)).order_by("name_order", "id")
        for row in rows[: most * 2]:
            for other in _sharing(row, shares):
                pair = frozenset({row.id, other.id})
                if pair in settled or pair in found or not _may_be_one(row, other, why):
                    continue
                found[pair] = Double(card_of(row), card_of(other) if other.home_id in areas else None, why)
    return list(found.values())[:most]


def differing_facts(viewer: Reader, one_id: UUID, other_id: UUID) -> frozenset[str]:
    """Return of which facts two records say different things, without saying what.

    Raises:
        NotFound: one of them is not the viewer's to manage.
    """
    one, other = (
        values.facts_of(Person.objects.get(id=person_for(viewer, each, power=access.MANAGE).id))
        for each in (one_id, other_id)
    )
    return frozenset(fact for fact in values.FACTS if one[fact] != other[fact])


def _sharing(row: Person, shares: tuple[str, ...]) -> list[Person]:
    shared = {name: getattr(row, name) for name in shares}
    rows = Person.objects.filter(**shared, merged_into=None, erased_at=None).exclude(id=row.id)
    return list(rows.order_by("name_order", "id")[:5])


def _may_be_one(row: Person, other: Person, why: str) -> bool:
    """Tell whether a pair is worth a look: two numbers are two people, unless they share a phone as well as a name."""
    if why == BY_PHONE:
        return True
    if row.identity_index is not None and other.identity_index is not None:
        return False
    return community_of(row.home_id) == community_of(other.home_id)
