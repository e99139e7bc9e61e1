from datetime import date

import pytest

from liuchi.demo.bodies import load_bodies
from liuchi.demo.estates import load_estate
from liuchi.demo.load import load_territory
from liuchi.demo.staff import load_estate_heads, load_roll
from liuchi.ground.journal.models import Line
from liuchi.ground.organisations.models import Organisation
from liuchi.ground.people.heads import HeadFilters, all_heads
from liuchi.ground.people.models import Employment, Income, Person, PostHolding, Secondment, UnitHead
from liuchi.ground.people.staff import staff_figures
from liuchi.ground.territory.models import Area
from liuchi.ground.territory.testing import Clerk

POWERS = frozenset({"staff.see", "staff.manage"})
COUNTED = (Employment, Income, Secondment, Person, PostHolding, UnitHead, Line)


@pytest.fixture
def areas(db: None) -> dict[str, Area]:
    load_territory(lambda _said: None)
    return {area.code: area for area in Area.objects.order_by("code")}


def test_roll_when_loaded_twice_then_its_figures_are_those_reported_and_nothing_changes(
    areas: dict[str, Area],
) -> None:
    load_bodies(areas)
    bodies = {body.code: body for body in Organisation.objects.order_by("code")}

    assert load_roll(bodies) == 328
    counts = [each.objects.count() for each in COUNTED]
    assert load_roll(bodies) == 0
    assert [each.objects.count() for each in COUNTED] == counts
    figures = staff_figures(Clerk(POWERS, areas["340803"].id), date(2024, 7, 1))
    assert (figures.communities, figures.staff, figures.below_floor) == (23, 328, 2)
    assert (figures.lent, figures.returned, figures.lent_unapproved) == (2, 10, 1)
    assert PostHolding.objects.count() == 121


def test_heads_when_loaded_twice_then_sixty_stand_in_the_estate_and_nothing_changes(areas: dict[str, Area]) -> None:
    load_estate(areas)

    assert load_estate_heads(areas) == 60
    counts = [each.objects.count() for each in COUNTED]
    assert load_estate_heads(areas) == 0
    assert [each.objects.count() for each in COUNTED] == counts
    heads = list(all_heads(Clerk(POWERS, areas["340803005001"].id), HeadFilters()))
    assert len(heads) == len({head.person_id for head in heads}) == 60
    assert sum(head.building is None for head in heads) == 3
