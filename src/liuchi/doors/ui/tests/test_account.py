from datetime import timedelta

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, PASSWORD, SETUP, World
from liuchi.ground.access.actions import reset_password
from liuchi.ground.access.models import Account
from liuchi.ground.kernel.clock import frozen_at

NEW = "another-long-password"


def test_account_when_opened_then_tells_what_one_may_do(world: World) -> None:
    page = browser("water", "en").get("/account/").content.decode()

    assert "What I may do" in page
    assert "测试区" in page


def test_password_when_temporary_then_nothing_opens_before_it_is_changed(world: World) -> None:
    password = reset_password(by=SETUP, account_id=Account.objects.get(username="desk").id, reason="forgotten")
    client = browser("desk", "en")

    assert client.get("/office/")["Location"] == "/account/"
    assert "Somebody else set your password" in client.get("/account/").content.decode()
    assert client.post("/account/", {"old": password, "new": "short"}).status_code == 422
    answer = client.post("/account/", {"old": password, "new": NEW})

    assert answer["Location"] == "/office/"
    assert client.get("/office/").status_code == 200


def test_sessions_when_ended_elsewhere_then_only_this_one_goes_on(world: World) -> None:
    here, there = browser("desk"), browser("desk")

    here.post("/account/sessions/")

    assert here.get("/office/").status_code == 200
    assert there.get("/office/")["Location"].startswith("/sign-in/")


def test_sign_in_when_unused_or_too_old_then_ends_at_the_desk_first(world: World) -> None:
    client = browser()
    with frozen_at(MORNING):
        client.post("/sign-in/", {"username": "desk", "password": PASSWORD})
    opened = []
    for minutes in (50, 105, 170):
        with frozen_at(MORNING + timedelta(minutes=minutes)):
            opened.append(client.get("/office/").status_code)
    with frozen_at(MORNING + timedelta(minutes=171)):
        again = client.get("/office/").status_code

    assert (opened, again) == ([200, 200, 302], 302)


def test_sign_in_when_used_all_day_then_ends_after_twelve_hours(world: World) -> None:
    client = browser()
    with frozen_at(MORNING):
        client.post("/sign-in/", {"username": "desk", "password": PASSWORD})
    opened = []
    for half in range(1, 27):
        with frozen_at(MORNING + timedelta(minutes=30 * half)):
            opened.append(client.get("/office/").status_code)

    assert opened == [200] * 24 + [302] * 2
