from datetime import timedelta

import pytest
from django.test import Client

from liuchi.doors.ui.explaining import QuestionUnclear, tell
from liuchi.doors.ui.testing import browser
from liuchi.doors.ui.testing_keys import key_for
from liuchi.engines.cases.testing import MORNING, World, dispatched, give_role
from liuchi.ground.access.keys import viewer_for_key
from liuchi.ground.access.models import Account, ApiKey, BreakGlass, Grant, Role
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at

HOUR = timedelta(hours=1)


@pytest.fixture
def offices(world: World) -> World:
    with frozen_at(MORNING):
        give_role("system", "system_admin", world.district)
        give_role("security", "security_admin", world.district)
        give_role("auditor", "audit_admin", world.district)
        give_role("duty", "duty_officer", world.district)
    return world


def act(client: Client, path: str, **fields: object) -> str:
    with frozen_at(MORNING + HOUR):
        return client.post(path, fields, follow=True).content.decode()


def see(client: Client, path: str, **query: str) -> str:
    with frozen_at(MORNING + HOUR):
        return client.get(path, query, follow=True).content.decode()


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def test_pages_when_each_administrator_opens_the_section_then_only_their_own_are_there(offices: World) -> None:
    shown = {
        name: {page.page for page in browser(name, "en").get("/office/access/", follow=True).context["pages"]}
        for name in ("system", "security", "auditor", "duty")
    }

    common = {"access-accounts", "access-roles", "access-explain"}
    assert shown == {
        "system": common,
        "security": common | {"access-grants", "access-keys"},
        "auditor": common | {"access-grants", "access-keys", "access-reads", "access-glass-reviews"},
        "duty": {"access-glass"},
    }


def test_grant_when_given_and_ended_by_page_then_counts_and_no_longer(offices: World) -> None:
    client, path = browser("security", "en"), f"/office/access/accounts/{account('lights').id}/"
    page = act(
        client,
        path + "grant/",
        role="checker",
        area=str(offices.communities[0].id),
        purpose="casework",
        reason="人社〔2024〕12号",
    )
    grant = Grant.objects.get(account__username="lights", role__code="checker")

    assert "The grant counts from now on." in page
    assert "人社〔2024〕12号" in see(client, path)
    with frozen_at(MORNING + 2 * HOUR):
        client.post(f"/office/access/grants/{grant.id}/end/", {"reason": "调离"})
    grant.refresh_from_db()
    assert (grant.valid_to, grant.end_reason) == (MORNING + 2 * HOUR, "调离")


def test_grant_when_refused_then_says_why_and_keeps_what_was_typed(offices: World) -> None:
    page = act(
        browser("security", "en"),
        f"/office/access/accounts/{account('security').id}/grant/",
        role="desk",
        area=str(offices.district.id),
        purpose="casework",
        reason="给自己",
    )

    assert "Nobody decides this about themselves" in page
    assert "给自己" in page


def test_account_when_its_password_is_set_then_it_is_shown_once(offices: World) -> None:
    client = browser("system", "en")

    page = act(client, f"/office/access/accounts/{account('desk').id}/reset/", reason="forgotten")

    assert "never shown again" in page
    assert account("desk").is_password_temporary
    assert "temporary password" in see(client, f"/office/access/accounts/{account('desk').id}/")


def test_account_when_closed_by_page_then_it_says_so(offices: World) -> None:
    client, path = browser("system", "en"), f"/office/access/accounts/{account('lights').id}/"

    assert "Close the account for good" in see(client, path)
    act(client, path + "close/", reason="left")

    assert not account("lights").is_active
    assert "Close the account for good" not in see(client, path)


def test_accounts_when_searched_for_then_names_are_masked(offices: World) -> None:
    page = see(browser("system", "en"), "/office/access/accounts/", q="lights")

    assert "测*" in page
    assert account("lights").person.name not in page


