from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from liuchi.ground.access.actions import AdministratorsApart, NewGrant, RoleRefused, give_grant, set_role, set_roles
from liuchi.ground.access.models import Account, Role, RoleChange
from liuchi.ground.access.powers import ADMINISTRATORS, OF_ADMINISTRATION, POWERS, ROLES, administration_of
from liuchi.ground.access.rules import ReasonMissing
from liuchi.ground.access.testing import MORNING, Ground, give, person_named, small_ground
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        give("security", "security_admin", made.district)
        give("desk", "desk", made.district)
        yield made


def set_desk(ground: Ground, by: str = "security", **values: Any) -> Role:
    given = {"code": "desk", "name": "受理员", "powers": ["cases.see", "cases.accept"], "reason": "试行办法", **values}
    return set_role(by=ground.viewer(by), **given)


def test_role_when_changed_then_every_holder_has_it_at_once_and_the_change_is_kept(ground: Ground) -> None:
    before = set(Role.objects.get(code="desk").powers)

    role = set_desk(ground, powers=["cases.see", "cases.dispatch"])

    desk = ground.viewer("desk")
    assert (desk.allows("cases.dispatch"), desk.allows("cases.accept")) == (True, False)
    change = RoleChange.objects.get(role=role)
    assert (change.powers, change.reason, change.by_id) == (
        ["cases.dispatch", "cases.see"],
        "试行办法",
        ground.viewer("security").id,
    )
    assert Line.objects.get(kind="access.role_changed").data == {
        "role": "desk",
        "powers": ["cases.dispatch", "cases.see"],
        "added": ["cases.dispatch"],
        "removed": sorted(before - {"cases.see"}),
    }


def test_role_when_new_then_it_can_be_given(ground: Ground) -> None:
    role = set_desk(ground, code="night_desk", name="夜班受理员")

    give("night", "night_desk", ground.district)

    assert ground.viewer("night").allows("cases.accept")
    assert role.changes.get().name == "夜班受理员"


def test_role_when_nothing_changes_then_nothing_is_written(ground: Ground) -> None:
    before = Line.objects.count()

    set_desk(ground, name=ROLES["desk"][0], powers=ROLES["desk"][1])

    assert (Line.objects.count(), RoleChange.objects.count()) == (before, 0)


REFUSED: dict[str, tuple[str, dict[str, Any], type[RuleBroken], str | None]] = {
    "by somebody without the power": ("desk", {}, NotAllowed, None),
    "without a reason": ("security", {"reason": " "}, ReasonMissing, "reason"),
    "without a name": ("security", {"name": " "}, RoleRefused, "name"),
    "with a code that is none": ("security", {"code": "Nacht"}, RoleRefused, "code"),
    "without powers": ("security", {"powers": []}, RoleRefused, "powers"),
    "with a power that is none": ("security", {"powers": ["cases.see", "cases.everything"]}, RoleRefused, "powers"),
    "of two administrations": (
        "security",
        {"powers": ["access.accounts", "access.audit"]},
        AdministratorsApart,
        "powers",
    ),
    "of administration beside casework": (
        "security",
        {"powers": ["access.audit", "cases.see"]},
        AdministratorsApart,
        "powers",
    ),
    "of the audit administrators without audit": (
        "security",
        {"code": "audit_admin", "powers": ["notices.manage"]},
        RoleRefused,
        "powers",
    ),
    "that its holder would widen": (
        "security",
        {"code": "security_admin", "powers": ["access.grants", "access.keys", "notices.manage"]},
        RoleRefused,
        "powers",
    ),
    "whose holder administers something else": (
        "security",
        {"powers": ["access.accounts"]},
        AdministratorsApart,
        "powers",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_role_when_it_breaks_a_rule_then_refused_and_nothing_is_written(ground: Ground, case: str) -> None:
    person = person_named("审")
    give("auditor", "audit_admin", ground.district, person=person)
    give("auditor-2", "desk", ground.district, person=person)
    username, values, error, field = REFUSED[case]
    before = (list(Role.objects.values_list("code", "powers")), Line.objects.count())

    with pytest.raises(error) as refused:
        set_desk(ground, by=username, **values)

    assert refused.value.field == field
    assert (list(Role.objects.values_list("code", "powers")), Line.objects.count()) == before


def test_role_when_a_holder_will_administer_something_else_then_refused(ground: Ground) -> None:
    set_desk(ground, code="helper", name="助手", powers=["cases.see"])
    give("auditor", "helper", ground.district)
    grant = NewGrant(
        Account.objects.get(username="auditor").id,
        "audit_admin",
        ground.district.id,
        "administration",
        "任命文件",
        valid_from=clock.now() + timedelta(days=3650),
    )
    give_grant(by=ground.viewer("security"), grant=grant)

    with pytest.raises(AdministratorsApart):
        set_desk(ground, code="helper", name="助手", powers=["access.accounts"])

    assert Role.objects.get(code="helper").powers == ["cases.see"]


def test_role_when_ones_own_becomes_narrower_then_nobody_minds(ground: Ground) -> None:
    role = set_desk(ground, code="security_admin", name="安全管理员", powers=["access.grants"])

    assert role.powers == ["access.grants"]


def test_roles_when_set_by_a_person_without_the_power_then_refused(ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        set_roles(by=ground.viewer("desk"))


def test_roles_that_ship_when_read_then_they_keep_the_rules() -> None:
    for code, (_, powers) in ROLES.items():
        assert powers <= POWERS.keys()
        assert administration_of(powers) == ({code} if code in ADMINISTRATORS else frozenset())
    assert OF_ADMINISTRATION.keys() == ADMINISTRATORS


@pytest.mark.parametrize("code", sorted(ROLES))
def test_role_that_ships_when_renamed_then_its_powers_keep_the_rule_that_holds_for_all(
    ground: Ground, code: str
) -> None:
    name, powers = ROLES[code]

    role = set_role(by=ground.viewer("security"), code=code, name=f"{name}（试行）", powers=powers, reason="试行办法")

    assert role.powers == sorted(powers)
