"""Writing accounts, roles and grants; sign-in and sign-out; the deliberate look at a protected value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import make_password

from liuchi.ground.access.kinds import ACCOUNTS_OPENED, REVEALED, ROLES_SET, SIGNED_IN, SIGNED_OUT
from liuchi.ground.access.models import Account, Grant, Role
from liuchi.ground.access.powers import ROLES
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.models import Person
from liuchi.ground.territory.models import Area


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


@action
def set_roles(*, by: Actor, roles: Mapping[str, tuple[str, frozenset[str]]] = ROLES) -> int:
    """Make the roles in the database equal to `roles` (code → name, powers); return how many were new or changed."""
    present = {role.code: role for role in Role.objects.order_by("code")}
    changed = [
        Role(code=code, name=name, powers=sorted(powers))
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
    """
    roles = {role.code: role for role in Role.objects.order_by("code")}
    taken = set(Account.objects.values_list("username", flat=True))
    moment = clock.now()
    fresh = [new for new in accounts if new.username not in taken]
    if not fresh:
        return 0
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
def record_sign_in(*, by: Actor, account: Account, way: str) -> None:
    """Leave a line that `account` signed in, and which way ("password", "demo")."""
    record(
        kind=SIGNED_IN,
        by=by,
        subject_type="access.account",
        subject_id=account.id,
        data={"account": account.id, "way": way},
    )


@action
def record_sign_out(*, by: Actor, account: Account) -> None:
    """Leave a line that `account` signed out."""
    record(kind=SIGNED_OUT, by=by, subject_type="access.account", subject_id=account.id, data={"account": account.id})


@action
def record_reveal(
    *, by: Actor, subject_type: str, subject_id: UUID, field: str, purpose: str, place_id: UUID | None = None
) -> None:
    """Leave the read line that a protected value was looked at, with the purpose; call before showing it."""
    record(
        kind=REVEALED,
        by=by,
        subject_type=subject_type,
        subject_id=subject_id,
        place_id=place_id,
        data={"field": field, "purpose": purpose},
    )
