"""The page of cases given to other cities: what it shows to whom, and sending again."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import MORNING, World, dispatched, give_role, small_world
from liuchi.engines.forwarding.models import Forwarded
from liuchi.engines.forwarding.tasks import send_cases
from liuchi.engines.forwarding.testing import City, a_city, endpoint_at, react
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries

ROOT = "/office/forwarded/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    queries.forget()


@pytest.fixture
def city(settings: Settings) -> Iterator[City]:
    with a_city() as there:
        settings.LIUCHI_OUTGOING_ALLOWED = there.origin
        yield there


def given(world: World) -> Case:
    case = dispatched(world)
    react(case.id)
    return case


def test_page_when_nothing_is_set_up_then_says_how(world: World) -> None:
    assert "liuchi forwarding set" in browser("dispatcher", "en").get(ROOT).content.decode()


def test_page_when_the_city_refused_then_says_so_and_sends_again_on_demand(world: World, city: City) -> None:
    endpoint_at(city.address)
    case = given(world)
    city.mode = "refuses"
    send_cases()
    city.mode = ""
    dispatcher = browser("dispatcher", "en")

    page = dispatcher.get(ROOT).content.decode()
    again = dispatcher.post(f"{ROOT}{Forwarded.objects.get().id}/retry/", follow=True).content.decode()
    send_cases()

    assert case.number in page
    assert "http-400" in page
    assert "sent once more" in again
    assert "T-1" in dispatcher.get(f"{ROOT}?state=sent").content.decode()
    assert "Nothing fits" in dispatcher.get(f"{ROOT}?state=refused").content.decode()
    assert "their-key" not in page


def test_page_when_the_case_became_secret_or_lies_elsewhere_then_not_shown(world: World, city: City) -> None:
    endpoint_at(city.address)
    case = given(world)
    give_role("there", "dispatcher", world.communities[-1])
    assert case.number in browser("dispatcher").get(ROOT).content.decode()

    assert case.number not in browser("there").get(ROOT).content.decode()
    assert browser("desk").get(ROOT).status_code == 403
    with guard.scope("maintenance", "tests"):
        Case.objects.update(is_secret=True)
    assert case.number not in browser("dispatcher").get(ROOT).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_when_there_are_more_rows_then_as_many_queries(
    world: World, city: City, rows: int, django_assert_max_num_queries: Any
) -> None:
    endpoint_at(city.address)
    for _ in range(rows):
        given(world)
    dispatcher = browser("dispatcher")
    dispatcher.get(ROOT)

    with django_assert_max_num_queries(8):
        assert dispatcher.get(ROOT).status_code == 200
