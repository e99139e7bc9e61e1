from datetime import date

import pytest

from liuchi.ground.exchange.models import State
from liuchi.ground.exchange.preview import preview_rows
from liuchi.ground.exchange.testing import as_csv, checked, counts, problems, run
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import change_person
from liuchi.ground.people.models import Person, Residence
from liuchi.ground.people.testing import NOW, SETUP, TODAY, Clerk, Place, number, small_place
from liuchi.ground.records.protected import ADDRESS, IDENTITY, unseal
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Dwelling

pytestmark = pytest.mark.django_db
HEADINGS = ("姓名", "身份证号", "手机号码", "所属网格", "现住址")


@pytest.fixture
def place() -> Place:
    return small_place()


@pytest.fixture
def clerk(place: Place) -> Clerk:
    return Clerk(frozenset({"people.manage", "exchange.import"}), (place.one.id,))


def rows(place: Place, count: int = 2) -> list[list[str]]:
    return [
        [f"居民{each}", number(serial=each), f"1990000{each:04d}", place.grids[0].code, f"幸福路{each}号"]
        for each in range(1, count + 1)
    ]


def test_residents_when_brought_in_then_people_live_in_their_grids_with_numbers_and_addresses_sealed(
    place: Place, clerk: Clerk
) -> None:
    with frozen_at(NOW):
        one = run(as_csv(rows(place), HEADINGS), register="residents", by=clerk)

    person = Person.objects.order_by("name").first()
    home = Residence.objects.get(person=person)
    assert (one.state, counts(one)) == (State.DONE, (2, 0, 0, 0))
    assert person is not None
    assert (person.name, person.home, home.valid_from) == ("居民1", place.grids[0], TODAY)
    assert unseal(person.identity_sealed, IDENTITY, person.id) == number(serial=1)
    assert unseal(home.address_sealed, ADDRESS, home.id) == "幸福路1号"


def test_residents_when_the_same_file_comes_again_then_all_is_as_it_was(place: Place, clerk: Clerk) -> None:
    content = as_csv(rows(place), HEADINGS)
    run(content, register="residents", by=clerk)

    again = run(content, register="residents", by=clerk)

    assert counts(again) == (0, 0, 2, 0)


def test_residents_when_a_row_says_something_else_then_it_is_changed_and_can_be_put_back(
    place: Place, clerk: Clerk
) -> None:
    run(as_csv(rows(place), HEADINGS), register="residents", by=clerk, once={"since": "2024-01-01"})
    moved = rows(place)
    moved[0][0], moved[0][3] = "居民甲", place.grids[1].code

    one = run(as_csv(moved, HEADINGS), register="residents", by=clerk, once={"since": "2024-06-01"})
    changed = Person.objects.get(name="居民甲")
    undo_import(by=clerk, import_id=one.id)

    assert counts(one) == (0, 1, 1, 0)
    assert changed.home == place.grids[1]
    back = Person.objects.get(id=changed.id)
    assert (back.name, back.home) == ("居民1", place.grids[0])
    assert list(Residence.objects.filter(person=back).values_list("area_id", "valid_to")) == [(place.grids[0].id, None)]


def test_residents_when_taken_back_then_new_people_are_gone(place: Place, clerk: Clerk) -> None:
    one = run(as_csv(rows(place), HEADINGS), register="residents", by=clerk)

    undo_import(by=clerk, import_id=one.id)

    assert (Person.objects.count(), Residence.objects.count()) == (0, 0)


def test_residents_when_somebody_was_changed_since_then_nothing_is_taken_back_and_the_row_is_named(
    place: Place, clerk: Clerk
) -> None:
    one = run(as_csv(rows(place), HEADINGS), register="residents", by=clerk)
    person = Person.objects.get(name="居民2")
    change_person(by=clerk, person_id=person.id, facts={"name": "居民乙"})

    with pytest.raises(CannotTakeBack) as refused:
        undo_import(by=clerk, import_id=one.id)

    assert [row for row, _problem in refused.value.conflicts] == [3]
    assert Person.objects.count() == 2


def test_residents_when_values_cannot_be_then_each_row_says_which_and_the_others_come_in(
    place: Place, clerk: Clerk
) -> None:
    wrong = rows(place, 9)
    wrong[1][1] = number(serial=2)[:17] + ("0" if number(serial=2)[17] != "0" else "1")
    wrong[2][1] = "9.90803E+17"
    wrong[3][1] = "990803199001011000"
    wrong[4][2] = "一二三"
    wrong[5][3] = "没有的社区"
    wrong[6][0] = ""
    wrong[7][1:3] = ["", ""]
    wrong[8] = wrong[0]

    one = run(as_csv(wrong, HEADINGS), register="residents", by=clerk)

    assert counts(one) == (1, 0, 0, 8)
    assert problems(clerk, one) == {
        3: [("identity", "value")],
        4: [("identity", "digits_lost")],
        5: [("identity", "digits_lost")],
        6: [("phone", "fact_refused")],
        7: [("area", "area")],
        8: [("name", "required")],
        9: [("identity", "nameless")],
        10: [("", "twice")],
    }


def test_residents_when_they_live_where_the_clerk_may_not_register_then_refused(place: Place, clerk: Clerk) -> None:
    elsewhere = rows(place)
    elsewhere[1][3] = place.other.code

    one = run(as_csv(elsewhere, HEADINGS), register="residents", by=clerk)

    assert counts(one) == (1, 0, 0, 1)
    assert problems(clerk, one) == {3: [("area", "not_allowed")]}


def test_residents_when_the_area_is_given_by_its_name_then_it_is_found(place: Place, clerk: Clerk) -> None:
    named = rows(place, 1)
    named[0][3] = place.one.name

    run(as_csv(named, HEADINGS), register="residents", by=clerk)

    assert Person.objects.get().home == place.one


def test_residents_when_their_door_is_registered_then_they_live_in_that_dwelling(place: Place, clerk: Clerk) -> None:
    building = NewBuilding("3", area_id=place.grids[1].id, dwellings=(NewDwelling("402", 4, unit="2"),))
    estate = NewEstate("E1", "幸福小区", place.one.id, buildings=(building,))
    import_estates(by=SETUP, estates=[estate], valid_from=date(2024, 1, 1))
    headings = ("姓名", "身份证号", "社区代码", "小区", "楼栋", "单元", "房号")
    known = ["居民1", number(serial=1), place.one.code, "幸福小区", "3栋", "2单元", "402室"]
    other = ["居民2", number(serial=2), place.one.code, "幸福小区", "4", "1", "101"]

    one = run(as_csv([known, other], headings), register="residents", by=clerk)

    homes = {row.person.name: row for row in Residence.objects.select_related("person")}
    assert counts(one) == (2, 0, 0, 0)
    assert homes["居民1"].dwelling == Dwelling.objects.get()
    assert homes["居民1"].area == place.grids[1]
    assert homes["居民2"].dwelling is None
    assert unseal(homes["居民2"].address_sealed, ADDRESS, homes["居民2"].id) == "幸福小区 4 1 101"


def test_residents_when_previewed_then_values_are_masked_and_nothing_stays(place: Place, clerk: Clerk) -> None:
    one = checked(as_csv(rows(place), HEADINGS), register="residents", by=clerk)

    (first, _second) = preview_rows(clerk, one)

    assert (first.outcome, first.values["name"], first.values["phone"]) == ("created", "居**", "199****0001")
    assert first.values["identity"] == number(serial=1)[:6] + "********" + number(serial=1)[-4:]
    assert "1号" not in first.values["address"]
    assert Person.objects.count() == 0
