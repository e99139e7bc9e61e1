"""Writing accounts, roles and grants."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import F

from liuchi.ground.access.kinds import (
    ACCOUNTS_CLOSED,
    ACCOUNTS_OPENED,
    ROLES_SET,
)
from liuchi.ground.access.models import Account, Grant, Role
from liuchi.ground.access.powers import ROLES
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.models import Person
from liuchi.ground.territory.models import Area

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


class AccountsRefused(RuleBroken):
    """The list of accounts cannot be taken in as it is."""

    code = "accounts_refused"


@action
def set_roles(*, by: Actor, roles: Mapping[str, tuple[str, frozenset[str]]] = ROLES) -> int:
    """Make the roles in the database equal to `roles` (code → name, powers); return how many were new or changed."""
    present = {role.code: role for role in Role.objects.order_by("code")}
    changed = [
        Role(id=present[code].id if code in present else new_id(), code=code, name=name, powers=sorted(powers))
        for code, (name, powers) in roles.items()
        if code not in present or (present[code].name, present[code].powers) != (name, sorted(powers))
    ]
    if not changed:
        return 0
    Role.objects.bulk_create(changed, update_conflicts=True, unique_fields=["code"], update_fields=["name", "powers"])
    record(kind=ROLES_SET, by=by, subject_type="access.role", subject_id=changed[0].id, data={"roles": len(changed)})
    return len(changed)


@action
def open_accounts(*, by: Actor, accounts: Iterable[NewAccount]) -> int:
    """Open accounts with their first grant, where the user name is not taken; return how many were opened.

    An account without a password cannot sign in by password.

    Raises:
        AccountsRefused: a role that does not exist.
    """
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
def close_accounts(*, by: Actor, person_id: UUID) -> int:
    """Close the accounts of an erased person: no sign-in, no grant, no user name that tells who it was.

    Return how many were closed; those closed before are left as they are. The rows stay, for history points at them.
    """
    moment = clock.now()
    accounts = list(Account.objects.select_for_update().filter(person_id=person_id, is_active=True).order_by("id"))
    if not accounts:
        return 0
    for account in accounts:
        account.username, account.is_active = f"closed-{account.id}", False
        account.set_unusable_password()
        account.save(update_fields=["username", "is_active", "password"])
    grants = Grant.objects.filter(account__in=accounts, valid_to=None)
    ended = grants.filter(valid_from__lt=moment).update(valid_to=moment)
    ended += grants.filter(valid_from__gte=moment).update(valid_to=F("valid_from") + _AN_INSTANT)
    record(
        kind=ACCOUNTS_CLOSED,
        by=by,
        subject_type="people.person",
        subject_id=person_id,
        data={"accounts": len(accounts), "grants": ended},
    )
    return len(accounts)


def _not_taken(accounts: Iterable[NewAccount]) -> list[NewAccount]:
    """Return the accounts whose user name nobody has, each name once."""
    wanted: dict[str, NewAccount] = {}
    for new in accounts:
        wanted.setdefault(new.username, new)
    taken = set(Account.objects.filter(username__in=wanted).values_list("username", flat=True))
    return [new for username, new in wanted.items() if username not in taken]
