"""Writing accounts, roles and grants; sign-in and sign-out; the read lines."""

from liuchi.ground.access.actions.accounts import (
    AccountsRefused,
    NewAccount,
    close_accounts,
    open_accounts,
    set_roles,
)
from liuchi.ground.access.actions.following import follow_areas
from liuchi.ground.access.actions.reading import record_look_up, record_reveal
from liuchi.ground.access.actions.signing import record_failed_sign_in, record_sign_in, record_sign_out

__all__ = [
    "AccountsRefused",
    "NewAccount",
    "close_accounts",
    "follow_areas",
    "open_accounts",
    "record_failed_sign_in",
    "record_look_up",
    "record_reveal",
    "record_sign_in",
    "record_sign_out",
    "set_roles",
]
