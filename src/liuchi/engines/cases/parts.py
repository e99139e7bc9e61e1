"""The supporting parts of a case: which are open, how one begins, and what becomes of them when the lead is done."""

from datetime import datetime
from typing import Protocol

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from liuchi.engines.cases import clocks
from liuchi.engines.cases.models import LAPSED, Assignment, AssignmentRole, Case, CaseClock, ClockKind
from liuchi.engines.cases.supporting import DECIDING, STEP, WITH_LEAD
from liuchi.engines.cases.turning import Turn
from liuchi.engines.cases.workflow import RESTING, Part
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.organisations.models import Organisation


class PartsUnanswered(RuleBroken):
    """The lead hands in while units that help have not answered yet."""

    code = "parts_unanswered"


class Beginning(Protocol):
    """What brings a unit in: a move of the case, or one beside it."""

    case: Case
    at: datetime
    new_rows: list[Model]


def open_parts(case: Case) -> QuerySet[Assignment]:
    """Return the supporting parts of a case that have not ended, oldest first."""
    return Assignment.objects.filter(case=case, role=AssignmentRole.SUPPORT, ended_at=None).order_by(
        "assigned_at", "id"
    )


def open_part(turn: Beginning, unit: Organisation, reason: str, limit: Limit | None) -> Assignment:
    """Begin a part of `unit` with its own clock, unsaved; None: as long as the lead has from the start.

    In a case that rests it rests, too, and begins with the others.
    """
    part = Assignment(
        case=turn.case, unit=unit, role=AssignmentRole.SUPPORT, reason=reason.strip()[:300], assigned_at=turn.at
    )
    running = clocks.start_clock(
        turn.case,
        ClockKind.STEP,
        STEP,
        limit or clocks.case_limit(turn.case),
        turn.at,
        unit=unit,
        assignment=part,
    )
    until = turn.case.rests_until if turn.case.state in RESTING else None
    if until is not None and turn.at < until:
        clocks.pause_clock(running, turn.at, until)
    turn.new_rows += [part, running]
    return part


def start_deciding(turn: Beginning, part: Assignment) -> None:
    """Begin the time in which somebody decides whether a part is the unit's own (the desk's, so on its calendar)."""
    limit = clocks.step_limit(turn.case, DECIDING)
    turn.new_rows.append(clocks.start_clock(turn.case, ClockKind.STEP, DECIDING, limit, turn.at, assignment=part))


def part_from_lead(turn: Turn) -> None:
    """Let a move take the case from its lead: while a part is unanswered a unit may not, and for others it lapses.

    Raises:
        PartsUnanswered: the lead hands in before every unit that helps has answered or was released.
    """
    if turn.case.state not in WITH_LEAD or turn.move.target in WITH_LEAD:
        return
    parts = list(open_parts(turn.case).select_for_update(of=("self",)).select_related("unit"))
    if parts and turn.move.part == Part.UNIT:
        names = "、".join(part.unit.short_name for part in parts)
        raise PartsUnanswered(
            _("%(units)s has not answered yet. Wait for the answer, or ask the dispatcher to take the part back.")
            % {"units": names}
        )
    for part in parts:
        part.ended_at, part.outcome, part.declined_at = turn.at, LAPSED, None
        part.save(update_fields=["ended_at", "outcome", "declined_at"])
    for clock in CaseClock.objects.filter(assignment__in=parts, stopped_at=None).order_by("id"):
        clocks.stop_clock(clock, turn.at)
        turn.turned(clock)
