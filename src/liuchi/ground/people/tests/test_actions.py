from datetime import date

import pytest

from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import System, Visitor
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.organisations.models import Organisation, Post
from liuchi.ground.people.actions import NewPerson, PeopleRefused, erase_person, import_people
from liuchi.ground.people.models import Person, PostHolding, Residence
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Area

BY, SINCE = System("tests"), date(2024, 1, 1)
PHONE, IDENTITY = "19900001234", "990803195001010011"

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Area:
    with guard.scope("maintenance", "test"):
        return Area.objects.create(kind="community", code="990803001001", name="一社区", valid_from=SINCE)


@pytest.fixture
def post(home: Area) -> Post:
    with guard.scope("maintenance", "test"):
        body = Organisation.objects.create(
            code="x", name="某局", short_name="局", kind="department", area=home, valid_from=SINCE
        )
        return Post.objects.create(organisation=body, title="局长", area=home)


def _import(*people: NewPerson) -> list[Person]:
    return import_people(by=BY, people=people, valid_from=SINCE)


def test_person_when_imported_then_protected_values_are_sealed_and_can_be_found(home: Area, post: Post) -> None:
    (person,) = _import(NewPerson("张三", "+86 199-0000-1234", IDENTITY.lower(), home, "一号楼", post))

    row = Person.objects.get(phone_index=protected.blind(PHONE, protected.PHONE))
    assert row.id == person.id
    assert protected.unseal(row.phone_sealed, protected.PHONE, row.id) == PHONE
    assert protected.unseal(row.identity_sealed, protected.IDENTITY, row.id) == IDENTITY
    home_row = Residence.objects.get()
    assert Person.objects.get(identity_index=protected.blind(IDENTITY, protected.IDENTITY)) == row
    assert protected.unseal(home_row.address_sealed, protected.ADDRESS, home_row.id) == "一号楼"
    assert PostHolding.objects.get().post == post
    line = Line.objects.get(kind="people.imported")
    assert line.data == {"people": 1, "holdings": 1, "residences": 1, "changed": 0}


@pytest.mark.parametrize(
    "again",
    [
        NewPerson("张三", PHONE, IDENTITY),
        NewPerson("别名", "19900009999", IDENTITY),
        NewPerson("张三", PHONE),
    ],
)
def test_person_when_known_by_number_or_by_phone_and_name_then_is_not_brought_in_twice(again: NewPerson) -> None:
    _import(NewPerson("张三", PHONE, IDENTITY))

    assert _import(again) == []
    assert (Person.objects.count(), Line.objects.count()) == (1, 1)


def test_people_when_they_share_a_phone_or_a_name_then_each_is_brought_in() -> None:
    first = _import(NewPerson("张三", PHONE), NewPerson("李四", PHONE), NewPerson("张三", "19900005555"))
    second = _import(NewPerson("张三", PHONE), NewPerson("王五", PHONE))

    assert [person.name for person in first] == ["张三", "李四", "张三"]
    assert [person.name for person in second] == ["王五"]


@pytest.mark.parametrize(
    "wrong", [NewPerson("李四"), NewPerson("李四", PHONE, "990803195001010012"), NewPerson("李四", "", "12345")]
)
def test_people_when_one_entry_cannot_be_then_none_is_taken_and_no_value_is_repeated(wrong: NewPerson) -> None:
    with pytest.raises(PeopleRefused) as refused:
        _import(NewPerson("张三", PHONE, IDENTITY), wrong)

    assert "entry 2" in str(refused.value)
    assert not wrong.identity or wrong.identity not in str(refused.value)
    assert (Person.objects.count(), Line.objects.count()) == (0, 0)


def test_person_when_erased_then_the_row_keeps_nothing_and_one_line_says_who(home: Area) -> None:
    person, other = _import(NewPerson("张三", PHONE, IDENTITY, home, "一号楼"), NewPerson("李四", PHONE))

    erase_person(by=BY, person_id=person.id)

    kept = Person.objects.get(id=person.id)
    assert (kept.name, kept.phone_sealed, kept.phone_index, kept.identity_sealed, kept.identity_index) == (
        "",
        None,
        None,
        None,
        None,
    )
    assert kept.erased_at is not None
    assert Residence.objects.get(person=person).address_sealed is None
    assert Person.objects.get(id=other.id).name == "李四"
    data = Line.objects.get(kind="people.person_erased").data
    assert data == {"person": str(person.id), "absorbed": [], "phones": []}


def test_person_when_erased_twice_or_unknown_then_not_found_and_without_the_power_refused() -> None:
    (person,) = _import(NewPerson("张三", PHONE))
    with pytest.raises(NotAllowed):
        erase_person(by=Visitor(frozenset()), person_id=person.id)
    erase_person(by=BY, person_id=person.id)
    before = Line.objects.count()

    for person_id in (person.id, Line.objects.all()[0].id):
        with pytest.raises(NotFound):
            erase_person(by=BY, person_id=person_id)

    assert Line.objects.count() == before


def test_person_when_they_come_back_after_erasing_then_are_somebody_new() -> None:
    (person,) = _import(NewPerson("张三", PHONE, IDENTITY))
    erase_person(by=BY, person_id=person.id)

    (again,) = _import(NewPerson("张三", PHONE, IDENTITY))

    assert again.id != person.id
