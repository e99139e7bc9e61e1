"""Showing people: one record, and lists of those within reach. Names are masked in lists, numbers everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access, values
from liuchi.ground.people.identity import age_on, is_child
from liuchi.ground.people.models import CareStatus, HouseholdMember, Person
from liuchi.ground.people.naming import name_order
from liuchi.ground.people.queries import ids_of
from liuchi.ground.records import protected
from liuchi.ground.records.restricting import restricted_people
from liuchi.ground.territory.queries import territory

PAGE = 50


@dataclass(frozen=True, slots=True)
class Card:
    """What may be shown of somebody within reach. `records` are all their records, the one in force first."""

    id: UUID
    name: str
    masked_name: str
    masked_phone: str
    masked_identity: str
    identity_kind: str
    sex: str
    birth_on: date | None
    age: int | None
    death_on: date | None
    home_id: UUID | None
    is_child: bool
    records: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. Ages are full years today; `care` needs the power people.care there."""

    area_id: UUID | None = None
    name: str = ""
    age_from: int | None = None
    age_to: int | None = None
    care: str = ""
    household_id: UUID | None = None
    dwelling_id: UUID | None = None
    with_dead: bool = False
    after: UUID | None = None


@dataclass(frozen=True)
class Page:
    """A page of a list, in the order of names; `after` leads to the next one."""

    cards: list[Card]
    after: UUID | None


def person_for(viewer: Reader, person_id: UUID, *, power: str = access.SEE) -> Card:
    """Return one person; an absorbed record leads to the one in force.

    Raises:
        NotFound: there is none, it was erased, or it is not within the viewer's reach for `power`.
    """
    ids = ids_of(person_id)
    rows = Person.objects.filter(access.within(viewer, power), id__in=ids, merged_into=None, erased_at=None)
    person = rows.first()
    if person is None:
        raise NotFound(_("There is no such person here."))
    return card_of(person, records=(person.id, *sorted(ids - {person.id})))


def plain_facts(viewer: Reader, person_id: UUID) -> dict[str, str]:
    """Return what a record says in clear, for somebody who may look; the door leaves the read line first.

    Raises:
        NotFound: the person is not within the viewer's reach for people.reveal.
    """
    card = person_for(viewer, person_id, power=access.REVEAL)
    return values.facts_of(Person.objects.get(id=card.id))


def people_page(viewer: Reader, filters: Filters, *, size: int = PAGE) -> Page:
    """Return a page of the people within reach, by name (one question, or two behind the first page)."""
    rows = list(_after(_listed(viewer, filters), filters.after)[: size + 1])
    cards = [card_of(row) for row in rows[:size]]
    return Page(cards, cards[-1].id if len(rows) > size else None)


def people_rows(viewer: Reader, filters: Filters, *, size: int = 2000) -> Iterator[Card]:
    """Give every person of a list, for taking it out of the house, a page at a time so that memory stays bounded.

    Whoever had the use of their data restricted is left out.
    """
    after = filters.after
    while True:
        listed = _listed(viewer, filters).exclude(id__in=restricted_people())
        rows = list(_after(listed, after)[:size])
        yield from (card_of(row) for row in rows)
        if len(rows) < size:
            return
        after = rows[-1].id


def count_people(viewer: Reader, filters: Filters, *, most: int = 10_000) -> int:
    """Return how many people a list holds; counting ends at `most`."""
    return _listed(viewer, filters).order_by()[:most].count()


def card_of(person: Person, *, records: Sequence[UUID] = ()) -> Card:
    """Return what may be shown of a record; phone and number are opened to be masked, and go no further."""
    today = timezone.localdate(clock.now())
    born, last = person.birth_on, person.death_on or today
    return Card(
        id=person.id,
        name=person.name,
        masked_name=protected.mask_name(person.name),
        masked_phone=protected.mask_phone(protected.unseal(person.phone_sealed, protected.PHONE, person.id)),
        masked_identity=protected.mask_identity(
            protected.unseal(person.identity_sealed, protected.IDENTITY, person.id)
        ),
        identity_kind=person.identity_kind,
        sex=person.sex,
        birth_on=born,
        age=age_on(born, last) if born else None,
        death_on=person.death_on,
        home_id=person.home_id,
        is_child=is_child(born, today),
        records=tuple(records) or (person.id,),
    )


def _listed(viewer: Reader, filters: Filters) -> QuerySet[Person]:
    rows = Person.objects.filter(access.within(viewer, access.SEE), merged_into=None, erased_at=None)
    today = timezone.localdate(clock.now())
    if filters.area_id is not None:
        rows = rows.filter(is_one_of("home_id", territory().with_descendants(filters.area_id)))
    if filters.name:
        rows = rows.filter(_begins_with(filters.name))
    if filters.age_from is not None:
        rows = rows.filter(birth_on__lte=_years_before(today, filters.age_from))
    if filters.age_to is not None:
        rows = rows.filter(birth_on__gt=_years_before(today, filters.age_to + 1))
    if filters.care:
        lasting = CareStatus.objects.filter(category__code=filters.care, valid_from__lte=today, valid_to__gt=today)
        rows = rows.filter(access.within(viewer, access.CARE), _has(lasting.values("person_id")))
    if filters.household_id is not None:
        members = HouseholdMember.objects.filter(household_id=filters.household_id, valid_to=None)
        rows = rows.filter(_has(members.values("person_id")))
    if filters.dwelling_id is not None:
        rows = rows.filter(residences__dwelling_id=filters.dwelling_id, residences__valid_to=None)
    if not filters.with_dead:
        rows = rows.filter(death_on=None)
    return rows.order_by("name_order", "id")


def _has(ids: QuerySet[CareStatus] | QuerySet[HouseholdMember] | object) -> Q:
    """Return the condition that one of a person's records is among `ids`."""
    absorbed = Person.objects.filter(merged_into__isnull=False, id__in=ids).values("merged_into_id")
    return Q(id__in=ids) | Q(id__in=absorbed)


def _begins_with(text: str) -> Q:
    """Return the condition that a name begins with `text`: a range of the sort key, which is the name's bytes."""
    key = name_order(" ".join(text.split()))
    return Q(name_order__gte=key) & Q(name_order__lt=key + b"\xff" * 4)


def _after(rows: QuerySet[Person], after: UUID | None) -> QuerySet[Person]:
    if after is None:
        return rows
    key = Person.objects.filter(id=after).values_list("name_order", flat=True).first()
    return rows if key is None else rows.filter(Q(name_order__gt=key) | Q(name_order=key, id__gt=after))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
