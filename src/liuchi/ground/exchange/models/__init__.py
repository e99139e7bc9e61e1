"""Imports and exports: what was taken out of the house and what was brought in."""

from liuchi.ground.exchange.models.export import ExportFormat, ExportRecord
from liuchi.ground.exchange.models.importing import AT_WORK, Import, ImportBatch, SavedMapping, State

__all__ = ["AT_WORK", "ExportFormat", "ExportRecord", "Import", "ImportBatch", "SavedMapping", "State"]
