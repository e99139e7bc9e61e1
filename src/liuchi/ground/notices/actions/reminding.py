"""Reminding of requests and breaches that are due soon."""

from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.notices.kinds import BREACHES_REMINDED, REQUESTS_REMINDED
from liuchi.ground.notices.reactions import (
    breaches_near_their_end,
    remind_of,
    remind_of_breach,
    requests_near_their_end,
)


@action
def remind_of_requests(*, by: Actor) -> int:
    """Tell who answers requests about one's own data that are due soon, each once; return how many."""
    requests = list(requests_near_their_end()[:200])
    if not requests:
        return 0
    people = sum(remind_of(each) for each in requests)
    facts = {"requests": len(requests), "people": people}
    record(kind=REQUESTS_REMINDED, by=by, subject_type="notices.requests", subject_id=UUID(int=0), data=facts)
    return people


@action
def remind_of_breaches(*, by: Actor) -> int:
    """Tell who keeps the register of breaches that the authority has to be told of, each once; return how many."""
    breaches = list(breaches_near_their_end()[:200])
    if not breaches:
        return 0
    people = sum(remind_of_breach(each) for each in breaches)
    facts = {"breaches": len(breaches), "people": people}
    record(kind=BREACHES_REMINDED, by=by, subject_type="notices.breaches", subject_id=UUID(int=0), data=facts)
    return people
