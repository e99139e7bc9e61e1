"""What happened to a case, told in plain words; the office reads more of it than the public."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils import formats, timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liuchi.doors.ui.files import ShownFile
from liuchi.engines.cases.clocks import is_late
from liuchi.engines.cases.explaining import explain_deadline
from liuchi.engines.cases.models import Case, CaseClock, CaseMove, ClockKind, State
from liuchi.engines.cases.reasons import REASONS
from liuchi.engines.cases.supporting import PART_MOVES
from liuchi.engines.cases.workflow import BESIDE_HANDLING
from liuchi.ground.organisations.queries import names_on

Text = str | LazyText

_REPORTER: Text = gettext_lazy("Reporter")
_DESK: Text = gettext_lazy("Supervision desk")
_DISPATCH: Text = gettext_lazy("Command centre")
_LEAD: Text = gettext_lazy("The unit that leads")
_TERRITORY: Text = gettext_lazy("Administration of grids")
_OFFICER: Text = gettext_lazy("Duty officer")
_SPOT: Text = gettext_lazy("Checker on the spot")

#: What each move is called once it happened, who makes it (None: the unit), and its colour.
TOLD: dict[str, tuple[Text, Text | None, str]] = {
    "report": (gettext_lazy("Reported"), _REPORTER, "plain"),
    "send_to_verify": (gettext_lazy("Somebody was sent to look on the spot"), _DESK, "plain"),
    "verify": (gettext_lazy("Verified on the spot"), _SPOT, "plain"),
    "file": (gettext_lazy("Filed; the time limit runs"), _DESK, "plain"),
    "refuse": (gettext_lazy("Not filed"), _DESK, "warn"),
    "dispatch": (gettext_lazy("Dispatched"), _DISPATCH, "plain"),
    "take_back": (gettext_lazy("The dispatch was taken back; another unit is sought"), _DISPATCH, "warn"),
    "return_to_desk": (gettext_lazy("Returned to the desk"), _DISPATCH, "warn"),
    "decline": (gettext_lazy("The unit said: not ours; the desk decides"), None, "warn"),
    "uphold_decline": (gettext_lazy("Decided: not this unit's; another unit is sought"), _DESK, "warn"),
    "reject_decline": (gettext_lazy("Decided: this unit's own; it goes on handling"), _DESK, "plain"),
    "ask_extension": (gettext_lazy("The unit asks for more time; the desk decides"), None, "plain"),
    "grant_extension": (gettext_lazy("More time was granted; the promised date moves"), _DESK, "warn"),
    "refuse_extension": (gettext_lazy("More time was refused; the date stays"), _DESK, "plain"),
    "ask_pause": (gettext_lazy("The unit asks to let it rest; the desk decides"), None, "plain"),
    "grant_pause": (gettext_lazy("Handling rests until a date; the promised date moves"), _DESK, "warn"),
    "refuse_pause": (gettext_lazy("It may not rest; the date stays"), _DESK, "plain"),
    "resume": (gettext_lazy("Handling goes on"), None, "plain"),
    "end_pause": (gettext_lazy("The desk let handling go on"), _DESK, "plain"),
    "wake": (gettext_lazy("The date has come; handling goes on"), _DESK, "plain"),
    "hand_in": (gettext_lazy("Handled; waiting for the check"), None, "plain"),
    "pass_check": (gettext_lazy("Checked on the spot: solved"), _SPOT, "good"),
    "fail_check": (gettext_lazy("Checked on the spot: not solved, back to the unit"), _SPOT, "warn"),
    "close": (gettext_lazy("Closed"), _DESK, "good"),
    "rate": (gettext_lazy("Rated"), _REPORTER, "good"),
    "reopen": (gettext_lazy("The reporter says it is not solved; it is taken up again"), _REPORTER, "warn"),
    "appeal": (gettext_lazy("The unit says that being late was not its doing; the desk decides"), None, "plain"),
    "uphold_appeal": (gettext_lazy("The time-out is excused; that it was late stays"), _DESK, "plain"),
    "reject_appeal": (gettext_lazy("The time-out counts"), _DESK, "plain"),
    "split": (gettext_lazy("Made a case of its own from a message with several demands"), _DESK, "plain"),
    "edit": (gettext_lazy("The reporter changed the report"), _REPORTER, "plain"),
    "supplement": (gettext_lazy("The reporter added something"), _REPORTER, "plain"),
    "progress": (gettext_lazy("The unit tells how far it is"), None, "plain"),
    "merge": (gettext_lazy("The same matter as another case: merged into it"), _DESK, "plain"),
    "unmerge": (gettext_lazy("Not the same matter after all: on its own again"), _DESK, "warn"),
    "unmerge_filed": (gettext_lazy("Not the same matter after all: on its own again"), _DESK, "warn"),
    "withdraw": (gettext_lazy("Withdrawn"), _REPORTER, "plain"),
    "ask_ending": (gettext_lazy("The unit asks for formal ending; it is being decided"), None, "warn"),
    "propose_ending": (gettext_lazy("Formal ending proposed; it is being decided"), _DESK, "warn"),
    "approve_ending": (gettext_lazy("Formally ended"), _OFFICER, "warn"),
    "reject_ending": (gettext_lazy("Formal ending refused; the unit goes on handling"), _OFFICER, "plain"),
    "reject_proposal": (gettext_lazy("Formal ending refused; it is dispatched"), _OFFICER, "plain"),
    "bring_in": (gettext_lazy("Another unit was brought in to help"), _DISPATCH, "plain"),
    "call_in": (gettext_lazy("The unit that leads called another one in"), _LEAD, "plain"),
    "ask_for": (gettext_lazy("The unit that leads asked for another one's help"), _LEAD, "plain"),
    "answer_part": (gettext_lazy("A unit that helps has answered"), None, "plain"),
    "decline_part": (gettext_lazy("A unit that was to help said: not ours"), None, "warn"),
    "uphold_part": (gettext_lazy("Decided: not this unit's part"), _DESK, "warn"),
    "reject_part": (gettext_lazy("Decided: this unit is to help"), _DESK, "plain"),
    "release_part": (gettext_lazy("A unit's help is no longer needed"), _DISPATCH, "plain"),
    "name_accused": (gettext_lazy("Kept from the unit that the report is about"), _DESK, "plain"),
    "lift_secrecy": (gettext_lazy("The report is about no unit; it is not secret any more"), _DESK, "plain"),
    "call_back": (gettext_lazy("Called back"), _DESK, "plain"),
    "reopen_on_call": (gettext_lazy("Called back: not solved; it is taken up again"), _DESK, "warn"),
    "relocate": (gettext_lazy("The grids were redrawn; the case belongs to another one now"), _TERRITORY, "plain"),
}
_TO_REST: Text = gettext_lazy("The unit asks to let it rest until %(day)s; the desk decides")
_RESTS: Text = gettext_lazy("Handling rests until %(day)s; the promised date moves")
FOUND: dict[str, Text] = {
    "found": gettext_lazy("It is as reported"),
    "not_found": gettext_lazy("Nothing was found on the spot"),
}
_AT_THE_DESK = frozenset({State.RECEIVED, State.VERIFYING, State.REFUSED, State.MERGED, State.WITHDRAWN})
STAGES: Sequence[tuple[Text, frozenset[State]]] = (
    (pgettext_lazy("stage", "Report"), frozenset()),
    (pgettext_lazy("stage", "File"), _AT_THE_DESK),
    (pgettext_lazy("stage", "Dispatch"), frozenset({State.FILED, State.PROPOSED})),
    (pgettext_lazy("stage", "Handle"), frozenset({State.HANDLING, State.DISMISSED}) | BESIDE_HANDLING),
    (pgettext_lazy("stage", "Check"), frozenset({State.CHECKING})),
    (pgettext_lazy("stage", "Close"), frozenset({State.CHECKED})),
    (pgettext_lazy("stage", "Rate"), frozenset({State.CLOSED})),
)


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `internal_text` is empty unless the reader works here or wrote it."""

    title: str
    heading: str
    who: str
    at: datetime
    reason: str
    public_text: str
    internal_text: str
    tone: str
    files: Sequence[ShownFile] = ()


