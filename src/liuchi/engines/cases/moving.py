"""What every move does: lock, check the table, turn the clocks, append history and one journal line."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.engines.cases.access import require_move
from liuchi.engines.cases.allowances import require_allowance
from liuchi.engines.cases.beside import rows_beside
from liuchi.engines.cases.kinds import MOVED
from liuchi.engines.cases.models import Case, CaseMove, Report
from liuchi.engines.cases.noting import Noted
from liuchi.engines.cases.parts import part_from_lead
from liuchi.engines.cases.reasons import REASONS
from liuchi.engines.cases.secrecy import is_kept_from
from liuchi.engines.cases.turning import Turn, turn_clocks
from liuchi.engines.cases.workflow import MOVES, Part, move_from
from liuchi.ground.attachments.belonging import NO_FILES, Files, claim
from liuchi.ground.journal.actions import Statement, write
from liuchi.ground.kernel import clock as house_clock
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.compiled import AN_ID, CompiledObjects
from liuchi.ground.kernel.errors import NotFound, RuleBroken, Stale
from liuchi.ground.kernel.texts import plain_text, says_something
from liuchi.ground.kernel.writes import Change, update_together

#: What photos of a move are attached to.
MOVE = "cases.move"
LONGEST_WORDS = 2000


class Incomplete(RuleBroken):
    """Something the move needs is missing."""

    code = "incomplete"


def begin(
    *, by: Actor, case_id: UUID, name: str, version: int | None, at: datetime | None = None, receipt: str = ""
) -> Turn:
    """Lock a case for the move `name` and check that it may be made.

    Raises:
        NotFound: there is no such case, or secrecy keeps it from the actor.
        Stale: the case changed since `version` was read.
        MoveRefused: the case is not where the move starts.
        NotAllowed: the actor may not make the move.
        NoLongerAllowed: the table allows it so often or so soon only.
    """
    case = next(iter(_locked().objects(id=case_id)), None)
    if case is None or (MOVES[name].part != Part.REPORTER and is_kept_from(by, case)):
        raise NotFound(_("There is no such case."))
    if version is not None and case.version != version:
        raise Stale(_("Somebody else changed this case meanwhile. Look at what changed, then act again."))
    move = move_from(name, case.state)
    require_move(by, move, case, receipt)
    turn = Turn(case=case, move=move, by=by, at=at or house_clock.now(), unit=case.unit)
    require_allowance(move, case, turn.at)
    return turn


@cache
def _locked() -> CompiledObjects[Case]:
    rows = Case.objects.select_for_update(of=("self",)).select_related("condition__case_class", "unit__calendar")
    return CompiledObjects(rows.filter(id=AN_ID).order_by(), {"id": AN_ID})


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
    if not says_something(text):
        raise Incomplete(_("Write a few words so that the others understand."), field="text")


def kept_words(text: str) -> str:
    """Return a text as it is kept.

    Raises:
        Incomplete: it is too long.
    """
    kept = plain_text(text)
    if len(kept) > LONGEST_WORDS:
        raise Incomplete(
            _("Please use at most %(most)d characters; this text has %(count)d.")
            % {"most": LONGEST_WORDS, "count": len(kept)},
            field="text",
        )
    return kept


def compose(
    turn: Turn,
    *,
    reason: str = "",
    public_text: str = "",
    internal_text: str = "",
    until: datetime | None = None,
    data: Mapping[str, object] | None = None,
    report: Report | None = None,
) -> Noted:
    """Turn the clocks and the case, and return what is noted of the move; writes nothing.

    Raises:
        Incomplete: a text is too long.
    """
    case, source = turn.case, turn.case.state
    public_text, internal_text = kept_words(public_text), kept_words(internal_text)
    overdue = turn_clocks(turn) if turn.move.name != "rate" else turn.was_overdue()
    turn.set(state=turn.move.target, version=case.version + 1)
    unit_id = turn.unit.id if turn.unit else None
    facts = {
        "from_state": source,
        "to_state": case.state,
        "reason": reason or None,
        "unit": unit_id,
        "condition": case.condition_id,
        "overdue": overdue,
        **(data or {}),
    }
    said = Statement(MOVED[turn.move.name], turn.by, "cases.case", case.id, case.place_id, facts, turn.at)
    columns = {
        "case_id": case.id,
        "name": turn.move.name,
        "from_state": source,
        "to_state": case.state,
        "actor_kind": turn.by.kind,
        "actor_id": turn.by.id,
        "unit_id": unit_id,
        "report_id": report.id if report else None,
        "reason_code": reason,
        "public_text": public_text,
        "internal_text": internal_text,
        "until": until,
        "happened_at": turn.at,
    }
    return Noted(said, columns)


def finish(
    turn: Turn,
    *,
    reason: str = "",
    public_text: str = "",
    internal_text: str = "",
    until: datetime | None = None,
    data: Mapping[str, object] | None = None,
    files: Files = NO_FILES,
    report: Report | None = None,
) -> CaseMove:
    """Write the move (`report`: whose it is): clocks, case, history, the journal line; return the history row.

    Raises:
        Incomplete: a text is too long.
        PartsUnanswered: the unit that leads hands in before every unit that helps has answered.
    """
    part_from_lead(turn)
    line, row = compose(
        turn,
        reason=reason,
        public_text=public_text,
        internal_text=internal_text,
        until=until,
        data=data,
        report=report,
    ).rows()
    turned = (Change(clock, _CLOCK_FIELDS) for clock in turn.changed_clocks)
    update_together(*turned, Change(turn.case, tuple(sorted(turn.changed))))
    write(line, *turn.new_rows, *rows_beside(turn.case, line.id), row)
    claim(files, subject_type=MOVE, subject_id=row.id)
    return row


_CLOCK_FIELDS = (
    "calendar_version",
    "running_since",
    "paused_at",
    "rests_until",
    "stopped_at",
    "consumed",
    "extension_value",
    "rested",
    "due_at",
    "warn_at",
    "is_provisional",
    "is_overdue",
)
