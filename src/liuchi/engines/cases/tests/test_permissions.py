"""Every move, by everybody, in every state: who may, may; who may not, changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from liuchi.engines.cases.access import moves_open_to
from liuchi.engines.cases.actions.check import pass_check
from liuchi.engines.cases.actions.desk import refuse_case, send_to_verify
from liuchi.engines.cases.actions.ending import ask_ending, propose_ending
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.testing import (
    MORNING,
    SETUP,
    World,
    case_of,
    closed,
    dispatched,
    disputed,
    extending,
    filed,
    handed_in,
    paused,
    pausing,
    report,
)
from liuchi.engines.cases.tests.conftest import under_hat
from liuchi.engines.cases.tests.machine import attempt, traces
from liuchi.engines.cases.tests.oracle import PEOPLE, TABLE, Clock, Expected, Person
from liuchi.engines.cases.tests.oracle_gathering import Said
from liuchi.ground.access.actions import NewAccount, open_accounts
from liuchi.ground.access.models import Account
from liuchi.ground.access.viewers import PUBLIC, Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.kernel.ids import new_id


def _verifying(world: World, **values: object) -> Case:
    case_id = report(world, **values).case_id  # type: ignore[arg-type]
    send_to_verify(by=world.viewer("desk"), case_id=case_id)
    return case_of(case_id)


def _received(world: World, **values: object) -> Case:
    return case_of(report(world, **values).case_id)  # type: ignore[arg-type]


def _refused(world: World, **values: object) -> Case:
    case_id = report(world, **values).case_id  # type: ignore[arg-type]
    refuse_case(by=world.viewer("desk"), case_id=case_id, reason="court", text="请向法院")
    return case_of(case_id)


def _checked(world: World, **values: object) -> Case:
    case = handed_in(world, **values)
    pass_check(by=world.viewer("checker"), case_id=case.id)
    return case_of(case.id)


def _ending(world: World, **values: object) -> Case:
    case = dispatched(world, **values)
    ask_ending(by=world.viewer("water"), case_id=case.id, reason="court", text="法院已受理")
    return case_of(case.id)


def _proposed(world: World, **values: object) -> Case:
    case = filed(world, **values)
    propose_ending(by=world.viewer("desk"), case_id=case.id, reason="court", text="法院已受理")
    return case_of(case.id)


STATES: dict[str, Callable[..., Case]] = {
    "received": _received,
    "verifying": _verifying,
    "filed": filed,
    "handling": dispatched,
    "disputed": disputed,
    "extending": extending,
    "pausing": pausing,
    "paused": paused,
    "checking": handed_in,
    "checked": _checked,
    "closed": closed,
    "refused": _refused,
    "ending": _ending,
    "proposed": _proposed,
}


@contextmanager
def _undone() -> Iterator[None]:
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # the attempt is undone, though actions are durable
    with block:
        yield
        transaction.set_rollback(True)


def _actor(world: World, person: Person) -> Actor:
    return PUBLIC if person.name in {"visitor", "receipt holder"} else under_hat(world, person)


@pytest.mark.parametrize("state", STATES)
def test_case_when_anybody_tries_anything_then_only_what_is_theirs_succeeds(
    world: World, many_hats: Viewer, state: str
) -> None:
    token = new_id()
    with frozen_at(MORNING):
        case = STATES[state](world, by=world.viewer("resident"), token=token)
        code = report(world, token=token).code
    dispatched_to = "water" if case.unit_id else None
    expected = Expected(case.id, 1, "resident", code, state=state, unit=dispatched_to, assigned=MORNING)
    expected.ended, expected.among = case.ended_at, [expected]
    expected.behind.said.append(Said("resident", code, MORNING))
    expected.proposed_by = {"desk"} if state == "proposed" else set()
    # Merging needs a second case, and taking back is a move only where the case ends with it: the machine tries both.
    tried = [move for move in TABLE if move != "merge" and (move != "withdraw" or state in TABLE[move][0])]
    expected.had_a_part = {"water"} if dispatched_to else set()
    expected.handled_by = (
        set() if state in {"received", "verifying", "filed", "handling", "refused", "proposed"} else {"water"}
    )
    expected.rests_until = case.rests_until
    expected.dispatched_by = {"dispatcher"} if dispatched_to else set()
    if dispatched_to:
        expected.handling = Clock("work", 4 * 3600, MORNING, MORNING)
    if state == "handling":
        expected.moves += ["file", "dispatch"]  # just dispatched: it may still be taken back
    before = traces()
    wrong: list[tuple[object, ...]] = []

    with frozen_at(MORNING + timedelta(minutes=5)):
        for person in PEOPLE:
            actor = _actor(world, person)
            for move in tried:
                try:
                    with _undone():
                        attempt(world, actor, expected, move, person, unit="lights", condition=0)
                        could = True
                except RuleBroken:
                    could = False
                if could != expected.may(person, move, "lights", MORNING + timedelta(minutes=5)):
                    wrong.append((person.name, move, could))
            receipt = code if person.name == "receipt holder" else ""
            shown = {move.name for move in moves_open_to(actor, case, receipt)} - {"merge"}
            right = {move for move in tried if expected.may(person, move, "lights", MORNING + timedelta(minutes=5))}
            if shown != right:
                wrong.append((person.name, "shown", sorted(shown ^ right)))

    assert wrong == []
    assert traces() == before
    assert case_of(case.id).version == case.version


def test_check_when_the_person_handled_it_with_another_account_then_refused(world: World) -> None:
    handler = Account.objects.select_related("person").get(username="water").person
    with frozen_at(MORNING):
        open_accounts(by=SETUP, accounts=[NewAccount(handler, "second", "checker", world.district, "tests")])
        case = handed_in(world)

        with pytest.raises(NotAllowed):
            pass_check(by=world.viewer("second"), case_id=case.id)

        assert pass_check(by=world.viewer("checker"), case_id=case.id).to_state == "checked"
