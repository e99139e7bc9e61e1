"""Ending unreasonable demands formally."""

from typing import Any

import pytest

from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.ending import (
    approve_ending,
    ask_ending,
    propose_ending,
    reject_ending,
    reject_proposal,
)
from liuchi.engines.cases.allowances import NoLongerAllowed
from liuchi.engines.cases.models import CaseClock
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.reasons import ENDING_REASONS, REMEDIES
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, filed, give_role
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed

WHY: dict[str, Any] = {"reason": "against_law", "text": "要求补偿违建，法规不允许"}


@pytest.fixture
def officer(world: World) -> Viewer:
    with frozen_at(MORNING):
        give_role("officer", "duty_officer", world.district)
        return world.viewer("officer")


def test_ending_when_a_unit_asks_then_somebody_with_more_power_ends_it(world: World, officer: Viewer) -> None:
    with frozen_at(MORNING):
        case = dispatched(world, by=world.viewer("resident"))
        ask_ending(by=world.viewer("water"), case_id=case.id, **WHY)
        for who in ("desk", "water", "dispatcher"):
            with pytest.raises(NotAllowed):
                approve_ending(by=world.viewer(who), case_id=case.id, **WHY)
        approve_ending(by=officer, case_id=case.id, **WHY)

    ended = case_of(case.id)
    assert (ended.state, ended.ended_at) == ("dismissed", MORNING)
    assert not CaseClock.objects.filter(case=case, stopped_at=None).exists()
    assert moves_open_to(world.viewer("resident"), ended) == []


def test_ending_when_asked_then_the_units_time_runs_on_and_a_refusal_gives_it_back(
    world: World, officer: Viewer
) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
        before = CaseClock.objects.get(case=case, step="handling")
        ask_ending(by=world.viewer("water"), case_id=case.id, **WHY)
        running = CaseClock.objects.get(case=case, step="handling")
        reject_ending(by=officer, case_id=case.id, text="属于你单位职责")
        with pytest.raises(NoLongerAllowed):
            ask_ending(by=world.viewer("water"), case_id=case.id, **WHY)

    assert (running.running_since, running.due_at) == (before.running_since, before.due_at)
    assert case_of(case.id).state == "handling"
    assert case_of(case.id).step_due_at == before.due_at


def test_proposal_when_made_by_the_desk_then_is_decided_once_by_somebody_else(world: World, officer: Viewer) -> None:
    with frozen_at(MORNING):
        give_role("officer", "desk", world.district)
        both = world.viewer("officer")
        case, own = filed(world), filed(world)
        propose_ending(by=world.viewer("desk"), case_id=case.id, **WHY)
        reject_proposal(by=both, case_id=case.id, text="应当派遣")
        with pytest.raises(NoLongerAllowed):
            propose_ending(by=world.viewer("desk"), case_id=case.id, **WHY)
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.water.id)
        propose_ending(by=both, case_id=own.id, **WHY)
        with pytest.raises(NotAllowed, match="somebody else"):
            approve_ending(by=both, case_id=own.id, **WHY)

    assert (case_of(case.id).state, case_of(own.id).state) == ("handling", "proposed")


def test_ending_when_reason_or_words_are_missing_then_is_refused(world: World, officer: Viewer) -> None:
    with frozen_at(MORNING):
        case = filed(world)
        broken: tuple[dict[str, Any], ...] = ({"reason": "", "text": "x"}, {"reason": "against_law", "text": " "})
        for given in broken:
            with pytest.raises(Incomplete):
                propose_ending(by=world.viewer("desk"), case_id=case.id, **given)
        propose_ending(by=world.viewer("desk"), case_id=case.id, **WHY)
        with pytest.raises(Incomplete):
            approve_ending(by=officer, case_id=case.id, reason="against_law", text="")


def test_reasons_of_ending_when_listed_then_each_says_what_can_be_done_instead() -> None:
    assert ENDING_REASONS.keys() == REMEDIES.keys()
