"""One's own inbox and settings, as the browser shows them."""

from uuid import UUID

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries, Settings

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, World
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.notices import tasks
from liuchi.ground.notices.models import Notice, Preferences
from liuchi.ground.notices.queries import PAGE
from liuchi.ground.notices.testing import tell, wish

SETTINGS = {
    "digest_hour": "9",
    "quiet_from": "21",
    "quiet_to": "8",
    "duty": "",
    "wanted": ["cases.reports", "tests"],
    "language": "zh-hans",
}


@pytest.fixture(autouse=True)
def _ways(settings: Settings) -> None:
    settings.LIUCHI_MAIL = "smtp://127.0.0.1:1"
    settings.LIUCHI_SMS = "liuchi.ground.notices.sms.ConsoleGateway"


@pytest.fixture
def resident(world: World) -> UUID:
    return world.viewer("resident").person_id


def test_inbox_when_empty_then_says_what_will_come_and_the_bell_counts_nothing(world: World) -> None:
    page = browser("resident", "en").get("/inbox/").content.decode()

    assert "No messages yet" in page
    assert 'class="count"' not in page


def test_inbox_when_something_came_then_the_bell_counts_it_on_every_page(resident: UUID) -> None:
    tell([resident], number="20240912-000007", words="王师傅明天上午来")
    client = browser("resident", "en")

    home, inbox = client.get("/").content.decode(), client.get("/inbox/").content.decode()

    assert '<span class="count" aria-hidden="true">1</span>' in home
    assert "Case 20240912-000007 went on, have a look." in inbox
    assert "王师傅明天上午来" in inbox
    assert "20240912-000007" not in browser("other-resident", "en").get("/inbox/").content.decode()


def test_bell_when_very_much_is_new_then_it_counts_no_further(resident: UUID) -> None:
    for _ in range(101):
        tell([resident])

    assert ">99+</span>" in browser("resident", "en").get("/").content.decode()


def test_notice_when_opened_then_seen_and_it_leads_where_it_says(resident: UUID) -> None:
    tell([resident])
    client = browser("resident", "en")

    answer = client.post(f"/inbox/{Notice.objects.get().id}/")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert 'class="count"' not in client.get("/").content.decode()


def test_notice_when_somebody_elses_then_there_is_none(resident: UUID) -> None:
    tell([resident])

    assert browser("other-resident", "en").post(f"/inbox/{Notice.objects.get().id}/").status_code == 404
    assert not Notice.objects.get().is_seen


def test_notice_when_a_link_elsewhere_asks_then_looking_at_the_address_changes_nothing(resident: UUID) -> None:
    tell([resident])

    assert browser("resident", "en").get(f"/inbox/{Notice.objects.get().id}/").status_code == 405
    assert not Notice.objects.get().is_seen


def test_inbox_when_all_is_marked_then_nothing_is_new(resident: UUID) -> None:
    for _ in range(3):
        tell([resident])
    client = browser("resident", "en")

    assert client.post("/inbox/seen/", follow=True).redirect_chain == [("/inbox/", 302)]

    assert Notice.objects.filter(is_seen=False).count() == 0
    assert "No message fits this choice" in client.get("/inbox/?new=1").content.decode()


