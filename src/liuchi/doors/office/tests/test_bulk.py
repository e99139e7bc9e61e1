import re
from uuid import UUID

import pytest
from django.test import Client

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases import bulk
from liuchi.engines.cases.models import BulkRun, Case, State
from liuchi.engines.cases.testing import World, case_of, closed, filed, report
from liuchi.ground.kernel.ids import new_id

ADDRESS = "/office/bulk/"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a request take its time, however busy the machine is."""
    monkeypatch.setattr(bulk.go_on, "__kwdefaults__", {"seconds": 600.0})


def values(*cases: Case) -> list[str]:
    return [f"{case.id.hex}.{case.version}" for case in cases]


def begun(client: Client, cases: list[Case], move: str = "dispatch", **fields: str) -> str:
    response = client.post(
        f"{ADDRESS}?list=scope%3Dall",
        {"move": move, "case": values(*cases), "begin": "1", "token": str(new_id()), **fields},
    )
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["location"])


def test_list_when_somebody_may_move_then_rows_can_be_chosen_and_steps_are_those_of_the_state(world: World) -> None:
    case = filed(world)

    shown = browser("dispatcher").get("/office/?scope=all")
    page = shown.content.decode()

    assert f'value="{case.id.hex}.{case.version}"' in page
    assert [step.name for step in shown.context["steps"]] == ["dispatch", "take_back", "return_to_desk"]
    assert 'name="case"' not in browser("water").get("/office/?scope=all").content.decode()
    narrowed = browser("dispatcher").get("/office/?scope=all&state=filed")
    assert [step.name for step in narrowed.context["steps"]] == ["dispatch", "return_to_desk"]


def test_choice_when_sent_then_shows_each_case_and_what_can_be_taken_back_and_touches_nothing(world: World) -> None:
    fits, elsewhere = filed(world), case_of(report(world).case_id)

    response = browser("dispatcher").post(ADDRESS, {"move": "dispatch", "case": values(fits, elsewhere)})
    page = response.content.decode()

    assert (response.status_code, response.context["fitting"], response.context["undone_within"]) == (200, 1, 15)
    assert fits.number in page
    assert elsewhere.number in page
    assert not BulkRun.objects.exists()
    assert case_of(fits.id).version == fits.version


def test_run_when_begun_then_leads_to_what_became_of_each_and_back_to_the_list(world: World) -> None:
    cases, client = [filed(world), filed(world), case_of(report(world).case_id)], browser("dispatcher")

    shown = client.get(begun(client, cases, unit=str(world.water.id)))

    assert [shown.context[name] for name in ("done", "refused", "left")] == [2, 1, 0]
    assert 'href="/office/?scope=all"' in shown.content.decode()
    assert [case_of(case.id).state for case in cases] == [State.HANDLING, State.HANDLING, State.RECEIVED]


def test_run_when_inputs_are_missing_then_they_are_asked_for_and_the_choice_survives(world: World) -> None:
    case, client = filed(world), browser("dispatcher")

    response = client.post(ADDRESS, {"move": "dispatch", "case": values(case), "begin": "1", "token": str(new_id())})

    assert response.status_code == 422
    assert values(case)[0] in response.content.decode()
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"move": "dispatch"}, {"move": "file", "case": ["x"]}, {"case": ["x.1", "y"]}])
def test_choice_when_nothing_sensible_is_sent_then_back_to_the_list_with_a_word(
    world: World, fields: dict[str, str]
) -> None:
    response = browser("dispatcher").post(f"{ADDRESS}?list=scope%3Dall", fields, follow=True)

    assert response.redirect_chain == [("/office/?scope=all", 302)]
    assert 'class="note' in response.content.decode() or "messages" in response.content.decode()


def test_run_when_it_takes_longer_then_the_page_says_how_far_it_is_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk.go_on, "__kwdefaults__", {"seconds": -1.0})
    cases, client = [filed(world) for _ in range(3)], browser("dispatcher")

    address = begun(client, cases, unit=str(world.water.id))
    left = [client.get(address).context["left"]]
    assert "data-goes-on" in client.get(address).content.decode()
    while left[-1]:
        assert client.post(address).status_code == 302
        left.append(client.get(address).context["left"])

    assert left == [2, 1, 0]
    assert "data-goes-on" not in client.get(address).content.decode()


def test_run_when_it_can_be_taken_back_then_one_button_does_and_the_unit_s_look_forbids_it(world: World) -> None:
    first, second = filed(world), filed(world)
    client = browser("dispatcher")
    address = begun(client, [first, second], unit=str(world.water.id))
    browser("water").get(f"/office/cases/{first.number}/")

    undo = client.get(address).context["undo"]
    back = client.get(begun_again(client, undo.move, list(undo.cases)))

    assert undo.move == "take_back"
    assert [back.context[name] for name in ("done", "refused")] == [1, 1]
    assert [case_of(case.id).state for case in (first, second)] == [State.HANDLING, State.FILED]
    assert client.get(address).context["undo"].cases == [f"{first.id.hex}.{case_of(first.id).version}"]


def begun_again(client: Client, move: str, cases: list[str]) -> str:
    asked = client.post(ADDRESS, {"move": move, "case": cases})
    assert asked.status_code == 200
    fields = {"move": move, "case": cases, "begin": "1", "token": str(asked.context["form"]["token"].value())}
    return str(client.post(ADDRESS, fields).headers["location"])


def test_run_when_somebody_else_asks_then_there_is_none(world: World) -> None:
    client = browser("dispatcher")
    address = begun(client, [filed(world)], unit=str(world.water.id))

    assert browser("desk").get(address).status_code == 404
    assert browser("desk").post(address).status_code == 404
    found = re.search(r"bulk/([0-9a-f-]{36})/", address)
    assert found is not None
    assert BulkRun.objects.get().id == UUID(found[1])


def test_refusal_when_made_with_many_then_says_that_it_stays(world: World) -> None:
    client = browser("desk")
    cases = [case_of(report(world).case_id) for _ in range(2)]
    closed(world)

    shown = client.get(begun(client, cases, "refuse", reason="outside_duty", text="请联系城管热线"))

    assert shown.context["undo"] is None
    assert shown.context["done"] == 2
    assert str(shown.context["for_good"]) in shown.content.decode()
