"""The registers of sharing and of impact assessments: rows are added, and ended with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.records.entries import (
    LONGEST,
    EntryRefused,
    known_types,
    require_choice,
    require_registers,
    require_words,
    today,
)
from liuchi.ground.records.kinds import ASSESSMENT_ADDED, ASSESSMENT_ENDED, SHARING_ADDED, SHARING_ENDED
from liuchi.ground.records.models import Assessment, Outcome, Sharing, SharingBasis, SharingKind, Trigger


@dataclass(frozen=True)
class NewSharing:
    """An organisation that gets personal data, as somebody enters it; `types` are names of record types."""

    kind: str
    name: str
    contact: str
    types: Sequence[str]
    purpose: str
    basis: str
    document: str
    since: date
    until: date | None = None
    measures: str = ""


@dataclass(frozen=True)
class NewAssessment:
    """An impact assessment, as somebody enters it."""

    title: str
    trigger: str
    types: Sequence[str]
    necessity: str
    risks: str
    measures: str
    outcome: str
    made_on: date
    review_on: date


@action
def add_sharing(*, by: Actor, entry: NewSharing) -> Sharing:
    """Enter who gets personal data (PIPL art. 20, 21, 23), whether for us or for themselves.

    Raises:
        NotAllowed: without the power records.registers.
        EntryRefused: something is missing; for who handles data on our behalf also the measures agreed (art. 21).
    """
    require_registers(by)
    types = known_types(entry.types)
    require_choice(entry.kind, SharingKind, "kind")
    require_choice(entry.basis, SharingBasis, "basis")
    said = require_words(name=entry.name, contact=entry.contact, purpose=entry.purpose, document=entry.document)
    measures = entry.measures.strip()
    if entry.kind == SharingKind.PROCESSOR and not measures:
        raise EntryRefused(_("Say which measures of protection are agreed (PIPL art. 21)."), field="measures")
    if entry.until is not None and entry.until < entry.since:
        raise EntryRefused(_("This lies before the beginning."), field="until")
    row = Sharing(
        kind=entry.kind,
        name=said["name"][:120],
        contact=said["contact"][:120],
        types=types,
        purpose=said["purpose"][:300],
        basis=entry.basis,
        document=said["document"][:200],
        measures=measures[:1000],
        since=entry.since,
        until=entry.until,
    )
    data = {"sharing": row.id, "kind": row.kind, "types": types, "since": row.since, "until": row.until}
    record(kind=SHARING_ADDED, by=by, subject_type="records.sharing", subject_id=row.id, data=data, rows=[row])
    return row


@action
def end_sharing(*, by: Actor, row_id: UUID, ended_on: date, ended_how: str) -> None:
    """Note that an organisation gets no more data, and what became of what it had (given back, deleted; art. 21).

    Raises:
        NotAllowed: without the power records.registers.
        NotFound: no such entry, or it has ended.
        EntryRefused: no word of what became of the data, or a day before the beginning or after today.
    """
    require_registers(by)
    row = Sharing.objects.select_for_update(of=("self",)).filter(id=row_id, ended_on=None).first()
    if row is None:
        raise NotFound(_("There is no such entry, or it has ended."))
    row.ended_on, row.ended_how = _end(ended_on, ended_how, since=row.since)
    row.save(update_fields=["ended_on", "ended_how"])
    data = {"sharing": row.id, "ended_on": row.ended_on}
    record(kind=SHARING_ENDED, by=by, subject_type="records.sharing", subject_id=row.id, data=data)


@action
def add_assessment(*, by: Actor, entry: NewAssessment) -> Assessment:
    """Enter an impact assessment made before personal data is handled (PIPL art. 55, 56).

    Raises:
        NotAllowed: without the power records.registers.
        EntryRefused: something is missing, or it would be looked at again before it was made.
    """
    require_registers(by)
    types = known_types(entry.types)
    require_choice(entry.trigger, Trigger, "trigger")
    require_choice(entry.outcome, Outcome, "outcome")
    said = require_words(title=entry.title, necessity=entry.necessity, risks=entry.risks, measures=entry.measures)
    if entry.made_on > today():
        raise EntryRefused(_("This day has not come yet."), field="made_on")
    if entry.review_on <= entry.made_on:
        raise EntryRefused(_("Choose a day after that of the assessment."), field="review_on")
    row = Assessment(
        title=said["title"][:120],
        trigger=entry.trigger,
        types=types,
        necessity=said["necessity"][:LONGEST],
        risks=said["risks"][:LONGEST],
        measures=said["measures"][:LONGEST],
        outcome=entry.outcome,
        made_on=entry.made_on,
        review_on=entry.review_on,
    )
    data = {
        "assessment": row.id,
        "trigger": row.trigger,
        "types": types,
        "outcome": row.outcome,
        "made_on": row.made_on,
    }
    record(kind=ASSESSMENT_ADDED, by=by, subject_type="records.assessment", subject_id=row.id, data=data, rows=[row])
    return row


@action
def end_assessment(*, by: Actor, row_id: UUID, ended_on: date, ended_how: str) -> None:
    """Note that an assessment counts no longer: a newer one took its place, or the handling ended. Kept three years.

    Raises:
        NotAllowed: without the power records.registers.
        NotFound: no such assessment, or it has ended.
        EntryRefused: no reason, or a day before it was made or after today.
    """
    require_registers(by)
    row = Assessment.objects.select_for_update(of=("self",)).filter(id=row_id, ended_on=None).first()
    if row is None:
        raise NotFound(_("There is no such entry, or it has ended."))
    row.ended_on, row.ended_how = _end(ended_on, ended_how, since=row.made_on)
    row.save(update_fields=["ended_on", "ended_how"])
    data = {"assessment": row.id, "ended_on": row.ended_on}
    record(kind=ASSESSMENT_ENDED, by=by, subject_type="records.assessment", subject_id=row.id, data=data)


def _end(day: date, how: str, *, since: date) -> tuple[date, str]:
    said = require_words(ended_how=how)["ended_how"][:300]
    if not since <= day <= today():
        raise EntryRefused(_("Choose a day between the beginning and today."), field="ended_on")
    return day, said
