"""What one row of the table of moves says."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise

from liuchi.engines.cases.models import State
from liuchi.ground.calendars.limits import Limit
from liuchi.ground.kernel.errors import RuleBroken


class Part(StrEnum):
    """The part in the case that a move asks for, besides the power."""

    PLACE = "place"  # the power, held for the case's place
    UNIT = "unit"  # the power, held in the unit that leads
    UNOPENED = "unopened"  # the power for the place, as long as the unit has neither opened nor touched the case
    NOT_HANDLER = "not_handler"  # the power for the place, and no part in handling the case
    JUDGE = "judge"  # as before, and not who dispatched it: nobody judges what they did themselves
    APPROVER = "approver"  # as before, and not who proposed what is to be approved
    REPORTER = "reporter"  # whoever reported it, by sign-in or by receipt
    CLOCK = "clock"  # nobody: the house itself, when the time has come


class Counted(StrEnum):
    """Within what the times are counted that a move may be made."""

    CASE = "case"  # in all the case's life
    UNIT = "unit"  # by the unit that leads, in all the case's life
    PROMISE = "promise"  # since the case clock started, which is the reporter's promise


@dataclass(frozen=True)
class Bounds:
    """How often a move may be made, and how soon; `spent` says why not, once it was made that often.

    Where `move` is named, how often that one was made is what counts: what was refused uses nothing up. `within` is
    counted from the dispatch; `in_time` means before the unit's own time limit ends.
    """

    times: int
    counted: Counted
    spent: str | Promise
    move: str = ""
    within: Limit | None = None
    in_time: bool = False


class CaseClockDoes(StrEnum):
    """What a move does to the case clock."""

    NOTHING = "nothing"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    GO_ON = "go_on"  # as though it had never stopped


@dataclass(frozen=True)
class Move:
    """One row of the table. `needs` names the inputs without which the move is refused.

    `spares_unit`: the clock of whoever handles stops as of when they asked, for what came after was not theirs.
    `extends`: by how much of its original limit the clock of handling is extended, and the promise with it.
    """

    name: str
    label: str | Promise
    sources: frozenset[State]
    target: State
    power: str
    part: Part = Part.PLACE
    needs: tuple[str, ...] = ()
    case_clock: CaseClockDoes = CaseClockDoes.NOTHING
    bounds: Bounds | None = None
    spares_unit: bool = False
    extends: Decimal = Decimal(0)
    #: By which move it is taken back, as long as that one's own bounds allow it; "" where it cannot be.
    undone_by: str = ""
    #: Whether it may be made with many cases at once: what asks for a look at the single case is not.
    in_bulk: bool = False


class MoveRefused(RuleBroken):
    """The case is not where this move can start."""

    code = "move_refused"
