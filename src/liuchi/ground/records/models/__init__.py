"""What this room keeps."""

from liuchi.ground.records.models.rotation import KeyRotation, KeyUse

__all__ = ["KeyRotation", "KeyUse"]
