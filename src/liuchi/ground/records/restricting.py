"""Whose data is used no further for the time being: what look-ups, exports, messages and reveals ask first."""

from collections.abc import Iterable
from uuid import UUID

from liuchi.ground.records.declared import same_people
from liuchi.ground.records.models import DataRequest, Restriction


def restricted_people() -> frozenset[UUID]:
    """Return every record of the people whose data is restricted, joined ones too: who asked is a person, no record."""
    asked = Restriction.objects.filter(lifted_at=None).order_by("person_id").values_list("person_id", flat=True)
    return same_people(list(asked))


def is_restricted(person_ids: Iterable[UUID]) -> bool:
    """Tell whether any record of a person is restricted."""
    return Restriction.objects.filter(lifted_at=None, person_id__in=same_people(list(person_ids))).exists()


def restriction_of(request: DataRequest) -> Restriction | None:
    """Return the restriction in force because of a request that somebody has read, if there is one."""
    return Restriction.objects.filter(request=request, lifted_at=None).first()
