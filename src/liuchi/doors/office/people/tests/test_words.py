"""Consent texts by version, with who agreed; the district's own care categories; what a consent taken back ends."""

from collections.abc import Iterator

import pytest
from django.test import Client

from liuchi.doors.office.people.tests.conftest import Ground
from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import give_consent, publish_consent_text
from liuchi.ground.people.models import CareCategory, CareStatus, ConsentText

TEXTS, CATEGORIES = "/office/people/consent-texts/", "/office/people/care/categories/"
WORDS = {"purpose": "meals", "title": "助餐登记", "text": "同意为送餐登记。", "valid_from": "2024-09-12"}
MEALS = {
    "name": "助餐对象",
    "legal_basis": "助餐服务办法第三条",
    "purpose": "送餐上门",
    "longest_days": "180",
    "visit_tier": "none",
    "sensitivity": "personal",
    "consent_purpose": "meals",
}


@pytest.fixture
def officer(ground: Ground) -> Iterator[Client]:
    with frozen_at(MORNING):
        give_role("officer", "privacy_officer", ground.world.district)
        give_role("whole", "civil_affairs", ground.world.district)
        yield browser("officer", "en")


def _publish(client: Client, address: str = "", **given: str) -> int:
    return client.post(f"{TEXTS}new/{address}", {**WORDS, **given, "confirmed": "1"}).status_code


def test_text_when_written_then_shown_first_and_published_when_confirmed(officer: Client) -> None:
    shown = officer.post(f"{TEXTS}new/", WORDS)
    assert (shown.status_code, "同意为送餐登记。" in shown.content.decode()) == (200, True)
    assert not ConsentText.objects.exists()

    assert _publish(officer) == 302
    first = ConsentText.objects.get()
    assert _publish(officer, f"?after={first.id}", text="同意登记并告知送餐员。", valid_from="2024-10-01") == 302

    page = officer.get(TEXTS).content.decode()
    assert ("in force" in page, "later" in page) == (True, True)
    assert ConsentText.objects.order_by("-version").first().purpose == "meals"  # type: ignore[union-attr]


def test_text_when_refused_then_what_was_typed_stays(officer: Client) -> None:
    past = officer.post(f"{TEXTS}new/", {**WORDS, "valid_from": "2024-01-01", "confirmed": "1"})
    empty = officer.post(f"{TEXTS}new/", {**WORDS, "text": ""})

    assert (past.status_code, "同意为送餐登记。" in past.content.decode()) == (409, True)
    assert (empty.status_code, "助餐登记" in empty.content.decode()) == (422, True)
    assert browser("registrar").get(f"{TEXTS}new/").status_code == 403


def test_text_when_shown_then_who_agreed_only_within_reach_and_masked(officer: Client, ground: Ground) -> None:
    text = publish_consent_text(by=SETUP, purpose="photos", title="活动照片", text="同意拍照")
    give_consent(by=SETUP, person_id=ground.person.id, text_id=text.id, way="paper")

    here = browser("registrar", "en").get(f"{TEXTS}{text.id}/")
    there = browser("other-registrar", "en").get(f"{TEXTS}{text.id}/")

    assert ([name for _row, name in here.context["rows"]], there.context["rows"]) == (["金**"], [])


def test_category_when_defined_then_needs_a_rule_and_labels_nobody(officer: Client) -> None:
    publish_consent_text(by=SETUP, purpose="meals", title="助餐登记", text="同意")
    client = browser("whole", "en")

    no_rule = client.post(f"{CATEGORIES}new/", {**MEALS, "legal_basis": ""})
    colour = client.post(f"{CATEGORIES}new/", {**MEALS, "name": "红码人员"})
    special = client.post(f"{CATEGORIES}new/", {**MEALS, "name": "上访人员"})
    too_long = client.post(f"{CATEGORIES}new/", {**MEALS, "longest_days": "9999"})
    done = client.post(f"{CATEGORIES}new/", MEALS)

    answers = [each.status_code for each in (no_rule, colour, special, too_long, done)]
    assert answers == [422, 409, 409, 422, 302]
    assert "红码人员" in colour.content.decode()
    made = CareCategory.objects.get(name="助餐对象")
    assert (made.code, made.longest_days, made.consent_purpose) == ("own-1", 180, "meals")
    assert client.post(f"{CATEGORIES}own-1/", {**MEALS, "longest_days": "90"}).status_code == 302
    assert client.post(f"{CATEGORIES}own-1/retire/", {"on": "2024-09-12"}).status_code == 302
    assert "助餐对象" not in client.get(CATEGORIES).content.decode()
    assert browser("registrar").get(f"{CATEGORIES}new/").status_code == 403


def test_consent_when_taken_back_then_the_page_says_what_ended_and_how_long_it_is_kept(
    officer: Client, ground: Ground
) -> None:
    text = publish_consent_text(by=SETUP, purpose="meals", title="助餐登记", text="同意")
    browser("whole").post(f"{CATEGORIES}new/", MEALS)
    client, page = browser("registrar", "en"), f"/office/people/{ground.person.id}/"
    entry = {"category": "own-1", "basis": "申请表", "valid_from": "2024-09-01", "valid_to": "2024-12-01"}
    assert client.post(page + "care/", entry).status_code == 409
    client.post(page + "consent/", {"text_id": str(text.id), "way": "paper"})
    assert client.post(page + "care/", entry).status_code == 302

    client.post(page + "withdraw/", {"purpose": "meals", "way": "phone"})

    shown = client.get(page).content.decode()
    assert CareStatus.objects.get().end_reason == "withdrawn"
    assert ("Ended with it: 助餐对象" in shown, "kept as proof until 2027-09-12" in shown) == (True, True)
