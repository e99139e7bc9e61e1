"""The dispatch form: units suggested with why, one tap each, any other as before."""

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.secret import name_accused
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import World, case_of, disputed, filed


def _page(case: Case, move: str = "") -> str:
    return f"/office/cases/{case.number}/" + (f"{move}/" if move else "")


def _done_by_lights(world: World, times: int) -> None:
    for _ in range(times):
        case = filed(world)
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, reason="区里协调")
        hand_in_result(by=world.viewer("lights"), case_id=case.id, text="已更换井盖")
        pass_check(by=world.viewer("checker"), case_id=case.id)
        close_case(by=world.viewer("desk"), case_id=case.id)


def test_form_when_the_list_names_a_lead_then_it_is_chosen_already_and_says_in_which_item(world: World) -> None:
    page = browser("dispatcher", "en").get(_page(filed(world))).content.decode()

    assert f'value="{world.water.id}" checked' in page
    assert "list of duties, item 1" in page
    assert "None is likely enough" not in page


def test_form_when_another_unit_worked_such_cases_off_then_one_tap_gives_it_the_case_without_a_typed_reason(
    world: World,
) -> None:
    _done_by_lights(world, 4)
    case, client = filed(world), browser("dispatcher", "en")

    page = client.get(_page(case)).content.decode()
    sent = client.post(_page(case, "dispatch"), {"unit": str(world.lights.id)})

    assert "same class within a year, in this grid: 4 finished by it" in page
    assert sent.status_code == 302
    part = case_of(case.id).assignments.get(ended_at=None)
    assert (part.unit_id, part.reason) == (
        world.lights.id,
        "same class within a year, in this grid: 4 finished by it",
    )


def test_form_when_nobody_is_likely_enough_then_none_is_chosen_and_it_says_so(world: World) -> None:
    for _ in range(2):
        uphold_decline(by=world.viewer("desk"), case_id=disputed(world).id)
    case, client = filed(world), browser("dispatcher", "en")

    page = client.get(_page(case)).content.decode()

    assert "None is likely enough to be chosen for you." in page
    assert "0 finished by it, 2 not its own" in page
    assert 'name="unit" value="{world.water.id}" checked' not in page
    assert client.post(_page(case, "dispatch"), {}).status_code == 422


def test_form_when_a_unit_said_not_ours_then_it_is_not_suggested_though_it_can_be_chosen(world: World) -> None:
    case, client = disputed(world), browser("dispatcher")
    uphold_decline(by=world.viewer("desk"), case_id=case.id)

    form = next(each.form for each in client.get(_page(case)).context["moves"] if each.name == "dispatch")

    assert str(world.water.id) not in {each.value for each in form.offered}
    assert str(world.water.id) in {each.value for each in form.more}


def test_form_when_the_report_is_about_a_unit_then_no_part_of_the_form_offers_it(world: World) -> None:
    _done_by_lights(world, 4)
    case, client = filed(world, text="路灯所职工收受好处"), browser("dispatcher")
    assert str(world.lights.id) in client.get(_page(case)).content.decode(), "it could be offered"
    name_accused(by=world.viewer("desk"), case_id=case.id, unit_ids=[world.lights.id])

    page = client.get(_page(case)).content.decode()
    sent = client.post(_page(case, "dispatch"), {"unit": str(world.lights.id)})

    assert str(world.lights.id) not in page
    assert "由其办结" not in page
    assert sent.status_code == 422


def test_form_when_a_unit_was_suggested_a_moment_ago_and_is_no_more_then_it_asks_why_and_keeps_the_choice(
    world: World,
) -> None:
    case, client = filed(world), browser("dispatcher", "en")

    sent = client.post(_page(case, "dispatch"), {"unit": str(world.lights.id)})
    reasoned = client.post(_page(case, "dispatch"), {"unit": str(world.lights.id), "reason": "区里协调"})

    assert sent.status_code == 422
    assert "Say why this unit" in sent.content.decode()
    assert f'value="{world.lights.id}" checked' in sent.content.decode()
    assert reasoned.status_code == 302
