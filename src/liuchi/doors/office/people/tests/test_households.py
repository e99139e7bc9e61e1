"""Households at the desk: opened, joined, left, moved, split, with another head; as of any day; open questions."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liuchi.doors.office.people.tests.conftest import NUMBER, PHONE, STREET, Ground, register
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, SINCE
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions.households import open_household
from liuchi.ground.people.living import HomePlace
from liuchi.ground.people.models import Household, HouseholdMember, HouseholdStay, Person
from liuchi.ground.territory.actions.dwellings import NewBuilding, NewDwelling, NewEstate, import_estates
from liuchi.ground.territory.models import Dwelling

ON = {"on": "2024-09-10"}
WIFE, SON = "19912340001", "19912340002"


@pytest.fixture
def client(ground: Ground) -> Iterator[Client]:
    with frozen_at(MORNING):
        yield browser("registrar", "en")


@pytest.fixture
def home(ground: Ground) -> Household:
    with frozen_at(MORNING):
        wife, son = register(ground.world, "云雀", WIFE), register(ground.world, "山雀", SON)
        place = HomePlace(area_id=ground.world.grids[0].id, address=STREET)
        members = [(ground.person.id, "head"), (wife.id, "spouse"), (son.id, "child")]
        return open_household(by=SETUP, home=place, members=members, on=date(2024, 3, 1))


def _page(home: Household) -> str:
    return f"/office/people/households/{home.id}/"


def _room(ground: Ground) -> Dwelling:
    building = NewBuilding("1", area_id=ground.world.grids[0].id, dwellings=(NewDwelling("101", 1),))
    estate = NewEstate("X", "某小区", ground.world.communities[0].id, buildings=(building,))
    import_estates(by=SETUP, estates=[estate], valid_from=SINCE)
    return Dwelling.objects.get()


def _belong(home: Household) -> dict[str, str]:
    rows = HouseholdMember.objects.filter(household=home, valid_to=None).order_by("id")
    return {row.person.name: row.relation for row in rows}


def test_household_when_opened_on_somebodys_page_then_nothing_known_is_asked(client: Client, ground: Ground) -> None:
    address = f"/office/people/{ground.person.id}/household/new/"
    assert address in client.get(f"/office/people/{ground.person.id}/").content.decode()

    done = client.post(address, ON)

    home = Household.objects.get()
    assert (done.status_code, done.headers["Location"]) == (302, _page(home))
    page = client.get(_page(home)).content.decode()
    assert ("金**" in page, STREET in page, NUMBER in page, "head of household" in page) == (True, False, False, True)
    assert client.get(address).status_code == 404


def test_household_when_somebody_joins_then_found_by_an_exact_value_and_a_line_left(
    client: Client, ground: Ground, home: Household
) -> None:
    with frozen_at(MORNING):
        register(ground.world, "家雀", "19912340003", grid=1)
    before = Line.objects.filter(kind__contains="looked_up").count()

    nobody = client.post(_page(home) + "join/", {"exact": "19912349999", "relation": "parent", **ON})
    ahead = client.post(_page(home) + "join/", {"exact": "19912340003", "relation": "parent", "on": "2024-12-01"})
    done = client.post(_page(home) + "join/", {"exact": "19912340003", "relation": "parent", **ON})

    assert (nobody.status_code, "19912349999" in nobody.content.decode()) == (409, True)
    assert (ahead.status_code, done.status_code) == (409, 302)
    assert _belong(home)["家雀"] == "parent"
    assert Line.objects.filter(kind__contains="looked_up").count() == before + 3


def test_household_when_shown_as_of_a_day_then_as_it_was(client: Client, home: Household) -> None:
    son = Person.objects.get(name="山雀")
    left = client.post(_page(home) + "leave/", {"person": str(son.id), "where": "away", **ON})

    then = client.get(_page(home) + "?on=2024-06-01").context
    now = client.get(_page(home)).context
    assert left.status_code == 302
    assert [len(each["members"]) for each in (then, now)] == [3, 2]
    assert [len(each["ever"]) for each in (then, now)] == [3, 3]
    assert not then["may_manage"]
    son.refresh_from_db()
    assert son.home_id is None


def test_household_when_split_then_shown_first_and_both_are_there(client: Client, home: Household) -> None:
    son = Person.objects.get(name="山雀")
    given = {"head": str(son.id), "where": "here", "address": "", **ON}

    shown = client.post(_page(home) + "split/", given)
    assert (shown.status_code, Household.objects.count()) == (200, 1)
    assert "New household" in shown.content.decode()
    assert client.post(_page(home) + "split/", {**given, "confirmed": "1"}).status_code == 302

    assert sorted(_belong(home)) == ["云雀", "金丝雀"]
    assert _belong(Household.objects.exclude(id=home.id).get()) == {"山雀": "head"}


def test_household_when_it_moves_then_everybody_goes_and_where_it_lived_stays(
    client: Client, ground: Ground, home: Household
) -> None:
    grid = str(ground.world.grids[1].id)
    no_place = client.post(_page(home) + "move/", {"area": "", "address": "新路七号", **ON})
    shown = client.post(_page(home) + "move/", {"area": grid, "address": "新路七号", **ON})
    done = client.post(_page(home) + "move/", {"area": grid, "address": "新路七号", "confirmed": "1", **ON})

    assert (no_place.status_code, "新路七号" in no_place.content.decode()) == (422, True)
    assert (shown.status_code, done.status_code) == (200, 302)
    assert set(Person.objects.filter(memberships__household=home).values_list("home_id", flat=True)) == {
        ground.world.grids[1].id
    }
    assert HouseholdStay.objects.filter(household=home).count() == 2


def test_room_when_a_household_moves_in_then_it_lives_there_and_before_does_not(
    client: Client, ground: Ground, home: Household
) -> None:
    with frozen_at(MORNING):
        room = _room(ground)
    address, given = f"/office/people/rooms/{room.id}/in/", {"exact": PHONE, "how": "household", **ON}
    assert address in client.get(f"/office/dwellings/rooms/{room.id}/").content.decode()

    shown = client.post(address, given)
    assert (shown.status_code, home.number in shown.content.decode()) == (200, True)
    assert client.post(address, {**given, "confirmed": "1"}).headers["Location"] == _page(home)

    then = client.get(f"/office/dwellings/rooms/{room.id}/?on=2024-09-01").content.decode()
    now = client.get(f"/office/dwellings/rooms/{room.id}/?on=2024-09-11").content.decode()
    assert ("nobody registered" in then, "nobody registered" in now) == (True, False)


def test_household_when_without_a_head_then_an_open_question_until_one_is_named(
    client: Client, home: Household
) -> None:
    head, wife = Person.objects.get(name="金丝雀"), Person.objects.get(name="云雀")
    client.post(_page(home) + "leave/", {"person": str(head.id), "where": "away", **ON})
    assert home.number in client.get("/office/people/households/").content.decode()
    assert "Nobody is the head" in client.get(_page(home)).content.decode()

    son = Person.objects.get(name="山雀")
    address = f"{_page(home)}head/?person={wife.id}"
    form = client.get(address)
    assert form.context["form"][f"as_{son.id.hex}"].value() == "child"
    assert client.post(address, {f"as_{son.id.hex}": "child", **ON}).status_code == 302

    assert _belong(home) == {"云雀": "head", "山雀": "child"}
    assert home.number not in client.get("/office/people/households/").content.decode()


def test_households_without_a_head_when_more_then_as_many_queries(client: Client, ground: Ground) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/office/people/households/").status_code == 200
        return len(queries)

    def headless(number: int) -> None:
        person = register(ground.world, f"白雀{number}", f"1991234010{number}")
        home = HomePlace(area_id=ground.world.grids[0].id, address=STREET)
        open_household(by=SETUP, home=home, members=[(person.id, "unstated")], on=SINCE)

    headless(1)
    count()
    before = count()
    headless(2)
    headless(3)

    assert count() == before
    assert len(client.get("/office/people/households/").context["rows"]) == 3


def test_household_when_it_lives_elsewhere_then_not_found(client: Client, ground: Ground, home: Household) -> None:
    far = browser("other-registrar")

    assert client.get(_page(home)).status_code == 200
    assert far.get(_page(home)).status_code == 404
    assert far.post(_page(home) + "leave/", {"person": str(ground.person.id), "where": "away", **ON}).status_code == 404
    assert far.get(f"/office/people/{ground.person.id}/household/new/").status_code == 404
    assert browser("worker").get(_page(home) + "leave/").status_code == 403
    assert client.get(_page(home) + "dance/").status_code == 404
