"""What each move refuses, in which words and for which field; a refusal leaves nothing behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from liuchi.engines.cases.actions.check import fail_check, pass_check, verify_case
from liuchi.engines.cases.actions.decide import reject_decline, uphold_decline
from liuchi.engines.cases.actions.desk import close_case, file_case, refuse_case, send_to_verify
from liuchi.engines.cases.actions.dispatch import dispatch_case, return_to_desk
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.actions.reporter import RatingRefused, ReopenRefused, rate_case, reopen_case
from liuchi.engines.cases.models import Case, CaseMove, ClockKind, Report, State
from liuchi.engines.cases.moving import LONGEST_WORDS, Incomplete
from liuchi.engines.cases.testing import (
    MORNING,
    World,
    case_of,
    closed,
    dispatched,
    disputed,
    filed,
    handed_in,
    report,
)
from liuchi.engines.cases.tests.machine import traces
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actors import Visitor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people.models import Person
from liuchi.ground.records import protected
from liuchi.ground.territory.models import Area


@dataclass(frozen=True)
class Refusal:
    """A call that is refused: who calls what on which case with what, which error, which field."""

    case: Callable[[World], Case]
    who: str
    action: Callable[..., CaseMove]
    given: dict[str, Any]
    error: type[RuleBroken]
    field: str | None = None


def received(world: World) -> Case:
    return case_of(report(world).case_id)


def verifying(world: World) -> Case:
    case_id = report(world).case_id
    send_to_verify(by=world.viewer("desk"), case_id=case_id)
    return case_of(case_id)


TEXT, LONG = "已到现场", "长" * (LONGEST_WORDS + 1)
NOWHERE = UUID(int=7)
REFUSALS = {
    "refuse without reason": Refusal(received, "desk", refuse_case, {"reason": "", "text": TEXT}, Incomplete, "reason"),
    "refuse with another's reason": Refusal(
        received, "desk", refuse_case, {"reason": "not_done", "text": TEXT}, Incomplete, "reason"
    ),
    "refuse without text": Refusal(
        received, "desk", refuse_case, {"reason": "court", "text": " \n"}, Incomplete, "text"
    ),
    "refuse with a NUL for text": Refusal(
        received, "desk", refuse_case, {"reason": "court", "text": "\0"}, Incomplete, "text"
    ),
    "refuse with too long a text": Refusal(
        received, "desk", refuse_case, {"reason": "court", "text": LONG}, Incomplete, "text"
    ),
    "file without condition": Refusal(received, "desk", file_case, {"condition_id": NOWHERE}, Incomplete, "condition"),
    "file when filed": Refusal(filed, "desk", file_case, {"condition_id": NOWHERE}, MoveRefused),
    "file by the desk of another town": Refusal(
        received, "other-desk", file_case, {"condition_id": NOWHERE}, NotAllowed
    ),
    "file by the checker": Refusal(received, "checker", file_case, {"condition_id": NOWHERE}, NotAllowed),
    "verify without text": Refusal(verifying, "checker", verify_case, {"found": True, "text": ""}, Incomplete, "text"),
    "verify by the checker of another town": Refusal(
        verifying, "other-checker", verify_case, {"found": True, "text": TEXT}, NotAllowed
    ),
    "dispatch without unit": Refusal(filed, "dispatcher", dispatch_case, {"unit_id": NOWHERE}, Incomplete, "unit"),
    "dispatch by the desk": Refusal(filed, "desk", dispatch_case, {"unit_id": NOWHERE}, NotAllowed),
    "return without reason": Refusal(
        filed, "dispatcher", return_to_desk, {"reason": "court", "text": TEXT}, Incomplete, "reason"
    ),
    "return without text": Refusal(
        filed, "dispatcher", return_to_desk, {"reason": "place_unclear", "text": ""}, Incomplete, "text"
    ),
    "decline without reason": Refusal(
        dispatched, "water", decline_case, {"reason": "", "text": TEXT}, Incomplete, "reason"
    ),
    "decline without text": Refusal(
        dispatched, "water", decline_case, {"reason": "not_our_duty", "text": ""}, Incomplete, "text"
    ),
    "decline by another unit": Refusal(
        dispatched, "lights", decline_case, {"reason": "not_our_duty", "text": TEXT}, NotAllowed
    ),
    "uphold by the dispatcher": Refusal(disputed, "dispatcher", uphold_decline, {}, NotAllowed),
    "uphold by the unit": Refusal(disputed, "water", uphold_decline, {}, NotAllowed),
    "uphold by somebody with a part": Refusal(disputed, "many-hats", uphold_decline, {}, NotAllowed),
    "uphold by the desk of another town": Refusal(disputed, "other-desk", uphold_decline, {}, NotAllowed),
    "uphold what nobody asked": Refusal(dispatched, "desk", uphold_decline, {}, MoveRefused),
    "reject without reason": Refusal(
        disputed, "desk", reject_decline, {"reason": "not_our_duty", "text": TEXT}, Incomplete, "reason"
    ),
    "reject without text": Refusal(
        disputed, "desk", reject_decline, {"reason": "on_the_list", "text": ""}, Incomplete, "text"
    ),
    "hand in while it is disputed": Refusal(disputed, "water", hand_in_result, {"text": TEXT}, MoveRefused),
    "hand in without text": Refusal(dispatched, "water", hand_in_result, {"text": ""}, Incomplete, "text"),
    "hand in too long an internal text": Refusal(
        dispatched, "water", hand_in_result, {"text": TEXT, "internal_text": LONG}, Incomplete, "text"
    ),
    "hand in by another unit": Refusal(dispatched, "lights", hand_in_result, {"text": TEXT}, NotAllowed),
    "hand in by the visitor": Refusal(dispatched, "", hand_in_result, {"text": TEXT}, NotAllowed),
    "hand in twice": Refusal(handed_in, "water", hand_in_result, {"text": TEXT}, MoveRefused),
    "check by the handler": Refusal(handed_in, "water", pass_check, {}, NotAllowed),
    "check by somebody with a part": Refusal(handed_in, "many-hats", pass_check, {}, NotAllowed),
    "fail the check by somebody with a part": Refusal(
        handed_in, "many-hats", fail_check, {"reason": "not_done", "text": TEXT}, NotAllowed
    ),
    "fail the check without reason": Refusal(
        handed_in, "checker", fail_check, {"reason": "", "text": TEXT}, Incomplete, "reason"
    ),
    "fail the check without text": Refusal(
        handed_in, "checker", fail_check, {"reason": "not_done", "text": ""}, Incomplete, "text"
    ),
    "close before the check": Refusal(handed_in, "desk", close_case, {}, MoveRefused),
    "rate without receipt": Refusal(closed, "", rate_case, {"rating": 5}, NotAllowed),
    "rate with another receipt": Refusal(closed, "", rate_case, {"rating": 5, "receipt": "22222-22222"}, NotAllowed),
    "rate by another resident": Refusal(closed, "other-resident", rate_case, {"rating": 5}, NotAllowed),
    "rate with six": Refusal(closed, "resident", rate_case, {"rating": 6}, Incomplete, "rating"),
    "rate with nothing": Refusal(closed, "resident", rate_case, {"rating": 0}, Incomplete, "rating"),
    "rate an open case": Refusal(handed_in, "resident", rate_case, {"rating": 5}, MoveRefused),
    "reopen without text": Refusal(closed, "resident", reopen_case, {"text": ""}, Incomplete, "text"),
    "reopen by the desk": Refusal(closed, "desk", reopen_case, {"text": TEXT}, NotAllowed),
    "reopen an open case": Refusal(filed, "resident", reopen_case, {"text": TEXT}, MoveRefused),
}


def _report_is_by_the_resident(world: World, case: Case) -> None:
    with guard.scope("maintenance", "test"):
        Report.objects.filter(case=case).update(reporter=world.viewer("resident").person_id)


def _actor(world: World, who: str) -> Any:
    return world.viewer(who) if who else PUBLIC


@pytest.mark.usefixtures("many_hats")
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_move_when_refused_then_says_why_and_leaves_nothing(world: World, refusal: Refusal) -> None:
    with frozen_at(MORNING):
        case = refusal.case(world)
        _report_is_by_the_resident(world, case)
        before = traces()

        with pytest.raises(refusal.error) as refused:
            refusal.action(by=_actor(world, refusal.who), case_id=case.id, **refusal.given)

    assert type(refused.value) is refusal.error
    assert refused.value.field == refusal.field
    assert len(str(refused.value)) > 4
    assert traces() == before
    assert case_of(case.id).version == case.version


@pytest.mark.parametrize("name", ["send_to_verify", "refuse"])
def test_move_when_the_case_changed_meanwhile_then_stale_and_nothing_changes(world: World, name: str) -> None:
    action, given = {
        "send_to_verify": (send_to_verify, {}),
        "refuse": (refuse_case, {"reason": "court", "text": TEXT}),
    }[name]
    with frozen_at(MORNING):
        case = received(world)
        send_to_verify(by=world.viewer("desk"), case_id=case.id)
        verify_case(by=world.viewer("checker"), case_id=case.id, found=False, text=TEXT)
        before = traces()

        with pytest.raises(Stale):
            action(by=world.viewer("desk"), case_id=case.id, version=case.version, **given)  # type: ignore[operator]

    assert traces() == before


def test_move_when_the_version_is_the_one_read_then_it_is_made(world: World) -> None:
    with frozen_at(MORNING):
        case = received(world)
        send_to_verify(by=world.viewer("desk"), case_id=case.id, version=case.version)

    assert (case_of(case.id).state, case_of(case.id).version) == (State.VERIFYING, 2)


def test_move_when_there_is_no_such_case_then_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        send_to_verify(by=world.viewer("desk"), case_id=NOWHERE)


def test_rating_when_given_twice_then_the_first_stands(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world, by=world.viewer("resident"))
        rate_case(by=world.viewer("resident"), case_id=case.id, rating=4)

        with pytest.raises(RatingRefused):
            rate_case(by=world.viewer("resident"), case_id=case.id, rating=1)

    assert case_of(case.id).rating == 4


@pytest.mark.parametrize(("days", "seconds", "allowed"), [(30, 0, True), (30, 1, False)])
def test_reopening_when_within_30_days_then_taken_else_refused(
    world: World, days: int, seconds: int, allowed: bool
) -> None:
    with frozen_at(MORNING):
        case = closed(world, by=world.viewer("resident"))

    with frozen_at(MORNING + timedelta(days=days, seconds=seconds)):
        if allowed:
            reopen_case(by=world.viewer("resident"), case_id=case.id, text=TEXT)
        else:
            with pytest.raises(ReopenRefused, match="30"):
                reopen_case(by=world.viewer("resident"), case_id=case.id, text=TEXT)

    assert (case_of(case.id).state == State.FILED) is allowed


def test_filing_when_the_desk_knows_the_place_better_then_the_case_moves_there_unless_it_is_not_theirs(
    world: World,
) -> None:
    there = world.grids[1].id
    elsewhere = Area.objects.get(code="9908").id
    with frozen_at(MORNING):
        case = received(world)
        for place in (elsewhere, NOWHERE):
            with pytest.raises(Incomplete) as refused:
                file_case(by=world.viewer("desk"), case_id=case.id, condition_id=world.conditions[0].id, place_id=place)
            assert refused.value.field == "place"
        file_case(by=world.viewer("desk"), case_id=case.id, condition_id=world.conditions[0].id, place_id=there)

    assert (case_of(case.id).place_id, case_of(case.id).state) == (there, State.FILED)


def test_case_when_returned_to_the_desk_then_promises_nothing_until_filed_anew(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        return_to_desk(by=world.viewer("dispatcher"), case_id=case.id, reason="place_unclear", text=TEXT)
    back = case_of(case.id)
    with frozen_at(MORNING + timedelta(hours=1)):
        file_case(by=world.viewer("desk"), case_id=case.id, condition_id=world.conditions[0].id)

    assert (back.state, back.due_at, back.is_provisional) == (State.RECEIVED, None, False)
    assert case_of(case.id).due_at == MORNING + timedelta(hours=7)
    assert case.clocks.filter(kind=ClockKind.CASE).count() == 2


def test_work_when_told_of_later_then_happened_before_the_house_heard_of_the_case(world: World) -> None:
    with frozen_at(MORNING):
        case = received(world)
        send_to_verify(by=world.viewer("desk"), case_id=case.id)
        verify_case(by=world.viewer("checker"), case_id=case.id, found=True, text=TEXT, at=MORNING - timedelta(hours=1))

    step = case.clocks.filter(step=State.VERIFYING).get()
    assert (step.consumed, step.is_overdue) == (0, False)
    assert case.moves.get(name="verify").happened_at == MORNING - timedelta(hours=1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \0\n"}, "text"),
        ({"text": "长" * 5001}, "text"),
        ({"text": TEXT, "longitude": 200.0, "latitude": 30.0}, "place"),
        ({"text": TEXT, "longitude": float("nan"), "latitude": 30.0}, "place"),
    ],
)
def test_report_when_it_says_nothing_or_nonsense_then_refused_with_its_field(
    world: World, given: dict[str, Any], field: str
) -> None:
    before = traces()

    with pytest.raises(RuleBroken) as refused:
        report_case(by=PUBLIC, token=new_id(), **given)

    assert refused.value.field == field
    assert traces() == before


def test_report_when_the_actor_may_not_then_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        report(world, by=Visitor(frozenset()))


@pytest.mark.parametrize("area", [None, NOWHERE, "9908", "99"])
def test_report_when_the_place_is_unknown_or_outside_then_the_whole_district_gets_it(
    world: World, area: UUID | str | None
) -> None:
    area_id = Area.objects.get(code=area).id if isinstance(area, str) else area
    with frozen_at(MORNING):
        receipt = report(world, longitude=None, latitude=None, area_id=area_id)

    assert case_of(receipt.case_id).place_id == world.district.id


def test_report_when_only_the_community_is_known_then_it_stands_there(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world, longitude=None, latitude=None, area_id=world.communities[2].id)

    assert case_of(receipt.case_id).place_id == world.communities[2].id


def test_report_when_sent_again_then_the_same_case_and_receipt_and_no_second_line(world: World) -> None:
    token = new_id()
    with frozen_at(MORNING):
        first = report(world, token=token)
        before = traces()
        again = report(world, token=token, text="别的话")

    assert (again.case_id, again.number, again.code) == (first.case_id, first.number, first.code)
    assert (first.is_new, again.is_new) == (True, False)
    assert traces() == before


def test_report_when_it_names_somebody_then_only_sealed_values_are_kept(world: World) -> None:
    with frozen_at(MORNING):
        receipt = report(world, name="欧阳测试", phone="+86 139-0000-1234", text="\0井盖\0坏了")

    row = Report.objects.get(case_id=receipt.case_id)
    assert row.text == "井盖坏了"
    assert protected.unseal(row.name_sealed, protected.NAME, row.id) == "欧阳测试"
    assert protected.unseal(row.phone_sealed, protected.PHONE, row.id) == "13900001234"
    assert row.phone_index == protected.blind("13900001234", protected.PHONE)
    assert Person.objects.filter(phone_index=row.phone_index).count() == 0
