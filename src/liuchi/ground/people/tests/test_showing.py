"""What may be seen of people, and by whom: one record, lists, look-ups, doubles."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people.actions import (
    NewPerson,
    begin_care,
    change_person,
    erase_person,
    import_people,
    merge_people,
    move_person,
    register_death,
    separate_people,
    set_care_categories,
)
from liuchi.ground.people.doubles import find_doubles
from liuchi.ground.people.identity import DocumentKind
from liuchi.ground.people.looking_up import LookUpRefused, look_up
from liuchi.ground.people.models import Person
from liuchi.ground.people.naming import name_order
from liuchi.ground.people.showing import Filters, count_people, people_page, people_rows, person_for, plain_facts
from liuchi.ground.people.testing import PHONE, SETUP, SINCE, TODAY, Place, number, resident

BORN = date(1950, 1, 1)


def names(place: Place, *powers: str, **filters: object) -> list[str]:
    return [card.name for card in people_page(place.clerk(*powers), Filters(**filters)).cards]  # type: ignore[arg-type]


def test_person_when_within_reach_then_shown_masked_and_outside_not_found(place: Place) -> None:
    person = resident(home=place.grids[0], identity=number(BORN))

    card = person_for(place.clerk("see"), person.id)

    assert (card.name, card.masked_name, card.masked_phone) == ("张三", "张*", "199****1234")
    assert card.masked_identity == "990803********0011"
    assert (card.age, card.is_child) == (74, False)
    for stranger in (place.clerk("see", at=place.other), place.clerk("manage"), place.clerk("see", at=place.grids[1])):
        with pytest.raises(NotFound):
            person_for(stranger, person.id)


def test_person_when_absorbed_then_leads_to_the_record_in_force(place: Place) -> None:
    kept, absorbed = resident(home=place.one), resident("张山", home=place.one)
    merge_people(by=SETUP, keep=kept.id, absorb=absorbed.id)

    card = person_for(place.clerk("see"), absorbed.id)

    assert (card.id, card.records) == (kept.id, (kept.id, absorbed.id))


def test_person_when_without_a_home_then_seen_by_the_whole_district_only(place: Place) -> None:
    person = resident()

    assert person_for(place.clerk("see", at=place.district), person.id).id == person.id
    with pytest.raises(NotFound):
        person_for(place.clerk("see"), person.id)


def test_plain_facts_when_asked_then_only_with_the_power_there(place: Place) -> None:
    person = resident(home=place.one)

    assert plain_facts(place.clerk("reveal"), person.id)["phone"] == PHONE
    with pytest.raises(NotFound):
        plain_facts(place.clerk("see"), person.id)
    erase_person(by=SETUP, person_id=person.id)
    with pytest.raises(NotFound):
        plain_facts(place.clerk("reveal"), person.id)


def test_names_when_sorted_then_common_characters_stand_by_their_reading() -> None:
    people = ["张三", "赵六", "李四", "白一", "安二", "欧阳五"]

    assert sorted(people, key=name_order) == ["安二", "白一", "李四", "欧阳五", "张三", "赵六"]
    assert name_order("张三").startswith(name_order("张"))


def test_list_when_narrowed_then_those_within_reach_that_fit(place: Place) -> None:
    import_people(
        by=SETUP,
        people=[
            NewPerson("安一", "19900000001", number(date(1940, 1, 1)), place.grids[0]),
            NewPerson("白二", "19900000002", number(date(1964, 9, 12)), place.grids[1]),
            NewPerson("白三", "19900000003", number(date(1964, 9, 13)), place.grids[0]),
            NewPerson("陈四", "19900000004", home=place.grids[0]),
            NewPerson("邓五", "19900000005", home=place.other),
        ],
        valid_from=SINCE,
    )

    assert names(place, "see") == ["安一", "白二", "白三", "陈四"]
    assert names(place, "see", area_id=place.grids[0].id) == ["安一", "白三", "陈四"]
    assert names(place, "see", area_id=place.other.id) == []
    assert names(place, "see", name=" 白 ") == ["白二", "白三"]
    assert names(place, "see", age_from=60) == ["安一", "白二"]
    assert names(place, "see", age_from=59, age_to=60) == ["白二", "白三"]
    assert names(place, "manage") == []
    assert count_people(place.clerk("see"), Filters()) == 4


def test_list_when_by_care_then_only_for_who_may_know_it(place: Place) -> None:
    set_care_categories(by=SETUP)
    person, double = resident(home=place.grids[0]), resident("张山", home=place.grids[0])
    begin_care(
        by=SETUP, person_id=double.id, category="orphan", basis="x", valid_from=SINCE, valid_to=date(2024, 12, 1)
    )

    assert names(place, "see", "care", care="orphan") == ["张山"]
    assert names(place, "see", care="orphan") == []
    merge_people(by=SETUP, keep=person.id, absorb=double.id)
    assert names(place, "see", "care", care="orphan") == ["张三"]


def test_list_when_people_died_merged_moved_or_were_erased_then_they_are_not_on_it(place: Place) -> None:
    people = [resident(f"居民{n}", f"1990000000{n}", home=place.grids[0]) for n in range(5)]
    register_death(by=SETUP, person_id=people[0].id, died_on=TODAY)
    merge_people(by=SETUP, keep=people[4].id, absorb=people[1].id)
    move_person(by=SETUP, person_id=people[2].id, area=None, on=TODAY)
    erase_person(by=SETUP, person_id=people[3].id)

    assert names(place, "see") == ["居民4"]
    assert names(place, "see", with_dead=True) == ["居民0", "居民4"]


def test_list_when_paged_then_everybody_once_in_order_namesakes_too(place: Place) -> None:
    for n in range(7):
        resident("张三" if n % 2 else f"居民{n}", f"1990000000{n}", home=place.grids[n % 2])
    clerk, seen, after, pages = place.clerk("see"), [], None, 0

    while True:
        page = people_page(clerk, Filters(after=after), size=2)
        seen += [(card.name, card.id) for card in page.cards]
        after, pages = page.after, pages + 1
        if after is None:
            break

    assert pages == 4
    assert len(set(seen)) == 7
    assert [name for name, _ in seen] == ["居民0", "居民2", "居民4", "居民6", "张三", "张三", "张三"]
    assert [(card.name, card.id) for card in people_rows(clerk, Filters(), size=3)] == seen
    assert people_page(clerk, Filters(after=place.one.id)).cards


def test_list_when_longer_then_asks_no_more_often(place: Place) -> None:
    counts = []
    for n in range(1, 4):
        resident(f"居民{n}", f"1990000000{n}", home=place.grids[0])
        with CaptureQueriesContext(connection) as asked:
            people_page(place.clerk("see"), Filters())
        counts.append(len(asked))

    assert counts == [1, 1, 1]


def test_look_up_when_exact_then_shows_masked_within_reach(place: Place) -> None:
    person = resident(home=place.grids[0], identity=number(BORN))
    clerk = place.clerk("lookup")

    by_number = look_up(clerk, identity=number(BORN))
    by_fifteen = look_up(clerk, identity="990803500101001")
    by_phone = look_up(clerk, phone="+86 199-0000-1234")
    by_name = look_up(clerk, name="张三", area_id=place.one.id)

    for found in (by_number, by_fifteen, by_phone, by_name):
        assert [card.id for card in found.cards] == [person.id]
        assert not found.is_elsewhere
    assert (by_fifteen.field, by_fifteen.value) == ("people.identity", number(BORN))
    assert look_up(clerk, phone="19900001235").cards == ()
    assert look_up(clerk, name="张", area_id=place.one.id).cards == ()


def test_look_up_when_outside_reach_then_only_that_somebody_is_known_and_only_to_registrars(place: Place) -> None:
    resident(home=place.other, identity=number(BORN))

    told = look_up(place.clerk("lookup", "manage"), identity=number(BORN))
    untold = look_up(place.clerk("lookup"), identity=number(BORN))
    by_name = look_up(place.clerk("lookup", "manage"), name="张三", area_id=place.other.id)

    assert (told.cards, told.is_elsewhere) == ((), True)
    assert (untold.cards, untold.is_elsewhere) == ((), False)
    assert (by_name.cards, by_name.is_elsewhere) == ((), False)


def test_look_up_when_by_what_an_absorbed_record_says_then_finds_the_one_in_force(place: Place) -> None:
    kept, absorbed = resident(home=place.one), resident("张山", "19900005555", place.one)
    merge_people(by=SETUP, keep=kept.id, absorb=absorbed.id)

    assert [card.id for card in look_up(place.clerk("lookup"), phone="19900005555").cards] == [kept.id]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "identity"),
        ({"identity": "123"}, "identity"),
        ({"identity": "E1", "identity_kind": DocumentKind.PASSPORT}, "identity"),
        ({"phone": "x"}, "phone"),
        ({"name": "张三"}, "area"),
    ],
)
def test_look_up_when_nothing_exact_is_given_then_refused_without_repeating_it(
    place: Place, asked: dict[str, str], field: str
) -> None:
    with pytest.raises(LookUpRefused) as refused:
        look_up(place.clerk("lookup"), **asked)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert not any(asked.get(name, "\0") in str(refused.value) for name in ("identity", "phone", "name"))


def test_doubles_when_phone_and_name_agree_then_offered_until_settled(place: Place) -> None:
    people = [resident(home=place.one, identity=number(serial=serial)) for serial in (1, 3)]
    clerk = place.clerk("manage")

    (double,) = find_doubles(clerk)
    merge_id = merge_people(by=clerk, keep=people[0].id, absorb=people[1].id)

    assert {double.first.id, double.other.id if double.other else None} == {person.id for person in people}
    assert double.why == "phone"
    assert find_doubles(clerk) == []
    separate_people(by=clerk, merge_id=merge_id)
    assert find_doubles(clerk) == []


def test_doubles_when_name_birth_and_community_agree_then_offered_unless_numbers_differ(place: Place) -> None:
    homes = (place.grids[0], place.grids[1], place.grids[1], place.other)
    people = [resident("甲", f"1990000000{n}", home) for n, home in enumerate(homes)]
    for person, facts in zip(people, ({"identity": f"citizen:{number(BORN, 1)}"}, {}, {}, {}), strict=True):
        change_person(by=SETUP, person_id=person.id, facts={"birth_on": BORN.isoformat(), **facts})
    change_person(by=SETUP, person_id=people[2].id, facts={"identity": f"citizen:{number(BORN, 3)}"})
    numbered = set(Person.objects.exclude(identity_index=None).values_list("id", flat=True))

    found = find_doubles(place.clerk("manage"))

    assert {double.why for double in found} == {"birth"}
    assert len(found) == 2
    for double in found:
        assert double.other is not None
        assert len({double.first.id, double.other.id} & numbered) == 1


def test_doubles_when_the_other_is_out_of_reach_then_is_not_shown(place: Place) -> None:
    resident(home=place.one, identity=number())
    resident(home=place.other, identity=number(serial=3))

    (double,) = find_doubles(place.clerk("manage"))

    assert (double.first.home_id, double.other) == (place.one.id, None)
    assert find_doubles(place.clerk("see")) == []
