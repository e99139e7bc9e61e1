"""Organisations, the posts that exist in them, and the powers and duties by which work reaches them."""

from liuchi.ground.organisations.models.organisation import Duty, DutyRole, Organisation, OrganisationKind, Post

__all__ = ["Duty", "DutyRole", "Organisation", "OrganisationKind", "Post"]
