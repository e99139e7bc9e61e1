"""Passwords, and the ending of sessions."""

from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liuchi.ground.access.kinds import PASSWORD_CHANGED, PASSWORD_RESET, SESSIONS_ENDED
from liuchi.ground.access.models import Account
from liuchi.ground.access.powers import administration_of
from liuchi.ground.access.rules import (
    account_for_update,
    grants_in_force,
    require_other,
    require_power,
    require_power_over,
)
from liuchi.ground.access.secrets import temporary_password
from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import Kind
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.people.queries import same_person

#: Why a password is set anew by somebody else.
RESET_REASONS = ("forgotten", "suspected", "handover")


class PasswordRefused(RuleBroken):
    """The old password is not right, or the new one is too weak."""

    code = "password_refused"


@action
def reset_password(*, by: Actor, account_id: UUID, reason: str) -> str:
    """Set a temporary password and end all sessions; return it, to be told once. `reason` is one of RESET_REASONS.

    The password of an administrator is set anew on the machine itself only (`liuchi access reset`): whoever could do it
    by page could sign in as that administrator, and the three would be one.

    Raises:
        NotAllowed: the actor lacks the power access.accounts wherever the account holds a grant, or it administers.
        NotForOneself: for an account of one's own.
        NotFound: there is no such account, or it is closed.
        PasswordRefused: the reason is not among those.
    """
    account = account_for_update(account_id)
    require_power_over(by, "access.accounts", account)
    require_other(by, account.person_id)
    if reason not in RESET_REASONS:
        raise PasswordRefused(_("Say why."), field="reason")
    grants = grants_in_force().filter(same_person("account__person", account.person_id), role__isnull=False)
    if by.kind != "system" and any(
        administration_of(grant.role.powers) for grant in grants.select_related("role") if grant.role
    ):
        raise NotAllowed(_("An administrator's password is set anew on the server itself: liuchi access reset NAME."))
    password = temporary_password()
    account.password, account.is_password_temporary = make_password(password), True
    account.save(update_fields=["password", "is_password_temporary"])
    _line(PASSWORD_RESET, by, account, reason=reason)
    return password


@action
def change_password(*, by: Actor, account_id: UUID, old: str, new: str) -> Account:
    """Let somebody change their own password, which ends their other sessions; return the account.

    Raises:
        NotAllowed: the account is somebody else's.
        PasswordRefused: the old one is not right, or the new one is too weak or the same.
    """
    account = account_for_update(account_id)
    if by.id != account.id:
        raise NotAllowed(_("Only its owner changes a password."))
    if not check_password(old, account.password):
        raise PasswordRefused(_("This is not the password in force."), field="old")
    if new == old:
        raise PasswordRefused(_("Choose another password than before."), field="new")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise PasswordRefused(" ".join(error.messages), field="new") from error
    account.password, account.is_password_temporary = make_password(new), False
    account.save(update_fields=["password", "is_password_temporary"])
    _line(PASSWORD_CHANGED, by, account)
    return account


@action
def end_sessions(*, by: Actor, account_id: UUID) -> Account:
    """End every session of an account at its next request: one's own, or as a system administrator.

    Raises:
        NotAllowed: somebody else's, without the power access.accounts wherever the account holds a grant.
        NotFound: there is no such account, or it is closed.
    """
    account = account_for_update(account_id)
    if by.id != account.id:
        require_power(by, "access.accounts")
        require_power_over(by, "access.accounts", account)
    account.sessions_ended += 1
    account.save(update_fields=["sessions_ended"])
    _line(SESSIONS_ENDED, by, account)
    return account


def _line(kind: Kind, by: Actor, account: Account, **facts: str) -> None:
    data = {"account": account.id, **facts}
    record(kind=kind, by=by, subject_type="access.account", subject_id=account.id, data=data)
