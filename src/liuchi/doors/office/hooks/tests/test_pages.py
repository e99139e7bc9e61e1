"""The pages for webhooks: who sees what, and every button."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from liuchi.doors.ui.testing import browser as browser_in
from liuchi.engines.cases.testing import MORNING, World, give_role, small_world
from liuchi.ground.access.models import ApiKey
from liuchi.ground.hooks import tasks
from liuchi.ground.hooks.models import Subscription
from liuchi.ground.hooks.testing import Receiver, key_of, receiving, subscribed
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.territory import queries

ROOT = "/office/hooks/"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with frozen_at(MORNING):
        yield small_world()
    queries.forget()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    with receiving() as there:
        settings.LIUCHI_OUTGOING_ALLOWED = there.origin
        yield there


@pytest.fixture
def key(world: World) -> ApiKey:
    give_role("admin", "system_admin", world.district)
    return key_of("desk", world.district)


def browser(username: str) -> Client:
    return browser_in(username, "en")


def given(key: ApiKey, **change: Any) -> dict[str, Any]:
    facts = {"key": str(key.id), "name": "市平台", "address": "https://hooks.example/x?token=7", "area": ""}
    return {**facts, "events": ["case.reported"], **change}


def test_subscribing_when_by_who_answers_for_the_key_then_the_secret_is_shown_once(world: World, key: ApiKey) -> None:
    desk = browser("desk")
    assert "市平台对接" in desk.get(f"{ROOT}new/").content.decode()

    answer = desk.post(f"{ROOT}new/", given(key)).content.decode()

    row = Subscription.objects.get()
    assert "whsec_" in answer
    page = desk.get(f"{ROOT}{row.id}/").content.decode()
    assert "token=7" in page
    assert "whsec_" not in page
    seen = browser("admin").get(f"{ROOT}{row.id}/").content.decode()
    assert "https://hooks.example" in seen
    assert "token=7" not in seen
    assert browser("other-desk").get(f"{ROOT}{row.id}/").status_code == 404
    assert "hooks.example" not in browser("other-desk").get(ROOT).content.decode()


@pytest.mark.parametrize("change", [{"address": "http://inner.example/"}, {"events": []}, {"name": ""}, {"area": "x"}])
def test_subscribing_when_not_sound_then_refused_and_what_was_typed_stays(
    world: World, key: ApiKey, change: dict[str, Any]
) -> None:
    answer = browser("desk").post(f"{ROOT}new/", given(key, **change))

    assert answer.status_code == 422
    assert change.get("address", "hooks.example") in answer.content.decode()
    assert not Subscription.objects.exists()


def test_pages_when_there_is_nothing_then_say_what_to_do(world: World, key: ApiKey) -> None:
    give_role("third", "desk", world.district)

    assert "No system is told" in browser("admin").get(ROOT).content.decode()
    assert "no key that may be told" in browser("third").get(f"{ROOT}new/").content.decode()


def test_buttons_when_pressed_then_each_does_what_it_says(world: World, key: ApiKey, receiver: Receiver) -> None:
    row, secret = subscribed(key, receiver.address, "case.reported")
    desk, admin = browser("desk"), browser("admin")

    def press(client: Client, what: str) -> str:
        answer = client.post(f"{ROOT}{row.id}/{what}/", follow=True)
        row.refresh_from_db()
        return answer.content.decode()

    assert "Nothing was sent yet" in desk.get(f"{ROOT}{row.id}/").content.decode()
    assert "Paused" in press(admin, "pause")
    assert "not active" in press(desk, "test")
    assert "Started" in press(desk, "resume")
    press(desk, "test")
    tasks.send()
    page = desk.get(f"{ROOT}{row.id}/").content.decode()
    assert "webhook.test" in page
    assert "200" in page
    delivery = row.deliveries.get()
    desk.post(f"{ROOT}{row.id}/replay/{delivery.id}/")
    tasks.send()
    assert len(receiver.heard) == 2
    assert "whsec_" in press(desk, "secret")
    assert secret not in press(desk, "secret")
    assert "whsec_" not in press(admin, "secret")
    assert press(browser("other-desk"), "remove")
    assert row.state == "active"
    assert "Removed" in press(desk, "remove")
    assert row.state == "removed"


def test_page_when_the_receiver_is_out_of_reach_then_says_since_when_it_is_tried_again(
    world: World, key: ApiKey, receiver: Receiver
) -> None:
    row, _ = subscribed(key, receiver.address, "case.reported")
    receiver.status = 500
    browser("desk").post(f"{ROOT}{row.id}/test/")
    tasks.send()

    page = browser("admin").get(f"{ROOT}{row.id}/").content.decode()

    assert "out of reach" in page
    assert "500" in page
    assert "Try now" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_when_there_are_more_rows_then_as_many_queries(
    world: World, key: ApiKey, receiver: Receiver, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        row, _ = subscribed(key, receiver.address, "case.reported")
    desk = browser("desk")
    desk.get(ROOT)

    with django_assert_max_num_queries(12):
        desk.get(ROOT)
        desk.get(f"{ROOT}{row.id}/")
