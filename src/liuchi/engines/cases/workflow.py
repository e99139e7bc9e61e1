"""The table of moves: the only place that says which state may follow which, who may move it, and which clocks run.

The seven stages of GB/T 30428: report, file, dispatch, handle, hand in, check and close, rate. The desk (监督中心)
and the dispatcher (指挥中心) are separate roles, so that the finder does not judge the fixer.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import ENDED_STATES, State
from liuchi.engines.cases.moves import Bounds, CaseClockDoes, Counted, Move, MoveRefused, Part
from liuchi.ground.calendars.limits import Limit

__all__ = ["Bounds", "CaseClockDoes", "Counted", "Move", "MoveRefused", "Part"]

S = State

#: From here a case may end as part of another one: nobody has answered it yet.
MERGEABLE = frozenset({S.RECEIVED, S.VERIFYING, S.FILED, S.HANDLING})


def _table(*moves: Move) -> Mapping[str, Move]:
    return {move.name: move for move in moves}


MOVES = _table(
    Move(
        "file",
        _("File the case"),
        frozenset({S.RECEIVED}),
        S.FILED,
        "cases.accept",
        needs=("condition",),
        case_clock=CaseClockDoes.START,
    ),
    Move("send_to_verify", _("Verify on site"), frozenset({S.RECEIVED}), S.VERIFYING, "cases.accept", in_bulk=True),
    Move(
        "verify", _("Report what I found"), frozenset({S.VERIFYING}), S.RECEIVED, "cases.check", needs=("found", "text")
    ),
    Move(
        "refuse",
        _("Do not file"),
        frozenset({S.RECEIVED}),
        S.REFUSED,
        "cases.accept",
        needs=("reason", "text"),
        in_bulk=True,
    ),
    Move(
        "dispatch",
        _("Dispatch"),
        frozenset({S.FILED}),
        S.HANDLING,
        "cases.dispatch",
        needs=("unit",),
        undone_by="take_back",
        in_bulk=True,
    ),
    # A slip of the hand, not a way to win time: once for a case, and as soon as the step of dispatch itself is due
    # (运城: 15 minutes); no source names a limit for taking back.
    Move(
        "take_back",
        _("Take the dispatch back"),
        frozenset({S.HANDLING}),
        S.FILED,
        "cases.dispatch",
        Part.UNOPENED,
        bounds=Bounds(
            1,
            Counted.CASE,
            _("A dispatch of this case was taken back once already; the unit can say that it is not theirs."),
            within=Limit.parse("0.25 urgent_hour"),
        ),
        in_bulk=True,
    ),
    Move(
        "return_to_desk",
        _("Return to the desk"),
        frozenset({S.FILED}),
        S.RECEIVED,
        "cases.dispatch",
        needs=("reason", "text"),
        case_clock=CaseClockDoes.STOP,
        bounds=Bounds(
            2, Counted.CASE, _("This case went back to the desk twice already; dispatch it, or ask the desk in person.")
        ),
        in_bulk=True,
    ),
    Move(
        "hand_in",
        _("Hand in the result"),
        frozenset({S.HANDLING, S.EXTENDING, S.PAUSING, S.PAUSED}),
        S.CHECKING,
        "cases.handle",
        Part.UNIT,
        needs=("text",),
        case_clock=CaseClockDoes.PAUSE,
    ),
    # 安阳 2021: not mine → return within 24 hours with a reason; 潍坊 2021: decided by the hotline, no second return.
    Move(
        "decline",
        _("Not ours"),
        frozenset({S.HANDLING}),
        S.DISPUTED,
        "cases.handle",
        Part.UNIT,
        needs=("reason", "text"),
        bounds=Bounds(
            1,
            Counted.UNIT,
            _("Your unit returned this case once already and it was given to you again; please handle it."),
            within=Limit.parse("24 urgent_hour"),
        ),
    ),
    Move(
        "uphold_decline",
        _("Right: not theirs"),
        frozenset({S.DISPUTED}),
        S.FILED,
        "cases.decide",
        Part.JUDGE,
        spares_unit=True,
    ),
    Move(
        "reject_decline",
        _("It is theirs: back to the unit"),
        frozenset({S.DISPUTED}),
        S.HANDLING,
        "cases.decide",
        Part.JUDGE,
        needs=("reason", "text"),
    ),
    # 运城: asked before time-out, one more original limit, at most twice; a refusal uses nothing up.
    Move(
        "ask_extension",
        _("Ask for an extension"),
        frozenset({S.HANDLING}),
        S.EXTENDING,
        "cases.handle",
        Part.UNIT,
        needs=("reason", "text"),
        bounds=Bounds(
            2,
            Counted.PROMISE,
            _("This case was extended twice already; please hand in what could be done."),
            move="grant_extension",
            in_time=True,
        ),
    ),
    Move(
        "grant_extension",
        _("Grant the extension"),
        frozenset({S.EXTENDING}),
        S.HANDLING,
        "cases.decide",
        Part.NOT_HANDLER,
        extends=Decimal(1),
    ),
    Move(
        "refuse_extension",
        _("Refuse the extension"),
        frozenset({S.EXTENDING}),
        S.HANDLING,
        "cases.decide",
        Part.NOT_HANDLER,
        needs=("text",),
    ),
    # 挂账 in the same city: until a date, at most a year, once; the clocks rest and go on by themselves.
    Move(
        "ask_pause",
        _("Ask to let it rest"),
        frozenset({S.HANDLING}),
        S.PAUSING,
        "cases.handle",
        Part.UNIT,
        needs=("reason", "text", "until"),
        bounds=Bounds(
            1,
            Counted.PROMISE,
            _("This case rested once already; ask for an extension, or hand in what could be done."),
            move="grant_pause",
        ),
    ),
    Move(
        "grant_pause",
        _("Let it rest until then"),
        frozenset({S.PAUSING}),
        S.PAUSED,
        "cases.decide",
        Part.NOT_HANDLER,
        case_clock=CaseClockDoes.PAUSE,
    ),
    Move(
        "refuse_pause",
        _("It goes on"),
        frozenset({S.PAUSING}),
        S.HANDLING,
        "cases.decide",
        Part.NOT_HANDLER,
        needs=("text",),
    ),
    Move(
        "resume",
        _("Go on now"),
        frozenset({S.PAUSED}),
        S.HANDLING,
        "cases.handle",
        Part.UNIT,
        case_clock=CaseClockDoes.RESUME,
    ),
    Move(
        "end_pause",
        _("End the rest now"),
        frozenset({S.PAUSED}),
        S.HANDLING,
        "cases.decide",
        needs=("text",),
        case_clock=CaseClockDoes.RESUME,
    ),
    Move(
        "wake",
        _("The date has come"),
        frozenset({S.PAUSED}),
        S.HANDLING,
        "cases.decide",
        Part.CLOCK,
        case_clock=CaseClockDoes.RESUME,
    ),
    Move("pass_check", _("Solved"), frozenset({S.CHECKING}), S.CHECKED, "cases.check", Part.NOT_HANDLER),
    Move(
        "fail_check",
        _("Not solved: back to the unit"),
        frozenset({S.CHECKING}),
        S.HANDLING,
        "cases.check",
        Part.NOT_HANDLER,
        needs=("reason", "text"),
        case_clock=CaseClockDoes.RESUME,
    ),
    Move(
        "close",
        _("Close the case"),
        frozenset({S.CHECKED}),
        S.CLOSED,
        "cases.accept",
        Part.NOT_HANDLER,
        case_clock=CaseClockDoes.STOP,
        in_bulk=True,
    ),
    Move("rate", _("Rate"), frozenset({S.CLOSED}), S.CLOSED, "cases.rate", Part.REPORTER, needs=("rating",)),
    Move(
        "reopen",
        _("It is not solved"),
        frozenset({S.CLOSED}),
        S.FILED,
        "cases.reopen",
        Part.REPORTER,
        needs=("text",),
        case_clock=CaseClockDoes.START,
    ),
    # CJ/T 214 practice: duplicates within a radius and of the same minor class are merged.
    Move(
        "merge",
        _("Merge into another case"),
        MERGEABLE,
        S.MERGED,
        "cases.accept",
        needs=("lead",),
        case_clock=CaseClockDoes.STOP,
    ),
    Move("unmerge", _("Undo the merging"), frozenset({S.MERGED}), S.RECEIVED, "cases.accept", needs=("text",)),
    Move(
        "unmerge_filed",
        _("Undo the merging"),
        frozenset({S.MERGED}),
        S.FILED,
        "cases.accept",
        needs=("text",),
        case_clock=CaseClockDoes.GO_ON,
    ),
    Move(
        "withdraw",
        _("Withdraw"),
        frozenset({S.RECEIVED, S.VERIFYING, S.FILED}),
        S.WITHDRAWN,
        "cases.report",
        Part.REPORTER,
        case_clock=CaseClockDoes.STOP,
    ),
    # 北京市接诉即办工作条例 art. 11: demands that are not handled each get an answer; asked once, decided higher up.
    Move(
        "ask_ending",
        _("Ask for formal ending"),
        frozenset({S.HANDLING}),
        S.ENDING,
        "cases.handle",
        Part.UNIT,
        needs=("reason", "text"),
        bounds=Bounds(1, Counted.UNIT, _("Your unit asked once already to end this case formally; please handle it.")),
    ),
    Move(
        "propose_ending",
        _("Propose formal ending"),
        frozenset({S.FILED}),
        S.PROPOSED,
        "cases.accept",
        needs=("reason", "text"),
        bounds=Bounds(1, Counted.CASE, _("To end this case formally was proposed once already; please dispatch it.")),
    ),
    Move(
        "approve_ending",
        _("Approve: end the case formally"),
        frozenset({S.ENDING, S.PROPOSED}),
        S.DISMISSED,
        "cases.end",
        Part.APPROVER,
        needs=("reason", "text"),
        case_clock=CaseClockDoes.STOP,
    ),
    Move(
        "reject_ending",
        _("Refuse: the unit handles it"),
        frozenset({S.ENDING}),
        S.HANDLING,
        "cases.end",
        Part.APPROVER,
        needs=("text",),
    ),
    Move(
        "reject_proposal",
        _("Refuse: it is dispatched"),
        frozenset({S.PROPOSED}),
        S.FILED,
        "cases.end",
        Part.APPROVER,
        needs=("text",),
    ),
    # Whoever calls back writes down what the reporter says: not solved, so it is taken up again.
    Move(
        "reopen_on_call",
        _("Called back: not solved"),
        frozenset({S.CLOSED}),
        S.FILED,
        "cases.accept",
        Part.NOT_HANDLER,
        needs=("text",),
        case_clock=CaseClockDoes.START,
    ),
)

OPEN_STATES = frozenset(S) - frozenset(ENDED_STATES)
#: While somebody else decides on what the unit asked for, the clock of handling goes on beside that of the step.
BESIDE_HANDLING = frozenset({S.DISPUTED, S.EXTENDING, S.PAUSING, S.PAUSED, S.ENDING})
#: Where a case rests: the clock of handling waits with the promise, and both go on at the date named, whoever makes the
#: next move and when.
RESTING = frozenset({S.PAUSED})
#: The states in which a case names the date until which it rests or is to rest.
DATED = frozenset({S.PAUSING, S.PAUSED})
#: The longest rest (运城 挂账: at most a year).
LONGEST_REST = timedelta(days=365)
#: The moves with which the reporter's promise begins anew.
PROMISING = frozenset(move.name for move in MOVES.values() if move.case_clock == CaseClockDoes.START)
#: The moves by which a unit works: who made one had a part in handling.
HANDLING_MOVES = frozenset(move.name for move in MOVES.values() if move.part == Part.UNIT)

#: Step limits used in practice (运城: 受理 and 派遣 15 minutes, 核实 and 核查 30). Handling takes the condition's.
#: To decide on what a unit asks for, two working hours: no source names a limit.
STEP_LIMITS: Mapping[State, Limit] = {
    S.RECEIVED: Limit.parse("0.25 work_hour"),
    S.VERIFYING: Limit.parse("0.5 work_hour"),
    S.FILED: Limit.parse("0.25 work_hour"),
    **dict.fromkeys((S.DISPUTED, S.EXTENDING, S.PAUSING, S.ENDING, S.PROPOSED), Limit.parse("2 work_hour")),
    S.CHECKING: Limit.parse("0.5 work_hour"),
    S.CHECKED: Limit.parse("0.25 work_hour"),
}


def move_from(name: str, state: str) -> Move:
    """Return the move `name`, provided it may start in `state`.

    Raises:
        MoveRefused: when it may not; the message says where the case stands now.
    """
    move = MOVES[name]
    if state not in move.sources:
        raise MoveRefused(
            _("This case is now “%(state)s”; “%(move)s” is not possible there. Reload the page to see what changed.")
            % {"state": State(state).label, "move": move.label},
            state=state,
        )
    return move


def moves_in(state: str) -> list[Move]:
    """Return the moves that may start in `state`, in the order of the table: the usual one first."""
    return [move for move in MOVES.values() if state in move.sources]
