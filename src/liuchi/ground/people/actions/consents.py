"""Publishing what is asked for, giving consent, and taking it back as easily."""

import hashlib
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.people import access
from liuchi.ground.people.consenting import in_force_today
from liuchi.ground.people.holding import held, records_of
from liuchi.ground.people.identity import is_child
from liuchi.ground.people.kinds import CONSENT_GIVEN, CONSENT_TEXT_PUBLISHED, CONSENT_WITHDRAWN
from liuchi.ground.people.models import CareStatus, Consent, ConsentText, ConsentWay, Guardian, Person
from liuchi.ground.people.personal import GUARDIAN
from liuchi.ground.people.values import clean_name
from liuchi.ground.records import protected

#: Why entries of the care register end that rested on a consent taken back.
WITHDRAWN = "withdrawn"
#: Whoever answers for personal data publishes what people are asked to agree to.
PUBLISH = "records.inventory"


class ConsentRefused(RuleBroken):
    """Consent cannot be given or taken back like this; `field` names what is wrong."""

    code = "consent_refused"


@action
def publish_consent_text(
    *,
    by: Actor,
    purpose: str,
    title: str,
    text: str,
    language: str = "zh-hans",
    is_necessary: bool = False,
    translates: int | None = None,
    valid_from: date | None = None,
) -> ConsentText:
    """Publish a wording for a purpose, as its next version, or as a translation of the version `translates`.

    A published wording never changes. The newest wording again is returned as it is. `is_necessary`: the service cannot
    be had without it (PIPL art. 16). People are asked for it from `valid_from` on, at once without one; until then the
    version before it stays in force.

    Raises:
        NotAllowed: the actor lacks the power records.inventory.
        ConsentRefused: nothing to read, a day that has passed, or a translation of a version that is not there.
    """
    if not by.allows(PUBLISH):
        raise NotAllowed(_("Only who answers for personal data may publish what people agree to."))
    words = text.strip()
    if not words or not title.strip() or not purpose.strip():
        raise ConsentRefused(_("Give the purpose, a title and the text."), field="text")
    if valid_from is not None and valid_from < timezone.localdate(clock.now()):
        raise ConsentRefused(
            _("A text is in force from today at the earliest: nobody agreed to it before."), field="valid_from"
        )
    digest = hashlib.sha256(words.encode()).hexdigest()
    present = list(ConsentText.objects.select_for_update().filter(purpose=purpose).order_by("-version"))
    same = next((each for each in present if each.language == language), None)
    if same is not None and same.text_hash == digest and translates in {None, same.version}:
        return same
    newest = present[0].version if present else 0
    if translates is not None and (
        not 1 <= translates <= newest or any((e.version, e.language) == (translates, language) for e in present)
    ):
        raise ConsentRefused(_("There is no such version to translate, or it is translated already."), field="version")
    row = ConsentText(
        purpose=purpose,
        version=translates or newest + 1,
        language=language,
        title=title.strip(),
        text=words,
        text_hash=digest,
        is_necessary=is_necessary,
        published_at=clock.now(),
        valid_from=valid_from,
    )
    record(
        kind=CONSENT_TEXT_PUBLISHED,
        by=by,
        subject_type="people.consent_text",
        subject_id=row.id,
        data={"purpose": purpose, "version": row.version, "language": language, "text": bytes.fromhex(digest)},
        rows=[row],
    )
    return row


@action
def give_consent(
    *, by: Actor, person_id: UUID, text_id: UUID, way: str, guardian: str = "", guardian_name: str = ""
) -> UUID:
    """Record that a person agreed to a published text, and how; return the consent. Given already, nothing changes.

    For a child under 14 a guardian agrees, by name (PIPL art. 31).

    Raises:
        NotAllowed, NotFound: the record is not theirs, or there is no such text.
        ConsentRefused: an unknown way, an outdated text, or a child without a guardian.
    """
    person = _person(by, person_id)
    text = ConsentText.objects.filter(id=text_id).first()
    if text is None:
        raise NotFound(_("There is no such text."))
    if text.valid_from is not None and text.valid_from > timezone.localdate(clock.now()):
        raise ConsentRefused(_("This text is not in force yet."), field="text")
    if ConsentText.objects.filter(in_force_today(), purpose=text.purpose, version__gt=text.version).exists():
        raise ConsentRefused(_("There is a newer version of this text. Show that one."), field="text")
    _require_way(way)
    present = Consent.objects.filter(person_id__in=records_of(person), text=text, withdrawn_at=None).first()
    if present is not None:
        return present.id
    consent = Consent(person=person, text=text, way=way, given_at=clock.now(), given_by_id=by.id)
    if guardian or is_child(person.birth_on, timezone.localdate(clock.now())):
        if guardian not in Guardian.values or not guardian_name.strip():
            raise ConsentRefused(
                _("For a child under 14 a guardian agrees: say who, and by what right."), field="guardian"
            )
        consent.guardian = guardian
        consent.guardian_sealed = protected.seal(clean_name(guardian_name), GUARDIAN, consent.id)
    record(
        kind=CONSENT_GIVEN,
        by=by,
        subject_type="people.person",
        subject_id=person.id,
        place_id=person.home_id,
        data={"person": person.id, "purpose": text.purpose, "version": text.version},
        rows=[consent],
    )
    return consent.id


@action
def withdraw_consent(*, by: Actor, person_id: UUID, purpose: str, way: str) -> int:
    """Take back every consent of a person to a purpose; return how many. No reason is asked for (PIPL art. 15).

    What rested on it stops: entries of the care register that need it end today, and the time for which they are kept
    begins; rooms follow the line `people.consent_withdrawn`. What was done before stays lawful.

    Raises:
        NotAllowed, NotFound: the record is not theirs.
        ConsentRefused: an unknown way.
    """
    person = _person(by, person_id)
    _require_way(way)
    rows = Consent.objects.select_for_update(of=("self",)).filter(
        person_id__in=records_of(person), text__purpose=purpose, withdrawn_at=None
    )
    found = list(rows.order_by("id"))
    if not found:
        return 0
    Consent.objects.filter(id__in=[each.id for each in found]).update(
        withdrawn_at=clock.now(), withdrawn_way=way, withdrawn_by_id=by.id
    )
    record(
        kind=CONSENT_WITHDRAWN,
        by=by,
        subject_type="people.person",
        subject_id=person.id,
        place_id=person.home_id,
        data={"person": person.id, "purpose": purpose, "care": _end_care(person, purpose)},
    )
    return len(found)


def _end_care(person: Person, purpose: str) -> int:
    """End the entries of the care register that rested on a consent; return how many."""
    today = timezone.localdate(clock.now())
    rows = CareStatus.objects.select_for_update(of=("self",)).filter(
        person_id__in=records_of(person), category__consent_purpose=purpose, valid_to__gt=today, end_reason=""
    )
    ended = list(rows.order_by("id"))
    for care in ended:
        care.valid_to, care.end_reason = max(today, care.valid_from + timedelta(days=1)), WITHDRAWN
        care.save(update_fields=["valid_to", "end_reason"])
    return len(ended)


def _person(by: Actor, person_id: UUID) -> Person:
    """Return the record, when `by` manages it or is the person."""
    person = held(person_id)
    if getattr(by, "person_id", None) not in records_of(person):
        access.require(by, access.MANAGE, person)
    return person


def _require_way(way: str) -> None:
    if way not in ConsentWay.values:
        raise ConsentRefused(_("Say how it was said."), field="way")
