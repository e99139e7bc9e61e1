"""What the case engine keeps: the catalogue, cases, reports, clocks, assignments and what happened."""

from liuchi.engines.cases.models.appeal import Appeal
from liuchi.engines.cases.models.case import (
    ENDED_STATES,
    MERGED_AWAY,
    NOT_OURS,
    Assignment,
    AssignmentRole,
    Case,
    CaseMove,
    Channel,
    Report,
    ReportVersion,
    State,
)
from liuchi.engines.cases.models.catalogue import CaseClass, Catalogue, ClassKind, FilingCondition
from liuchi.engines.cases.models.clock import CaseClock, ClockKind
from liuchi.engines.cases.models.indexed import CaseIndexed
from liuchi.engines.cases.models.jurisdiction import CaseOrigin, Flaw, Jurisdiction
from liuchi.engines.cases.models.saved import SavedList
from liuchi.engines.cases.models.supervision import Level, Origin, Said, Standing, Supervision, SupervisionEntry
from liuchi.engines.cases.models.topics import RecordedRequest, Topic

__all__ = [
    "ENDED_STATES",
    "MERGED_AWAY",
    "NOT_OURS",
    "Appeal",
    "Assignment",
    "AssignmentRole",
    "Case",
    "CaseClass",
    "CaseClock",
    "CaseIndexed",
    "CaseMove",
    "CaseOrigin",
    "Catalogue",
    "Channel",
    "ClassKind",
    "ClockKind",
    "FilingCondition",
    "Flaw",
    "Jurisdiction",
    "Level",
    "Origin",
    "RecordedRequest",
    "Report",
    "ReportVersion",
    "Said",
    "SavedList",
    "Standing",
    "State",
    "Supervision",
    "SupervisionEntry",
    "Topic",
]
