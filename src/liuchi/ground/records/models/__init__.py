"""What this room keeps."""

from liuchi.ground.records.models.requests import (
    DataRequest,
    Ground,
    Proof,
    RequestKind,
    RequestState,
    RequestWay,
)
from liuchi.ground.records.models.retention import LegalHold, RetentionCount, RetentionPeriod, RetentionRun, RunKind
from liuchi.ground.records.models.rotation import KeyRotation, KeyUse

__all__ = [
    "DataRequest",
    "Ground",
    "KeyRotation",
    "KeyUse",
    "LegalHold",
    "Proof",
    "RequestKind",
    "RequestState",
    "RequestWay",
    "RetentionCount",
    "RetentionPeriod",
    "RetentionRun",
    "RunKind",
]
