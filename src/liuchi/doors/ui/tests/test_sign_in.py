import pytest
from django.test import Client
from pytest_django import Settings

from liuchi.doors.ui.kept import mark_of
from liuchi.doors.ui.testing import browser, report_by_page
from liuchi.engines.cases.models import CaseMove
from liuchi.engines.cases.testing import PASSWORD, World, report
from liuchi.ground.access.models import Account
from liuchi.ground.journal.models import Line


def signed_in_as(client: object) -> str:
    account = client.get("/").wsgi_request.user  # type: ignore[attr-defined]
    return account.username if isinstance(account, Account) else ""


def test_sign_in_when_password_is_right_then_lets_in_and_leaves_a_line(world: World) -> None:
    client = browser()

    response = client.post("/sign-in/", {"username": "desk", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/office/")
    line = Line.objects.get(kind="access.signed_in")
    assert line.data["way"] == "password"


def test_sign_in_when_resident_then_goes_to_the_first_page(world: World) -> None:
    response = browser().post("/sign-in/", {"username": "resident", "password": PASSWORD})

    assert response["Location"] == "/"


@pytest.mark.parametrize(("username", "password"), [("desk", "wrong"), ("nobody", PASSWORD)])
def test_sign_in_when_a_part_is_wrong_then_does_not_tell_which_and_keeps_the_name(
    world: World, username: str, password: str
) -> None:
    response = browser().post("/sign-in/", {"username": username, "password": password})

    page = response.content.decode()
    assert response.status_code == 422
    assert "用户名或密码不正确，请重试。" in page
    assert f'value="{username}"' in page
    assert password not in page
    assert Line.objects.filter(kind="access.sign_in_failed").count() == 1


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/office/?scope=all", "/office/?scope=all"),
        ("https://elsewhere.example/", "/office/"),
        ("//elsewhere.example", "/office/"),
        ("javascript:alert(1)", "/office/"),
    ],
)
def test_sign_in_when_next_is_given_then_follows_only_our_own_pages(world: World, wanted: str, landed: str) -> None:
    response = browser().post("/sign-in/", {"username": "desk", "password": PASSWORD, "next": wanted})

    assert response["Location"] == landed


def test_sign_in_when_the_name_holds_nul_then_is_refused_like_any_other(world: World) -> None:
    response = browser().post("/sign-in/", {"username": "de\0sk2", "password": "x"})

    assert response.status_code == 422


def test_demo_sign_in_when_not_a_demo_then_there_is_no_such_page(world: World, settings: Settings) -> None:
    Account.objects.filter(username="desk")
    settings.LIUCHI_DEMO = False
    client = browser()

    response = client.post("/sign-in/demo/", {"username": "demo-desk"})

    assert response.status_code == 404
    assert "sign-in/demo" not in client.get("/sign-in/").content.decode()


@pytest.fixture
def demo(world: World, settings: Settings) -> World:
    settings.LIUCHI_DEMO = True
    return world


def test_demo_sign_in_when_in_a_demo_then_one_tap_lets_in(demo: World, demo_account: str) -> None:
    client = browser()

    response = client.post("/sign-in/demo/", {"username": demo_account})

    assert response["Location"] == "/office/"
    assert signed_in_as(client) == demo_account
    assert Line.objects.get(kind="access.signed_in").data["way"] == "demo"


@pytest.mark.parametrize("username", ["desk", "water", "demo-nobody", "", "demo-\0"])
def test_demo_sign_in_when_the_account_is_no_demo_account_then_stays_out(demo: World, username: str) -> None:
    client = browser()

    response = client.post("/sign-in/demo/", {"username": username})

    assert response["Location"] == "/sign-in/"
    assert signed_in_as(client) == ""


def test_sign_in_page_when_in_a_demo_then_offers_roles_and_finds_units(demo: World) -> None:
    page = browser().get("/sign-in/", {"unit": "路灯"}).content.decode()

    assert 'value="demo-checker"' in page
    assert 'value="handler-lights-1"' in page
    assert 'value="handler-water-1"' not in page


