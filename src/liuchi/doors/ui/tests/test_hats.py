from datetime import timedelta

import pytest

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World, dispatched, give_role, report
from liuchi.ground.access.models import Grant
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock, guard
from liuchi.ground.kernel.clock import frozen_at


@pytest.fixture
def lin(world: World) -> World:
    with frozen_at(MORNING - timedelta(days=1)):
        give_role("lin", "desk", world.district)
    with frozen_at(MORNING):
        give_role("lin", "handler", world.district, world.water)
    return world


def test_header_when_there_is_one_hat_then_names_it_and_asks_nothing(world: World) -> None:
    page = browser("water").get("/").content.decode()

    assert "供水中心 · 处置员" in page
    assert "/hat/" not in page


def test_header_when_there_are_two_hats_then_offers_the_other(lin: World) -> None:
    page = browser("lin").get("/office/?scope=all").content.decode()

    assert "lin · </span>受理员" in page
    assert 'href="/hat/?next=%2Foffice%2F%3Fscope%3Dall"' in page


def test_hat_when_chosen_then_the_session_acts_under_it_and_goes_back(lin: World) -> None:
    client = browser("lin")
    with frozen_at(MORNING):
        case = dispatched(lin)
        report(lin)
        before = client.get("/office/").content.decode()
        asked = client.get("/hat/").content.decode()
        answer = client.post("/hat/", {"hat": f"unit-{lin.water.id}", "next": "/office/"}, follow=True)
        page = answer.content.decode()
        client.post(
            f"/office/cases/{case.number}/hand_in/", {"version": case.version, "text": "井盖已更换", "made_for": ""}
        )

    assert "供水中心 · 处置员" in asked
    assert case.number not in before
    assert answer.redirect_chain == [("/office/", 302)]
    assert "您现在的身份：供水中心 · 处置员" in page
    assert case.number in page
    assert Line.objects.order_by("-seq")[0].on_behalf_of == lin.water.id


def test_hat_when_no_next_page_is_named_then_work_begins(lin: World) -> None:
    answer = browser("lin").post("/hat/", {"hat": f"unit-{lin.water.id}", "next": "https://evil.example/"})

    assert (answer.status_code, answer["Location"]) == (302, "/office/")


def test_hat_when_it_is_not_among_ones_own_then_refused_and_the_other_stays(lin: World) -> None:
    client = browser("lin")

    answer = client.post("/hat/", {"hat": f"unit-{lin.lights.id}"}, follow=True)

    assert answer.redirect_chain == [("/hat/", 302)]
    assert "请重新选择" in answer.content.decode()
    assert client.get("/").context["viewer"].hat.key == "own"


def test_hat_when_its_grant_ends_then_the_next_request_is_without_it(lin: World) -> None:
    client = browser("lin")
    client.post("/hat/", {"hat": f"unit-{lin.water.id}"})
    with guard.scope("maintenance", "test"):
        Grant.objects.filter(organisation=lin.water, account__username="lin").update(valid_to=clock.now())

    viewer = client.get("/").context["viewer"]

    assert (viewer.hat.key, viewer.allows("cases.handle")) == ("own", False)


def test_refused_page_when_another_hat_is_there_then_it_is_offered(lin: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(lin)
        client = browser("lin")
        client.post("/hat/", {"hat": f"unit-{lin.water.id}"})
        other = report(lin)
        page = client.get(f"/office/cases/{other.number}/")

        assert client.get(f"/office/cases/{case.number}/").status_code == 200

    assert page.status_code == 404
    assert f"/hat/?next=%2Foffice%2Fcases%2F{other.number}%2F" in page.content.decode()


def test_hat_page_when_there_is_none_then_says_what_the_account_is_for(world: World) -> None:
    page = browser("resident").get("/hat/").content.decode()

    assert "您的账号没有任何岗位身份" in page
