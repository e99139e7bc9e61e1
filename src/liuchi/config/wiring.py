"""The one list of reactions: which journal kinds call which room."""

from liuchi.engines.cases import reactions as cases
from liuchi.engines.cases.kinds import CASE_REPORTED, MOVED
from liuchi.ground.access import reactions as access
from liuchi.ground.calendars.actions import PUBLISHED
from liuchi.ground.journal.reactions import Reaction
from liuchi.ground.people.kinds import PERSON_ERASED
from liuchi.insight.figures import reactions as figures

REACTIONS = (
    Reaction("cases.calendar", frozenset({PUBLISHED.name}), cases.follow_calendar),
    Reaction("cases.erasure", frozenset({PERSON_ERASED.name}), cases.follow_erasure),
    Reaction("access.erasure", frozenset({PERSON_ERASED.name}), access.follow_erasure),
    Reaction(
        "figures.cases", frozenset({CASE_REPORTED.name, *(kind.name for kind in MOVED.values())}), figures.count_line
    ),
)
