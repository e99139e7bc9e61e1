"""Registering, correcting, moving, dying: what is written, what is kept, what is refused."""

from datetime import date, timedelta

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, Stale
from liuchi.ground.people.actions import (
    AlreadyKnown,
    DeathRefused,
    KnownElsewhere,
    MoveRefused,
    NewPerson,
    add_person,
    change_person,
    move_person,
    register_death,
    take_back_death,
)
from liuchi.ground.people.entries import EntryRefused
from liuchi.ground.people.history import before_of, facts_at
from liuchi.ground.people.identity import Doubt, Sex
from liuchi.ground.people.models import CareCategory, CareStatus, Person, PersonChange, Residence
from liuchi.ground.people.testing import NOW, PHONE, SINCE, TODAY, Place, number, resident
from liuchi.ground.people.values import FactRefused, facts_of
from liuchi.ground.records import protected

BORN = date(1950, 1, 1)


def address_of(residence: Residence) -> str:
    return protected.unseal(residence.address_sealed, protected.ADDRESS, residence.id)


def test_person_when_registered_by_number_alone_then_birth_date_and_sex_come_from_it(place: Place) -> None:
    entry = NewPerson(" 张  三 ", identity=number(BORN, 2), home=place.grids[0], address="一号楼")

    registered = add_person(by=place.clerk("manage"), entry=entry, valid_from=TODAY)

    person = Person.objects.get(id=registered.person_id)
    assert (person.name, person.birth_on, person.sex, person.home) == ("张 三", BORN, Sex.FEMALE, place.grids[0])
    assert address_of(person.residences.get()) == "一号楼"
    assert registered.doubts == (Doubt.UNKNOWN_PLACE,)
    line = Line.objects.get(kind="people.person_added")
    assert (line.data, line.place_id) == ({"person": str(person.id)}, place.grids[0].id)


def test_person_when_stated_otherwise_then_the_number_is_taken_and_doubts_are_told(place: Place) -> None:
    entry = NewPerson("张三", identity=number(BORN), birth_on=date(1951, 1, 1), sex=Sex.FEMALE, home=place.one)

    registered = add_person(by=place.clerk("manage"), entry=entry, valid_from=TODAY)

    assert Person.objects.get().birth_on == BORN
    assert registered.doubts == (Doubt.UNKNOWN_PLACE, Doubt.BIRTH_DIFFERS, Doubt.SEX_DIFFERS)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"phone": "没有电话"}, "phone"),
        ({"identity": "12345"}, "identity"),
        ({"identity": "E12345678", "identity_kind": "visa"}, "identity_kind"),
        ({"birth_on": date(2024, 9, 13)}, "birth_on"),
        ({"sex": "X"}, "sex"),
        ({"phone": ""}, "identity"),
    ],
)
def test_person_when_a_value_cannot_be_then_refused_at_its_field(
    place: Place, values: dict[str, object], field: str
) -> None:
    entry = NewPerson(**{"name": "张三", "phone": PHONE, "home": place.one, **values})  # type: ignore[arg-type]

    with pytest.raises(EntryRefused) as refused:
        add_person(by=place.clerk("manage"), entry=entry, valid_from=TODAY)

    assert refused.value.field == field
    assert not Person.objects.exists()


def test_person_when_registered_where_the_clerk_may_not_then_refused(place: Place) -> None:
    entry = NewPerson("张三", PHONE, home=place.other)

    with pytest.raises(NotAllowed):
        add_person(by=place.clerk("manage"), entry=entry, valid_from=TODAY)
    with pytest.raises(NotAllowed):
        add_person(by=place.clerk("see", at=place.other), entry=entry, valid_from=TODAY)


def test_person_when_known_here_then_the_record_is_named(place: Place) -> None:
    person = resident(home=place.one)

    with pytest.raises(AlreadyKnown) as refused:
        add_person(by=place.clerk("manage", "see"), entry=NewPerson("张三", PHONE, home=place.one), valid_from=TODAY)

    assert refused.value.facts == {"person_id": person.id}


def test_person_when_known_elsewhere_then_only_that_is_told_and_by_number_they_may_be_taken_over(place: Place) -> None:
    person = resident(home=place.other, identity=number(), address="老地方")
    clerk = place.clerk("manage", "see")
    entry = NewPerson("张三", identity=number(), home=place.grids[0], address="新地方")

    with pytest.raises(KnownElsewhere) as refused:
        add_person(by=clerk, entry=entry, valid_from=TODAY)
    registered = add_person(by=clerk, entry=entry, valid_from=TODAY, takes_over=True)

    assert refused.value.facts == {}
    assert registered.person_id == person.id
    person.refresh_from_db()
    assert person.home == place.grids[0]
    assert [(each.area, each.valid_to) for each in person.residences.all()] == [
        (place.grids[0], None),
        (place.other, TODAY),
    ]


