"""Reading consents: what somebody agreed to, and whether it holds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Reader
from liuchi.ground.people import access
from liuchi.ground.people.models import Consent, ConsentText
from liuchi.ground.people.queries import ids_of
from liuchi.ground.people.showing import person_for
from liuchi.ground.records.declared import declared


def has_consent(person_id: UUID, purpose: str, at: datetime | None = None) -> bool:
    """Tell whether a person's consent to a purpose holds (or held at a moment): the last word said counts.

    For rooms that are about to do what they asked for; joined records are one person.
    """
    moment = at or clock.now()
    rows = Consent.objects.filter(person_id__in=ids_of(person_id), text__purpose=purpose, given_at__lte=moment)
    said = rows.aggregate(
        given=Max("given_at", filter=Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment)),
        withdrawn=Max("withdrawn_at", filter=Q(withdrawn_at__lte=moment)),
    )
    return said["given"] is not None and (said["withdrawn"] is None or said["given"] >= said["withdrawn"])


def kept_until(consent: Consent) -> datetime | None:
    """Return until when a consent taken back is kept as proof, by the rule declared for it; None while it holds."""
    days = declared()["people.consent"].retention.days
    return consent.withdrawn_at + timedelta(days=days) if consent.withdrawn_at is not None and days else None


def in_force_today() -> Q:
    """Return the condition that people may be asked for a text today: it is not one of later."""
    return Q(valid_from=None) | Q(valid_from__lte=timezone.localdate(clock.now()))


def consents_of(viewer: Reader, person_id: UUID) -> list[Consent]:
    """Return every consent of a person, with its text, newest first.

    Raises:
        NotFound: the person is not within the viewer's reach.
    """
    person = person_for(viewer, person_id, power=access.SEE)
    rows = Consent.objects.filter(person_id__in=person.records).select_related("text")
    return list(rows.order_by("-given_at", "-id"))


def texts_in_force(language: str = "zh-hans", purposes: Iterable[str] = ()) -> list[ConsentText]:
    """Return the newest wording of each purpose, in a language where there is one. What people are asked is public."""
    rows = ConsentText.objects.filter(in_force_today()).order_by("purpose", "-version")
    newest: dict[str, ConsentText] = {}
    for row in rows.filter(purpose__in=list(purposes)) if purposes else rows:
        known = newest.get(row.purpose)
        if known is None or (known.version == row.version and row.language == language):
            newest[row.purpose] = row
    return list(newest.values())
