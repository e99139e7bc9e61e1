"""What happens to a supporting part: lock, check, turn its clock, append history and one journal line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from liuchi.engines.cases import clocks
from liuchi.engines.cases.access import require_part_move
from liuchi.engines.cases.allowances import NoLongerAllowed
from liuchi.engines.cases.kinds import PARTED
from liuchi.engines.cases.models import Assignment, AssignmentRole, Case, CaseClock, CaseMove
from liuchi.engines.cases.moving import MOVE, kept_words
from liuchi.engines.cases.noting import Noted
from liuchi.engines.cases.parts import open_parts
from liuchi.engines.cases.secrecy import accused_units, is_kept_from
from liuchi.engines.cases.supporting import DECIDING, DECLINE_WITHIN, MOST_PARTS, PART_MOVES, STEP, WITH_LEAD, PartMove
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.calendars.queries import work_calendar
from liuchi.ground.journal.actions import Statement, write
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken, Stale
from liuchi.ground.kernel.writes import Change, update_together
from liuchi.ground.organisations.models import Organisation


class PartRefused(RuleBroken):
    """A part cannot begin like this; the message says why."""

    code = "part_refused"


@dataclass
class PartTurn:
    """A case held under lock while something happens to one part of it."""

    case: Case
    move: PartMove
    by: Actor
    at: datetime
    part: Assignment | None = None
    clock: CaseClock | None = None
    #: The time in which somebody decides whether the part is the unit's own, while it runs.
    deciding: CaseClock | None = None
    unit: Organisation | None = None
    new_rows: list[Model] = field(default_factory=list)

    @property
    def held(self) -> Assignment:
        """Return the part that is there.

        Raises:
            ValueError: before one began.
        """
        if self.part is None:
            raise ValueError(f"{self.move.name} has no part")
        return self.part


def begin_part(
    *, by: Actor, case_id: UUID, name: str, version: int | None, part_id: UUID | None = None, at: datetime | None = None
) -> PartTurn:
    """Lock a case and the part `part_id` and check that `name` may be done about it.

    Raises:
        NotFound: there is no such case or part.
        Stale: the case changed since `version` was read.
        MoveRefused: the case is not with a lead, or the part is not where this can start.
        NotAllowed: it is not for the actor to do.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("condition", "unit").filter(id=case_id).first()
    if case is None or is_kept_from(by, case):
        raise NotFound(_("There is no such case."))
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    move = PART_MOVES[name]
    part = None if part_id is None or move.begins else _held_part(case, part_id)
    if case.state not in WITH_LEAD:
        raise MoveRefused(_("Units help only while a unit leads and has not handed in. Reload the page."))
    require_part_move(by, move, case, part)
    if part is not None:
        _require_standing(move, part)
    going_on = {each.step: each for each in CaseClock.objects.filter(assignment=part, stopped_at=None)} if part else {}
    unit = part.unit if part else None
    return PartTurn(
        case, move, by, at or house_clock.now(), part, going_on.get(STEP), going_on.get(DECIDING), unit=unit
    )


def _held_part(case: Case, part_id: UUID) -> Assignment:
    parts = Assignment.objects.select_for_update(of=("self",)).select_related("unit__calendar")
    part = parts.filter(id=part_id, case=case, role=AssignmentRole.SUPPORT).first()
    if part is None:
        raise NotFound(_("There is no such part in this case."))
    return part


def _require_standing(move: PartMove, part: Assignment) -> None:
    if part.ended_at is not None:
        raise MoveRefused(_("This part has ended meanwhile. Reload the page to see how."))
    if move.on_declined and part.declined_at is None:
        raise MoveRefused(_("Nothing is to be decided about this part (any more)."))
    if not move.on_declined and part.declined_at is not None:
        raise MoveRefused(_("The unit said that this part is not its own; that is decided first."))


