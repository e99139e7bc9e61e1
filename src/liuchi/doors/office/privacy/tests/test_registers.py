"""The pages of the registers: entered, shown, ended, taken out; closed to everybody else."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.testing import MORNING, SETUP, World, give_role
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.records.actions.registers import NewSharing, add_sharing
from liuchi.ground.records.models import Assessment, Breach, Sharing

ROOT = "/office/privacy/"
SHARING = {
    "name": "印务公司",
    "contact": "0556-0000000",
    "kind": "processor",
    "types": ["people.person", "people.residence"],
    "purpose": "印通知书",
    "basis": "contract",
    "document": "合同一号",
    "measures": "用后删除",
    "since": "2024-09-01",
}
BREACH = {
    "title": "电脑失窃",
    "kind": "leak",
    "found_at": "2024-09-12T08:00",
    "words": "门卫室一台电脑失窃",
    "types": ["people.person"],
}
ASSESSMENT = {
    "title": "残疾补贴核对",
    "trigger": "sensitive",
    "types": ["people.person"],
    "necessity": "必要",
    "risks": "可控",
    "measures": "加密",
    "outcome": "as_planned",
    "made_on": "2024-09-01",
    "review_on": "2025-09-01",
}


@pytest.fixture
def officer(world: World) -> Iterator[Client]:
    with frozen_at(MORNING):
        give_role("officer", "privacy_officer", world.district)
        yield browser("officer", "en")


def _text(client: Client, path: str) -> str:
    return client.get(ROOT + path).content.decode()


@pytest.mark.parametrize(
    ("name", "values", "model", "missing"),
    [
        ("sharing", SHARING, Sharing, "document"),
        ("breaches", BREACH, Breach, "words"),
        ("assessments", ASSESSMENT, Assessment, "risks"),
    ],
)
def test_entry_when_entered_then_is_listed_shown_and_taken_out_and_what_is_missing_is_said(
    officer: Client, name: str, values: dict[str, object], model: type, missing: str
) -> None:
    empty = _text(officer, f"{name}/")
    refused = officer.post(f"{ROOT}{name}/new/", {**values, missing: ""})
    entered = officer.post(f"{ROOT}{name}/new/", values, follow=True).content.decode()
    title = str(values.get("name") or values["title"])

    assert title not in empty
    assert (refused.status_code, title in refused.content.decode()) == (422, True)
    row = model.objects.get()  # type: ignore[attr-defined]
    assert "Entered." in entered
    for page in (_text(officer, f"{name}/"), _text(officer, f"{name}/{row.id}/")):
        assert title in page
    taken = b"".join(officer.get(f"{ROOT}{name}/?format=csv")).decode("utf-8-sig")
    assert title in taken
    assert "People" in taken


def test_sharing_when_entered_then_the_inventory_names_it_and_ending_takes_it_off(officer: Client) -> None:
    officer.post(f"{ROOT}sharing/new/", SHARING)
    row = Sharing.objects.get()

    assert "Given to: 印务公司" in _text(officer, "")
    refused = officer.post(f"{ROOT}sharing/{row.id}/end/", {"ended_on": "2024-09-12", "ended_how": ""})
    officer.post(f"{ROOT}sharing/{row.id}/end/", {"ended_on": "2024-09-12", "ended_how": "已删除"})

    assert refused.status_code == 422
    assert "印务公司" not in _text(officer, "")
    assert "印务公司" not in _text(officer, "sharing/")
    assert "印务公司" in _text(officer, "sharing/?show=ended")
    assert officer.post(f"{ROOT}sharing/{row.id}/close/").status_code == 404


def test_inventory_when_sensitive_records_were_not_weighed_then_says_so(officer: Client) -> None:
    before = _text(officer, "").count("no impact assessment yet")

    officer.post(f"{ROOT}assessments/new/", {**ASSESSMENT, "types": ["attachments.attachment"]})

    assert before > 0
    assert _text(officer, "").count("no impact assessment yet") == before - 1


def test_breach_when_worked_on_then_its_page_leads_from_telling_to_closing(officer: Client) -> None:
    officer.post(f"{ROOT}breaches/new/", BREACH)
    path = f"{ROOT}breaches/{Breach.objects.get().id}/"

    waiting = _text(officer, "breaches/")
    early = officer.post(f"{path}close/", {}).content.decode()
    officer.post(f"{path}weigh/", {"records": "300", "people": "120", "harm": "骚扰", "measures": "远程擦除"})
    officer.post(f"{path}tell/", {"whom": "authority", "name": "市网信办", "told_at": "2024-09-12T09:00"})
    again = officer.post(f"{path}close/", {}).content.decode()
    closed = officer.post(f"{path}close/", {"untold_because": "硬盘已加密"}, follow=True).content.decode()

    assert "tell the authority" in waiting
    assert "First write down how many" in early
    assert "远程擦除" in again
    assert "Tell the people concerned" in again
    assert "硬盘已加密" in closed
    assert 'action="' + path not in closed
    with frozen_at(MORNING + timedelta(days=1)):
        officer.post(f"{ROOT}breaches/new/", BREACH)
        assert "overdue" in _text(officer, "breaches/")


@pytest.mark.parametrize("rows", [1, 3])
def test_registers_when_listed_then_the_number_of_queries_does_not_grow(
    officer: Client, rows: int, django_assert_max_num_queries: object
) -> None:
    for number in range(rows):
        entry = NewSharing("joint", f"单位{number}", "1", ["people.person"], "x", "law", "x", date(2024, 9, 1))
        add_sharing(by=SETUP, entry=entry)
        officer.post(f"{ROOT}breaches/new/", {**BREACH, "title": f"事件{number}"})

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert "单位0" in _text(officer, "sharing/")
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert "事件0" in _text(officer, "breaches/")


@pytest.mark.parametrize("username", ["resident", "desk", "water"])
def test_registers_when_asked_for_without_the_power_then_closed(world: World, officer: Client, username: str) -> None:
    officer.post(f"{ROOT}breaches/new/", BREACH)
    one = f"breaches/{Breach.objects.get().id}/"

    assert officer.get(ROOT + one).status_code == 200
    for path in ("sharing/", "breaches/", "assessments/", "breaches/new/", one):
        assert browser(username).get(ROOT + path).status_code == 403
    assert browser(username).post(f"{ROOT}{one}close/").status_code == 403
