import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import World, report


def test_health_when_the_database_answers_then_is_ok(db: None) -> None:
    response = browser().get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_health_when_the_database_is_gone_then_says_so(db: None) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("the connection was closed")

    with connection.execute_wrapper(gone):
        response = browser().get("/healthz")

    assert (response.status_code, response.json()) == (503, {"status": "database unreachable"})


def test_language_when_chosen_then_pages_speak_it(world: World) -> None:
    client = browser()
    chinese = client.get("/").content.decode()

    response = client.post("/language/", {"language": "en", "next": "/"}, follow=True)

    english = response.content.decode()
    assert ("我要反映" in chinese, "我要反映" in english) == (True, False)
    assert "Report something" in english
    assert '<html lang="en">' in english


def test_every_page_when_sent_then_allows_only_what_comes_from_us(world: World) -> None:
    response = browser().get("/")

    policy = response["Content-Security-Policy"]
    page = response.content.decode()
    assert policy.startswith("default-src 'self'")
    assert "unsafe" not in policy
    assert (" style=" in page, "<style" in page, " onclick=" in page) == (False, False, False)
    assert page.count("<script") == page.count("<script src=") == 1
    assert response["X-Frame-Options"] == "DENY"


def test_pages_when_somebody_is_signed_in_then_are_stored_nowhere(world: World) -> None:
    assert browser("desk").get("/office/")["Cache-Control"] == "private, no-store"


def test_page_when_unknown_then_404_in_the_house_style(world: World) -> None:
    response = browser().get("/no/such/page/")

    page = response.content.decode()
    assert response.status_code == 404
    assert "没有找到这个页面" in page
    assert "Resolver404" not in page


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize(("charset", "status"), [("utf-7", 400), ("no-such", 400), ("utf-16", 400), ("UTF-8", 403)])
def test_form_when_it_claims_another_alphabet_then_400_in_the_house_style(
    world: World, kind: str, charset: str, status: int
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-Hans"})

    response = client.generic("POST", "/report/", b"text=x", f"{kind}; charset={charset}")

    assert response.status_code == status
    assert ("没有看懂" in response.content.decode()) is (status == 400)


@pytest.mark.parametrize("path", ["/office/", "/office/cases/20240101-000001/", "/sign-out/"])
def test_page_when_not_public_then_sends_to_sign_in(world: World, path: str) -> None:
    response = browser().get(path)

    assert response["Location"] == f"/sign-in/?next={path}"


def test_office_when_a_resident_opens_it_then_403_with_the_way_out(world: World) -> None:
    response = browser("resident").get("/office/")

    assert response.status_code == 403
    assert "您提交的上报请在首页查看" in response.content.decode()


OLD_TOKEN = {"csrfmiddlewaretoken": "x" * 64}


def visitor() -> Client:
    """A browser that has opened the form, whose token then became another."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-Hans"})
    client.get("/report/")
    return client


def test_form_when_its_token_is_gone_then_words_are_kept_and_come_back(world: World) -> None:
    client = visitor()

    refused = client.post("/report/", {"text": "路灯不亮三天了", "phone": "199 0000 0001", **OLD_TOKEN})
    page = client.get("/report/").content.decode()

    assert refused.status_code == 403
    assert 'href="/report/"' in refused.content.decode()
    assert "路灯不亮三天了</textarea>" in page
    assert 'value="199 0000 0001"' in page


def test_form_when_it_comes_from_another_site_then_nothing_is_kept(world: World) -> None:
    client = visitor()

    refused = client.post("/report/", {"text": "planted", **OLD_TOKEN}, headers={"origin": "https://elsewhere.example"})

    assert refused.status_code == 403
    assert "planted" not in client.get("/report/").content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"text": "一句话"},
        {"text": "长" * 8001, **OLD_TOKEN},
        {**{"n" * 900 + str(number): "x" for number in range(9)}, **OLD_TOKEN},
        {**{f"field{number}": "x" for number in range(41)}, **OLD_TOKEN},
    ],
)
def test_form_when_it_has_no_token_or_is_too_large_then_nothing_is_stored(world: World, sent: dict[str, str]) -> None:
    client = visitor()

    refused = client.post("/report/", sent)

    assert refused.status_code == 403
    assert not Session.objects.exists()


def test_form_when_the_browser_has_no_cookie_of_ours_then_nothing_is_stored(world: World) -> None:
    refused = Client(enforce_csrf_checks=True).post("/report/", {"text": "一句话", **OLD_TOKEN})

    assert refused.status_code == 403
    assert not Session.objects.exists()


def test_form_when_kept_for_a_visitor_then_for_an_hour(world: World) -> None:
    client = visitor()

    client.post("/report/", {"text": "一句话", **OLD_TOKEN})

    assert client.session.get_expiry_age() <= 3600


def test_error_page_when_something_breaks_then_is_ours(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = report(world).number
    monkeypatch.setattr("liuchi.doors.resident.views.case.public_case", lambda number: 1 / 0)
    client = browser()
    client.raise_request_exception = False

    response = client.get(f"/cases/{number}/")

    assert response.status_code == 500
    assert "出错了" in response.content.decode()
