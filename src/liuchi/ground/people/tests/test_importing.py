"""Registers taken in: who is known by what, what changes, what is told, and how it is taken back."""

import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import (
    NewPerson,
    Taken,
    TakenAs,
    change_person,
    merge_people,
    register_death,
    take_back_people,
    take_in_people,
)
from liuchi.ground.people.identity import Doubt
from liuchi.ground.people.models import CareStatus, Person, PersonChange, Residence
from liuchi.ground.people.testing import NOW, PHONE, SETUP, SINCE, TODAY, Place, number, resident
from liuchi.ground.people.values import facts_of
from liuchi.ground.records import protected

BORN = date(1950, 1, 1)
NEW, CHANGED, SAME = TakenAs.NEW, TakenAs.CHANGED, TakenAs.SAME
REPEATED, AMBIGUOUS, REFUSED = TakenAs.REPEATED, TakenAs.AMBIGUOUS, TakenAs.REFUSED


def take(*people: NewPerson, on: date = TODAY) -> list[Taken]:
    return take_in_people(by=SETUP, people=people, valid_from=on)


def statuses(taken: list[Taken]) -> list[str]:
    return [each.status for each in taken]


def test_batch_when_taken_twice_then_the_second_changes_nothing(place: Place) -> None:
    batch = [
        NewPerson("张三", PHONE, number(BORN), place.grids[0], "一号楼"),
        NewPerson("李四", "19900005555", home=place.grids[1]),
        NewPerson("王五", birth_on=BORN, home=place.grids[0], sex="1"),
    ]

    first, second = take(*batch), take(*batch)

    assert (statuses(first), statuses(second)) == ([NEW] * 3, [SAME] * 3)
    assert [each.person_id for each in first] == [each.person_id for each in second]
    assert (Person.objects.count(), Residence.objects.count(), PersonChange.objects.count()) == (3, 3, 0)
    line = Line.objects.get(kind="people.imported")
    assert line.data == {"people": 3, "holdings": 0, "residences": 3, "changed": 0}


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        (NewPerson("张三", PHONE), SAME),
        (NewPerson("张三", "", number(BORN)), SAME),
        (NewPerson("张三", "", "990803500101001"), SAME),
        (NewPerson("章三", "", number(BORN)), CHANGED),
        (NewPerson("张三", "19900007777", number(BORN)), CHANGED),
        (NewPerson("张三", PHONE, number(BORN, 3)), NEW),
        (NewPerson("李四", PHONE), NEW),
        (NewPerson("张三", "19900007777"), NEW),
    ],
)
def test_entry_when_it_speaks_of_somebody_known_then_by_number_else_by_phone_and_name(
    place: Place, entry: NewPerson, status: TakenAs
) -> None:
    take(NewPerson("张三", PHONE, number(BORN), place.one))

    assert statuses(take(entry)) == [status]


def test_entry_when_without_number_then_name_birth_and_community_find_somebody_too(place: Place) -> None:
    (known,) = take(NewPerson("张三", birth_on=BORN, home=place.grids[0]))

    found, elsewhere, other_day = take(
        NewPerson("张三", "19900008888", birth_on=BORN, home=place.grids[1]),
        NewPerson("张三", birth_on=BORN, home=place.other),
        NewPerson("张三", birth_on=BORN + timedelta(days=1), home=place.grids[0]),
    )

    assert (found.status, found.person_id) == (CHANGED, known.person_id)
    assert (elsewhere.status, other_day.status) == (NEW, NEW)
    assert set(found.facts) == {"phone", "home", "residence"}


def test_entry_when_it_brings_the_number_then_the_record_found_by_phone_gets_it(place: Place) -> None:
    person = resident(home=place.one)

    (taken,) = take(NewPerson("张三", PHONE, number(BORN)))

    person.refresh_from_db()
    assert (taken.status, taken.person_id) == (CHANGED, person.id)
    assert set(taken.facts) == {"identity", "sex", "birth_on"}
    assert facts_of(person)["identity"] == f"citizen:{number(BORN)}"


def test_entry_when_it_fits_several_then_it_is_told_and_nothing_is_guessed(place: Place) -> None:
    people = [resident(identity=number(serial=serial), home=place.one) for serial in (1, 3)]

    (taken,) = take(NewPerson("张三", PHONE))

    assert taken.status == AMBIGUOUS
    assert set(taken.candidates) == {person.id for person in people}
    assert taken.error is not None


def test_entries_when_some_cannot_be_then_the_others_stand(place: Place) -> None:
    taken = take(
        NewPerson("张三", PHONE),
        NewPerson("", PHONE),
        NewPerson("李四", "", "990803195001010012"),
        NewPerson("王五"),
        NewPerson("张三", PHONE),
        NewPerson("赵六", "19900001111", number(BORN), sex="2"),
    )

    assert statuses(taken) == [NEW, REFUSED, REFUSED, REFUSED, REPEATED, NEW]
    assert [each.error.field for each in taken if each.error] == ["name", "identity", "identity"]
    assert taken[5].doubts == (Doubt.UNKNOWN_PLACE, Doubt.SEX_DIFFERS)
    assert Person.objects.count() == 2


def test_entry_when_the_home_is_another_then_a_move_and_an_empty_value_says_nothing(place: Place) -> None:
    take(NewPerson("张三", PHONE, number(BORN), place.grids[0], "一号楼"), on=SINCE)

    (moved,) = take(NewPerson("张三", "", number(BORN), place.grids[1], "二号楼"))

    person = Person.objects.get()
    new, old = person.residences.all()
    assert (moved.status, person.home, facts_of(person)["phone"]) == (CHANGED, place.grids[1], PHONE)
    assert (old.valid_to, new.valid_from) == (TODAY, TODAY)
    assert protected.unseal(new.address_sealed, protected.ADDRESS, new.id) == "二号楼"