def test_person_when_known_elsewhere_by_phone_only_then_is_not_taken_over(place: Place) -> None:
    resident(home=place.other)

    with pytest.raises(KnownElsewhere):
        add_person(
            by=place.clerk("manage"),
            entry=NewPerson("张三", PHONE, home=place.one),
            valid_from=TODAY,
            takes_over=True,
        )


def test_record_when_corrected_then_says_the_new_and_keeps_the_old_sealed(place: Place) -> None:
    person, clerk = resident(home=place.one), place.clerk("manage")

    change_person(by=clerk, person_id=person.id, facts={"name": "章三", "phone": "199 0000 5678"}, reason="看错了")

    person.refresh_from_db()
    change = PersonChange.objects.get()
    assert (facts_of(person)["name"], facts_of(person)["phone"]) == ("章三", "19900005678")
    assert before_of(change) == {"name": "张三", "phone": PHONE}
    assert PHONE.encode() not in bytes(change.before_sealed or b"")
    assert (change.actor_id, change.reason) == (clerk.id, "看错了")
    line = Line.objects.get(kind="people.person_changed")
    assert (line.data, line.id) == ({"person": str(person.id), "facts": ["name", "phone"]}, change.line_id)
    assert Person.objects.filter(phone_index=protected.blind("19900005678", protected.PHONE)).exists()


def test_record_when_given_a_number_then_birth_date_and_sex_follow(place: Place) -> None:
    person = resident(home=place.one)

    done = change_person(by=place.clerk("manage"), person_id=person.id, facts={"identity": f"citizen:{number(BORN)}"})
    person.refresh_from_db()

    assert (person.birth_on, person.sex, done.doubts) == (BORN, Sex.MALE, (Doubt.UNKNOWN_PLACE,))


def test_record_when_nothing_changes_then_no_line(place: Place) -> None:
    person, lines = resident(home=place.one), Line.objects.count()

    change_person(by=place.clerk("manage"), person_id=person.id, facts={"name": "张三"})

    assert Line.objects.count() == lines


def test_record_when_its_number_is_anothers_then_refused_and_named_where_seen(place: Place) -> None:
    person, other = resident(home=place.one), resident("李四", home=place.one, identity=number())
    facts = {"identity": f"citizen:{number()}"}

    with pytest.raises(AlreadyKnown) as seen:
        change_person(by=place.clerk("manage", "see"), person_id=person.id, facts=facts)
    with pytest.raises(AlreadyKnown) as unseen:
        change_person(by=place.clerk("manage"), person_id=person.id, facts=facts)

    assert (seen.value.facts["person_id"], unseen.value.facts["person_id"]) == (other.id, None)


def test_record_when_changed_meanwhile_then_stale_and_when_not_then_taken(place: Place) -> None:
    person, clerk = resident(home=place.one), place.clerk("manage")
    change_person(by=clerk, person_id=person.id, facts={"name": "一"})
    first = PersonChange.objects.get()
    change_person(by=clerk, person_id=person.id, facts={"name": "二"}, since=first.id)

    with pytest.raises(Stale):
        change_person(by=clerk, person_id=person.id, facts={"name": "三"}, since=first.id)


@pytest.mark.parametrize("facts", [{"phone": "x"}, {"name": ""}, {"identity": "citizen:1"}, {"sex": "7"}])
def test_record_when_a_fact_cannot_be_then_refused(place: Place, facts: dict[str, str]) -> None:
    person = resident(home=place.one)

    with pytest.raises(FactRefused):
        change_person(by=place.clerk("manage"), person_id=person.id, facts=facts)


def test_record_when_somebody_without_the_power_there_writes_then_refused(place: Place) -> None:
    person = resident(home=place.one)
    strangers = [place.clerk("see"), place.clerk("manage", at=place.other)]

    for stranger in strangers:
        with pytest.raises(NotAllowed):
            change_person(by=stranger, person_id=person.id, facts={"name": "x"})
        with pytest.raises(NotAllowed):
            move_person(by=stranger, person_id=person.id, area=None, on=TODAY)
        with pytest.raises(NotAllowed):
            register_death(by=stranger, person_id=person.id, died_on=TODAY)
        with pytest.raises(NotAllowed):
            take_back_death(by=stranger, person_id=person.id, reason="")
    with pytest.raises(NotFound):
        change_person(by=place.clerk("manage"), person_id=place.one.id, facts={"name": "x"})


def test_record_without_a_home_when_changed_then_needs_the_whole_district(place: Place) -> None:
    person = resident()

    with pytest.raises(NotAllowed):
        change_person(by=place.clerk("manage"), person_id=person.id, facts={"name": "x"})
    change_person(by=place.clerk("manage", at=place.district), person_id=person.id, facts={"name": "x"})

    assert Person.objects.get().name == "x"