def test_inbox_when_long_then_pages_follow_and_nonsense_in_the_address_is_left_out(resident: UUID) -> None:
    for number in range(PAGE + 3):
        tell([resident], number=f"20240912-{number:06}")
    client = browser("resident", "en")

    first = client.get("/inbox/?topic=nothing&after=x")
    second = client.get(f"/inbox/?{first.context['next']}")

    assert [len(each.context["entries"]) for each in (first, second)] == [PAGE, 3]
    assert second.context["next"] == ""
    assert "The list ends here" in client.get(f"/inbox/?after=1-{UUID(int=0).hex}").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_when_read_then_as_many_queries_for_three_as_for_one(
    resident: UUID, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for _ in range(count):
        tell([resident])
    client = browser("resident", "en")
    client.get("/inbox/")

    with django_assert_num_queries(5):
        client.get("/inbox/")


def test_settings_when_kept_then_shown_again_and_the_address_asks_to_be_confirmed(resident: UUID) -> None:
    client = browser("resident", "en")
    with frozen_at(MORNING):
        answer = client.post(
            "/inbox/settings/",
            {**SETTINGS, "by_email": "on", "email": "z@example.cn", "digest_hour": "14"},
            follow=True,
        )
        page = answer.content.decode()
        tasks.send()

    assert answer.redirect_chain == [("/inbox/settings/", 302)]
    assert "We have sent you an e-mail" in page
    assert 'value="z@example.cn"' in page
    assert "Not confirmed yet" in page
    assert '<option value="14" selected>' in page
    assert [letter.to for letter in mail.outbox] == [["z@example.cn"]]


def test_address_when_its_link_is_opened_then_the_button_confirms_it_and_the_link_alone_does_not(
    resident: UUID, settings: Settings
) -> None:
    settings.LIUCHI_ADDRESS = "https://liuchi.example"
    client = browser("resident", "en")
    with frozen_at(MORNING):
        client.post("/inbox/settings/", {**SETTINGS, "by_email": "on", "email": "z@example.cn"})
        tasks.send()
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("https://"))
    path = link.removeprefix("https://liuchi.example")

    page = client.get(path)
    assert page.status_code == 200
    assert not Preferences.objects.get().is_email_confirmed
    answer = client.post("/inbox/settings/confirm/", {"token": page.context["token"]}, follow=True)

    assert "Confirmed." in answer.content.decode()
    assert Preferences.objects.get().is_email_confirmed


def test_confirmation_when_the_token_is_not_good_then_says_what_to_do(resident: UUID) -> None:
    answer = browser("resident", "en").post("/inbox/settings/confirm/", {"token": "x"}, follow=True)

    assert "Save the address again" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"by_email": "on", "email": "nobody"}, "This is no e-mail address"),
        ({"by_email": "on"}, "Give the address"),
        ({"digest_hour": "21", "quiet_from": "20"}, "in your quiet hours"),
    ],
)
def test_settings_when_refused_then_the_reason_stands_there_and_nothing_typed_is_lost(
    resident: UUID, change: dict[str, str], says: str
) -> None:
    answer = browser("resident", "en").post("/inbox/settings/", {**SETTINGS, "language": "en", **change})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert '<option value="en" selected>' in page
    assert Preferences.objects.count() == 0


def test_settings_when_on_duty_then_it_ends_by_itself(resident: UUID) -> None:
    client = browser("resident", "en")
    with frozen_at(MORNING):
        client.post("/inbox/settings/", {**SETTINGS, "duty": "12"})
        until = Preferences.objects.get().on_duty_until
        client.post("/inbox/settings/", {**SETTINGS, "duty": "keep"})

    assert until is not None
    assert (until - MORNING).total_seconds() == 12 * 3600
    assert Preferences.objects.get().on_duty_until == until


def test_settings_when_a_topic_is_left_out_then_muted(resident: UUID) -> None:
    with frozen_at(MORNING):
        browser("resident", "en").post("/inbox/settings/", {**SETTINGS, "wanted": ["cases.reports"]})

    assert Preferences.objects.get().muted == ["tests"]


def test_settings_when_the_house_sends_nothing_out_then_offers_nothing_of_the_kind(
    resident: UUID, settings: Settings
) -> None:
    settings.LIUCHI_MAIL = settings.LIUCHI_SMS = ""
    client = browser("resident", "en")

    page = client.get("/inbox/settings/").content.decode()
    with frozen_at(MORNING):
        answer = client.post("/inbox/settings/", SETTINGS)

    assert "E-mail address" not in page
    assert answer.status_code == 302


def test_settings_when_somebody_elses_wishes_exist_then_only_ones_own_are_shown(resident: UUID) -> None:
    wish(resident, email="z@example.cn")

    assert "z@example.cn" in browser("resident", "en").get("/inbox/settings/").content.decode()
    assert "z@example.cn" not in browser("other-resident", "en").get("/inbox/settings/").content.decode()
