"""Organisations, the posts and venues in them, and the powers and duties by which work reaches them."""

from liuchi.ground.organisations.models.asset import (
    METRES,
    Accuracy,
    Asset,
    AssetClass,
    AssetLook,
    AssetState,
    DataSource,
)
from liuchi.ground.organisations.models.duty import Duty, DutyItem, DutyList, DutyRole, ItemKind, ListKind
from liuchi.ground.organisations.models.organisation import (
    Change,
    Organisation,
    OrganisationKind,
    PastState,
    ServedArea,
    Succession,
    SuccessionKind,
)
from liuchi.ground.organisations.models.post import Post
from liuchi.ground.organisations.models.venue import Facility, OpenDay, OpeningHours, Venue, VenueKind

__all__ = [
    "METRES",
    "Accuracy",
    "Asset",
    "AssetClass",
    "AssetLook",
    "AssetState",
    "Change",
    "DataSource",
    "Duty",
    "DutyItem",
    "DutyList",
    "DutyRole",
    "Facility",
    "ItemKind",
    "ListKind",
    "OpenDay",
    "OpeningHours",
    "Organisation",
    "OrganisationKind",
    "PastState",
    "Post",
    "ServedArea",
    "Succession",
    "SuccessionKind",
    "Venue",
    "VenueKind",
]
