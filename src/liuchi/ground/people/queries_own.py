"""What people may read about themselves."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people.models import Consent
from liuchi.ground.people.queries import ids_of


def own_consents(viewer: Actor) -> Sequence[Consent]:
    """Return the viewer's own consents with their texts, those in force first, the newest first."""
    person_id = getattr(viewer, "person_id", None)  # who an account belongs to only the viewer of an upper room knows
    if not isinstance(person_id, UUID):
        return []
    rows = Consent.objects.filter(person_id__in=ids_of(person_id)).select_related("text")
    return list(rows.order_by(F("withdrawn_at").desc(nulls_first=True), "-given_at", "id"))
