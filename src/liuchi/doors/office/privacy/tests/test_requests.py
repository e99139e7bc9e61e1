"""Requests about one's own data at the desk, retention and inventory: each look leaves a line."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Report
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role, report
from liuchi.ground.access.actions import record_reveal
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.actions import NewPerson, import_people, merge_people
from liuchi.ground.people.looking_up import look_up
from liuchi.ground.people.models import Person
from liuchi.ground.people.showing import Filters, people_rows
from liuchi.ground.records.actions.registers import NewSharing, add_sharing
from liuchi.ground.records.actions.requests import (
    RequestRefused,
    answer_request,
    file_request,
    open_package,
    prove_request,
    withdraw_request,
)
from liuchi.ground.records.actions.retention import place_hold
from liuchi.ground.records.declared import same_person
from liuchi.ground.records.models import DataRequest, RequestState, Restriction
from liuchi.ground.records.restricting import is_restricted

NAME, PHONE, IDENTITY, STREET = "金丝雀测试", "19912345678", "990803195001010011", "金丝雀巷六号"


@pytest.fixture
def person(world: World) -> Person:
    with frozen_at(MORNING):
        new = NewPerson(NAME, PHONE, IDENTITY, home=world.communities[0], address=STREET)
        (made,) = import_people(by=SETUP, people=[new], valid_from=date(2024, 1, 1))
        give_role("officer", "privacy_officer", world.district)
    return made


def _file(person: Person, kind: str = "copy", **values: object) -> DataRequest:
    with frozen_at(MORNING):
        return file_request(by=SETUP, person_id=person.id, kind=kind, way="counter", **values)  # type: ignore[arg-type]


def _working(person: Person, kind: str = "copy") -> DataRequest:
    found = _file(person, kind)
    with frozen_at(MORNING):
        prove_request(by=SETUP, request_id=found.id, proof="document")
    return found


def _post(client: Client, path: str, **values: str) -> str:
    with frozen_at(MORNING + timedelta(hours=1)):
        return client.post(path, values, follow=True).content.decode()


def test_request_when_taken_in_at_the_desk_then_the_look_up_leaves_a_line_and_the_clock_runs(
    world: World, person: Person
) -> None:
    page = _post(browser("officer"), "/office/privacy/requests/new/", who=" 199-1234-5678 ", kind="view", way="counter")

    found = DataRequest.objects.get()
    assert (found.person_id, found.state, found.number) == (person.id, "received", "20240912-001")
    assert 14 <= (found.due_at.date() - found.received_at.date()).days <= 30
    assert found.number in page
    look_up = Line.objects.get(kind="access.looked_up")
    assert (look_up.data["person"], look_up.data["purpose"]) == (str(person.id), "requested")


def test_request_when_nobody_or_several_have_the_value_then_says_so_and_keeps_what_was_typed(
    world: World, person: Person
) -> None:
    import_people(by=SETUP, people=[NewPerson("家人", PHONE)], valid_from=date(2024, 1, 1))

    for who in ("19900000000", PHONE):
        with frozen_at(MORNING):
            answer = browser("officer", "en").post(
                "/office/privacy/requests/new/", {"who": who, "kind": "view", "way": "letter", "words": "我的话"}
            )
        assert answer.status_code == 422
        assert "我的话" in answer.content.decode()
    assert DataRequest.objects.count() == 0
    assert Line.objects.filter(kind="access.looked_up").count() == 2


def test_request_when_worked_on_then_goes_from_proof_to_answer_and_the_look_leaves_a_read_line(
    world: World, person: Person
) -> None:
    report(world, text="别人的话")
    found, client = _file(person), browser("officer")
    path = f"/office/privacy/requests/{found.id}/"

    assert IDENTITY not in client.get(path).content.decode()
    assert client.post(f"{path}package/").status_code == 404
    _post(client, f"{path}prove/", proof="document")
    package = _post(client, f"{path}package/")
    page = _post(client, f"{path}answer/", answer="已当面交付副本")

    assert (PHONE in package, IDENTITY in package, STREET in package, "别人的话" in package) == (
        True,
        True,
        True,
        False,
    )
    assert PHONE not in page
    assert "已当面交付副本" in page
    found.refresh_from_db()
    assert (found.state, found.proof) == ("answered", "document")
    read = Line.objects.get(kind="records.data_gathered")
    assert (read.data["person"], read.data["purpose"]) == (str(person.id), "requested")
    assert "金丝雀" not in str(list(Line.objects.values_list("data", flat=True)))


def test_package_when_taken_as_a_file_then_is_json_with_everything_and_nothing_is_kept_by_the_browser(
    world: World, person: Person
) -> None:
    found = _working(person)

    with frozen_at(MORNING):
        answer = browser("officer").post(f"/office/privacy/requests/{found.id}/package/", {"as": "json"})

    content = json.loads(answer.content)
    values = {fact["value"] for record in content["records"] for row in record["rows"] for fact in row}
    assert {NAME, PHONE, IDENTITY, STREET} <= values
    assert (answer["Cache-Control"], "attachment" in answer["Content-Disposition"]) == ("no-store", True)
    assert Line.objects.filter(kind="records.data_gathered").count() == 1


def test_request_when_refused_then_names_the_article_and_the_reason(world: World, person: Person) -> None:
    found, client = _working(person, "delete"), browser("officer", "en")
    path = f"/office/privacy/requests/{found.id}/refuse/"

    assert "Choose the article" in _post(client, path, answer="理由")
    page = _post(client, path, ground="art47_period", answer="档案规定保存十年")

    found.refresh_from_db()
    assert (found.state, found.ground) == ("refused", "art47_period")
    assert "art. 47" in page
    assert "档案规定保存十年" in page
    assert "档案" not in str(list(Line.objects.values_list("data", flat=True)))


def test_deletion_when_asked_for_then_shows_what_goes_and_what_stays_and_erases(world: World, person: Person) -> None:
    found, client = _working(person, "delete"), browser("officer", "en")
    path = f"/office/privacy/requests/{found.id}/"

    with frozen_at(MORNING):
        preview = client.get(path).content.decode()
    page = _post(client, f"{path}erase/")

    assert "What deleting would do" in preview
    assert "Where people live" in preview
    assert Person.objects.get(id=person.id).name == ""
    assert "Erased." in page


def test_deletion_when_the_person_is_held_then_refused(world: World, person: Person) -> None:
    found, client = _working(person, "delete"), browser("officer", "en")
    with frozen_at(MORNING):
        place_hold(by=SETUP, person_id=person.id, reason="行政诉讼")

    page = _post(client, f"/office/privacy/requests/{found.id}/erase/")

    assert Person.objects.get(id=person.id).name == NAME
    assert "held back" in page


def test_request_after_a_death_when_a_relative_asks_then_kinship_is_the_proof(world: World, person: Person) -> None:
    with pytest.raises(RequestRefused):
        _file(person, is_after_death=True)
    found = _file(person, is_after_death=True, claimant="女儿 19900001111")

    with frozen_at(MORNING), pytest.raises(RequestRefused):
        prove_request(by=SETUP, request_id=found.id, proof="document")
    with frozen_at(MORNING):
        prove_request(by=SETUP, request_id=found.id, proof="kinship")

    assert DataRequest.objects.get().state == RequestState.WORKING


def test_requests_when_listed_then_the_most_urgent_first_with_the_time_left(world: World, person: Person) -> None:
    first = _file(person)
    with frozen_at(MORNING + timedelta(days=40)):
        page = browser("officer").get("/office/privacy/requests/").content.decode()
        second = file_request(by=SETUP, person_id=person.id, kind="view", way="letter")
        both = browser("officer").get("/office/privacy/requests/").content.decode()

    assert "超时" in page
    assert both.index(first.number) < both.index(second.number)


@pytest.mark.parametrize("username", ["resident", "desk", "water"])
def test_pages_when_asked_for_without_the_power_then_closed(world: World, person: Person, username: str) -> None:
    found = _working(person)

    for path in ("", "requests/", "requests/new/", f"requests/{found.id}/", "retention/"):
        assert browser(username).get(f"/office/privacy/{path}").status_code == 403
    assert browser(username).post(f"/office/privacy/requests/{found.id}/package/").status_code == 403


def test_request_when_somebody_asks_for_another_person_then_refused(world: World, person: Person) -> None:
    other = world.viewer("resident")
    found = _working(person)

    with frozen_at(MORNING):
        for attempt in (
            lambda: file_request(by=other, person_id=person.id, kind="copy"),
            lambda: prove_request(by=other, request_id=found.id, proof="document"),
            lambda: answer_request(by=other, request_id=found.id, answer="x"),
        ):
            with pytest.raises(NotAllowed):
                attempt()
        hidden: list[Callable[[], object]] = [
            lambda: open_package(by=other, request_id=found.id),
            lambda: withdraw_request(by=other, request_id=found.id),
            lambda: withdraw_request(by=SETUP, request_id=new_id()),
        ]
        for each in hidden:
            with pytest.raises(NotFound):
                each()


def test_inventory_when_shown_then_tells_what_is_kept_and_what_to_confirm(world: World, person: Person) -> None:
    page = browser("officer", "en").get("/office/privacy/").content.decode()

    assert "Reports" in page
    assert "confirm with the archives" in page
    taken = browser("officer", "en").get("/office/privacy/?format=csv")
    assert "cases.report" in b"".join(taken).decode("utf-8-sig")


def test_retention_when_counted_then_put_away_by_hand_and_reported(world: World, person: Person) -> None:
    from liuchi.engines.cases.testing import closed
    from liuchi.ground.kernel.testing import run_jobs

    with frozen_at(MORNING):
        closed(world, text="路灯坏了")
    client = browser("officer", "en")
    with frozen_at(MORNING + timedelta(days=3700)):
        trial = client.post("/office/privacy/retention/trial/", follow=True)
        report_page = trial.content.decode()
        run_id = UUID(trial.redirect_chain[-1][0].rstrip("/").split("/")[-1])
        client.post("/office/privacy/retention/start/", {"trial_id": str(run_id)})
        run_jobs()
        client = browser("officer", "en")  # sessions that ran out went too
        again = client.post("/office/privacy/retention/start/", {"trial_id": str(run_id)})
        overview = client.get("/office/privacy/retention/").content.decode()

    assert "Put away" in report_page
    assert Report.objects.get().text == ""
    assert again.status_code == 422
    assert "finished" in overview


def test_retention_when_periods_and_holds_are_typed_wrong_then_says_so_beside_the_field(
    world: World, person: Person
) -> None:
    client = browser("officer", "en")
    with frozen_at(MORNING):
        wrong = client.post("/office/privacy/retention/period/", {"type_name": "cases.report", "days": "30"})
        right = client.post(
            "/office/privacy/retention/period/",
            {"type_name": "cases.report", "days": "3653", "document": "档案〔2024〕1号"},
            follow=True,
        ).content.decode()
        held = client.post(
            "/office/privacy/retention/hold/", {"person_id": str(person.id), "reason": "复查"}, follow=True
        ).content.decode()

    assert (wrong.status_code, "Please fill this in" in wrong.content.decode()) == (422, True)
    assert "档案〔2024〕1号" in right
    assert "复查" in held


def test_explanation_when_asked_for_then_the_house_has_put_it_together_and_the_officer_sends_it(
    world: World, person: Person
) -> None:
    found, client = _working(person, "explain"), browser("officer", "en")
    sharing = NewSharing("recipient", "民政局", "1", ["people.person"], "补贴", "law", "条例", date(2024, 1, 1))
    with frozen_at(MORNING):
        add_sharing(by=SETUP, entry=sharing)
        reader = world.viewer("desk")
        record_reveal(
            by=reader,
            subject_type="people.person",
            subject_id=person.id,
            field="people.phone",
            purpose="visiting",
            person_id=person.id,
        )
        page = client.get(f"/office/privacy/requests/{found.id}/").content.decode()
        package = client.post(f"/office/privacy/requests/{found.id}/package/", {"as": "json"}).json()

    answer = page.partition('name="answer"')[2]
    assert "given to 民政局" in answer
    assert "Visiting or calling" in answer
    assert "by a machine alone" in answer
    assert PHONE not in page
    assert ["民政局"] in [each["recipients"] for each in package["records"]]
    assert ("people.phone", "Visiting or calling") in [(each["field"], each["purpose"]) for each in package["reads"]]
    assert "desk" not in str(package["reads"])


def test_request_when_sent_twice_then_taken_in_once_and_numbers_never_meet(world: World, person: Person) -> None:
    with frozen_at(MORNING):
        first, again = (file_request(by=SETUP, person_id=person.id, kind="copy", way="counter") for _ in range(2))
        other = file_request(by=SETUP, person_id=person.id, kind="correct", way="counter", words="名字写错了")
        third = file_request(by=SETUP, person_id=person.id, kind="correct", way="counter", words="住址写错了")

    assert first.id == again.id
    assert len({first.number, other.number, third.number}) == 3
    assert DataRequest.objects.count() == 3


def test_restriction_when_asked_for_then_lists_look_ups_and_reveals_respect_it_until_it_is_lifted(
    world: World, person: Person
) -> None:
    found, officer = _working(person, "restrict"), browser("officer", "en")
    with frozen_at(MORNING):
        give_role("registrar", "registrar", world.district)
    registrar = world.viewer("registrar")
    path, reveal = f"/office/privacy/requests/{found.id}/", {"of": str(person.id), "purpose": "visiting"}

    def listed() -> bool:
        return person.id in {card.id for card in people_rows(registrar, Filters())}

    def revealed(purpose: str) -> bool:
        with frozen_at(MORNING):
            answer = browser("registrar", "en").post(
                f"/office/people/{person.id}/reveal/contact/", {**reveal, "purpose": purpose}
            )
        return PHONE in answer.content.decode()

    assert (listed(), len(look_up(registrar, phone=PHONE).cards), revealed("visiting")) == (True, 1, True)
    _post(officer, f"{path}restrict/")
    with frozen_at(MORNING):
        again = officer.post(f"{path}restrict/")
    looked_up = look_up(registrar, phone=PHONE)
    with frozen_at(MORNING):
        page = browser("registrar", "en").get(f"/office/people/{person.id}/").content.decode()

    assert (again.status_code, Restriction.objects.count()) == (422, 1)
    assert (listed(), looked_up.cards, looked_up.is_restricted, looked_up.is_elsewhere) == (False, (), True, False)
    assert (revealed("visiting"), revealed("emergency")) == (False, True)
    assert "asked to restrict" in page
    assert "Why it is no longer restricted" in _post(officer, f"{path}lift/", because="")
    _post(officer, f"{path}lift/", because="本人要求恢复")
    assert (listed(), revealed("visiting")) == (True, True)
    assert "恢复" not in str(list(Line.objects.values_list("data", flat=True)))


def test_restriction_when_the_record_is_joined_with_another_then_the_whole_person_stays_restricted(
    world: World, person: Person
) -> None:
    found, officer = _working(person, "restrict"), browser("officer", "en")
    with frozen_at(MORNING):
        give_role("registrar", "registrar", world.district)
        new = NewPerson(f"{NAME}二", PHONE, home=world.communities[0])
        (double,) = import_people(by=SETUP, people=[new], valid_from=date(2024, 1, 1))
    registrar = world.viewer("registrar")
    _post(officer, f"/office/privacy/requests/{found.id}/restrict/")
    assert [card.id for card in look_up(registrar, phone=PHONE).cards] == [double.id]

    with frozen_at(MORNING):
        merge_people(by=registrar, keep=double.id, absorb=person.id)
        answer = browser("registrar", "en").post(
            f"/office/people/{double.id}/reveal/contact/", {"of": str(double.id), "purpose": "visiting"}
        )

    listed = {card.id for card in people_rows(registrar, Filters())}
    assert (look_up(registrar, phone=PHONE).cards, listed & {person.id, double.id}) == ((), set())
    assert (PHONE in answer.content.decode(), is_restricted([double.id])) == (False, True)
    assert same_person(person.id) == [person.id, double.id]


def test_restriction_when_it_breaks_a_constraint_then_the_database_refuses(world: World, person: Person) -> None:
    found = _working(person, "restrict")
    with guard.scope("maintenance", "test"):
        row = Restriction.objects.create(person_id=person.id, request=found, begun_at=MORNING)
        for name, values in (
            ("restriction_once_per_person", {"begun_at": MORNING}),
            ("restriction_lifted_with_a_reason", {"begun_at": MORNING, "lifted_at": MORNING}),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Restriction.objects.create(person_id=row.person_id, request=found, **values)


def test_correction_when_asked_for_then_leads_to_the_record_and_refusing_is_prepared(
    world: World, person: Person
) -> None:
    with frozen_at(MORNING):
        found = file_request(by=SETUP, person_id=person.id, kind="correct", way="counter", words="名字写错了")
        prove_request(by=SETUP, request_id=found.id, proof="document")
        page = browser("officer", "en").get(f"/office/privacy/requests/{found.id}/").content.decode()

    assert f'href="/office/people/{person.id}/"' in page
    assert 'value="art46" id="refuse_ground_3" checked' in page or "art46" in page.partition("checked")[0][-200:]
