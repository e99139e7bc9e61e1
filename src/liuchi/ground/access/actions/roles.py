"""Writing roles."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from liuchi.ground.access.kinds import ROLE_CHANGED, ROLES_SET
from liuchi.ground.access.models import Account, Role, RoleChange
from liuchi.ground.access.powers import AUDIT, OF_ADMINISTRATION, POWERS, ROLES, SECURITY, SYSTEM, administration_of
from liuchi.ground.access.rules import (
    AdministratorsApart,
    account_of,
    administrators_apart,
    grants_in_force,
    require_power,
    require_reason,
)
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.queries import same_person

#: What the role of each of the three cannot be without: no administrator does away with another.
_OWN = {SYSTEM: "access.accounts", SECURITY: "access.grants", AUDIT: "access.audit"}
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)
#: Powers over the running system that an administrator may hold beside the administration itself.
_BESIDE = frozenset(
    {"notices.manage", "calendars.publish", "operate_journal", "hooks.manage", "cases.standards", "figures.manage"}
    | {"exchange.import", "exchange.export"}
)


class RoleRefused(RuleBroken):
    """The role cannot be as it was asked for."""

    code = "role_refused"


@action
def set_roles(*, by: Actor, roles: Mapping[str, tuple[str, frozenset[str]]] = ROLES) -> int:
    """Make the roles in the database equal to `roles` (code → name, powers); return how many were new or changed.

    For setting up an instance; `set_role` changes one, and says why.

    Raises:
        NotAllowed: the actor lacks the power access.grants.
    """
    require_power(by, "access.grants")
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
def set_role(*, by: Actor, code: str, name: str, powers: Iterable[str], reason: str) -> Role:
    """Make a role, or change its name and powers for everybody who holds it; return it. The change is kept with why.

    Raises:
        NotAllowed: the actor lacks the power access.grants.
        RoleRefused: no name, a code that cannot be one, an unknown power, none, or one that the actor would gain.
        AdministratorsApart: the powers are of two administrations, or of one beside everyday work, or a holder would
            then administer two things.
        ReasonMissing: without a reason.
    """
    require_power(by, "access.grants")
    said = require_reason(reason)
    wanted = _wanted(code, name, powers)
    role = Role.objects.select_for_update(of=("self",)).filter(code=code).first()
    before = frozenset(role.powers) if role is not None else frozenset()
    if role is None:
        role = Role(code=code)
    elif (role.name, before) == (name.strip(), wanted):
        return role
    _require_nothing_gained(by, role, wanted - before)
    role.name, role.powers = name.strip(), sorted(wanted)
    with administrators_apart(_("Somebody who holds this role is an administrator of another kind already."), "powers"):
        if role._state.adding:  # noqa: SLF001 - the framework's own way to tell a new row
            role.save(force_insert=True)
        else:
            role.save(update_fields=["name", "powers"])
    RoleChange.objects.create(
        role=role, name=role.name, powers=role.powers, reason=said, by_id=account_of(by), at=clock.now()
    )
    facts = {
        "role": code,
        "powers": role.powers,
        "added": sorted(wanted - before),
        "removed": sorted(before - wanted),
    }
    record(kind=ROLE_CHANGED, by=by, subject_type="access.role", subject_id=role.id, data=facts)
    return role


def _wanted(code: str, name: str, powers: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(powers)
    if not _CODE.fullmatch(code):
        raise RoleRefused(_("A role's code has 2 to 40 small letters, digits and underscores."), field="code")
    if not name.strip():
        raise RoleRefused(_("Give the role a name."), field="name")
    if not wanted or wanted - POWERS.keys():
        raise RoleRefused(_("Choose at least one power of the list."), field="powers")
    if code in OF_ADMINISTRATION and _OWN[code] not in wanted:
        raise RoleRefused(_("Without this power nobody could do this administrator's work."), field="powers")
    administrations = administration_of(wanted)
    if len(administrations) > 1:
        raise AdministratorsApart(
            _("System, security and audit administration are three people's work; no role holds two."), field="powers"
        )
    own = frozenset().union(*(OF_ADMINISTRATION[each] for each in administrations))
    if administrations and wanted - own - _BESIDE:
        raise AdministratorsApart(
            _("Administration goes with no everyday work. Leave one of the two out."), field="powers"
        )
    return wanted


def _require_nothing_gained(by: Actor, role: Role, gained: frozenset[str]) -> None:
    """Refuse to widen a role that the actor's own person holds: that would be giving to oneself."""
    if not gained or by.id is None:
        return
    own = Account.objects.filter(id=by.id).values_list("person_id", flat=True).first()
    if own is not None and grants_in_force().filter(same_person("account__person", own), role=role).exists():
        raise RoleRefused(_("You hold this role yourself; somebody else has to widen it."), field="powers")
