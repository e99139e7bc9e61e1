from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuchi.ground.access import viewers
from liuchi.ground.access.actions import record_reveal
from liuchi.ground.access.hats import HeldGrant, hats_of, worn
from liuchi.ground.access.models import Account
from liuchi.ground.access.powers import ADMINISTRATORS, ROLES
from liuchi.ground.access.testing import MORNING, Ground, give, person_named, small_ground
from liuchi.ground.access.viewers import Viewer, viewer_of, viewers_of
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models import Person
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.queries import Territory

ROLE_CODES = sorted(ROLES)


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    made = small_ground()
    with frozen_at(MORNING):
        yield made


def test_hats_when_grants_are_of_two_units_and_an_administration_then_each_is_one(ground: Ground) -> None:
    give("lin", "handler", ground.towns[0], ground.water)
    give("lin", "handler", ground.towns[1], ground.water)
    give("lin", "checker", ground.towns[0], ground.lights)
    give("lin", "dispatcher", ground.district)
    give("lin", "desk", ground.towns[1])
    give("lin", "audit_admin", ground.district)

    viewer = ground.viewer("lin")

    held = {hat.key: (hat.id, {code for code, _ in hat.roles}, len(hat.grants)) for hat in viewer.hats}
    assert held == {
        "own": (None, {"dispatcher", "desk"}, 2),
        f"unit-{ground.water.id}": (ground.water.id, {"handler"}, 2),
        f"unit-{ground.lights.id}": (ground.lights.id, {"checker"}, 1),
        "role-audit_admin": (viewer.held[0].role_id, {"audit_admin"}, 1),
    }
    assert viewer.hats[-1].key == "role-audit_admin"


def test_viewers_when_many_are_read_at_once_then_each_is_as_read_alone(ground: Ground) -> None:
    give("lin", "desk", ground.district)
    give("lin", "handler", ground.towns[0], ground.water)
    other = person_named("lin before")
    give("before", "checker", ground.towns[1], person=other)
    give("wu", "dispatcher", ground.district)
    with guard.scope("maintenance", "tests"):
        Person.objects.filter(id=other.id).update(merged_into=Account.objects.get(username="lin").person_id)
    accounts = list(Account.objects.order_by("username"))

    with CaptureQueriesContext(connection) as asked:
        found = list(viewers_of(accounts))

    assert [len(each.held) for each in found] == [3, 3, 1]
    assert found == [viewer_of(each) for each in accounts]
    assert len(asked) == 2


def test_viewer_when_a_hat_is_chosen_then_only_its_grants_count_and_lines_say_which(ground: Ground) -> None:
    give("lin", "desk", ground.district)
    give("lin", "handler", ground.district, ground.water)

    own, water = ground.viewer("lin"), ground.viewer("lin", f"unit-{ground.water.id}")
    for viewer in (own, water):
        record_reveal(by=viewer, subject_type="x", subject_id=new_id(), field="phone", purpose="visiting")

    assert (own.allows("cases.accept"), own.allows("cases.handle")) == (True, False)
    assert (water.allows("cases.accept"), water.allows("cases.handle")) == (False, True)
    assert water.allows("cases.report")
    assert own.organisations("cases.handle") == frozenset()
    assert own.organisations_under_any_hat("cases.handle") == {ground.water.id}
    lines = Line.objects.filter(kind="access.revealed").order_by("seq").values_list("on_behalf_of", flat=True)
    assert list(lines) == [None, ground.water.id]


def test_viewer_when_the_hat_is_gone_then_wears_the_one_held_longest(ground: Ground) -> None:
    give("lin", "handler", ground.district, ground.water)
    with frozen_at(MORNING - timedelta(days=1)):
        give("lin", "handler", ground.district, ground.lights)

    assert ground.viewer("lin", f"unit-{new_id()}").on_behalf_of == ground.lights.id


