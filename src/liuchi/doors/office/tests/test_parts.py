"""Units that help, on the case page and in the work-list."""

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.actions.support import answer_part, bring_in_unit, decline_part
from liuchi.engines.cases.models import Assignment, Case
from liuchi.engines.cases.testing import World, case_of, dispatched, filed


def _page(case: object) -> str:
    return f"/office/cases/{case.number}/"  # type: ignore[attr-defined]


def _helped(world: World) -> tuple[Case, Assignment]:
    case = dispatched(world)
    bring_in_unit(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text="请断电配合")
    return case_of(case.id), Assignment.objects.get(case=case, role="support")


def _offered(username: str, case: Case) -> tuple[list[str], list[str]]:
    shown = browser(username).get(_page(case)).context["parts"]
    return [move.name for move in shown.moves], [move.name for part in shown.parts for move in part.moves]


def test_case_page_when_a_unit_helps_then_offers_each_what_is_theirs(world: World) -> None:
    case, part = _helped(world)

    assert _offered("dispatcher", case) == (["bring_in"], ["release_part"])
    assert _offered("water", case) == (["call_in", "ask_for"], [])
    assert _offered("lights", case) == ([], ["answer_part", "decline_part"])
    assert _offered("desk", case) == ([], [])
    decline_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, reason="not_our_duty", text="不归我们管")
    assert _offered("desk", case) == ([], ["uphold_part", "reject_part"])
    assert _offered("dispatcher", case)[1] == []


def test_helping_unit_when_it_answers_then_the_lead_reads_it_and_the_public_does_not(world: World) -> None:
    case, part = _helped(world)
    lights = browser("lights")

    assert "请断电配合" in lights.get(_page(case)).content.decode()
    sent = lights.post(f"{_page(case)}parts/{part.id}/answer_part/", {"text": "已于今晨断电"})

    assert (sent.status_code, sent["location"]) == (302, f"{_page(case)}#parts")
    assert "已于今晨断电" in browser("water").get(_page(case)).content.decode()
    assert "已于今晨断电" not in browser().get(f"/cases/{case.number}/").content.decode()


def test_answer_when_incomplete_or_too_late_then_what_was_typed_is_kept(world: World) -> None:
    case, part = _helped(world)
    lights, address = browser("lights"), f"{_page(case)}parts/{part.id}/answer_part/"

    assert lights.post(address, {"text": ""}).status_code == 422
    answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")
    late = lights.post(address, {"text": "写了很久的话"})

    assert late.status_code == 409
    assert "写了很久的话" in late.content.decode()


def test_part_when_somebody_else_acts_on_it_then_403_or_404_and_nothing_changes(world: World) -> None:
    case, part = _helped(world)
    other = dispatched(world, grid=1)
    answer = f"parts/{part.id}/answer_part/"

    assert browser("water").post(_page(case) + answer, {"text": "x"}).status_code == 403
    assert browser("other-desk").post(_page(case) + answer, {"text": "x"}).status_code == 404
    assert browser("water").post(_page(other) + answer, {"text": "x"}).status_code == 404
    assert browser("desk").get(f"{_page(case)}parts/explode/").status_code == 404
    assert browser("desk").get(f"{_page(case)}parts/{part.id}/bring_in/").status_code == 404
    part.refresh_from_db()
    assert part.ended_at is None


def test_dispatcher_when_bringing_a_unit_in_by_page_then_it_has_a_part(world: World) -> None:
    case = dispatched(world)
    dispatcher, address = browser("dispatcher"), f"{_page(case)}parts/bring_in/"

    assert dispatcher.get(address).status_code == 200
    wrong = dispatcher.post(address, {"unit": str(world.lights.id), "text": "断电", "days": "0"})
    assert wrong.status_code == 422
    dispatcher.post(address, {"unit": str(world.lights.id), "text": "断电", "days": "3"})

    assert Assignment.objects.filter(case=case, role="support", unit=world.lights).count() == 1


def test_dispatch_form_when_units_are_ticked_to_help_then_they_have_parts(world: World) -> None:
    case = filed(world)

    page = browser("dispatcher").get(_page(case)).content.decode()
    assert f'name="support" value="{world.town.id}"' in page
    sent = browser("dispatcher").post(
        f"{_page(case)}dispatch/", {"unit": str(world.water.id), "support": [str(world.town.id)]}
    )

    assert sent.status_code == 302
    assert Assignment.objects.get(case=case, role="support").unit_id == world.town.id


def test_work_list_when_a_unit_helps_then_its_row_says_until_when(world: World) -> None:
    case, _part = _helped(world)

    (row,) = browser("lights").get("/office/").context["rows"]
    (lead,) = browser("water").get("/office/").context["rows"]

    assert (row.case.number, row.part_due is not None, lead.part_due) == (case.number, True, None)
