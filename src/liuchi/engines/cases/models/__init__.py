"""What the case engine keeps: the catalogue, cases, reports, clocks, assignments and what happened."""

from liuchi.engines.cases.models.accused import Accused
from liuchi.engines.cases.models.appeal import Appeal
from liuchi.engines.cases.models.bulk import BulkOutcome, BulkRun
from liuchi.engines.cases.models.call_back import CallBack, CallBackResult, CallBackRule
from liuchi.engines.cases.models.case import (
    ANSWERED,
    ENDED_STATES,
    LAPSED,
    MERGED_AWAY,
    NOT_OURS,
    TAKEN_BACK,
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
from liuchi.engines.cases.models.outside import OutsideUpdate
from liuchi.engines.cases.models.saved import SavedList
from liuchi.engines.cases.models.supervision import Level, Origin, Said, Standing, Supervision, SupervisionEntry
from liuchi.engines.cases.models.topics import RecordedRequest, Topic

__all__ = [
    "ANSWERED",
    "ENDED_STATES",
    "LAPSED",
    "MERGED_AWAY",
    "NOT_OURS",
    "TAKEN_BACK",
    "Accused",
    "Appeal",
    "Assignment",
    "AssignmentRole",
    "BulkOutcome",
    "BulkRun",
    "CallBack",
    "CallBackResult",
    "CallBackRule",
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
    "OutsideUpdate",
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
