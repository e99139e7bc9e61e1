"""What the desk does: send out to verify, file or refuse, close."""

from datetime import datetime
from functools import cache
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.models import CaseMove, FilingCondition
from liuchi.engines.cases.moving import Incomplete, begin, finish, require_reason
from liuchi.engines.cases.secrecy import require_named
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.compiled import AN_ID, CompiledObjects
from liuchi.ground.territory.queries import territory


@cache
def _in_force() -> CompiledObjects[FilingCondition]:
    rows = FilingCondition.objects.select_related("case_class").order_by()
    return CompiledObjects(rows.filter(id=AN_ID, case_class__catalogue__valid_to=None), {"id": AN_ID})


@action
def send_to_verify(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Ask somebody of the grid to look on the spot before the case is filed (核实)."""
    turn = begin(by=by, case_id=case_id, name="send_to_verify", version=version, at=at)
    require_named(turn.case)
    return finish(turn, internal_text=text)


@action
def file_case(
    *,
    by: Actor,
    case_id: UUID,
    condition_id: UUID,
    version: int | None = None,
    place_id: UUID | None = None,
    text: str = "",
    at: datetime | None = None,
) -> CaseMove:
    """File a case under a condition (立案): its limit starts the case clock, and the promised date is known.

    `place_id` corrects the place, where the desk knows better.

    Raises:
        Incomplete: the condition is unknown or no longer in force, or the place is not ours.
        AccusedUnknown: the report is secret and nobody said yet whom it is about.
    """
    turn = begin(by=by, case_id=case_id, name="file", version=version, at=at)
    require_named(turn.case)
    condition = next(iter(_in_force().objects(id=condition_id)), None)
    if condition is None:
        raise Incomplete(_("Choose a filing condition that is in force."), field="condition")
    if place_id is not None:
        if place_id not in territory().areas or not by.allows(turn.move.power, place_id):
            raise Incomplete(_("Choose a place in your area."), field="place")
        turn.set(place_id=place_id)
    turn.set(condition=condition, filed_at=turn.at)
    return finish(turn, public_text=text)


@action
def refuse_case(
    *, by: Actor, case_id: UUID, reason: str, text: str, version: int | None = None, at: datetime | None = None
) -> CaseMove:
    """End a case without filing it (不予立案): the reason, and in `text` where to go instead; both are shown.

    Raises:
        Incomplete: without a reason or a text.
    """
    turn = begin(by=by, case_id=case_id, name="refuse", version=version, at=at)
    require_reason(turn, reason, text)
    turn.set(ended_at=turn.at)
    return finish(turn, reason=reason, public_text=text)


@action
def close_case(
    *, by: Actor, case_id: UUID, version: int | None = None, text: str = "", at: datetime | None = None
) -> CaseMove:
    """Close a case that was found solved (结案); the reporter may then rate it."""
    turn = begin(by=by, case_id=case_id, name="close", version=version, at=at)
    turn.set(ended_at=turn.at)
    return finish(turn, public_text=text)
