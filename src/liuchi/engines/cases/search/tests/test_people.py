"""Cases are found by their reporter's exact phone, number or name, and by nothing less."""

import pytest
from pytest_django import DjangoAssertNumQueries

from liuchi.engines.cases.actions.standards import erase_reporter
from liuchi.engines.cases.search import people
from liuchi.engines.cases.search.people import AskedForNothing, cases_of_person
from liuchi.engines.cases.testing import MORNING, SETUP, World, closed, give_role, report
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.models import Person
from liuchi.ground.records import protected
from liuchi.ground.records.actions.requests import file_request, prove_request
from liuchi.ground.records.actions.restricting import lift_restriction, restrict_person

PHONE, NAME = "19900007777", "欧阳画眉"


def numbers(world: World, exact: str, username: str = "desk") -> list[str]:
    return [case.number for case in cases_of_person(world.viewer(username), exact).cases]


def test_person_when_their_phone_or_name_is_given_exactly_then_their_cases_open_and_ended(world: World) -> None:
    ended = closed(world, name=NAME, phone="199-0000 7777")
    new = report(world, name=" 欧阳 画眉 ", phone="19900008888")
    report(world, name="欧阳百灵", phone="19900009999")

    assert numbers(world, PHONE) == numbers(world, "+86 199 0000 7777") == [ended.number]
    assert numbers(world, NAME) == numbers(world, "欧阳\u3000画眉") == [new.number, ended.number]


@pytest.mark.parametrize("less", ["1990000777", "7777", "欧阳", "画眉", "ouyanghuamei", "欧阳画梅", "%"])
def test_person_when_less_than_the_whole_is_given_then_nobody(world: World, less: str) -> None:
    report(world, name=NAME, phone=PHONE)

    assert numbers(world, less) == []


def test_person_when_signed_in_then_found_by_what_is_on_record(world: World) -> None:
    resident = world.viewer("resident")
    case = report(world, by=resident)
    row = Person.objects.get(id=resident.person_id)
    phone = protected.unseal(row.phone_sealed, protected.PHONE, row.id)

    found = cases_of_person(world.viewer("desk"), phone)

    assert [each.number for each in found.cases] == [case.number]
    assert (found.person_id, found.field) == (row.id, protected.PHONE)
    assert numbers(world, row.name) == [case.number]


def test_person_when_two_of_their_reports_belong_to_one_case_then_it_is_listed_once(world: World) -> None:
    case = report(world, name=NAME, phone=PHONE)
    with guard.scope("maintenance", "tests"):
        second = closed(world, name=NAME, phone=PHONE).reports.get()
        second.case_id = case.case_id
        second.save(update_fields=["case"])

    found = cases_of_person(world.viewer("desk"), PHONE)

    assert [each.number for each in found.cases] == [case.number]
    assert [each.id for each in found.reports] == [second.id]


def test_person_when_the_viewer_may_not_ask_or_not_there_then_nothing(world: World) -> None:
    here, there = report(world, name=NAME, phone=PHONE), report(world, grid=7, name=NAME, phone=PHONE)
    give_role("checker", "grid_worker", world.communities[0])

    assert set(numbers(world, PHONE)) == {here.number, there.number}
    assert numbers(world, PHONE, "other-desk") == [there.number]
    for username in ("dispatcher", "checker", "water", "resident", "other-checker"):
        assert numbers(world, PHONE, username) == []


def test_person_when_erased_or_restricted_then_nothing_is_shown(world: World) -> None:
    resident = world.viewer("resident")
    row = Person.objects.get(id=resident.person_id)
    phone = protected.unseal(row.phone_sealed, protected.PHONE, row.id)
    signed, by_phone = report(world, by=resident), report(world, phone=phone)
    assert set(numbers(world, phone)) == {signed.number, by_phone.number}

    with frozen_at(MORNING):
        wish = file_request(by=SETUP, person_id=row.id, kind="restrict", way="counter")
        prove_request(by=SETUP, request_id=wish.id, proof="document")
        restrict_person(by=SETUP, request_id=wish.id)
    assert cases_of_person(world.viewer("desk"), phone).is_restricted
    assert numbers(world, phone) == numbers(world, row.name) == []

    with frozen_at(MORNING):
        lift_restriction(by=SETUP, request_id=wish.id, because="撤回")
    assert set(numbers(world, phone)) == {signed.number, by_phone.number}
    erase_reporter(by=SETUP, person_id=row.id, phones=protected.blinds(phone, protected.PHONE))
    assert numbers(world, phone) == numbers(world, row.name) == []


def test_person_when_they_reported_more_than_is_shown_then_the_newest_and_that_there_are_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST", 2)
    made = [report(world, phone=PHONE).number for _ in range(3)]

    found = cases_of_person(world.viewer("desk"), PHONE)

    assert ([each.number for each in found.cases], found.has_more) == (made[:0:-1], True)


@pytest.mark.parametrize("nothing", ["", "  ", "\0", "12", "１２"])
def test_person_when_nothing_exact_is_given_then_says_so(world: World, nothing: str) -> None:
    with pytest.raises(AskedForNothing):
        cases_of_person(world.viewer("desk"), nothing)


@pytest.mark.parametrize("count", [1, 3])
def test_person_when_rows_grow_then_asks_no_more_often(
    world: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        report(world, phone=PHONE)
    viewer = world.viewer("desk")
    cases_of_person(viewer, PHONE)

    with django_assert_num_queries(4):
        assert len(cases_of_person(viewer, PHONE).cases) == count
