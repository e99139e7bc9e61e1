"""What every move does: lock, check the table, stop and start clocks, append history and one journal line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from liuchi.engines.cases import clocks
from liuchi.engines.cases.access import require_move
from liuchi.engines.cases.kinds import MOVED
from liuchi.engines.cases.models import Assignment, Case, CaseClock, CaseMove, ClockKind, State
from liuchi.engines.cases.workflow import OPEN_STATES, REASONS, CaseClockDoes, Move, move_from
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.journal.actions import draft, write
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken, Stale
from liuchi.ground.kernel.writes import Change, update_together
from liuchi.ground.organisations.models import Organisation

#: What photos of a move are attached to.
MOVE = "cases.move"
LONGEST_WORDS = 2000


class Incomplete(RuleBroken):
    """Something the move needs is missing."""

    code = "incomplete"


@dataclass
class Turn:
    """A case held under lock while one move is made with it."""

    case: Case
    move: Move
    by: Actor
    at: datetime
    changed: set[str] = field(default_factory=set)
    new_rows: list[Model] = field(default_factory=list)
    changed_clocks: list[CaseClock] = field(default_factory=list)
    unit: Organisation | None = None
    assignment: Assignment | None = None

    def set(self, **values: object) -> None:
        """Set fields of the case and remember to save them."""
        for name, value in values.items():
            setattr(self.case, name, value)
            self.changed.add(name)


def begin(
    *, by: Actor, case_id: UUID, name: str, version: int | None, at: datetime | None = None, receipt: str = ""
) -> Turn:
    """Lock a case for the move `name` and check that it may be made.

    Raises:
        NotFound: there is no such case.
        Stale: the case changed since `version` was read.
        MoveRefused: the case is not where the move starts.
        NotAllowed: the actor may not make the move.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("condition__case_class", "unit__calendar")
        .filter(id=case_id)
        .first()
    )
    if case is None:
        raise NotFound(_("There is no such case."))
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    move = move_from(name, case.state)
    require_move(by, move, case, receipt)
    return Turn(case=case, move=move, by=by, at=at or house_clock.now(), unit=case.unit)


def require_reason(turn: Turn, reason: str, text: str) -> None:
    """Refuse a move without a known reason and some words.

    Raises:
        Incomplete: naming what is missing.
    """
    if reason not in REASONS[turn.move.name]:
        raise Incomplete(_("Choose a reason."), field="reason")
    require_text(text)


def require_text(text: str) -> None:
    """Refuse an empty text.

    Raises:
        Incomplete: with the field `text`.
    """
    if not text.replace("\0", "").strip():
        raise Incomplete(_("Write a few words so that the others understand."), field="text")


def _words(text: str) -> str:
    """Return a text as it is kept: without the character that PostgreSQL cannot hold, and not too long."""
    kept = text.replace("\0", "").strip()
    if len(kept) > LONGEST_WORDS:
        raise Incomplete(
            _("Please use at most %(most)d characters; this text has %(count)d.")
            % {"most": LONGEST_WORDS, "count": len(kept)},
            field="text",
        )
    return kept


