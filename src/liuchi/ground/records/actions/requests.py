"""Requests of people about their own data: taken in, proven, looked into, answered or refused in time."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from liuchi.ground.calendars.engine import Deadline
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.locks import hold
from liuchi.ground.records import protected
from liuchi.ground.records.gathering import Holding, gather
from liuchi.ground.records.kinds import (
    DATA_GATHERED,
    REQUEST_ANSWERED,
    REQUEST_FILED,
    REQUEST_PROVEN,
    REQUEST_REFUSED,
    REQUEST_WITHDRAWN,
)
from liuchi.ground.records.models import DataRequest, Ground, Proof, RequestKind, RequestState, RequestWay

POWER: Final = "records.requests"
WORDS, CLAIMANT, ANSWER = "records.request_words", "records.claimant", "records.request_answer"
LONGEST: Final = 2000
#: What a package is read for, as the read log names it.
PURPOSE: Final = "requested"


class RequestRefused(RuleBroken):
    """The request, or what is done with it, cannot be; the message says why and what to do."""

    code = "request_refused"


@action
def file_request(
    *,
    by: Actor,
    person_id: UUID,
    kind: str,
    way: str = RequestWay.ONLINE,
    words: str = "",
    claimant: str = "",
    is_after_death: bool = False,
) -> DataRequest:
    """Take in a request about the data of a person; its clock runs from now (PIPL art. 50).

    People file for themselves with their own account, which proves who they are. The desk files for others; then it
    waits for proof. `claimant` says who asks for somebody else, and how to reach them.

    Raises:
        NotAllowed: for somebody else, without the power records.requests.
        RequestRefused: what is asked for is unknown or not said, or after a death nobody is named who asks.
    """
    is_own = _is_own(by, person_id)
    if not is_own and not by.allows(POWER):
        raise NotAllowed(_("You may ask about your own data only."))
    if kind not in RequestKind.values or way not in RequestWay.values:
        raise RequestRefused(_("Say what you ask for."), field="kind")
    if kind == RequestKind.CORRECT and not words.strip():
        raise RequestRefused(_("Say what is wrong and what is right."), field="words")
    if is_after_death and not claimant.strip():
        raise RequestRefused(_("Name the near relative who asks, and how to reach them."), field="claimant")
    hold("records.requests")  # numbers follow one another, and what is sent twice is taken in once
    if (same := _same_open(person_id, kind, words.strip()[:LONGEST], is_after_death=is_after_death)) is not None:
        return same
    now, row_id = clock.now(), new_id()
    due = _due()
    request = DataRequest(
        id=row_id,
        number=_number(),
        person_id=person_id,
        kind=kind,
        way=RequestWay.ONLINE if is_own else way,
        is_after_death=is_after_death,
        words_sealed=protected.seal(words.strip()[:LONGEST], WORDS, row_id),
        claimant_sealed=protected.seal(claimant.strip()[:LONGEST], CLAIMANT, row_id),
        received_at=now,
        due_at=due.at,
        is_provisional=due.is_provisional,
        state=RequestState.WORKING if is_own else RequestState.RECEIVED,
        proof=Proof.ACCOUNT if is_own else "",
        proven_at=now if is_own else None,
    )
    data = {"request": row_id, "person": person_id, "kind": kind, "way": request.way, "due_at": due.at}
    record(kind=REQUEST_FILED, by=by, subject_type="records.data_request", subject_id=row_id, data=data, rows=[request])
    return request


@action
def prove_request(*, by: Actor, request_id: UUID, proof: str) -> None:
    """Write down how it was checked that who asks may ask; then it can be worked on.

    Raises:
        NotAllowed: without the power records.requests.
        NotFound: no such request waits for proof.
        RequestRefused: a proof that does not fit: after a death it is that of kinship.
    """
    request = _held(by, request_id, RequestState.RECEIVED)
    fitting = {Proof.KINSHIP} if request.is_after_death else set(Proof) - {Proof.KINSHIP, Proof.ACCOUNT}
    if proof not in fitting:
        raise RequestRefused(_("Choose the proof that was shown."), field="proof")
    request.proof, request.proven_at, request.state = proof, clock.now(), RequestState.WORKING
    request.save(update_fields=["proof", "proven_at", "state"])
    _record(REQUEST_PROVEN, by, request, proof=proof)


@action
def open_package(*, by: Actor, request_id: UUID) -> tuple[DataRequest, list[Holding]]:
    """Return everything kept about the person of a proven request, in full, and leave the read line of that look.

    The person may open the package of their own answered request.

    Raises:
        NotAllowed: neither the power records.requests nor one's own.
        NotFound: no such request, or it is not proven who asks.
    """
    request = DataRequest.objects.filter(id=request_id).first()
    if request is None or not (by.allows(POWER) or _is_own(by, request.person_id)):
        raise NotFound(_("There is no such request."))
    states = {RequestState.ANSWERED} if not by.allows(POWER) else {RequestState.WORKING, RequestState.ANSWERED}
    if request.state not in states:
        raise NotFound(_("The data can be opened once it is proven who asks and, for yourself, once it is answered."))
    record(
        kind=DATA_GATHERED,
        by=by,
        subject_type="records.data_request",
        subject_id=request.id,
        data={"request": request.id, "person": request.person_id, "field": "records.everything", "purpose": PURPOSE},
    )
    return request, gather(request.person_id, masked=False)


@action
def answer_request(*, by: Actor, request_id: UUID, answer: str) -> None:
    """Answer a request in words; what was asked for has been done, or is attached to the answer.

    Raises:
        NotAllowed: without the power records.requests.
        NotFound: no such request is being worked on.
        RequestRefused: no answer.
    """
    request = _held(by, request_id, RequestState.WORKING)
    if not answer.strip():
        raise RequestRefused(_("Write what was done and where it can be seen."), field="answer")
    request.answer_sealed = protected.seal(answer.strip()[:LONGEST], ANSWER, request.id)
    _end(request, RequestState.ANSWERED, "answer_sealed")
    _record(REQUEST_ANSWERED, by, request, in_time=_in_time(request))


@action
def refuse_request(*, by: Actor, request_id: UUID, ground: str, answer: str) -> None:
    """Refuse a request on a ground of law, with the reason in words (PIPL art. 50).

    Raises:
        NotAllowed: without the power records.requests.
        NotFound: no such request is open.
        RequestRefused: no ground, or no reason.
    """
    request = _held(by, request_id, RequestState.RECEIVED, RequestState.WORKING)
    if ground not in Ground.values:
        raise RequestRefused(_("Choose the article of law on which you refuse."), field="ground")
    if not answer.strip():
        raise RequestRefused(_("Give the reason, so that the person can have it examined."), field="answer")
    request.ground = ground
    request.answer_sealed = protected.seal(answer.strip()[:LONGEST], ANSWER, request.id)
    _end(request, RequestState.REFUSED, "answer_sealed", "ground")
    _record(REQUEST_REFUSED, by, request, ground=ground, in_time=_in_time(request))


@action
def withdraw_request(*, by: Actor, request_id: UUID) -> None:
    """Take one's own request back.

    Raises:
        NotFound: no such open request of one's own.
    """
    request = _open(Q(id=request_id))
    if request is None or not (_is_own(by, request.person_id) or by.allows(POWER)):
        raise NotFound(_("There is no such open request."))
    _end(request, RequestState.WITHDRAWN)
    _record(REQUEST_WITHDRAWN, by, request)


def _is_own(by: Actor, person_id: UUID) -> bool:
    """Tell whether `by` is the person; who an account belongs to only the viewer of an upper room knows."""
    return getattr(by, "person_id", None) == person_id


def _open(wanted: Q) -> DataRequest | None:
    return DataRequest.objects.select_for_update(of=("self",)).filter(wanted, ended_at=None).first()


def _held(by: Actor, request_id: UUID, *states: RequestState) -> DataRequest:
    if not by.allows(POWER):
        raise NotAllowed(_("This is for the officer for personal information."))
    found = _open(Q(id=request_id, state__in=states))
    if found is None:
        raise NotFound(_("There is no such open request, or somebody else has moved it on."))
    return found


def _end(request: DataRequest, state: RequestState, *fields: str) -> None:
    request.state, request.ended_at = state, clock.now()
    request.save(update_fields=["state", "ended_at", *fields])


def _in_time(request: DataRequest) -> bool:
    return request.ended_at is not None and request.ended_at <= request.due_at


def _record(kind: object, by: Actor, request: DataRequest, **data: object) -> None:
    record(
        kind=kind,  # type: ignore[arg-type]
        by=by,
        subject_type="records.data_request",
        subject_id=request.id,
        data={"request": request.id, "person": request.person_id, **data},
    )


def _due() -> Deadline:
    """Return when a request that comes now has to be answered."""
    return work_calendar(current_version()).due(clock.now(), Limit.parse(settings.LIUCHI_REQUEST_LIMIT))


def _same_open(person_id: UUID, kind: str, words: str, *, is_after_death: bool) -> DataRequest | None:
    """Return the open request by which the same was asked in the same words already."""
    open_ones = DataRequest.objects.filter(
        person_id=person_id,
        kind=kind,
        is_after_death=is_after_death,
        state__in=[RequestState.RECEIVED, RequestState.WORKING],
    )
    rows = open_ones.order_by("received_at", "id")
    return next((row for row in rows if protected.unseal(row.words_sealed, WORDS, row.id) == words), None)


def _number() -> str:
    day = clock.now().astimezone(work_calendar(current_version()).timezone)
    begins = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{day:%Y%m%d}-{DataRequest.objects.filter(received_at__gte=begins).count() + 1:03d}"