@dataclass(frozen=True)
class Stage:
    """One of the seven stages; `status` is "done", "now", "ended" or "ahead"."""

    name: str
    status: str


@dataclass(frozen=True)
class Pledge:
    """What was promised and how it stands: "running", "paused", "resting", "kept" or "missed"."""

    due_at: datetime
    status: str
    is_provisional: bool
    is_late: bool
    because: str
    wording: str
    rests_until: datetime | None = None


def entries(
    moves: Iterable[CaseMove],
    *,
    inside: bool,
    own: Collection[UUID] = (),
    files: Mapping[UUID, Sequence[ShownFile]] | None = None,
) -> list[Entry]:
    """Return the history, oldest first; `inside` adds internal texts.

    `own` are the reader's reports: moves made with them show their words. `files` are those of each move that the
    reader may see.
    """
    shown, moves = files or {}, list(moves)
    then = names_on((move.unit.id, _day(move)) for move in moves if move.unit is not None and _was_renamed(move))
    return [
        replace(
            _entry(move, then, inside or (move.report_id is not None and move.report_id in own)),
            files=shown.get(move.id, ()),
        )
        for move in moves
    ]


def stages(case: Case) -> list[Stage]:
    """Return the seven stages with where the case stands."""
    at = next(place for place, (_name, states) in enumerate(STAGES) if case.state in states)
    now = "ended" if case.ended_at is not None and case.state != State.CLOSED else "now"
    done = case.rating is not None
    return [
        Stage(str(name), "done" if place < at or (place == at and done) else now if place == at else "ahead")
        for place, (name, _states) in enumerate(STAGES)
    ]