def helping_unit(case: Case, unit_id: UUID, lead_id: UUID | None) -> Organisation:
    """Return a unit that can be brought in.

    Raises:
        PartRefused: there is none of this id, the report is about it, it leads, it helps already, or enough units help.
    """
    unit = Organisation.objects.select_related("calendar").filter(id=unit_id, valid_to=None).first()
    if unit is None:
        raise PartRefused(_("Choose a unit."), field="unit")
    if unit.id == lead_id:
        raise PartRefused(_("This unit leads the case already."), field="unit")
    if unit.id in accused_units(case):
        raise PartRefused(_("The report is about this unit, or one above it; it must not learn of it."), field="unit")
    helping = set(open_parts(case).values_list("unit_id", flat=True))
    if unit.id in helping:
        raise PartRefused(_("This unit helps already and has not answered yet."), field="unit")
    if len(helping) >= MOST_PARTS:
        raise PartRefused(_("%(most)d units help already; wait for answers.") % {"most": MOST_PARTS}, field="unit")
    return unit


def decline_until(part: Assignment) -> datetime:
    """Return until when a unit may say that a part is not its own."""
    return work_calendar(clocks.calendar_of(part.unit).id).due(part.assigned_at, DECLINE_WITHIN).at


def require_first_decline(turn: PartTurn) -> None:
    """Refuse a unit that says too late, or again, that a part is not its own.

    Raises:
        NoLongerAllowed: later than 24 hours, or a second time in this case.
    """
    until = decline_until(turn.held)
    if turn.at > until:
        raise NoLongerAllowed(
            _("“%(move)s” could be said until %(until)s; please answer what you can.")
            % {"move": turn.move.label, "until": f"{timezone.localtime(until):%Y-%m-%d %H:%M}"}
        )
    if turn.case.moves.filter(name=turn.move.name, unit=turn.held.unit).exists():
        raise NoLongerAllowed(_("Your unit returned a part of this case once already; please answer it."))


def end_part(turn: PartTurn, outcome: str, *, as_of: datetime | None = None) -> None:
    """End the part and stop its clock, as of an earlier moment where the unit is to be spared what came after."""
    part = turn.held
    part.ended_at, part.outcome, part.declined_at = turn.at, outcome, None
    if turn.clock is None:
        return
    if as_of is not None:
        turn.clock.is_overdue = as_of > turn.clock.due_at
    clocks.stop_clock(turn.clock, as_of or turn.at)


def _decided(turn: PartTurn) -> CaseClock | None:
    """Stop the time for deciding whether a part is the unit's own, if it ran; return its clock."""
    if turn.deciding is not None:
        clocks.stop_clock(turn.deciding, turn.at)
    return turn.deciding


def finish_part(
    turn: PartTurn,
    *,
    reason: str = "",
    text: str = "",
    data: Mapping[str, object] | None = None,
    files: Files = NO_FILES,
) -> CaseMove:
    """Write what happened: the part and its clock, history and the journal line; return the history row."""
    line, row = compose_part(turn, reason=reason, text=text, data=data).rows()
    changes = [Change(turn.case, ("version",))]
    if not turn.move.begins:
        changes.append(Change(turn.held, ("ended_at", "outcome", "declined_at")))
    changes += [Change(each, _STOPPED) for each in (_stopped(turn), _decided(turn)) if each is not None]
    update_together(*changes)
    write(line, *turn.new_rows, row)
    claim(files, subject_type=MOVE, subject_id=row.id)
    return row


def compose_part(
    turn: PartTurn, *, reason: str = "", text: str = "", data: Mapping[str, object] | None = None
) -> Noted:
    """Return what is noted of what happened to a part; writes nothing."""
    case, text = turn.case, kept_words(text)
    case.version += 1
    stopped = _stopped(turn)
    facts = {
        "part": turn.part.id if turn.part else None,
        "unit": turn.unit.id if turn.unit else None,
        "lead": case.unit_id,
        "reason": reason or None,
        "overdue": bool(stopped and stopped.is_overdue),
        **(data or {}),
    }
    said = Statement(PARTED[turn.move.name], turn.by, "cases.case", case.id, case.place_id, facts, turn.at)
    columns = {
        "case_id": case.id,
        "name": turn.move.name,
        "from_state": case.state,
        "to_state": case.state,
        "actor_kind": turn.by.kind,
        "actor_id": turn.by.id,
        "unit_id": turn.unit.id if turn.unit else None,
        "reason_code": reason,
        "internal_text": text,
        "happened_at": turn.at,
    }
    return Noted(said, columns)


def _stopped(turn: PartTurn) -> CaseClock | None:
    return turn.clock if turn.clock is not None and turn.clock.stopped_at is not None else None


_STOPPED = ("running_since", "paused_at", "rests_until", "stopped_at", "consumed", "rested", "is_overdue")
