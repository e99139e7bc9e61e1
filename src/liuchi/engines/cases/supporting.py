"""Supporting parts 协办: who brings units in beside the lead, what a unit may do with its part, and how long it has.

Beside the table of moves: what happens to a part leaves the case where it stands. 首接负责 (北京市接诉即办工作条例
art. 14): the lead answers for the whole, the others answer to it in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import State
from liuchi.engines.cases.workflow import OPEN_STATES
from liuchi.ground.calendars.limits import Limit

#: The step that the clock of a part measures. While somebody decides whether it is the unit's own, a clock of that
#: decision runs beside it, as it does for the lead.
STEP = "support"
DECIDING = State.DISPUTED
_WITHOUT_LEAD = frozenset({State.RECEIVED, State.VERIFYING, State.FILED, State.PROPOSED, State.CHECKING, State.CHECKED})
#: Where a case may have open parts: with a unit that leads and has not handed in.
WITH_LEAD = OPEN_STATES - _WITHOUT_LEAD
#: As for the lead (安阳 2021): not mine → return within 24 hours with a reason, decided by somebody else, once.
DECLINE_WITHIN = Limit.parse("24 urgent_hour")
#: The longest term in working days that may be set for a part; a typing mistake costs no unit its year. No source
#: names one (a live hotline form gives "expires" in days).
LONGEST_DAYS = 60
#: At most so many units help at once; no source names a figure.
MOST_PARTS = 12


class Whose(StrEnum):
    """Whose it is to do something about a part."""

    DISPATCHER = "dispatcher"  # the power, held for the case's place
    LEAD = "lead"  # the power, held in the unit that leads
    UNIT = "unit"  # the power, held in the unit whose part it is
    JUDGE = "judge"  # the power for the place, no part in handling, and not who dispatched or brought in


@dataclass(frozen=True)
class PartMove:
    """What may be done about a part; `on_declined`: with one said not to be the unit's own, else with the others."""

    name: str
    label: str | Promise
    power: str
    whose: Whose
    begins: bool = False
    on_declined: bool = False


def _table(*moves: PartMove) -> Mapping[str, PartMove]:
    return {move.name: move for move in moves}


PART_MOVES = _table(
    PartMove("bring_in", _("Bring in a unit to help"), "cases.dispatch", Whose.DISPATCHER, begins=True),
    PartMove("call_in", _("Call in a unit from the list of duties"), "cases.handle", Whose.LEAD, begins=True),
    PartMove("ask_for", _("Ask the dispatcher for another unit"), "cases.handle", Whose.LEAD, begins=True),
    PartMove("answer_part", _("Answer our part"), "cases.handle", Whose.UNIT),
    PartMove("decline_part", _("This part is not ours"), "cases.handle", Whose.UNIT),
    PartMove("uphold_part", _("Right: not their part"), "cases.decide", Whose.JUDGE, on_declined=True),
    PartMove("reject_part", _("It is their part"), "cases.decide", Whose.JUDGE, on_declined=True),
    PartMove("release_part", _("Take the part back"), "cases.dispatch", Whose.DISPATCHER),
)
#: What units do about parts: who did it had a part in handling.
PART_WORK = frozenset(move.name for move in PART_MOVES.values() if move.whose in {Whose.LEAD, Whose.UNIT})
