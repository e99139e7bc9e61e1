"""Imports and exports: what was taken out of the house and what was brought in."""

from liuchi.ground.exchange.models.export import ExportFormat, ExportRecord

__all__ = ["ExportFormat", "ExportRecord"]