def test_viewer_when_there_is_nothing_but_public_powers_then_wears_no_hat_and_keeps_them(ground: Ground) -> None:
    give("resident", "resident", ground.district)
    give("lin", "resident", ground.district)
    give("lin", "handler", ground.district, ground.water)

    resident, lin = ground.viewer("resident"), ground.viewer("lin")

    assert (resident.hat, resident.hats, resident.roles) == (None, (), frozenset({"resident"}))
    assert resident.allows("cases.report")
    assert (len(lin.hats), lin.roles) == (1, frozenset({"resident", "handler"}))


def test_viewer_when_the_person_has_a_second_account_then_its_grants_are_known_and_not_lent(ground: Ground) -> None:
    person = person_named("林")
    give("first", "desk", ground.district, person=person)
    give("second", "handler", ground.district, ground.water, person=person)

    viewer = ground.viewer("first")

    assert not viewer.allows("cases.handle")
    assert viewer.organisations_under_any_hat("cases.handle") == {ground.water.id}


def test_viewer_when_there_are_many_hats_then_one_query_reads_them(ground: Ground) -> None:
    for organisation in (None, ground.water, ground.lights):
        give("lin", "handler", ground.district, organisation)
    account = Account.objects.get(username="lin")

    with CaptureQueriesContext(connection) as asked:
        viewer_of(account)

    assert len(asked) == 1


def _tree(parents: list[int], ended: list[int]) -> Territory:
    """Return a territory in which area n+1 hangs below one of the areas before it, and some hold areas that ended."""
    areas = [Area(kind="district", code="0", name="0", valid_from=date(2024, 1, 1))]
    for number, parent in enumerate(parents, start=1):
        above = areas[parent % number]
        areas.append(
            Area(kind="grid", code=str(number), name="x", management_parent=above, valid_from=date(2024, 1, 1))
        )
    former: dict[UUID, UUID | None] = {}
    for holder in ended:
        former[new_id()] = [*[area.id for area in areas], *former][holder % (len(areas) + len(former))]
    return Territory(1, {area.id: area for area in areas}, date(2024, 9, 12), former)


grants = st.lists(st.tuples(st.sampled_from(ROLE_CODES), st.integers(0, 30), st.sampled_from([None, 1, 2])), max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=st.lists(st.integers(0, 30), max_size=20),
    ended=st.lists(st.integers(0, 30), max_size=4),
    given_=grants,
    hat=st.integers(0, 6),
)
def test_viewer_when_asked_in_two_ways_then_areas_and_powers_agree(
    monkeypatch: pytest.MonkeyPatch,
    parents: list[int],
    ended: list[int],
    given_: list[tuple[str, int, int | None]],
    hat: int,
) -> None:
    tree = _tree(parents, ended)
    monkeypatch.setattr(viewers, "territory", lambda: tree)
    areas = [*tree.areas, *tree.former]
    held = tuple(
        HeldGrant(role, ROLES[role][1], areas[at % len(areas)], UUID(int=unit) if unit else None)
        for role, at, unit in given_
    )
    hats = hats_of(held)
    chosen = worn(hats, hats[hat % len(hats)].key) if hats else None
    viewer = Viewer(new_id(), new_id(), "x", chosen.grants if chosen else (), hat=chosen, hats=hats, held=held)

    powers = sorted({power for _, all_of in ROLES.values() for power in all_of})
    for power in powers:
        reach = viewer.areas(power)
        assert reach == {area for area in areas if viewer.allows(power, area)}
        assert bool(reach) == viewer.allows(power)
        assert all(tree.with_descendants(area) <= reach for area in reach)
        assert reach <= Viewer(new_id(), new_id(), "x", held).areas(power)
    assert sum(len(each.grants) for each in hats) == len([g for g in held if g.role != "resident"])
    assert all(
        {grant.role for grant in each.grants} == {each.key.removeprefix("role-")}
        for each in hats
        if {grant.role for grant in each.grants} & ADMINISTRATORS
    )