def test_sign_out_when_posted_then_leaves_a_line_and_shows_the_first_page(world: World) -> None:
    client = browser("desk")

    response = client.post("/sign-out/", follow=True)

    assert "已退出登录。" in response.content.decode()
    assert signed_in_as(client) == ""
    assert Line.objects.filter(kind="access.signed_out").count() == 1


def run_out(username: str, number: str, move: str) -> tuple[Client, str, dict[str, str]]:
    """A browser in which somebody opened a case until their sign-in ran out, a move's path, its hidden fields."""
    client, page = browser(), f"/office/cases/{number}/"
    made_for = browser(username).get(page).context["made_for"]
    return client, f"{page}{move}/", {"made_for": made_for, "version": "1"}


def test_typed_words_when_the_sign_in_expired_then_come_back_after_it(world: World) -> None:
    number = report(world).number
    client, path, sent = run_out("desk", number, "refuse")

    sent_away = client.post(path, {**sent, "reason": "outside_duty", "text": "请找区民政局 <b>"})
    back = client.post(sent_away["Location"], {"username": "desk", "password": PASSWORD, "next": path})
    page = client.get(back["Location"]).content.decode()

    assert sent_away["Location"].startswith("/sign-in/?next=")
    assert back["Location"] == path
    assert "请找区民政局 &lt;b&gt;</textarea>" in page
    assert '<option value="outside_duty" selected>' in page
    assert "已重新登录。您填写的内容还在" in page
    assert not CaseMove.objects.filter(name="refuse").exists()


def test_typed_words_when_kept_then_stand_sealed_in_the_session_and_only_once(world: World) -> None:
    number = report(world).number
    client, path, sent = run_out("desk", number, "close")

    client.post(path, {**sent, "text": "一句话", "password": "secret-word"})
    kept = client.session["kept_fields"]
    client.post("/sign-in/", {"username": "desk", "password": PASSWORD, "next": path})
    first, second = client.get(path), client.get(path)

    assert "一句话" not in kept
    assert "一句话" in first.content.decode()
    assert "secret-word" not in first.content.decode()
    assert second.status_code == 302


@pytest.mark.parametrize(("author", "shown"), [("desk", True), ("other-desk", False), ("", False)])
def test_typed_words_when_somebody_else_signs_in_then_are_theirs_never(world: World, author: str, shown: bool) -> None:
    number = report(world).number
    client, path, _ = run_out("desk", number, "refuse")
    made_for = browser(author).get("/").wsgi_request if author else None

    client.post(path, {"made_for": mark_of(made_for) if made_for else "", "text": "只给自己看"})
    client.post("/sign-in/", {"username": "desk", "password": PASSWORD})
    first, second = client.get(path, follow=True), client.get(path, follow=True)

    assert ("只给自己看" in first.content.decode()) is shown
    assert "只给自己看" not in second.content.decode()


def test_receipts_when_somebody_signs_in_on_that_browser_then_are_gone(world: World) -> None:
    client = browser()
    number, _code = report_by_page(client, "邻居太吵")
    assert "邻居太吵" in client.get(f"/cases/{number}/").content.decode()

    client.post("/sign-in/", {"username": "resident", "password": PASSWORD})

    assert "邻居太吵" not in client.get(f"/cases/{number}/").content.decode()
    assert client.get("/report/done/")["Location"] == "/report/"
    assert not {"receipts", "sent"} & set(client.session.keys())


@pytest.mark.parametrize("wanted", ["foo", "report", "home"])
def test_sign_in_when_next_is_no_path_then_goes_where_one_works(demo: World, demo_account: str, wanted: str) -> None:
    response = browser().post("/sign-in/demo/", {"username": demo_account, "next": wanted})

    assert response["Location"] == "/office/"


def test_demo_sign_in_when_the_data_are_served_in_earnest_then_counts_no_more(
    demo: World, demo_account: str, settings: Settings
) -> None:
    client = browser()
    client.post("/sign-in/demo/", {"username": demo_account})
    inside = client.get("/office/").status_code

    settings.LIUCHI_DEMO = False

    assert inside == 200
    assert client.get("/office/")["Location"].startswith("/sign-in/")
    assert signed_in_as(client) == ""
    settings.LIUCHI_DEMO = True
    assert signed_in_as(client) == ""
