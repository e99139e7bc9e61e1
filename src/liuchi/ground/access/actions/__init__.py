"""Writing accounts, roles and grants; keys; broken glass; sign-in and sign-out; the read lines."""

from liuchi.ground.access.actions.accounts import (
    AccountsRefused,
    NewAccount,
    UsernameRefused,
    close_account,
    close_accounts,
    open_account,
    open_accounts,
)
from liuchi.ground.access.actions.following import follow_areas, follow_key
from liuchi.ground.access.actions.glass import GlassRefused, ReviewRefused, break_glass, put_glass_back, review_glass
from liuchi.ground.access.actions.grants import GrantRefused, NewGrant, end_grant, give_grant
from liuchi.ground.access.actions.keys import KeyRefused, NewKey, make_key, record_key_use, revoke_key
from liuchi.ground.access.actions.passwords import PasswordRefused, change_password, end_sessions, reset_password
from liuchi.ground.access.actions.posts import carry_over_grants, hand_over_grants
from liuchi.ground.access.actions.reading import record_look_up, record_reveal
from liuchi.ground.access.actions.roles import RoleRefused, set_role, set_roles
from liuchi.ground.access.actions.rotation import exchange_key
from liuchi.ground.access.actions.signing import record_failed_sign_in, record_sign_in, record_sign_out
from liuchi.ground.access.rules import AdministratorsApart

__all__ = [
    "AccountsRefused",
    "AdministratorsApart",
    "GlassRefused",
    "GrantRefused",
    "KeyRefused",
    "NewAccount",
    "NewGrant",
    "NewKey",
    "PasswordRefused",
    "ReviewRefused",
    "RoleRefused",
    "UsernameRefused",
    "break_glass",
    "carry_over_grants",
    "change_password",
    "close_account",
    "close_accounts",
    "end_grant",
    "end_sessions",
    "exchange_key",
    "follow_areas",
    "follow_key",
    "give_grant",
    "hand_over_grants",
    "make_key",
    "open_account",
    "open_accounts",
    "put_glass_back",
    "record_failed_sign_in",
    "record_key_use",
    "record_look_up",
    "record_reveal",
    "record_sign_in",
    "record_sign_out",
    "reset_password",
    "review_glass",
    "revoke_key",
    "set_role",
    "set_roles",
]
