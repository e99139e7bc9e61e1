"""A system exchanges its key by itself."""

import pytest
from django.test import Client

from liuchi.doors.api.tests.asking import change, read, system, told
from liuchi.doors.ui.testing_keys import caller, key_for
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, give_role


@pytest.fixture
def secret(world: World) -> str:
    give_role("city-app", "desk", world.district)
    return key_for(world, "city-app")


def test_key_when_exchanged_then_the_new_one_is_the_same_system(world: World, secret: str) -> None:
    old = caller(secret)
    before = read(old, "/me")
    reported = told(change(old, "/cases", None, "walk", text="井盖坏了"), 201)

    made = told(change(old, "/me/key", grace_hours=2), 201)
    new = caller(made["secret"])

    after = read(new, "/me")
    assert (after["key"], after["expires"]) == (made["key"], before["expires"])
    assert after["grants"] == before["grants"]
    assert read(old, "/me")["expires"] == made["old_key_until"]
    again = told(change(new, "/cases", None, "walk", text="井盖坏了"))
    assert (again["number"], Case.objects.count()) == (reported["number"], 1)


def test_key_when_its_successor_was_used_then_is_told_to_use_that(world: World, secret: str) -> None:
    old = caller(secret)
    first = told(change(old, "/me/key"), 201)
    second = told(change(old, "/me/key"), 201)
    assert caller(first["secret"]).get("/api/v1/me").status_code == 401
    read(caller(second["secret"]), "/me")

    assert told(change(old, "/me/key"), 422)["code"] == "key_refused"


@pytest.mark.parametrize("hours", [-1, 169, "x"])
def test_grace_when_it_is_none_then_refused(world: World, hours: object) -> None:
    client: Client = system(world, "desk")

    assert told(change(client, "/me/key", grace_hours=hours), 422)["code"] == "invalid"