def pledge_of(case: Case, clocks: Iterable[CaseClock], now: datetime) -> Pledge | None:
    """Return what was promised to the reporter, from the newest case clock; None before filing or after a return."""
    promised = [clock for clock in clocks if clock.kind == ClockKind.CASE]
    if not promised:
        return None
    newest = promised[-1]
    why = explain_deadline(newest, now)
    if newest.stopped_at is not None:
        if case.ended_at is None or newest.is_overdue is None:
            return None
        status = "missed" if newest.is_overdue else "kept"
        return Pledge(newest.due_at, status, newest.is_provisional, newest.is_overdue, why.because, why.wording)
    status = "running" if newest.paused_at is None else "paused" if newest.rests_until is None else "resting"
    late = is_late(newest, now)
    return Pledge(newest.due_at, status, newest.is_provisional, late, why.because, why.wording, newest.rests_until)


def _day(move: CaseMove) -> date:
    return timezone.localdate(move.happened_at)


def _was_renamed(move: CaseMove) -> bool:
    """Tell whether the unit stands otherwise now than when the move was made."""
    since = move.unit.stands_since if move.unit is not None else None
    return since is not None and _day(move) < since


def _unit(move: CaseMove, then: Mapping[tuple[UUID, date], str]) -> str:
    """Return the unit by the name it had when the move was made."""
    return "" if move.unit is None else then.get((move.unit.id, _day(move)), move.unit.short_name)


def _entry(move: CaseMove, then: Mapping[tuple[UUID, date], str], show_internal: bool) -> Entry:  # noqa: FBT001 - private
    title, role, tone = TOLD[move.name]
    unit = _unit(move, then)
    if move.name == "dispatch":
        title = _("Dispatched to %(unit)s") % {"unit": unit}
    elif move.until is not None:
        day = formats.date_format(timezone.localdate(move.until), "DATE_FORMAT")
        title = (_RESTS if move.name == "grant_pause" else _TO_REST) % {"day": day}
    elif move.name in PART_MOVES and role is not None:
        title = _("%(title)s: %(unit)s") % {"title": title, "unit": unit}
    who = str(role) if role is not None else unit
    reason = FOUND.get(move.reason_code) if move.name == "verify" else REASONS.get(move.name, {}).get(move.reason_code)
    return Entry(
        title=str(title),
        heading=_("%(what)s: %(reason)s") % {"what": title, "reason": reason} if reason else str(title),
        who=_("The system") if move.actor_kind == "system" else who,
        at=move.happened_at,
        reason=str(reason or ""),
        public_text=move.public_text,
        internal_text=move.internal_text if show_internal else "",
        tone=tone,
    )
