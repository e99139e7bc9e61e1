from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, give_role
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices.models import Delivery, Robot
from liuchi.ground.notices.testing import tell, wish

TOKEN = "a1b2c3d4-0000-1111-2222-333344445555"
PAGES = ("", "templates/", "given-up/", "sent/")


@pytest.fixture
def manager(world: World) -> Client:
    with frozen_at(MORNING):
        give_role("manager", "system_admin", world.district)
    return browser("manager", "en")


@pytest.fixture
def dead(world: World, settings: Settings) -> Delivery:
    """Return a message to a resident that was given up."""
    settings.LIUCHI_MAIL = "smtp://127.0.0.1:1"
    person: UUID = world.viewer("resident").person_id
    wish(person, email="z@example.cn", quiet_from=0, quiet_to=0)
    tell([person], urgent=True)
    with guard.scope("maintenance", "tests"):
        Delivery.objects.update(state="dead", attempts=6, error="unreachable", next_at=None)
    return Delivery.objects.get()


def _given(world: World, **more: object) -> dict[str, object]:
    unit = str(world.water.id)
    return {"organisation": unit, "kind": "wecom", "name": "工作群", "secret": TOKEN, "topics": ["cases.work"], **more}


@pytest.mark.parametrize("page", PAGES)
def test_page_when_somebody_without_the_power_asks_then_refused(world: World, manager: Client, page: str) -> None:
    assert manager.get(f"/office/messages/{page}").status_code == 200
    assert browser("desk").get(f"/office/messages/{page}").status_code == 403


def test_robot_when_set_up_then_listed_without_its_token_tested_and_removed(world: World, manager: Client) -> None:
    page = manager.post("/office/messages/", _given(world), follow=True).content.decode()
    robot = Robot.objects.get()

    assert "工作群" in page
    assert TOKEN not in page
    manager.post(f"/office/messages/robots/{robot.id}/test/")
    assert Delivery.objects.get().kind == "test"
    manager.post(f"/office/messages/robots/{robot.id}/remove/")
    assert not Robot.objects.get().is_active


def test_robot_when_refused_then_what_was_typed_stays(world: World, manager: Client) -> None:
    answer = manager.post("/office/messages/", _given(world, secret="https://nowhere.example/x"))

    assert answer.status_code == 422
    assert 'value="工作群"' in answer.content.decode()
    assert "This is no webhook of that kind" in answer.content.decode()


def test_templates_when_shown_then_every_one_in_either_language(world: World, manager: Client) -> None:
    chinese = manager.get("/office/messages/templates/").content.decode()
    english = manager.get("/office/messages/templates/?in=en").content.decode()

    assert "新派工" in chinese
    assert "New work" in english


def test_given_up_when_listed_then_says_why_and_not_to_whom(dead: Delivery, manager: Client) -> None:
    page = manager.get("/office/messages/given-up/").content.decode()

    assert "unreachable" in page
    assert "example.cn" not in page
    assert str(dead.person_id) not in page


@pytest.mark.parametrize(("what", "state"), [("retry", "waiting"), ("drop", "dropped"), ("burn", "dead")])
def test_given_up_when_settled_then_sent_again_or_dropped(
    dead: Delivery, manager: Client, what: str, state: str
) -> None:
    manager.post(f"/office/messages/given-up/{dead.id}/{what}/")

    dead.refresh_from_db()
    assert dead.state == state


def test_given_up_when_settled_twice_then_says_so(dead: Delivery, manager: Client) -> None:
    manager.post(f"/office/messages/given-up/{dead.id}/drop/")

    page = manager.post(f"/office/messages/given-up/{dead.id}/drop/", follow=True).content.decode()

    assert "has not been given up" in page


def test_sent_when_narrowed_or_exported_then_the_same_rows(dead: Delivery, manager: Client) -> None:
    assert len(manager.get("/office/messages/sent/?state=dead&way=email").context["rows"]) == 1
    assert "Nothing fits this choice" in manager.get("/office/messages/sent/?way=sms").content.decode()
    exported = b"".join(manager.get("/office/messages/sent/?format=csv"))
    assert b"unreachable" in exported
    assert b"example.cn" not in exported


@pytest.mark.parametrize("count", [1, 3])
def test_sent_when_read_then_as_many_queries_for_three_as_for_one(
    world: World, manager: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    with frozen_at(MORNING):
        for number in range(count):
            manager.post("/office/messages/", _given(world, name=str(number)))
            manager.post(f"/office/messages/robots/{Robot.objects.latest('id').id}/test/")
    manager.get("/office/messages/sent/")

    with django_assert_num_queries(5):
        manager.get("/office/messages/sent/")
