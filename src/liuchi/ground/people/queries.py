"""Which records are the same person: what rooms above ask before they look for what somebody did."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from liuchi.ground.journal.models import Line
from liuchi.ground.people.models import Person


def ids_of(person_id: UUID) -> frozenset[UUID]:
    """Return the ids of all records of a person, whichever is named: the one in force and those it absorbed.

    A person who is not known is only the one named. Rows of other rooms keep the id they were written with; look for
    any of these (`person_id__in=ids_of(…)`), so that joining records moves nothing and separating them loses nothing.
    """
    kept = Person.objects.filter(id=person_id).values(kept=Coalesce("merged_into_id", "id"))
    rows = Person.objects.filter(Q(id__in=kept) | Q(merged_into_id__in=kept))
    return frozenset(rows.order_by().values_list("id", flat=True)) | {person_id}


def joined_records(people: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return for each of `people` all records of that person, the one in force first (one query)."""
    kept = Person.objects.filter(id__in=people).order_by().values(kept=Coalesce("merged_into_id", "id"))
    rows = Person.objects.filter(Q(id__in=kept) | Q(merged_into_id__in=kept))
    records: dict[UUID, list[UUID]] = {}
    for person_id, into in rows.order_by("id").values_list("id", "merged_into_id"):
        records.setdefault(into or person_id, []).append(person_id)
    found: dict[UUID, tuple[UUID, ...]] = {}
    for first, ids in records.items():
        found |= dict.fromkeys(ids, (first, *(each for each in ids if each != first)))
    return {each: found.get(each, (each,)) for each in people}


def record_in_force(person_id: UUID) -> UUID:
    """Return the id of the record in force: the one named, or the one that absorbed it."""
    found = Person.objects.filter(id=person_id, merged_into__isnull=False).values_list("merged_into_id", flat=True)
    return found.first() or person_id


def same_person(path: str, person_id: UUID) -> Q:
    """Return the condition that the foreign key at `path` points at any record of a person; no further question.

    `path` is the relation ("reporter"), not its column.
    """
    kept = Person.objects.filter(id=person_id).values(kept=Coalesce("merged_into_id", "id"))
    # Apart, for an OR within one subquery reads every person there is; every request of somebody signed in asks this.
    absorbed = Person.objects.filter(merged_into_id__in=kept).order_by().values("id")
    return Q(**{f"{path}_id": person_id}) | Q(**{f"{path}_id__in": kept}) | Q(**{f"{path}_id__in": absorbed})


def erased_in(line: Line) -> list[UUID]:
    """Return every record that a line `people.person_erased` speaks of: the one kept, then those it had absorbed."""
    return [UUID(each) for each in (line.data["person"], *line.data.get("absorbed", ()))]
