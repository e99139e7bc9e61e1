"""Units that help: each with its own part, clock and answer; the lead waits for them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from liuchi.engines.cases import tasks
from liuchi.engines.cases.access import work_of
from liuchi.engines.cases.actions.check import fail_check, pass_check
from liuchi.engines.cases.actions.decide import uphold_decline
from liuchi.engines.cases.actions.desk import close_case
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.handle import decline_case, hand_in_result
from liuchi.engines.cases.actions.merging import merge_case
from liuchi.engines.cases.actions.support import (
    answer_part,
    ask_for_unit,
    bring_in_unit,
    call_in_unit,
    decline_part,
    reject_part,
    take_back_part,
    uphold_part,
)
from liuchi.engines.cases.allowances import NoLongerAllowed
from liuchi.engines.cases.filtering import Filters
from liuchi.engines.cases.models import Assignment, Case, CaseClock, CaseMove, State
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.parting import PartRefused
from liuchi.engines.cases.parts import PartsUnanswered
from liuchi.engines.cases.queries import counts_by_state, work_list
from liuchi.engines.cases.support_notices import TEMPLATES, TOLD, tell_of_parts
from liuchi.engines.cases.supporting import LONGEST_DAYS, MOST_PARTS
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, filed, give_role, handed_in
from liuchi.engines.cases.tests.machine import traces
from liuchi.engines.cases.workflow import MoveRefused
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.notices.templates import LANGUAGES, Template, placeholders, sample
from liuchi.ground.notices.testing import told

NOT_OURS: dict[str, Any] = {"reason": "not_our_duty", "text": "不归我们管"}
REACTION = Reaction("cases.support", TOLD, tell_of_parts)


def helped(world: World, *, days: int | None = None) -> tuple[Case, Assignment]:
    """Return a case that water leads and in which lights helps."""
    case = dispatched(world)
    bring_in_unit(
        by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text="断电配合施工", days=days
    )
    return case_of(case.id), Assignment.objects.get(case=case, role="support")


def _follow(at: datetime) -> None:
    with frozen_at(at):
        for _ in range(2):
            for line in Line.objects.filter(kind__in=TOLD).order_by("seq"):
                apply_once(REACTION, line)


def test_part_when_given_and_answered_then_it_has_a_clock_and_an_answer_of_its_own(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world, days=2)
        before = {each.step: each.due_at for each in case.clocks.filter(stopped_at=None)}
        assert before.keys() == {"case", "handling", "support"}
        assert before["support"] == datetime(2024, 9, 14, 1, 0, tzinfo=UTC)  # Saturday works: 调休

        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")

    part.refresh_from_db()
    answer = CaseMove.objects.get(case=case, name="answer_part")
    assert (part.outcome, part.ended_at, answer.unit_id) == ("answered", MORNING, world.lights.id)
    assert (answer.public_text, answer.internal_text) == ("", "已断电")
    assert CaseClock.objects.get(assignment=part, step="support").is_overdue is False
    assert (case_of(case.id).state, case_of(case.id).step_due_at) == (State.HANDLING, case.step_due_at)


def test_part_when_answered_late_then_its_own_clock_says_so_and_no_other(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world, days=1)
    with frozen_at(MORNING + timedelta(days=6)):
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")

    assert CaseClock.objects.get(assignment=part, step="support").is_overdue
    assert Line.objects.get(kind="case.part_answered").data["overdue"]


def test_result_when_a_part_is_unanswered_then_refused_until_it_is_answered_or_taken_back(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
        before = traces()

        with pytest.raises(PartsUnanswered, match="路灯所"):
            hand_in_result(by=world.viewer("water"), case_id=case.id, text="已换")

        assert traces() == before
        take_back_part(by=world.viewer("dispatcher"), case_id=case.id, part_id=part.id, text="不需要了")
        assert hand_in_result(by=world.viewer("water"), case_id=case.id, text="已换").to_state == State.CHECKING
    part.refresh_from_db()
    assert part.outcome == "taken_back"


def test_lead_when_it_calls_in_then_only_whom_the_list_of_duties_names(world: World) -> None:
    give_role("town", "handler", world.district, world.town)
    with frozen_at(MORNING):
        case = dispatched(world)
        water = world.viewer("water")

        with pytest.raises(PartRefused) as refused:
            call_in_unit(by=water, case_id=case.id, unit_id=world.lights.id, text="断电")
        call_in_unit(by=water, case_id=case.id, unit_id=world.town.id, text="围挡")
        ask_for_unit(by=water, case_id=case.id, unit_id=world.lights.id, text="需要断电")

    assert refused.value.field == "unit"
    assert list(Assignment.objects.filter(role="support").values_list("unit_id", flat=True)) == [world.town.id]
    assert CaseMove.objects.get(name="ask_for").unit_id == world.lights.id


@pytest.mark.parametrize("who", ["water", "lights", "checker", "resident", "desk", "other-desk"])
def test_unit_when_brought_in_by_anybody_but_the_dispatcher_then_refused(world: World, who: str) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        before = traces()
        with pytest.raises(NotAllowed):
            bring_in_unit(by=world.viewer(who), case_id=case.id, unit_id=world.lights.id, text="断电")
    assert traces() == before


def test_unit_when_it_leads_helps_already_or_is_none_then_not_brought_in(world: World) -> None:
    with frozen_at(MORNING):
        case, _part = helped(world)
        given: dict[str, Any] = {"by": world.viewer("dispatcher"), "case_id": case.id, "text": "断电"}
        for unit in (world.water.id, world.lights.id, new_id()):
            with pytest.raises(PartRefused) as refused:
                bring_in_unit(unit_id=unit, **given)
            assert refused.value.field == "unit"
        for days in (0, LONGEST_DAYS + 1):
            with pytest.raises(PartRefused) as refused:
                bring_in_unit(unit_id=world.town.id, days=days, **given)
            assert refused.value.field == "days"
        with pytest.raises(Incomplete):
            bring_in_unit(unit_id=world.town.id, **{**given, "text": " "})
        with pytest.raises(Stale):
            bring_in_unit(unit_id=world.town.id, version=1, **given)
        assert MOST_PARTS > 1


def test_unit_without_a_part_when_it_tries_anything_then_refused(world: World) -> None:
    give_role("town", "handler", world.district, world.town)
    with frozen_at(MORNING):
        case, part = helped(world)
        before, stranger = traces(), world.viewer("town")
        on_part: dict[str, Any] = {"by": stranger, "case_id": case.id, "part_id": part.id, "text": "已办"}
        on_case: dict[str, Any] = {"by": stranger, "case_id": case.id, "text": "已办"}
        attempts: tuple[Callable[[], object], ...] = (
            lambda: answer_part(**on_part),
            lambda: decline_part(reason="not_our_duty", **on_part),
            lambda: take_back_part(**on_part),
            lambda: uphold_part(**on_part),
            lambda: hand_in_result(**on_case),
            lambda: decline_case(reason="not_our_duty", **on_case),
            lambda: call_in_unit(unit_id=world.lights.id, **on_case),
        )
        for attempt in attempts:
            with pytest.raises(NotAllowed):
                attempt()
        with pytest.raises(NotAllowed):  # a unit that helps does not hand in for the lead
            hand_in_result(by=world.viewer("lights"), case_id=case.id, text="已办")
        with pytest.raises(NotFound):
            answer_part(by=world.viewer("lights"), case_id=dispatched(world).id, part_id=part.id, text="已办")
    assert traces()[1] == before[1] + 3  # the second case: reported, filed, dispatched; nothing else


def test_part_when_answered_twice_then_the_second_is_told_that_it_ended(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")
        with pytest.raises(MoveRefused, match="ended"):
            answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")


def test_part_when_said_not_ours_then_decided_by_somebody_who_did_not_bring_it_in(world: World) -> None:
    with frozen_at(MORNING):
        give_role("both", "desk", world.district)
        give_role("both", "dispatcher", world.district)
        case = dispatched(world)
        bring_in_unit(by=world.viewer("both"), case_id=case.id, unit_id=world.lights.id, text="断电")
        part = Assignment.objects.get(case=case, role="support")
        on_part: dict[str, Any] = {"case_id": case.id, "part_id": part.id}
        decline_part(by=world.viewer("lights"), **on_part, **NOT_OURS)

        with pytest.raises(NotAllowed):
            uphold_part(by=world.viewer("both"), **on_part)
        with pytest.raises(MoveRefused):  # a wrong dispatch is not hidden by taking it back
            take_back_part(by=world.viewer("both"), text="不需要了", **on_part)
        with pytest.raises(PartsUnanswered):
            hand_in_result(by=world.viewer("water"), case_id=case.id, text="已换")
    with frozen_at(MORNING + timedelta(days=5)):
        uphold_part(by=world.viewer("desk"), **on_part)

    part.refresh_from_db()
    running = CaseClock.objects.get(assignment=part, step="support")
    assert (part.outcome, part.declined_at) == ("not_ours", None)
    assert (running.stopped_at, running.is_overdue) == (MORNING, False)
    assert Line.objects.get(kind="case.part_decline_upheld").data["dispatcher"] == str(world.viewer("both").id)


@pytest.mark.parametrize(("seconds", "allowed"), [(24 * 3600, True), (24 * 3600 + 1, False)])
def test_part_when_said_not_ours_then_within_24_hours_and_once(world: World, seconds: int, allowed: bool) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
    on_part: dict[str, Any] = {"case_id": case.id, "part_id": part.id}
    with frozen_at(MORNING + timedelta(seconds=seconds)):
        if not allowed:
            with pytest.raises(NoLongerAllowed):
                decline_part(by=world.viewer("lights"), **on_part, **NOT_OURS)
            return
        decline_part(by=world.viewer("lights"), **on_part, **NOT_OURS)
        reject_part(by=world.viewer("desk"), reason="on_the_list", text="清单第三条", **on_part)
        with pytest.raises(NoLongerAllowed):
            decline_part(by=world.viewer("lights"), **on_part, **NOT_OURS)
    assert CaseClock.objects.get(assignment=part, step="support").running_since == MORNING


def test_parts_when_the_lead_is_gone_then_they_end_with_it(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
        decline_case(by=world.viewer("water"), case_id=case.id, **NOT_OURS)
        answer = answer_part  # still possible while it is decided who leads
        uphold_decline(by=world.viewer("desk"), case_id=case.id)

        part.refresh_from_db()
        assert part.outcome == "lapsed"
        assert CaseClock.objects.get(assignment=part, step="support").stopped_at == MORNING
        with pytest.raises(MoveRefused):
            answer(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")


def test_rework_when_parts_were_answered_then_answers_stay_and_the_lead_may_ask_again(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已换")
        fail_check(by=world.viewer("checker"), case_id=case.id, reason="partly_done", text="仍松动")
        bring_in_unit(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id, text="再断电一次")

    outcomes = Assignment.objects.filter(case=case, role="support").order_by("id").values_list("outcome", flat=True)
    assert list(outcomes) == ["answered", ""]


def test_dispatch_when_units_are_to_help_then_each_has_its_part_at_once(world: World) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        dispatcher = world.viewer("dispatcher")
        with pytest.raises(PartRefused):
            dispatch_case(
                by=dispatcher, case_id=case.id, unit_id=world.water.id, support=[world.water.id], reason="清单"
            )
        both = [world.lights.id, world.town.id]
        dispatch_case(by=dispatcher, case_id=case.id, unit_id=world.water.id, support=both, reason="清单")

    parts = Assignment.objects.filter(case=case, role="support").order_by("id")
    assert {part.unit_id for part in parts} == set(both)
    assert CaseClock.objects.filter(assignment__in=parts, stopped_at=None).count() == 2
    assert Line.objects.get(kind="case.dispatched").data["support"] == [str(each) for each in both]


def test_work_list_when_a_unit_helps_then_shows_the_case_until_it_answered(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
        lights = world.viewer("lights")
        for scope in ("mine", "all"):
            assert [row.id for row in work_list(lights, Filters(scope=scope)).cases] == [case.id]
            assert counts_by_state(lights, scope) == {"handling": 1}
        decline_part(by=lights, case_id=case.id, part_id=part.id, **NOT_OURS)
        assert not work_list(lights, Filters()).cases
        assert [row.id for row in work_list(world.viewer("desk"), Filters()).cases] == [case.id]
        reject_part(by=world.viewer("desk"), case_id=case.id, part_id=part.id, reason="on_the_list", text="清单第三条")
        answer_part(by=lights, case_id=case.id, part_id=part.id, text="已断电")
        assert not work_list(lights, Filters()).cases
        assert not Case.objects.filter(work_of(world.viewer("desk"))).exists()


def test_check_when_somebody_helped_under_another_hat_then_refused(world: World, many_hats: object) -> None:
    del many_hats
    with frozen_at(MORNING):
        give_role("many-hats", "handler", world.district, world.town)
        case = filed(world)
        give: dict[str, Any] = {"case_id": case.id, "unit_id": world.lights.id, "support": [world.town.id]}
        dispatch_case(by=world.viewer("dispatcher"), reason="清单", **give)
        part = Assignment.objects.get(case=case, role="support")
        at_town = world.viewer("many-hats", f"unit-{world.town.id}")
        answer_part(by=at_town, case_id=case.id, part_id=part.id, text="已围挡")
        hand_in_result(by=world.viewer("lights"), case_id=case.id, text="已修")

        checker = world.viewer("many-hats", "own")
        assert checker.allows("cases.check", case.place_id)
        with pytest.raises(NotAllowed):
            pass_check(by=checker, case_id=case.id)
        pass_check(by=world.viewer("checker"), case_id=case.id)
        with pytest.raises(NotAllowed):
            close_case(by=checker, case_id=case.id)


def test_check_when_somebody_has_a_post_in_a_unit_that_helped_then_refused_though_others_answered(
    world: World,
) -> None:
    with frozen_at(MORNING):
        give_role("also-lights", "checker", world.district)
        give_role("also-lights", "handler", world.district, world.lights)
        case, part = helped(world)
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")
        hand_in_result(by=world.viewer("water"), case_id=case.id, text="已换")
        plain = handed_in(world)

        with pytest.raises(NotAllowed):
            pass_check(by=world.viewer("also-lights", "own"), case_id=case.id)
        assert pass_check(by=world.viewer("also-lights", "own"), case_id=plain.id).to_state == State.CHECKED


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.code)
def test_template_when_filled_with_its_samples_then_nothing_is_left_open(template: Template, language: str) -> None:
    said = sample(template, language)

    assert all(part and not placeholders(part) for part in (said.title, said.short, said.long))


def test_notices_when_parts_go_their_way_then_each_is_told_what_concerns_them_once(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
        ask_for_unit(by=world.viewer("water"), case_id=case.id, unit_id=world.town.id, text="围挡")
        decline_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, **NOT_OURS)
        reject_part(by=world.viewer("desk"), case_id=case.id, part_id=part.id, reason="on_the_list", text="清单第三条")
        answer_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, text="已断电")

    _follow(MORNING)

    assert told(world.viewer("lights").person_id) == ["cases.part_given", "cases.part_kept"]
    assert told(world.viewer("water").person_id) == ["cases.part_answered"]
    assert told(world.viewer("dispatcher").person_id) == ["cases.part_wanted"]
    assert told(world.viewer("desk").person_id) == ["cases.part_disputed"]


def test_unit_when_its_part_comes_near_its_end_then_warned_once(world: World) -> None:
    with frozen_at(MORNING):
        helped(world)
        tasks.warn()
        assert told(world.viewer("lights").person_id) == []
    with frozen_at(MORNING + timedelta(hours=6)):
        for _ in range(2):
            tasks.warn()
        assert told(world.viewer("lights").person_id) == ["cases.part_due_soon"]


def test_part_when_it_could_be_broken_in_the_database_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        case, part = helped(world)
    lead = Assignment.objects.get(case=case, role="lead")
    running = CaseClock.objects.get(assignment=part, step="support")
    running.pk = new_id()
    running._state.adding = True
    lead.declined_at = MORNING
    attempts: tuple[tuple[str, Callable[[], object]], ...] = (
        ("part_declined_is_open_support", lambda: lead.save(update_fields=["declined_at"])),
        ("part_has_one_clock_of_a_step", lambda: running.save(force_insert=True)),
    )
    for constraint, breaks in attempts:
        with (
            guard.scope("maintenance", "tests"),
            pytest.raises(IntegrityError, match=constraint),
            transaction.atomic(),
        ):
            breaks()
    assert issubclass(PartsUnanswered, RuleBroken)


def test_parts_when_the_case_is_merged_then_they_end_and_their_clocks_stop(world: World) -> None:
    with frozen_at(MORNING):
        lead = dispatched(world)
    with frozen_at(MORNING + timedelta(minutes=5)):
        case, part = helped(world)
        decline_part(by=world.viewer("lights"), case_id=case.id, part_id=part.id, **NOT_OURS)
        merge_case(by=world.viewer("desk"), case_id=case.id, lead_id=lead.id)

    part.refresh_from_db()
    assert (part.outcome, part.declined_at) == ("lapsed", None)
    assert not CaseClock.objects.filter(case=case, stopped_at=None).exists()
