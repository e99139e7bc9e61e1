"""What people may read about themselves."""

from collections.abc import Sequence
from uuid import UUID

from liuchi.ground.people.models import Consent
from liuchi.ground.people.queries import ids_of


def own_consents(person_id: UUID) -> Sequence[Consent]:
    """Return the consents of a person with their texts, those in force first, the newest first."""
    rows = Consent.objects.filter(person_id__in=ids_of(person_id)).select_related("text")
    return list(rows.order_by("-withdrawn_at", "-given_at", "id"))
