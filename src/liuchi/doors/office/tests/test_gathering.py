"""Merging, undoing it and splitting at the desk."""

from datetime import timedelta

from liuchi.doors.ui.testing import browser
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import MORNING, World, case_of, filed, give_role, report
from liuchi.ground.kernel.clock import frozen_at


def _at(case: Case, move: str = "") -> str:
    return f"/office/cases/{case.number}/{move}"


def _two(world: World) -> tuple[Case, Case]:
    first = filed(world, text="井盖破损没人修")
    return first, case_of(report(world, text="井盖破了").case_id)


def test_case_page_when_something_like_it_is_open_then_the_desk_merges_with_one_tap(world: World) -> None:
    first, second = _two(world)
    desk = browser("desk")

    page = desk.get(_at(second)).content.decode()
    answer = desk.post(_at(second, "merge/"), {"other": first.number, "version": second.version})

    assert first.number in page
    assert "井盖" in page
    assert answer["Location"] == _at(first)
    assert case_of(second.id).merged_into == first
    lead = desk.get(_at(first))
    assert second.number in lead.content.decode()
    assert lead.context["gathered"].people == 2


def test_merge_when_the_earlier_one_is_open_then_the_later_ends_in_it(world: World) -> None:
    first, second = _two(world)

    answer = browser("desk").post(_at(first, "merge/"), {"other": second.number})

    assert answer["Location"] == _at(first)
    assert case_of(second.id).state == "merged"


def test_merge_when_there_is_no_such_case_then_the_number_stays_in_the_form(world: World) -> None:
    first, _ = _two(world)

    answer = browser("desk").post(_at(first, "merge/"), {"other": "20240912-999999"})

    assert answer.status_code == 409
    assert "20240912-999999" in answer.content.decode()
    assert browser("dispatcher").post(_at(first, "merge/"), {"other": "x"}).status_code == 403


def test_unmerge_when_done_then_the_case_is_on_its_own_again(world: World) -> None:
    first, second = _two(world)
    desk = browser("desk")
    desk.post(_at(second, "merge/"), {"other": first.number})

    assert desk.get(_at(second)).context["gathered"].may_undo
    desk.post(_at(second, "unmerge/"), {"text": "是另一个井盖"})

    assert case_of(second.id).state == "received"
    assert second.reports.count() == 1


def test_split_when_sent_then_a_part_stands_beside_and_the_words_are_offered(world: World) -> None:
    case = case_of(report(world, text="井盖坏了。路灯也不亮。").case_id)
    desk = browser("desk")

    form = desk.get(_at(case, "split/"))
    token = form.context["form"]["token"].value()
    desk.post(_at(case, "split/"), {"token": token, "text": "路灯也不亮。", "version": case.version})
    desk.post(_at(case, "split/"), {"token": token, "text": "路灯也不亮。", "version": case.version})

    part = Case.objects.exclude(id=case.id).get()
    assert "井盖坏了。路灯也不亮。" in form.content.decode()
    assert part.number in desk.get(_at(case)).content.decode()


def test_formal_ending_when_proposed_then_the_officer_decides_on_the_case_page(world: World) -> None:
    with frozen_at(MORNING):
        give_role("officer", "duty_officer", world.district)
    case = filed(world)
    desk, officer = browser("desk"), browser("officer")

    desk.post(_at(case, "propose_ending/"), {"reason": "against_law", "text": "要求补偿违建"})
    page = officer.get(_at(case)).content.decode()
    officer.post(_at(case, "approve_ending/"), {"reason": "against_law", "text": "依法不予支持"})

    assert "要求补偿违建" in page
    assert case_of(case.id).state == "dismissed"
    assert timedelta(0) == case_of(case.id).ended_at - case_of(case.id).moves.last().happened_at  # type: ignore[union-attr,operator]