def test_role_when_changed_by_page_then_its_history_tells_why(offices: World) -> None:
    client = browser("security", "en")
    act(client, "/office/access/roles/checker/", name="核查员", powers=["cases.see"], reason="试行办法")

    assert Role.objects.get(code="checker").powers == ["cases.see"]
    assert "试行办法" in see(client, "/office/access/roles/checker/")


def test_key_when_made_by_page_then_its_secret_is_shown_once_and_opens(offices: World) -> None:
    client = browser("security", "en")
    fields = {
        "name": "市平台",
        "owner": "desk",
        "powers": ["cases.see"],
        "area": str(offices.district.id),
        "expires_on": "2024-12-31",
        "reason": "协议",
    }
    with frozen_at(MORNING + HOUR):
        secret = client.post("/office/access/keys/new/", fields).context["secret"]
        assert viewer_for_key(secret, "10.0.0.1") is not None
        assert secret not in client.get("/office/access/keys/").content.decode()
        client.post(f"/office/access/keys/{ApiKey.objects.get().id}/revoke/", {"reason": "unused"})

        assert viewer_for_key(secret, "10.0.0.1") is None


def test_key_when_exchanged_by_page_then_the_new_one_is_shown_once_and_the_old_one_marked(offices: World) -> None:
    client = browser("security", "en")
    secret = key_for(offices, "desk", ["cases.see"])
    address = f"/office/access/keys/{ApiKey.objects.get().id}/exchange/"
    with frozen_at(MORNING + HOUR):
        assert "How long the old key still opens" in client.get(address).content.decode()
        assert client.post(address, {"hours": "9"}).status_code == 422
        new = client.post(address, {"hours": "24"}).context["secret"]

        assert viewer_for_key(new, "10.0.0.1") is not None
        assert viewer_for_key(secret, "10.0.0.1") is not None
        assert "exchanged" in client.get("/office/access/keys/").content.decode()


def test_glass_when_broken_by_page_then_a_banner_shows_reads_are_marked_and_the_review_ends_it(
    offices: World,
) -> None:
    duty, auditor = browser("duty", "en"), browser("auditor", "en")
    with frozen_at(MORNING + HOUR):
        case = dispatched(offices, name="张三丰", phone="19900001234")
    act(
        duty,
        "/office/access/glass/",
        area=str(offices.district.id),
        powers=["cases.see", "people.reveal"],
        minutes="15",
        reason="燃气泄漏，需联系住户",
    )
    glass = BreakGlass.objects.get()

    assert "The glass is broken." in see(duty, f"/office/cases/{case.number}/")
    assert "waits for review" in see(auditor, "/office/access/glass/reviews/")
    assert "燃气泄漏" in see(auditor, f"/office/access/glass/{glass.id}/")
    with frozen_at(MORNING + 2 * HOUR):
        auditor.post(f"/office/access/glass/{glass.id}/", {"finding": "justified", "text": "属实"})
        assert "The glass is broken." not in duty.get("/").content.decode()
    glass.refresh_from_db()
    assert glass.finding == "justified"


def test_glass_when_put_back_by_the_banner_then_it_is_gone(offices: World) -> None:
    duty = browser("duty", "en")
    act(
        duty,
        "/office/access/glass/",
        area=str(offices.district.id),
        powers=["people.see"],
        minutes="15",
        reason="燃气泄漏，需联系住户",
    )
    with frozen_at(MORNING + HOUR * 1.1):
        duty.post("/office/access/glass/back/")

        assert "The glass is broken." not in duty.get("/").content.decode()


def test_read_log_when_opened_then_shows_the_reads_narrowed_as_asked(offices: World) -> None:
    with frozen_at(MORNING + HOUR):
        case = dispatched(offices, name="张三丰", phone="19900001234")
    act(browser("desk"), f"/office/cases/{case.number}/reveal/", of=str(case.reports.get().id), purpose="clarify")
    auditor = browser("auditor", "en")

    assert "Ask about the matter" in see(auditor, "/office/access/reads/", username="desk")
    assert "No read fits" in see(auditor, "/office/access/reads/", username="checker")
    assert Line.objects.filter(kind="access.revealed").count() == 1


