"""Restricting the use of a person's data because they asked, and lifting that again (PIPL art. 44)."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.records.actions.requests import POWER, RequestRefused
from liuchi.ground.records.declared import same_person
from liuchi.ground.records.kinds import HANDLING_RESTRICTED, RESTRICTION_LIFTED
from liuchi.ground.records.models import DataRequest, RequestKind, RequestState, Restriction

SUBJECT = "records.restriction"


@action
def restrict_person(*, by: Actor, request_id: UUID) -> Restriction:
    """Restrict the use of the data of who asked for it, from now on.

    Raises:
        NotAllowed: without the power records.requests.
        NotFound: no such request to restrict is being worked on.
        RequestRefused: it is restricted already.
    """
    _require(by)
    wanted = DataRequest.objects.filter(id=request_id, kind=RequestKind.RESTRICT, state=RequestState.WORKING)
    request = wanted.select_for_update(of=("self",)).first()
    if request is None:
        raise NotFound(_("There is no such open request, or somebody else has moved it on."))
    if Restriction.objects.filter(person_id__in=same_person(request.person_id), lifted_at=None).exists():
        raise RequestRefused(_("The use of this person's data is restricted already."))
    row = Restriction(person_id=request.person_id, request=request, begun_at=clock.now())
    data = {"request": request.id, "person": request.person_id}
    record(kind=HANDLING_RESTRICTED, by=by, subject_type=SUBJECT, subject_id=row.id, data=data, rows=[row])
    return row


@action
def lift_restriction(*, by: Actor, request_id: UUID, because: str) -> None:
    """Let the data be used again as before, for a reason; the person is told with the next answer.

    Raises:
        NotAllowed: without the power records.requests.
        NotFound: nothing is restricted because of this request.
        RequestRefused: no reason.
    """
    _require(by)
    rows = Restriction.objects.select_for_update(of=("self",)).filter(request_id=request_id, lifted_at=None)
    row = rows.first()
    if row is None:
        raise NotFound(_("Nothing is restricted because of this request."))
    if not because.strip():
        raise RequestRefused(_("Say why it is no longer restricted."), field="because")
    row.lifted_at, row.lifted_because = clock.now(), because.strip()[:300]
    row.save(update_fields=["lifted_at", "lifted_because"])
    data = {"request": request_id, "person": row.person_id}
    record(kind=RESTRICTION_LIFTED, by=by, subject_type=SUBJECT, subject_id=row.id, data=data)


def _require(by: Actor) -> None:
    if not by.allows(POWER):
        raise NotAllowed(_("This is for the officer for personal information."))
