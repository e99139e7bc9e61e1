"""My data: only mine, masked; reads by unit and purpose; requests with their clock."""

from datetime import date, timedelta

import pytest

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role
from liuchi.ground.access.actions import NewAccount, open_accounts, record_reveal
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.people.actions.consents import give_consent, publish_consent_text
from liuchi.ground.people.models import Consent, Person
from liuchi.ground.records.actions.requests import answer_request, file_request
from liuchi.ground.records.models import DataRequest

NAME, PHONE, IDENTITY = "欧阳测试", "19912345678", "990803195001010011"


@pytest.fixture
def person(world: World) -> Person:
    with frozen_at(MORNING):
        new = NewPerson(NAME, PHONE, IDENTITY, home=world.communities[0], address="花亭社区六号楼")
        (made,) = import_people(by=SETUP, people=[new], valid_from=date(2024, 1, 1))
        open_accounts(by=SETUP, accounts=[NewAccount(made, "ouyang", "resident", world.district, "tests")])
        give_role("officer", "privacy_officer", world.district)
    return made


def test_my_data_when_shown_then_masked_and_nobody_elses(world: World, person: Person) -> None:
    page = browser("ouyang").get("/me/").content.decode()

    assert [each in page for each in ("199****5678", "990803********0011", "欧阳**", "花亭社区****")] == [True] * 4
    assert [each in page for each in (PHONE, IDENTITY, NAME, "六号楼")] == [False] * 4
    assert "199****5678" not in browser("resident").get("/me/").content.decode()


def test_my_reads_when_somebody_looked_then_tells_what_for_and_which_unit_and_no_name(
    world: World, person: Person
) -> None:
    with frozen_at(MORNING):
        record_reveal(
            by=world.viewer("water"),
            subject_type="people.person",
            subject_id=person.id,
            field="people.phone",
            purpose="visiting",
            person_id=person.id,
        )
    page = browser("ouyang").get("/me/reads/").content.decode()

    assert "走访" in page or "拜访" in page or "Visiting" in page
    assert world.water.name in page
    assert "water" not in page.split("<main")[1].split("</main>")[0]
    assert world.water.name not in browser("resident").get("/me/reads/").content.decode()


def test_my_request_when_sent_then_has_a_clock_and_an_answer_and_the_copy_can_be_taken(
    world: World, person: Person
) -> None:
    client = browser("ouyang", "en")
    with frozen_at(MORNING):
        page = client.post("/me/requests/", {"kind": "copy"}, follow=True).content.decode()
        found = DataRequest.objects.get()
        early = client.post(f"/me/requests/{found.id}/package/")
        answer_request(by=SETUP, request_id=found.id, answer="请下载")
        taken = client.post(f"/me/requests/{found.id}/package/")
        shown = client.get(f"/me/requests/{found.id}/").content.decode()

    assert "Answer by" in page
    assert (found.state, found.proof, found.way) == ("working", "account", "online")
    assert early.status_code == 404
    assert PHONE in taken.content.decode()
    assert "请下载" in shown
    assert Line.objects.filter(kind="records.data_gathered").count() == 1


def test_my_request_when_it_says_nothing_then_refused_and_words_stay(world: World, person: Person) -> None:
    client = browser("ouyang", "en")
    with frozen_at(MORNING):
        nothing = client.post("/me/requests/", {"kind": "correct", "words": ""})
        strange = client.post("/me/requests/", {"kind": "other", "words": "我的话"})

    assert (nothing.status_code, "what is right" in nothing.content.decode()) == (422, True)
    assert "我的话" in strange.content.decode()
    assert DataRequest.objects.count() == 0


def test_my_request_when_taken_back_then_ends(world: World, person: Person) -> None:
    client = browser("ouyang")
    with frozen_at(MORNING):
        found = file_request(by=world.viewer("ouyang"), person_id=person.id, kind="view")
        client.post(f"/me/requests/{found.id}/withdraw/")
        again = client.post(f"/me/requests/{found.id}/withdraw/")

    found.refresh_from_db()
    assert (found.state, again.status_code) == ("withdrawn", 404)


@pytest.mark.parametrize("username", ["resident", "officer"])
def test_request_when_it_is_somebody_elses_then_not_found_here(world: World, person: Person, username: str) -> None:
    with frozen_at(MORNING):
        found = file_request(by=world.viewer("ouyang"), person_id=person.id, kind="copy", words="我的话")
        answer_request(by=SETUP, request_id=found.id, answer="x")
    client = browser(username)

    with frozen_at(MORNING + timedelta(hours=1)):
        answers = [
            client.get(f"/me/requests/{found.id}/"),
            client.post(f"/me/requests/{found.id}/package/"),
            client.post(f"/me/requests/{found.id}/withdraw/"),
        ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert not Line.objects.filter(kind="records.data_gathered").exists()


def test_my_consent_when_taken_back_then_ends_with_one_tap_and_only_mine(world: World, person: Person) -> None:
    with frozen_at(MORNING):
        text = publish_consent_text(by=SETUP, purpose="photos", title="活动照片", text="可以公开我在活动中的照片。")
        give_consent(by=SETUP, person_id=person.id, text_id=text.id, way="paper")
        before = browser("ouyang").get("/me/consents/").content.decode()
        browser("resident").post("/me/consents/", {"purpose": "photos"})
        untouched = Consent.objects.get().withdrawn_at
        after = browser("ouyang").post("/me/consents/", {"purpose": "photos"}, follow=True).content.decode()

    assert "活动照片" in before
    assert "活动照片" not in browser("resident").get("/me/consents/").content.decode()
    assert untouched is None
    assert Consent.objects.get().withdrawn_at is not None
    assert 'name="purpose"' in before
    assert 'name="purpose"' not in after
