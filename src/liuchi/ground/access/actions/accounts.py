"""Opening and closing accounts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from liuchi.ground.access.kinds import ACCOUNT_CLOSED, ACCOUNT_OPENED, ACCOUNTS_CLOSED, ACCOUNTS_OPENED
from liuchi.ground.access.models import Account, ApiKey, CloseReason, Grant, RevokeReason, Role
from liuchi.ground.access.rules import (
    account_for_update,
    account_of,
    require_other,
    require_power,
    require_power_over,
    require_somebody_left,
)
from liuchi.ground.access.secrets import temporary_password
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.models import Person
from liuchi.ground.territory.models import Area

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
#: A grant that had not begun when it ended lasts this long: its end has to lie after its beginning.
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class NewAccount:
    """An account to open for a person, with the role it gets for an area (and, for units, in an organisation)."""

    person: Person
    username: str
    role: str
    area: Area
    purpose: str
    organisation: Organisation | None = None
    password: str | None = None


class UsernameRefused(RuleBroken):
    """The user name is taken or cannot be one."""

    code = "username_refused"


class AccountsRefused(RuleBroken):
    """The list of accounts cannot be taken in as it is."""

    code = "accounts_refused"


@action
def open_accounts(*, by: Actor, accounts: Iterable[NewAccount]) -> int:
    """Open accounts with their first grant, where the user name is not taken; return how many were opened.

    For setting up an instance and for tests: it gives accounts and grants at once, which no person may do together. An
    account without a password cannot sign in by password.

    Raises:
        NotAllowed: the actor does not hold both access.accounts and access.grants; nobody but the house itself does.
        AccountsRefused: a role that does not exist.
    """
    require_power(by, "access.accounts")
    require_power(by, "access.grants")
    roles = {role.code: role for role in Role.objects.order_by("code")}
    fresh = _not_taken(accounts)
    if not fresh:
        return 0
    unknown = sorted({new.role for new in fresh} - roles.keys())
    if unknown:
        raise AccountsRefused(f"there is no role {unknown[0]}; the roles are {', '.join(roles)}")
    moment = clock.now()
    rows = [
        Account(person=new.person, username=new.username, created_at=moment, password=make_password(new.password))
        for new in fresh
    ]
    grants = [
        Grant(
            account=row,
            role=roles[new.role],
            area=new.area,
            organisation=new.organisation,
            purpose=new.purpose,
            valid_from=moment,
        )
        for row, new in zip(rows, fresh, strict=True)
    ]
    Account.objects.bulk_create(rows, batch_size=500)
    Grant.objects.bulk_create(grants, batch_size=500)
    record(
        kind=ACCOUNTS_OPENED,
        by=by,
        subject_type="access.account",
        subject_id=rows[0].id,
        data={"accounts": len(rows), "grants": len(grants)},
    )
    return len(rows)


@action
def open_account(*, by: Actor, person_id: UUID, username: str) -> tuple[Account, str]:
    """Open an account without any grant for a person; return it with its temporary password, to be told once.

    Raises:
        NotAllowed: the actor lacks the power access.accounts.
        NotForOneself: for one's own person.
        NotFound: there is no such person, or it was erased or turned out to be a double.
        UsernameRefused: taken, or not 3 to 40 small letters, digits, dots, hyphens and underscores.
    """
    require_power(by, "access.accounts")
    person = (
        Person.objects.select_for_update(of=("self",)).filter(id=person_id, erased_at=None, merged_into=None).first()
    )
    if person is None:
        raise NotFound(_("There is no such person."))
    require_other(by, person.id)
    name = username.strip().lower()
    if not _USERNAME.fullmatch(name) or name.startswith("closed-"):
        raise UsernameRefused(
            _("A user name has 3 to 40 small letters, digits, dots, hyphens and underscores."), field="username"
        )
    if Account.objects.filter(username=name).exists():
        raise UsernameRefused(_("This user name is taken. Choose another."), field="username")
    password = temporary_password()
    account = Account(
        person=person,
        username=name,
        created_at=clock.now(),
        password=make_password(password),
        is_password_temporary=True,
        opened_by_id=account_of(by),
    )
    record(
        kind=ACCOUNT_OPENED,
        by=by,
        subject_type="access.account",
        subject_id=account.id,
        data={"account": account.id, "person": person.id},
        rows=[account],
    )
    return account, password


@action
def close_account(*, by: Actor, account_id: UUID, reason: str) -> None:
    """Close an account for good: no sign-in, its sessions, grants and keys end at once. `reason` is a CloseReason.

    Raises:
        NotAllowed: the actor lacks the power access.accounts wherever the account holds a grant.
        NotForOneself: for an account of one's own.
        NotFound: there is no such account, or it is closed.
        LastAdministrator: nobody would be left to administer.
    """
    account = account_for_update(account_id)
    require_power_over(by, "access.accounts", account)
    require_other(by, account.person_id)
    moment = clock.now()
    running = Grant.objects.select_for_update(of=("self",)).filter(account=account).exclude(valid_to__lte=moment)
    require_somebody_left(list(running.order_by("id")))
    account.is_active, account.closed_at, account.close_reason = False, moment, CloseReason(reason)
    account.set_unusable_password()
    account.save(update_fields=["is_active", "closed_at", "close_reason", "password"])
    grants = _end_grants([account], moment, account_of(by))
    keys = _revoke_keys([account], moment, account_of(by))
    record(
        kind=ACCOUNT_CLOSED,
        by=by,
        subject_type="access.account",
        subject_id=account.id,
        data={"account": account.id, "reason": str(account.close_reason), "grants": grants, "keys": keys},
    )


@action
def close_accounts(*, by: Actor, person_id: UUID) -> int:
    """Close the accounts of an erased person: no sign-in, no grant, no user name that tells who it was.

    Return how many were closed; those closed before lose the name only. The rows stay, for history points at them.

    Raises:
        NotAllowed: the actor lacks the power people.erase.
    """
    require_power(by, "people.erase")
    moment = clock.now()
    rows = Account.objects.select_for_update(of=("self",)).filter(person_id=person_id).order_by("id")
    accounts = [account for account in rows if account.is_active or not account.username.startswith("closed-")]
    if not accounts:
        return 0
    for account in accounts:
        account.username = f"closed-{account.id}"
        account.set_unusable_password()
        if account.is_active:
            account.is_active, account.closed_at, account.close_reason = False, moment, CloseReason.ERASED
        account.save(update_fields=["username", "is_active", "closed_at", "close_reason", "password"])
    grants = _end_grants(accounts, moment, account_of(by))
    _revoke_keys(accounts, moment, account_of(by))
    record(
        kind=ACCOUNTS_CLOSED,
        by=by,
        subject_type="people.person",
        subject_id=person_id,
        data={"accounts": len(accounts), "grants": grants},
    )
    return len(accounts)


def _end_grants(accounts: list[Account], moment: datetime, ended_by: UUID | None) -> int:
    """End the grants of accounts; one that had not begun lasts an instant."""
    running = Grant.objects.filter(account__in=accounts).exclude(valid_to__lte=moment)
    end = Greatest(F("valid_from") + _AN_INSTANT, Value(moment))
    return running.update(valid_to=end, ended_by=ended_by)


def _revoke_keys(accounts: list[Account], moment: datetime, revoked_by: UUID | None) -> int:
    running = ApiKey.objects.filter(owner__in=accounts, revoked_at=None)
    return running.update(revoked_at=moment, revoked_by=revoked_by, revoke_reason=RevokeReason.ENDED)


def _not_taken(accounts: Iterable[NewAccount]) -> list[NewAccount]:
    """Return the accounts whose user name nobody has, each name once."""
    wanted: dict[str, NewAccount] = {}
    for new in accounts:
        wanted.setdefault(new.username, new)
    taken = set(Account.objects.filter(username__in=wanted).values_list("username", flat=True))
    return [new for username, new in wanted.items() if username not in taken]
