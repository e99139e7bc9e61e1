"""The one list of reactions: which journal kinds call which room."""

from liuchi.engines.cases import reactions as cases
from liuchi.engines.cases.kinds import MOVED
from liuchi.ground.journal.reactions import Reaction
from liuchi.insight.figures import reactions as figures

REACTIONS = (
    Reaction("cases.calendar", frozenset({"calendar.published"}), cases.follow_calendar),
    Reaction("cases.erasure", frozenset({"people.person_erased"}), cases.follow_erasure),
    Reaction(
        "figures.cases", frozenset({"case.reported", *(kind.name for kind in MOVED.values())}), figures.count_line
    ),
)
