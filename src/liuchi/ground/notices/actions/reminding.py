"""Reminding of requests that are due soon."""

from uuid import UUID

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.notices.kinds import REQUESTS_REMINDED
from liuchi.ground.notices.reactions import remind_of, requests_near_their_end


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
