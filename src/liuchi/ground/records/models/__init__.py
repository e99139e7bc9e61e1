"""What this room keeps."""

from liuchi.ground.records.models.registers import (
    Assessment,
    Breach,
    BreachKind,
    BreachTelling,
    Outcome,
    Sharing,
    SharingBasis,
    SharingKind,
    Told,
    Trigger,
)
from liuchi.ground.records.models.requests import (
    DataRequest,
    Ground,
    Proof,
    RequestKind,
    RequestState,
    RequestWay,
)
from liuchi.ground.records.models.restriction import Restriction
from liuchi.ground.records.models.retention import LegalHold, RetentionCount, RetentionPeriod, RetentionRun, RunKind
from liuchi.ground.records.models.rotation import KeyRotation, KeyUse

__all__ = [
    "Assessment",
    "Breach",
    "BreachKind",
    "BreachTelling",
    "DataRequest",
    "Ground",
    "KeyRotation",
    "KeyUse",
    "LegalHold",
    "Outcome",
    "Proof",
    "RequestKind",
    "RequestState",
    "RequestWay",
    "Restriction",
    "RetentionCount",
    "RetentionPeriod",
    "RetentionRun",
    "RunKind",
    "Sharing",
    "SharingBasis",
    "SharingKind",
    "Told",
    "Trigger",
]