def finish(
    turn: Turn,
    *,
    reason: str = "",
    public_text: str = "",
    internal_text: str = "",
    data: Mapping[str, object] | None = None,
    files: Files = NO_FILES,
) -> CaseMove:
    """Write the move: clocks, case, history and the journal line, and return the history row.

    Raises:
        Incomplete: a text is too long.
    """
    case, source = turn.case, turn.case.state
    public_text, internal_text = _words(public_text), _words(internal_text)
    overdue = turn_clocks(turn) if turn.move.name != "rate" else _was_overdue(case)
    turn.set(state=turn.move.target, version=case.version + 1)
    line = draft(
        kind=MOVED[turn.move.name],
        by=turn.by,
        subject_type="cases.case",
        subject_id=case.id,
        place_id=case.place_id,
        happened_at=turn.at,
        data={
            "from_state": source,
            "to_state": case.state,
            "reason": reason or None,
            "unit": turn.unit.id if turn.unit else None,
            "condition": case.condition_id,
            "overdue": overdue,
            **(data or {}),
        },
    )
    row = CaseMove(
        case=case,
        line_id=line.id,
        name=turn.move.name,
        from_state=source,
        to_state=case.state,
        actor_kind=turn.by.kind,
        actor_id=turn.by.id,
        unit=turn.unit,
        reason_code=reason,
        public_text=public_text,
        internal_text=internal_text,
        happened_at=turn.at,
        recorded_at=line.recorded_at,
    )
    turned = (Change(clock, _CLOCK_FIELDS) for clock in turn.changed_clocks)
    update_together(*turned, Change(case, tuple(sorted(turn.changed))))
    write(line, *turn.new_rows, row)
    claim(files, subject_type=MOVE, subject_id=row.id)
    return row


def turn_clocks(turn: Turn) -> bool:
    """Stop the step clock, turn the case clock as the table says, start the next step; tell if the case is late."""
    case, at = turn.case, turn.at
    running = {
        ClockKind(each.kind): each
        for each in CaseClock.objects.filter(case=case, stopped_at=None, assignment=None).order_by("id")
    }
    step, promised = running.get(ClockKind.STEP), running.get(ClockKind.CASE)
    if step is not None:
        clocks.stop_clock(step, at)
        turn.changed_clocks.append(step)
    promised = _turn_case_clock(turn, promised)
    shown: dict[ClockKind, CaseClock | None] = {}
    if promised is not None and (promised.stopped_at is None or turn.move.target == State.CLOSED):
        shown[ClockKind.CASE] = promised  # a case back at the desk promises nothing until it is filed anew
    if turn.move.target in OPEN_STATES:
        shown[ClockKind.STEP] = _start_step(turn, turn.move.target)
    turn.changed.update(clocks.facts(case, shown))
    return promised is not None and clocks.is_late(promised, at)


def _turn_case_clock(turn: Turn, clock: CaseClock | None) -> CaseClock | None:
    does, at = turn.move.case_clock, turn.at
    if does == CaseClockDoes.START:
        clock = clocks.start_clock(turn.case, ClockKind.CASE, "case", clocks.case_limit(turn.case), at)
        turn.new_rows.append(clock)
    elif clock is not None and does == CaseClockDoes.PAUSE:
        clocks.pause_clock(clock, at)
        turn.changed_clocks.append(clock)
    elif clock is not None and does == CaseClockDoes.RESUME:
        clocks.resume_clock(clock, at)
        turn.changed_clocks.append(clock)
    elif clock is not None and does == CaseClockDoes.STOP:
        clocks.stop_clock(clock, at)
        turn.changed_clocks.append(clock)
    return clock


def _start_step(turn: Turn, state: State) -> CaseClock:
    """Return the step clock of the new state; rework goes on with what the unit had left."""
    consumed = 0
    if turn.move.name == "fail_check":
        earlier = (
            CaseClock.objects.filter(case=turn.case, kind=ClockKind.STEP, step=State.HANDLING)
            .order_by("-started_at", "-id")
            .first()
        )
        consumed = earlier.consumed if earlier else 0
    unit = turn.unit if state == State.HANDLING else None
    clock = clocks.start_clock(
        turn.case, ClockKind.STEP, state, clocks.step_limit(turn.case, state), turn.at, unit=unit, consumed=consumed
    )
    turn.new_rows.append(clock)
    return clock


def _was_overdue(case: Case) -> bool:
    return case.clocks.filter(kind=ClockKind.CASE, is_overdue=True).exists()


_CLOCK_FIELDS = (
    "running_since",
    "paused_at",
    "stopped_at",
    "consumed",
    "due_at",
    "warn_at",
    "is_provisional",
    "is_overdue",
)
