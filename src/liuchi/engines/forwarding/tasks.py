"""What the worker does for this room: giving cases on, and asking what became of them."""

from datetime import datetime, timedelta
from typing import Final

from liuchi.engines.cases.access import AT_UNIT
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.actions.telling import PROGRESS, tell_progress
from liuchi.engines.cases.models import Case, State
from liuchi.engines.cases.reasons import TOLD_BY_OTHERS
from liuchi.engines.forwarding.actions import note_polled, note_update, settle_forwarding, take_forwarding
from liuchi.engines.forwarding.actions.numbers import note_number
from liuchi.engines.forwarding.actions.sending import Errand
from liuchi.engines.forwarding.models import Endpoint, Forwarded, ForwardState
from liuchi.engines.forwarding.speaking import (
    Given,
    NotTaken,
    Spoken,
    Told,
    look_up,
    number_for,
    send,
    standing,
    updates,
)
from liuchi.engines.forwarding.telling import spoken_to
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actors import Historian
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.jobs import pause_if_stopping

#: Speaks for the unit that stands for the other city.
MESSENGER: Final = Historian("forwarding")
#: Updates are asked for again from a little earlier: clocks differ, and the same is taken once.
OVERLAP: Final = timedelta(minutes=10)
#: The longest span that the specification lets one ask for.
LONGEST: Final = timedelta(days=89)
#: Requests asked about with one question.
AT_ONCE: Final = 50
#: Words after which the other city does nothing more.
ENDING: Final = frozenset({"closed", "fixed", "no_further_action", "duplicate", "cancelled"})
NOT_THEIRS: Final = "not_councils_responsibility"


def send_cases() -> None:
    """Give on what waits, one case after the other."""
    while errand := take_forwarding(by=MESSENGER):
        settle_forwarding(by=MESSENGER, forwarded_id=errand.forwarded_id, outcome=_run(errand))
        pause_if_stopping()


def poll() -> None:
    """Ask each endpoint whose time has come what became of our cases."""
    for endpoint in Endpoint.objects.filter(is_active=True, next_at__lte=clock.now()).order_by("next_at", "code"):
        until: datetime | None = clock.now()
        try:
            _poll(endpoint, clock.now())
        except NotTaken:
            until = None
        note_polled(by=MESSENGER, endpoint_id=endpoint.id, seen_until=until)
        pause_if_stopping()


def _run(errand: Errand) -> Given | NotTaken:
    try:
        if errand.is_unsure:
            number = look_up(errand.to, errand.service, errand.since, errand.mark)
            if number:
                return Given(number)
            if not errand.is_repeatable:
                return NotTaken("not_found_there", is_unsure=True)
        return send(errand.to, errand.form, errand.mark)
    except NotTaken as error:
        if errand.is_unsure and not errand.is_repeatable:
            return NotTaken(error.code, is_unsure=True)
        # What is seen to be the same may be said again; nothing is unsure about it.
        return NotTaken(error.code, is_final=error.is_final) if errand.is_repeatable else error


def _poll(endpoint: Endpoint, now: datetime) -> None:
    to = spoken_to(endpoint)
    _learn_numbers(endpoint, to)
    theirs = {row.request_id: row for row in endpoint.forwarded.filter(state=ForwardState.SENT).order_by("id")}
    if not theirs:
        return
    for told in _told(endpoint, to, sorted(theirs), now):
        if told.request_id in theirs:
            _take(theirs[told.request_id], told)


def _told(endpoint: Endpoint, to: Spoken, numbers: list[str], now: datetime) -> list[Told]:
    if endpoint.tells_updates:
        oldest = min(row.created_at for row in endpoint.forwarded.filter(state=ForwardState.SENT).order_by("id"))
        since = max((endpoint.seen_until or oldest) - OVERLAP, now - LONGEST)
        return updates(to, since, now, numbers if len(numbers) <= AT_ONCE else ())
    return [
        told for first in range(0, len(numbers), AT_ONCE) for told in standing(to, numbers[first : first + AT_ONCE])
    ]


def _learn_numbers(endpoint: Endpoint, to: Spoken) -> None:
    for row in endpoint.forwarded.filter(state=ForwardState.TOKEN).order_by("id")[:AT_ONCE]:
        number = number_for(to, row.token)
        if number:
            note_number(by=MESSENGER, forwarded_id=row.id, request_id=number)


def _take(row: Forwarded, told: Told) -> None:
    """Let our case make the move that follows, then keep the update: killed between, the move is not made twice."""
    if row.updates.filter(update_id=told.update_id).exists():
        return
    moved = ""
    case = Case.objects.get(id=row.case_id)
    is_with_unit = case.state in AT_UNIT and case.unit_id == row.endpoint.unit_id
    try:
        if is_with_unit and told.status == NOT_THEIRS and case.state == State.HANDLING:
            decline_case(by=MESSENGER, case_id=case.id, reason="not_our_duty", text=_words(row, told))
            moved = "decline"
        elif is_with_unit and told.status in ENDING:
            hand_in_result(by=MESSENGER, case_id=case.id, text=_words(row, told))
            moved = "hand_in"
        elif is_with_unit and told.text and not _is_told(case, _words(row, told)):
            word = told.status if told.status in TOLD_BY_OTHERS else ""
            tell_progress(by=MESSENGER, case_id=case.id, text=_words(row, told), word=word)
            moved = "progress"
    except RuleBroken:
        # Where our own table does not allow it any more, people of ours read the update and decide.
        moved = ""
    is_ending = told.status in ENDING or told.status == NOT_THEIRS
    note_update(by=MESSENGER, forwarded_id=row.id, told=told, is_ending=is_ending, moved=moved)


def _is_told(case: Case, words: str) -> bool:
    return case.moves.filter(name=PROGRESS, internal_text=words).exists()


def _words(row: Forwarded, told: Told) -> str:
    return f"{row.endpoint.name} {row.request_id}：{told.text or told.status}"
