"""Planted practice follows from its seed and comes away from the lists as often as it says."""

from datetime import timedelta
from uuid import UUID, uuid5

from liuchi.demo.district.practice import BEGINS, YEAR, Place, practised

SPACE = UUID(int=7)
LEAD, HELP = UUID(int=1), UUID(int=2)
OFFICE = UUID(int=3)
PLACES = [Place(uuid5(SPACE, f"g{n}"), uuid5(SPACE, f"c{n // 3}"), OFFICE) for n in range(60)]
MATTERS = [f"event-{number:04}" for number in range(60)]


def duties(_matter: str, _place: UUID) -> dict[UUID, str]:
    return {LEAD: "lead", HELP: "assist"}


def test_practice_when_drawn_twice_then_the_same_and_of_another_seed_another() -> None:
    first = practised(7, MATTERS, PLACES, duties, 300)

    assert practised(7, MATTERS, PLACES, duties, 300) == first
    assert practised(8, MATTERS, PLACES, duties, 300) != first


def test_practice_when_drawn_then_mostly_as_listed_sometimes_sent_back_within_a_year() -> None:
    found = practised(7, MATTERS, PLACES, duties, 3000)
    done = [each for each in found if not each.is_returned]

    assert len(done) == 3000
    assert 0.6 < sum(each.unit_id == LEAD for each in done) / 3000 < 0.97
    assert 0.06 < (len(found) - 3000) / 3000 < 0.11
    assert all(BEGINS <= each.at <= BEGINS + YEAR + timedelta(days=2) for each in found)
    assert all(each.at < each.known_at for each in found)


def test_practice_when_no_list_names_anybody_then_nothing_is_planted() -> None:
    assert practised(7, MATTERS, PLACES, lambda _matter, _place: {}, 50) == []
