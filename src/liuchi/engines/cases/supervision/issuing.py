"""Writing one supervision with its line; called inside the action that does it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from liuchi.engines.cases.access import WORK_POWERS
from liuchi.engines.cases.models import Case, CaseClock, Level, Standing, State, Supervision
from liuchi.engines.cases.models.supervision import OPEN_STANDINGS
from liuchi.engines.cases.supervision.kinds import SUBJECT, SUPERVISED
from liuchi.engines.cases.supervision.rules import CARDS
from liuchi.ground.journal.actions import draft, write
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.organisations.models import Organisation

#: The power whose holders answer for what was promised to the reporter: those who coordinate.
COORDINATES = "cases.dispatch"


@dataclass(frozen=True)
class Urging:
    """Whom a supervision is for and why it comes."""

    level: str
    origin: str
    unit: Organisation | None
    step: str
    answer_due_at: datetime
    clock: CaseClock | None = None
    follows: Supervision | None = None
    text: str = ""
    is_urgent: bool = False


def locked_case(case_id: UUID) -> Case:
    """Return a case held under lock, so that nobody moves it meanwhile.

    Raises:
        NotFound: there is no such case.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("unit__calendar", "condition")
        .filter(id=case_id)
        .first()
    )
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def issue(case: Case, urging: Urging, *, by: Actor, at: datetime, told_at: datetime | None = None) -> Supervision:
    """Write a supervision of a locked case, end what it raises, and leave the action's line."""
    row = Supervision(
        case=case,
        clock=urging.clock,
        follows=urging.follows,
        level=urging.level,
        origin=urging.origin,
        unit=urging.unit,
        raised_to=_up_the_chain(urging.unit, urging.level),
        step=urging.step,
        text=urging.text,
        is_urgent=urging.is_urgent,
        actor_kind=by.kind,
        actor_id=by.id,
        issued_at=at,
        answer_due_at=urging.answer_due_at,
        told_at=told_at,
    )
    line = draft(
        kind=SUPERVISED,
        by=by,
        subject_type=SUBJECT,
        subject_id=row.id,
        place_id=case.place_id,
        happened_at=at,
        data={
            "case": case.id,
            "level": str(row.level),
            "origin": str(row.origin),
            "unit": urging.unit.id if urging.unit else None,
            "step": urging.step,
            "clock": urging.clock.id if urging.clock else None,
            "follows": urging.follows.id if urging.follows else None,
        },
    )
    write(line, row)
    _raise_what_stood(row)
    return row


def holder(case: Case) -> tuple[Organisation | None, str]:
    """Return who has an open case now: the unit that leads, or nobody's unit, and the step whose office has it."""
    return (case.unit if case.state == State.HANDLING else None), case.state


def power_of(step: str) -> str:
    """Return the power whose holders have a step that is no unit's."""
    return WORK_POWERS.get(State(step), COORDINATES) if step in State.values else COORDINATES


def _raise_what_stood(row: Supervision) -> None:
    """End what this one raises: what stands of the same clock at gentler levels, and what it follows."""
    stood = Q(id=row.follows_id) if row.clock_id is None else Q(clock=row.clock_id) & ~Q(id=row.id)
    if row.clock_id is None and row.follows_id is None:
        return
    Supervision.objects.filter(stood, standing__in=OPEN_STANDINGS).update(
        standing=Standing.RAISED, ended_at=row.issued_at, version=F("version") + 1
    )


def _up_the_chain(unit: Organisation | None, level: str) -> Organisation | None:
    """Return the body that is told of a card: the one that directs the unit, for a red card the one above that."""
    if unit is None or level not in CARDS:
        return None
    above = _above(unit)
    if level == Level.RED and above is not None:
        return _above(above) or above
    return above


def _above(body: Organisation) -> Organisation | None:
    ids = [each for each in (body.management_parent_id, body.statistical_parent_id) if each is not None]
    found = {each.id: each for each in Organisation.objects.filter(id__in=ids, valid_to=None)}
    return next((found[each] for each in ids if each in found), None)
