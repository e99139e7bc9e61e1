"""Heads of units: named for a place, named anew after a preview, ended; each stays on record."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.models import UnitHead

HOW = {"elected_how": "residents", "on": "2024-09-01", "until": "2027-09-01"}


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    with frozen_at(MORNING):
        give_role("personnel", "personnel", world.communities[0])
        give_role("far-personnel", "personnel", world.communities[3])
        yield browser("personnel", "en")


def _name(client: Client, world: World, name: str = "单元长甲", **given: str) -> UnitHead:
    who = {"kind": "unit", "place": "2单元", "name": name, "phone": "19900072001", **HOW, **given}
    answer = client.post(f"/office/staff/heads/add/?area={world.grids[0].id}", who)
    assert answer.status_code == 302
    return UnitHead.objects.get(ended_on=None)


def test_head_when_named_for_a_place_then_on_the_list_and_on_a_page_of_their_own(client: Client, world: World) -> None:
    assert "Community or grid" in client.get("/office/staff/heads/add/").content.decode()

    head = _name(client, world)

    page = client.get(f"/office/staff/heads/{head.id}/").content.decode()
    assert ("单元长甲" in page, "2单元" in page, "Sept. 1, 2027" in page) == (True, True, True)
    assert f"/office/staff/heads/{head.id}/" in client.get("/office/staff/heads/").content.decode()


def test_head_when_named_anew_then_shown_first_and_the_one_before_stays_on_record(client: Client, world: World) -> None:
    head = _name(client, world)
    address = f"/office/staff/heads/{head.id}/elect/"
    who = {"name": "单元长乙", "phone": "19900072002", **HOW, "on": "2024-09-10"}

    shown = client.post(address, who)
    assert (shown.status_code, "单元长甲" in shown.content.decode(), UnitHead.objects.count()) == (200, True, 1)
    done = client.post(address, {**who, "confirmed": "1"}, follow=True).content.decode()

    present = UnitHead.objects.get(ended_on=None)
    assert ("单元长乙" in done, "单元长甲" in done) == (True, True)
    assert (present.person.name, present.place, present.term_until) == ("单元长乙", "2单元", date(2027, 9, 1))
    assert client.get(address).status_code == 404


def test_head_when_elected_again_then_has_a_new_term_without_typing_a_name(client: Client, world: World) -> None:
    head = _name(client, world)
    given = {"person": str(head.person_id), **HOW, "on": "2024-09-10", "confirmed": "1"}

    assert client.post(f"/office/staff/heads/{head.id}/elect/", given).status_code == 302

    present = UnitHead.objects.get(ended_on=None)
    assert (present.person_id, present.term_from) == (head.person_id, date(2024, 9, 10))


def test_head_when_refused_then_what_was_typed_stays(client: Client, world: World) -> None:
    address = f"/office/staff/heads/add/?area={world.grids[0].id}"
    who = {"kind": "unit", "name": "单元长甲", "phone": "19900072001", **HOW}

    no_place = client.post(address, who)
    short = client.post(address, {**who, "place": "2单元", "until": "2024-08-01"})
    nobody = client.post(address, {**who, "place": "2单元", "name": ""})
    elsewhere = client.get(f"/office/staff/heads/add/?area={world.grids[7].id}")

    assert (no_place.status_code, "Say which building and unit" in no_place.content.decode()) == (409, True)
    assert (short.status_code, "单元长甲" in short.content.decode()) == (409, True)
    assert (nobody.status_code, elsewhere.status_code) == (422, 404)
    assert not UnitHead.objects.exists()


def test_head_when_the_term_is_ended_then_out_of_office_and_said_why(client: Client, world: World) -> None:
    head = _name(client, world)
    address = f"/office/staff/heads/{head.id}/end/"

    assert client.post(address, {"on": "2024-09-11", "why": ""}).status_code == 422
    assert client.post(address, {"on": "2024-09-11", "why": "resigned"}).status_code == 302

    assert "resigned" in client.get(f"/office/staff/heads/{head.id}/").content.decode()
    assert "单元长甲" not in client.get("/office/staff/heads/").content.decode()
    assert client.get(address).status_code == 404


def test_head_when_of_another_place_then_not_found(client: Client, world: World) -> None:
    head, far = _name(client, world), browser("far-personnel")

    assert far.get(f"/office/staff/heads/{head.id}/").status_code == 404
    assert far.post(f"/office/staff/heads/{head.id}/end/", {"on": "2024-09-11", "why": "resigned"}).status_code == 404
    assert client.get(f"/office/staff/heads/{head.id}/dance/").status_code == 404


def test_heads_when_terms_run_out_then_the_list_says_how_many(client: Client, world: World) -> None:
    _name(client, world, until="2024-10-01")

    page = client.get("/office/staff/heads/").content.decode()

    assert "1 term ends within sixty days." in page
    assert "term is over" not in page
