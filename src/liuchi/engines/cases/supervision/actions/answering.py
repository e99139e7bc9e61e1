"""Answers to orders and cards: given by whoever was urged, accepted or sent back by whoever supervises."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from liuchi.engines.cases.clocks import calendar_of
from liuchi.engines.cases.models import Level, Said, Standing, Supervision, SupervisionEntry
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.supervision.access import may_answer, require_order
from liuchi.engines.cases.supervision.rules import BY_HAND
from liuchi.engines.cases.supervision.saying import ENTRY, NotOpen, held, note, words
from liuchi.engines.cases.supervision.telling import tell_of_answer, tell_of_sending_back
from liuchi.ground.access.queries import accounts_of, people_of
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.calendars.queries import work_calendar
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.ground.notices.audience import with_accounts


@action
def answer_supervision(
    *, by: Actor, supervision_id: UUID, text: str, version: int | None = None, files: Files = NO_FILES
) -> SupervisionEntry:
    """Answer an order or a card, with photos where they help; late answers count while it is open.

    Raises:
        NotOpen: it asks for no answer, has one that nobody looked at yet, or has ended.
        NotAllowed: the actor is not of the unit, or the office, that was urged.
        Incomplete: without words.
    """
    row, case = held(supervision_id, version)
    if not may_answer(by, row, case.place_id):
        raise NotAllowed(_("Only whoever was urged may answer."))
    if row.level == Level.REMINDER:
        raise NotOpen(_("A reminder asks for no answer: handle the case, or say there what hinders you."))
    if row.standing != Standing.OPEN:
        raise NotOpen(_("This was answered already; the answer is being looked at."))
    said = words(text, is_needed=True)
    Supervision.objects.filter(id=row.id).update(standing=Standing.ANSWERED, version=F("version") + 1)
    entry = note(row, case, Said.ANSWER, by=by, text=said)
    claim(files, subject_type=ENTRY, subject_id=entry.id)
    issuer = with_accounts(people_of([row.actor_id])) if row.actor_kind == "person" and row.actor_id else []
    tell_of_answer(row, case, entry.id, issuer)
    return entry


@action
def accept_answer(*, by: Actor, supervision_id: UUID, text: str = "", version: int | None = None) -> SupervisionEntry:
    """Accept an answer: the order or card is done. What is late still shows as late.

    Raises:
        NotOpen: there is no answer to look at.
    """
    row, case = held(supervision_id, version)
    require_order(by, case.place_id, row.unit_id)
    _require_answer(row, by)
    Supervision.objects.filter(id=row.id).update(
        standing=Standing.ACCEPTED, ended_at=clock.now(), version=F("version") + 1
    )
    return note(row, case, Said.ACCEPT, by=by, text=words(text))


@action
def send_back_answer(
    *,
    by: Actor,
    supervision_id: UUID,
    text: str,
    answer_by: datetime | None = None,
    version: int | None = None,
) -> SupervisionEntry:
    """Send an answer back with what is missing; another is due by `answer_by`, else in the time the rules give.

    Raises:
        NotOpen: there is no answer to look at.
        Incomplete: without words, or a time that has passed.
    """
    row, case = held(supervision_id, version)
    require_order(by, case.place_id, row.unit_id)
    _require_answer(row, by)
    said = words(text, is_needed=True)
    now = clock.now()
    if answer_by is not None and answer_by <= now:
        raise Incomplete(_("Choose a time that is still to come."), field="answer_by")
    patience = next(rule.patience for rule in BY_HAND[row.is_urgent].rules if rule.level == row.level)
    row.answer_due_at = answer_by or work_calendar(calendar_of(row.unit).id).due(now, patience).at
    Supervision.objects.filter(id=row.id).update(
        standing=Standing.OPEN, answer_due_at=row.answer_due_at, version=F("version") + 1
    )
    entry = note(row, case, Said.SEND_BACK, by=by, text=said)
    tell_of_sending_back(row, case, entry.id)
    return entry


def _require_answer(row: Supervision, by: Actor) -> None:
    if row.standing != Standing.ANSWERED:
        raise NotOpen(_("There is no answer yet to look at."))
    mine = accounts_of(by.person_id).values("id") if isinstance(by, Viewer) else []
    if row.entries.filter(said=Said.ANSWER, actor_id__in=mine).exists():
        raise NotAllowed(_("You wrote this answer; somebody else has to look at it."))