def test_read_log_when_taken_out_then_asks_what_for_and_the_export_itself_stands_in_the_log(offices: World) -> None:
    with frozen_at(MORNING + HOUR):
        case = dispatched(offices, name="张三丰", phone="19900001234")
    act(browser("desk"), f"/office/cases/{case.number}/reveal/", of=str(case.reports.get().id), purpose="clarify")
    auditor, path = browser("auditor", "en"), "/office/access/reads/"
    with frozen_at(MORNING + HOUR):
        question = auditor.get(path, {"format": "csv", "username": "desk"}).content.decode()
        asked = question.partition('name="asked" value="')[2].partition('"')[0]
        answer = {"format": "csv", "username": "desk", "asked": asked, "purpose": "supervise"}
        taken = b"".join(auditor.get(path, answer)).decode("utf-8-sig")

    assert "Ask about the matter" in taken
    assert "19900001234" not in taken
    assert "taken out" in see(auditor, path, kind="exchange.exported")
    assert "No read fits" in see(auditor, path, kind="access.looked_up")
    assert "access.reads" in see(auditor, path, what_for="supervise")


def test_explanation_when_asked_then_names_grant_role_area_and_what_is_missing(offices: World) -> None:
    with frozen_at(MORNING + HOUR):
        case = dispatched(offices)
        grid = offices.grids[0].code
        checker, desk = offices.viewer("checker"), offices.viewer("desk")
        other = offices.viewer("other-checker")

        assert tell(checker, f"cases.check@{grid}").is_allowed
        assert "第1街道" in tell(checker, f"cases.check@{grid}").lines[0]
        outside = tell(other, f"cases.check@{grid}")
        assert (outside.is_allowed, "held, but not there" in outside.lines[0]) == (False, True)
        missing = tell(desk, "access.audit")
        assert (missing.is_allowed, "Audit administrator" in missing.lines[0]) == (False, True)
        assert tell(desk, case.number).is_allowed
        assert not tell(other, f"/office/cases/{case.number}/").is_allowed
        assert tell(other, "/").is_allowed
        assert tell(desk, "/office/").is_allowed
        assert not tell(desk, "/office/access/reads/").is_allowed
        for unclear in ("/nowhere/", "20200101-000001", "cases.everything"):
            with pytest.raises(QuestionUnclear):
                tell(desk, unclear)


def test_explanation_when_another_hat_would_do_then_says_so(offices: World) -> None:
    with frozen_at(MORNING + HOUR):
        give_role("desk", "handler", offices.district, offices.water)
        told = tell(offices.viewer("desk"), "cases.handle")
    page = see(browser("auditor", "en"), "/office/access/explain/", who="desk", what="cases.handle")

    assert (told.is_allowed, "another one gives it" in told.verdict) == (False, True)
    assert page.count('<section class="card stack">') == 2


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("accounts/", "checker"),
        ("accounts/?q=desk", "desk"),
        ("grants/", "checker"),
        ("keys/", "Answers for it"),
        ("roles/", "受理员"),
        ("glass/reviews/", "When"),
    ],
)
def test_list_when_taken_out_by_the_auditor_then_the_file_holds_it_and_others_are_refused(
    offices: World, path: str, held: str
) -> None:
    auditor, mark = browser("auditor", "en"), "&" if "?" in path else "?"
    address = f"/office/access/{path}{mark}format=csv"
    with frozen_at(MORNING + HOUR):
        answer = auditor.get(address)
        if not answer.streaming:
            asked = answer.content.decode().partition('name="asked" value="')[2].partition('"')[0]
            answer = auditor.get(f"{address}&asked={asked}&purpose=supervise")
        taken = b"".join(answer).decode("utf-8-sig")
        refused = browser("desk").get(address)

    assert (answer.status_code, refused.status_code) == (200, 403)
    assert held in taken
