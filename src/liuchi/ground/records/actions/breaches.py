"""Breaches (PIPL art. 57): noted with a clock, weighed, told to whom the law says, closed when all is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from liuchi.ground.calendars.limits import Limit
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
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
)
from liuchi.ground.records.kinds import BREACH_CLOSED, BREACH_NOTED, BREACH_TOLD, BREACH_WEIGHED
from liuchi.ground.records.models import Breach, BreachKind, BreachTelling, Told

SUBJECT = "records.breach"


@dataclass(frozen=True)
class NewBreach:
    """A breach as somebody finds it: what, when found, which record types it may touch."""

    title: str
    kind: str
    types: Sequence[str]
    words: str
    found_at: datetime
    measures: str = ""


@action
def note_breach(*, by: Actor, entry: NewBreach) -> Breach:
    """Note that personal data was or may have been leaked, tampered with or lost; the clock runs from finding it.

    The line is an alarm: who watches over access and personal data is told at once.

    Raises:
        NotAllowed: without the power records.registers.
        EntryRefused: something is missing, or it was found after now.
    """
    require_registers(by)
    types = known_types(entry.types)
    require_choice(entry.kind, BreachKind, "kind")
    said, now = require_words(title=entry.title, words=entry.words), clock.now()
    if entry.found_at > now:
        raise EntryRefused(_("This moment has not come yet."), field="found_at")
    due = work_calendar(current_version()).due(entry.found_at, Limit.parse(settings.LIUCHI_BREACH_LIMIT))
    row = Breach(
        title=said["title"][:120],
        kind=entry.kind,
        types=types,
        words=said["words"][:LONGEST],
        found_at=entry.found_at,
        noted_at=now,
        due_at=due.at,
        measures=entry.measures.strip()[:LONGEST],
    )
    data = {"breach": row.id, "kind": row.kind, "types": types, "found_at": row.found_at, "due_at": row.due_at}
    record(kind=BREACH_NOTED, by=by, subject_type=SUBJECT, subject_id=row.id, data=data, rows=[row])
    return row


@action
def weigh_breach(*, by: Actor, row_id: UUID, records: int, people: int, harm: str, measures: str) -> None:
    """Write down how many records and people a breach touches as far as known, what harm may come, what was done.

    Raises:
        NotAllowed: without the power records.registers.
        NotFound: no such open breach.
        EntryRefused: harm or measures are not said.
    """
    row = _open(by, row_id)
    said = require_words(harm=harm, measures=measures)
    row.records, row.people = records, people
    row.harm, row.measures = said["harm"][:1000], said["measures"][:LONGEST]
    row.save(update_fields=["records", "people", "harm", "measures"])
    data = {"breach": row.id, "records": records, "people": people}
    record(kind=BREACH_WEIGHED, by=by, subject_type=SUBJECT, subject_id=row.id, data=data)


@action
def note_told(*, by: Actor, row_id: UUID, whom: str, name: str, told_at: datetime) -> None:
    """Write down who was told of a breach, and when.

    Raises:
        NotAllowed: without the power records.registers.
        NotFound: no such open breach.
        EntryRefused: nobody is named, or a moment before it was found or after now.
    """
    row = _open(by, row_id)
    require_choice(whom, Told, "whom")
    said = require_words(name=name)
    if not row.found_at <= told_at <= clock.now():
        raise EntryRefused(_("Choose a moment between the finding and now."), field="told_at")
    telling = BreachTelling(breach=row, whom=whom, name=said["name"][:120], told_at=told_at)
    data = {"breach": row.id, "whom": whom, "told_at": told_at}
    record(kind=BREACH_TOLD, by=by, subject_type=SUBJECT, subject_id=row.id, data=data, rows=[telling])


@action
def close_breach(*, by: Actor, row_id: UUID, untold_because: str = "") -> None:
    """Close a breach: weighed, the authority told, the people told or a reason why measures made that needless.

    Raises:
        NotAllowed: without the power records.registers.
        NotFound: no such open breach.
        EntryRefused: something of it is missing; the message says what.
    """
    row = _open(by, row_id)
    told = {each.whom: each.told_at for each in row.tellings.order_by("-told_at")}
    if row.people is None or not row.measures:
        raise EntryRefused(_("First write down how many it touches and what was done."))
    if Told.AUTHORITY not in told:
        raise EntryRefused(_("First tell the authority, and write down when."))
    if Told.PEOPLE not in told and not untold_because.strip():
        raise EntryRefused(
            _("Tell the people concerned, or say why measures keep harm from them."), field="untold_because"
        )
    row.untold_because, row.ended_at = untold_because.strip()[:500], clock.now()
    row.save(update_fields=["untold_because", "ended_at"])
    data = {"breach": row.id, "in_time": told[Told.AUTHORITY] <= row.due_at, "people_told": Told.PEOPLE in told}
    record(kind=BREACH_CLOSED, by=by, subject_type=SUBJECT, subject_id=row.id, data=data)


def _open(by: Actor, row_id: UUID) -> Breach:
    require_registers(by)
    row = Breach.objects.select_for_update(of=("self",)).filter(id=row_id, ended_at=None).first()
    if row is None:
        raise NotFound(_("There is no such entry, or it has ended."))
    return row