def test_facts_when_asked_as_of_before_then_as_they_were(place: Place) -> None:
    person, clerk = resident(home=place.one), place.clerk("manage")
    for day, name in enumerate(("一", "二", "三"), start=1):
        with frozen_at(NOW + timedelta(days=day)):
            change_person(by=clerk, person_id=person.id, facts={"name": name})
    person.refresh_from_db()

    names = [facts_at(person, NOW + timedelta(days=day, hours=1))["name"] for day in range(4)]

    assert names == ["张三", "一", "二", "三"]


def test_moving_when_within_reach_then_one_residence_ends_and_another_begins(place: Place) -> None:
    person = resident(home=place.grids[0], address="一号楼")

    move_person(by=place.clerk("manage"), person_id=person.id, area=place.grids[1], address="二号楼", on=TODAY)

    person.refresh_from_db()
    new, old = person.residences.all()
    assert person.home == place.grids[1]
    assert (address_of(old), old.valid_to, address_of(new), new.valid_to) == ("一号楼", TODAY, "二号楼", None)
    line = Line.objects.get(kind="people.person_moved")
    assert line.data["from_area"] == str(place.grids[0].id)


def test_moving_when_on_the_day_it_began_then_is_corrected_in_place(place: Place) -> None:
    person = resident(home=place.grids[0], address="一号楼")

    move_person(by=place.clerk("manage"), person_id=person.id, area=place.grids[1], address="二号楼", on=SINCE)

    residence = person.residences.get()
    assert (residence.area, address_of(residence), residence.valid_from) == (place.grids[1], "二号楼", SINCE)


def test_moving_when_out_of_the_district_then_the_residence_ends(place: Place) -> None:
    person = resident(home=place.grids[0])

    move_person(by=place.clerk("manage"), person_id=person.id, area=None, on=TODAY)

    person.refresh_from_db()
    assert (person.home, person.residences.get().valid_to) == (None, TODAY)


def test_moving_when_nothing_changes_then_no_line_and_elsewhere_or_later_refused(place: Place) -> None:
    person, clerk, lines = resident(home=place.grids[0]), place.clerk("manage"), Line.objects.count()

    move_person(by=clerk, person_id=person.id, area=place.grids[0], on=TODAY)
    with pytest.raises(MoveRefused):
        move_person(by=clerk, person_id=person.id, area=place.other, on=TODAY)
    with pytest.raises(MoveRefused):
        move_person(by=clerk, person_id=person.id, area=place.one, on=TODAY + timedelta(days=1))

    assert Line.objects.count() == lines


def _in_care(person: Person, until: date) -> CareStatus:
    with guard.scope("maintenance", "test"):
        category = CareCategory.objects.create(
            code="x",
            name="x",
            legal_basis="x",
            purpose="x",
            sensitivity="personal",
            longest_days=365,
            visit_tier="key",
        )
        return CareStatus.objects.create(
            person=person,
            category=category,
            basis="x",
            valid_from=SINCE,
            valid_to=until,
            visit_tier="key",
            created_at=NOW,
        )


def test_death_when_registered_then_residence_and_care_end_and_when_taken_back_go_on(place: Place) -> None:
    person, clerk = resident(home=place.one, identity=number(BORN)), place.clerk("manage")
    care = _in_care(person, date(2025, 1, 1))

    register_death(by=clerk, person_id=person.id, died_on=TODAY)

    person.refresh_from_db()
    care.refresh_from_db()
    assert (person.death_on, person.home) == (TODAY, place.one)
    assert person.residences.get().valid_to == TODAY + timedelta(days=1)
    assert (care.valid_to, care.end_reason) == (TODAY + timedelta(days=1), "died")
    with pytest.raises(MoveRefused):
        move_person(by=clerk, person_id=person.id, area=None, on=TODAY)
    with pytest.raises(DeathRefused):
        register_death(by=clerk, person_id=person.id, died_on=TODAY)

    take_back_death(by=clerk, person_id=person.id, reason="同名同姓")

    person.refresh_from_db()
    care.refresh_from_db()
    assert (person.death_on, person.residences.get().valid_to) == (None, None)
    assert (care.valid_to, care.end_reason) == (date(2025, 1, 1), "")
    with pytest.raises(DeathRefused):
        take_back_death(by=clerk, person_id=person.id, reason="")


@pytest.mark.parametrize("died_on", [TODAY + timedelta(days=1), BORN - timedelta(days=1)])
def test_death_when_the_day_cannot_be_then_refused(place: Place, died_on: date) -> None:
    person = resident(home=place.one, identity=number(BORN))

    with pytest.raises(DeathRefused):
        register_death(by=place.clerk("manage"), person_id=person.id, died_on=died_on)
