"""Reading what people are asked to agree to, and who agreed to which version of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access
from liuchi.ground.people.consenting import texts_in_force
from liuchi.ground.people.models import CareCategory, Consent, ConsentText


@dataclass(frozen=True)
class Version:
    """A published wording: whether people are asked for it now, or later; how many agreed and took it back."""

    text: ConsentText
    is_in_force: bool
    is_ahead: bool
    given: int
    withdrawn: int


def versions(purpose: str = "") -> Sequence[Version]:
    """Return every version of every text (of a purpose), the newest first; numbers are of the whole district."""
    rows = ConsentText.objects.annotate(
        given=Count("consents", filter=Q(consents__withdrawn_at=None)),
        withdrawn=Count("consents", filter=Q(consents__withdrawn_at__isnull=False)),
    )
    asked = {each.id for each in texts_in_force()}
    day = timezone.localdate(clock.now())
    found = rows.filter(purpose=purpose) if purpose else rows
    return [
        Version(
            row,
            row.id in asked,
            row.valid_from is not None and row.valid_from > day,
            row.given,
            row.withdrawn,
        )
        for row in found.order_by("purpose", "-version", "language")
    ]


def consent_text(text_id: UUID) -> ConsentText:
    """Return one published wording; what people are asked is public.

    Raises:
        NotFound: there is none.
    """
    found = ConsentText.objects.filter(id=text_id).first()
    if found is None:
        raise NotFound(_("There is no such text."))
    return found


def consents_to(viewer: Reader, text_id: UUID, after: UUID | None = None) -> QuerySet[Consent]:
    """Return who agreed to a version and who took it back, among the people within reach; in the order of giving."""
    rows = Consent.objects.filter(access.within(viewer, access.SEE, "person__"), text_id=text_id)
    rows = rows.filter(person__erased_at=None).select_related("person__merged_into")
    return (rows.filter(id__gt=after) if after is not None else rows).order_by("id")


def care_resting_on(purpose: str) -> list[str]:
    """Return the names of the care categories that rest on consent to a purpose."""
    rows = CareCategory.objects.filter(consent_purpose=purpose, retired_on=None).order_by("code")
    return list(rows.values_list("name", flat=True))