def test_entry_when_the_person_is_out_of_reach_or_dead_then_refused(place: Place) -> None:
    resident(home=place.other, identity=number(BORN))
    dead = resident("李四", "19900005555", home=place.one)
    register_death(by=SETUP, person_id=dead.id, died_on=TODAY)
    clerk = place.clerk("manage")

    elsewhere, away, died = take_in_people(
        by=clerk,
        people=[
            NewPerson("张三", "", number(BORN), place.one),
            NewPerson("王五", PHONE, home=place.other),
            NewPerson("李四", "19900005555", sex="1", home=place.one),
        ],
        valid_from=TODAY,
    )

    assert statuses([elsewhere, away, died]) == [REFUSED] * 3
    assert [each.error.field for each in (elsewhere, away, died) if each.error] == ["home", "home", "name"]


def test_entry_when_its_number_was_not_chosen_in_a_merge_then_somebody_has_to_look(place: Place) -> None:
    keep, absorb = (resident(name, identity=number(serial=s), home=place.one) for name, s in (("张三", 1), ("张山", 3)))
    merge_people(by=SETUP, keep=keep.id, absorb=absorb.id)

    by_phone, by_number, by_other = take(
        NewPerson("张山", PHONE), NewPerson("张三", "", number(serial=1)), NewPerson("张山", "", number(serial=3))
    )

    assert (by_phone.person_id, by_number.person_id) == (keep.id, keep.id)
    assert (by_other.status, by_other.candidates) == (AMBIGUOUS, (keep.id,))


def test_import_when_taken_back_then_new_people_are_gone_and_changed_ones_as_before(place: Place) -> None:
    person = resident(home=place.grids[0], address="一号楼")
    before = facts_of(person)
    taken = take(
        NewPerson("张三", PHONE, number(BORN), place.grids[1], "二号楼"),
        NewPerson("李四", "19900005555", home=place.one),
    )

    done = take_back_people(
        by=SETUP,
        new=[each.person_id for each in taken if each.status == NEW and each.person_id],
        changes=[each.change_id for each in taken if each.change_id],
    )

    person = Person.objects.get()
    residence = person.residences.get()
    assert facts_of(person) == before
    assert (residence.area, residence.valid_to) == (place.grids[0], None)
    assert (len(done.removed), done.restored, done.kept) == (1, (person.id,), ())
    assert Line.objects.get(kind="people.import_taken_back").data == {"removed": 1, "restored": 1, "kept": 0}


def test_import_when_taken_back_twice_then_the_second_changes_nothing(place: Place) -> None:
    person = resident(home=place.one)
    (taken,) = take(NewPerson("张三", PHONE, number(BORN)))
    assert taken.change_id is not None
    take_back_people(by=SETUP, changes=[taken.change_id])
    lines = Line.objects.count()

    again = take_back_people(by=SETUP, changes=[taken.change_id])

    assert (again.restored, Line.objects.count()) == ((), lines)
    assert facts_of(Person.objects.get(id=person.id))["identity"] == ""


def test_import_when_something_was_written_since_then_that_stays(place: Place) -> None:
    resident(home=place.one)
    changed, added = take(
        NewPerson("张三", PHONE, number(BORN), sex="1"), NewPerson("李四", "19900005555", home=place.one)
    )
    assert changed.person_id is not None
    assert added.person_id is not None
    with frozen_at(NOW + timedelta(hours=1)):
        change_person(by=SETUP, person_id=changed.person_id, facts={"sex": "2"})
        change_person(by=SETUP, person_id=added.person_id, facts={"name": "李斯"})

    done = take_back_people(by=SETUP, new=[added.person_id], changes=[changed.change_id or added.person_id])

    facts = facts_of(Person.objects.get(id=changed.person_id))
    assert (facts["identity"], facts["sex"]) == ("", "2")
    assert (done.removed, set(done.kept)) == ((), {added.person_id, changed.person_id})


def test_import_when_somebody_without_the_power_takes_it_back_then_nothing_changes(place: Place) -> None:
    (taken,) = take(NewPerson("张三", PHONE, home=place.one))
    assert taken.person_id is not None

    done = take_back_people(by=place.clerk("manage", at=place.other), new=[taken.person_id])

    assert (done.removed, done.kept) == ((), (taken.person_id,))


def _entries(place: Place, count: int) -> list[NewPerson]:
    return [
        NewPerson(
            f"居民{n % 97}",
            f"1990001{n:04}",
            number(date(1950 + n % 50, 1 + n % 12, 1 + n % 28), n % 999),
            place.grids[n % 4],
            f"{n}号",
        )
        for n in range(count)
    ]


def test_batch_when_larger_then_asks_the_database_no_more_often(place: Place) -> None:
    counts = []
    for entries in (_entries(place, 3), _entries(place, 60)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            take(*entries)
        counts.append(len(asked))

    assert counts[1] <= counts[0] + 1


def test_batch_of_two_thousand_when_taken_then_says_how_fast(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    entries = _entries(place, 2000)
    started = time.perf_counter()
    first = take(*entries)
    between = time.perf_counter()
    second = take(*entries)
    ended = time.perf_counter()

    with capsys.disabled():
        print(f"\n2,000 people: new in {between - started:.2f} s, again in {ended - between:.2f} s")
    assert set(statuses(first)) <= {NEW, REPEATED}
    assert set(statuses(second)) <= {SAME, REPEATED}
    assert not CareStatus.objects.exists()
