"""Reading the care register: only for people.care, where the person lives. Entries end by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access
from liuchi.ground.people.models import CareCategory, CareStatus
from liuchi.ground.people.personal import DIAGNOSIS
from liuchi.ground.people.queries import ids_of
from liuchi.ground.people.showing import Card, card_of, person_for
from liuchi.ground.records import protected
from liuchi.ground.records.restricting import restricted_people
from liuchi.ground.territory.queries import territory

PAGE = 50


@dataclass(frozen=True)
class CareEntry:
    """Somebody's entry in the register, and whether it lasts today."""

    status: CareStatus
    person: Card
    responsible: str
    is_lasting: bool


@dataclass(frozen=True)
class CareFilters:
    """What the register is narrowed to; `ends_before` finds what is to be looked at again soon."""

    category: str = ""
    area_id: UUID | None = None
    ends_before: date | None = None
    after: tuple[date, UUID] | None = None


@dataclass(frozen=True)
class CarePage:
    """A page of the register, what ends first on top; `after` leads to the next one."""

    entries: list[CareEntry]
    after: tuple[date, UUID] | None


def lasting(on: date) -> Q:
    """Return the condition that an entry lasts on a day."""
    return Q(valid_from__lte=on, valid_to__gt=on)


def categories() -> list[CareCategory]:
    """Return the categories in use, by code. Why people are cared for is no secret; who, is."""
    return list(CareCategory.objects.filter(retired_on=None).order_by("code"))


def care_of(viewer: Reader, person_id: UUID) -> list[CareEntry]:
    """Return everything the register says of a person, newest first, past entries too.

    Raises:
        NotFound: the person is not within the viewer's reach for people.care.
    """
    card = person_for(viewer, person_id, power=access.CARE)
    rows = CareStatus.objects.filter(person_id__in=card.records).select_related("category", "responsible")
    return [_entry(row, card) for row in rows.order_by("-valid_from", "id")]


def care_page(viewer: Reader, filters: CareFilters, *, size: int = PAGE) -> CarePage:
    """Return a page of the entries that last today within the viewer's reach, what ends first on top (one question)."""
    today = timezone.localdate(clock.now())
    in_force = access.within(viewer, access.CARE, "person__") & Q(person__merged_into=None)
    absorbed = access.within(viewer, access.CARE, "person__merged_into__") & Q(person__merged_into__isnull=False)
    rows = CareStatus.objects.filter(lasting(today), in_force | absorbed)
    rows = rows.filter(person__erased_at=None).select_related("category", "responsible", "person__merged_into")
    if filters.category:
        rows = rows.filter(category__code=filters.category)
    if filters.area_id is not None:
        rows = rows.filter(is_one_of("person__home_id", territory().with_descendants(filters.area_id)))
    if filters.ends_before is not None:
        rows = rows.filter(valid_to__lt=filters.ends_before)
    if filters.after is not None:
        day, last = filters.after
        rows = rows.filter(Q(valid_to__gt=day) | Q(valid_to=day, id__gt=last))
    found = list(rows.order_by("valid_to", "id")[: size + 1])
    entries = [_entry(row, card_of(row.person.merged_into or row.person)) for row in found[:size]]
    is_more = len(found) > size
    return CarePage(entries, (found[size - 1].valid_to, found[size - 1].id) if is_more else None)


def care_rows(viewer: Reader, filters: CareFilters) -> Iterator[CareEntry]:
    """Give every entry of the list, for taking it out of the house; whoever restricted the use is left out."""
    after = filters.after
    while True:
        page = care_page(viewer, replace(filters, after=after), size=1000)
        held = restricted_people()
        yield from (each for each in page.entries if each.person.id not in held)
        if page.after is None:
            return
        after = page.after


def diagnosis_of(viewer: Reader, care_id: UUID) -> str:
    """Return the words of a diagnosis, for somebody who may look; the door leaves the read line first.

    Raises:
        NotFound: there is no such entry within the viewer's reach for people.care and people.reveal.
    """
    care = CareStatus.objects.filter(id=care_id).first()
    if care is None:
        raise NotFound("no such entry")
    for power in (access.CARE, access.REVEAL):
        person_for(viewer, care.person_id, power=power)
    return protected.unseal(care.diagnosis_sealed, DIAGNOSIS, care.id)


def is_cared_for(person_id: UUID, category: str, on: date) -> bool:
    """Tell whether somebody is in a category on a day: for engines that run with a purpose of their own."""
    rows = CareStatus.objects.filter(lasting(on), person_id__in=ids_of(person_id), category__code=category)
    return rows.exists()


def _entry(row: CareStatus, card: Card) -> CareEntry:
    today = timezone.localdate(clock.now())
    return CareEntry(
        status=row,
        person=card,
        responsible=row.responsible.name if row.responsible is not None else "",
        is_lasting=row.valid_from <= today < row.valid_to,
    )
