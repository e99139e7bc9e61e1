"""Accounts, roles as data, grants, keys for other systems, and broken glass."""

from liuchi.ground.access.models.account import Account, CloseReason
from liuchi.ground.access.models.answered import AnsweredRequest
from liuchi.ground.access.models.glass import BreakGlass, Finding
from liuchi.ground.access.models.grant import Grant
from liuchi.ground.access.models.key import ApiKey, RevokeReason
from liuchi.ground.access.models.role import Role, RoleChange

__all__ = [
    "Account",
    "AnsweredRequest",
    "ApiKey",
    "BreakGlass",
    "CloseReason",
    "Finding",
    "Grant",
    "RevokeReason",
    "Role",
    "RoleChange",
]
