"""What this room keeps."""

from liuchi.ground.records.models.retention import LegalHold, RetentionCount, RetentionPeriod, RetentionRun, RunKind
from liuchi.ground.records.models.rotation import KeyRotation, KeyUse

__all__ = [
    "KeyRotation",
    "KeyUse",
    "LegalHold",
    "RetentionCount",
    "RetentionPeriod",
    "RetentionRun",
    "RunKind",
]
