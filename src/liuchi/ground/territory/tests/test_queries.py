from datetime import date
from uuid import uuid4

from liuchi.ground.territory.models import Area, AreaKind
from liuchi.ground.territory.queries import Territory


def test_territory_when_asked_about_areas_nobody_knows_then_nothing_is_remembered_of_them() -> None:
    town = Area(kind=AreaKind.TOWN, code="990803001", name="一号镇")
    known = Territory(1, {town.id: town}, date(2024, 1, 1))
    strangers = [uuid4() for _ in range(3)]

    answers = [(known.with_descendants(each), known.with_ancestors(each)) for each in (*strangers, town.id)]

    assert answers == [(frozenset({each}), frozenset({each})) for each in (*strangers, town.id)]
    assert (set(known._below), set(known._above)) == ({town.id}, {town.id})
