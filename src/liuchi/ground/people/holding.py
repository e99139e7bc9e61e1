"""Holding a person still while something is written: the record in force, whichever of its doubles was named."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.models import Person, Residence


def held(person_id: UUID) -> Person:
    """Return the record in force of a person, locked; an absorbed record stands for the one kept.

    Raises:
        NotFound: when there is no such person, or it was erased.
    """
    kept = Person.objects.filter(id=person_id).values("merged_into_id")
    rows = Person.objects.select_for_update(of=("self",)).filter(Q(id=person_id) | Q(id__in=kept), erased_at=None)
    found = next((row for row in rows.order_by("id") if row.merged_into_id is None), None)
    if found is None:
        raise NotFound(_("There is no such person here."))
    return found


def records_of(person: Person) -> list[UUID]:
    """Return the ids of a person's records: the one in force, and those it absorbed."""
    return [person.id, *Person.objects.filter(merged_into=person).order_by("id").values_list("id", flat=True)]


def open_residences(ids: Iterable[UUID]) -> list[Residence]:
    """Return the residences in force of these records, locked."""
    rows = Residence.objects.select_for_update(of=("self",)).filter(person_id__in=list(ids), valid_to=None)
    return list(rows.order_by("person_id"))
