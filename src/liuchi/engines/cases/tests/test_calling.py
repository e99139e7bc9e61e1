"""Call-backs: drawn by a key, made by somebody without a part, counted, and followed by taking the case up again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from liuchi.engines.cases.actions.calling import (
    CallRefused,
    Said,
    draw_call_back,
    enter_call_back,
    lapse_call_backs,
    set_call_back_rule,
)
from liuchi.engines.cases.actions.reporter import reopen_case
from liuchi.engines.cases.actions.secret import name_accused
from liuchi.engines.cases.calling.drawing import DEFAULT_PERCENT, is_drawn, lot_of, rule_at, verify_draws
from liuchi.engines.cases.calling.queries import (
    CallFilters,
    call_back_for,
    call_backs,
    call_figures,
    every_call_back,
    rules_of,
)
from liuchi.engines.cases.models import CallBack, CallBackResult, CallBackRule, Case, CaseMove, State
from liuchi.engines.cases.moving import Incomplete
from liuchi.engines.cases.reactions import draw_closing
from liuchi.engines.cases.testing import MORNING, SETUP, World, case_of, closed, give_role
from liuchi.engines.cases.tests.machine import traces
from liuchi.ground.journal.models import Line
from liuchi.ground.journal.reactions import Reaction, apply_once
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound, Stale
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.territory.models import Area

REACHED = Said(is_reached=True, is_solved=True, is_satisfied=True, text="很好")
UNREACHED = Said(is_reached=False)
NOT_SOLVED = Said(is_reached=True, is_solved=False, is_satisfied=False, text="还在漏水")


def drawn(world: World, percent: int = 100, **values: object) -> CallBack:
    """Return a call-back of a closed case that somebody with an account reported."""
    set_call_back_rule(by=SETUP, area_id=world.district.id, percent=percent, most_calls=2)
    case = closed(world, **{"by": world.viewer("resident"), **values})
    row = draw_call_back(by=SETUP, closing_id=_closing(case).id)
    assert row is not None
    return row


def _closing(case: Case) -> CaseMove:
    found = CaseMove.objects.filter(case=case, name="close").order_by("-id").first()
    assert found is not None
    return found


def test_lot_when_drawn_again_then_the_same_and_spread_evenly_over_many() -> None:
    ids = [(new_id(), new_id()) for _ in range(4000)]
    share = sum(is_drawn(case, closing, 20) for case, closing in ids) / len(ids)

    assert [lot_of(*each) for each in ids] == [lot_of(*each) for each in ids]
    assert 0.17 < share < 0.23
    assert not any(is_drawn(case, closing, 0) for case, closing in ids)
    assert all(is_drawn(case, closing, 100) for case, closing in ids)


def test_draw_when_asked_for_by_a_person_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world, by=world.viewer("resident"))
        before = traces()
        for who in ("desk", "water", "checker"):
            with pytest.raises(NotAllowed):
                draw_call_back(by=world.viewer(who), closing_id=_closing(case).id)
    assert traces() == before
    assert not CallBack.objects.exists()


def test_draw_when_the_line_is_read_again_or_nobody_can_be_reached_then_once_or_not_at_all(world: World) -> None:
    reaction = Reaction("cases.call_backs", frozenset({"case.closed"}), draw_closing)
    with frozen_at(MORNING):
        set_call_back_rule(by=SETUP, area_id=world.district.id, percent=100, most_calls=3)
        known = closed(world, by=world.viewer("resident"))
        with_phone = closed(world, phone="19900001234")
        closed(world)
        for _ in range(2):
            for line in Line.objects.filter(kind="case.closed").order_by("seq"):
                apply_once(reaction, line)

    assert set(CallBack.objects.values_list("case_id", flat=True)) == {known.id, with_phone.id}
    assert Line.objects.filter(kind="case.call_back_drawn").count() == 2
    with frozen_at(MORNING + timedelta(days=40)):
        assert [each.was_drawn and each.is_drawn for each in verify_draws(known)] == [True]


def test_rule_when_set_then_the_nearest_areas_newest_counts_from_then_on(world: World) -> None:
    town = Area.objects.get(code="990803001")
    place = world.grids[0].id
    with frozen_at(MORNING):
        assert rule_at(place, MORNING).percent == DEFAULT_PERCENT
        set_call_back_rule(by=SETUP, area_id=world.district.id, percent=30, most_calls=3)
        set_call_back_rule(by=SETUP, area_id=town.id, percent=50, most_calls=1)
    with frozen_at(MORNING + timedelta(hours=1)):
        set_call_back_rule(by=SETUP, area_id=town.id, percent=60, most_calls=2)

    assert rule_at(place, MORNING).percent == 50
    assert rule_at(place, MORNING + timedelta(hours=2)).percent == 60
    assert rule_at(world.grids[7].id, MORNING + timedelta(hours=2)).percent == 30
    for percent, calls in ((101, 3), (-1, 3), (10, 0), (10, 6)):
        with pytest.raises(CallRefused):
            set_call_back_rule(by=SETUP, area_id=world.district.id, percent=percent, most_calls=calls)
    with pytest.raises(NotAllowed):
        set_call_back_rule(by=world.viewer("desk"), area_id=world.district.id, percent=0, most_calls=1)
    assert rules_of(world.viewer("desk")).count() == 0


def test_call_when_reached_and_solved_then_ended_with_what_they_said(world: World) -> None:
    with frozen_at(MORNING):
        row = drawn(world)
        move = enter_call_back(by=world.viewer("desk"), call_back_id=row.id, said=REACHED, calls=0)
        row.refresh_from_db()

        assert (row.result, row.is_satisfied, row.calls, row.ended_at) == ("solved", True, 1, MORNING)
        assert (move.name, move.internal_text, case_of(row.case_id).state) == ("call_back", "很好", State.CLOSED)
        assert Line.objects.get(kind="case.called_back").data["reached"] is True
        with pytest.raises(CallRefused):
            enter_call_back(by=world.viewer("desk"), call_back_id=row.id, said=REACHED)


def test_call_when_nobody_is_reached_then_counted_and_after_the_last_nobody_calls_any_more(world: World) -> None:
    with frozen_at(MORNING):
        row = drawn(world)
        desk = world.viewer("desk")
        enter_call_back(by=desk, call_back_id=row.id, said=UNREACHED, calls=0)
        with pytest.raises(Stale):
            enter_call_back(by=desk, call_back_id=row.id, said=UNREACHED, calls=0)
        enter_call_back(by=desk, call_back_id=row.id, said=UNREACHED, calls=1)
        row.refresh_from_db()

        assert (row.result, row.calls) == (CallBackResult.UNREACHED, 2)
        with pytest.raises(CallRefused):
            enter_call_back(by=desk, call_back_id=row.id, said=UNREACHED)


def test_call_when_not_solved_then_the_case_is_taken_up_again_with_their_words(world: World) -> None:
    with frozen_at(MORNING):
        row = drawn(world)
        before = traces()
        with pytest.raises(Incomplete):
            enter_call_back(by=world.viewer("desk"), call_back_id=row.id, said=Said(is_reached=True, is_solved=False))
        with pytest.raises(CallRefused):
            enter_call_back(by=world.viewer("desk"), call_back_id=row.id, said=Said(is_reached=True))
        assert traces() == before
    with frozen_at(MORNING + timedelta(days=2)):
        move = enter_call_back(by=world.viewer("desk"), call_back_id=row.id, said=NOT_SOLVED)

    row.refresh_from_db()
    case = case_of(row.case_id)
    assert (move.name, move.to_state, move.internal_text) == ("reopen_on_call", State.FILED, "还在漏水")
    assert (row.result, row.is_satisfied, case.unit, case.ended_at) == ("not_solved", False, None, None)
    assert {each.step for each in case.clocks.filter(stopped_at=None)} == {"case", "filed"}
    assert Line.objects.get(kind="case.reopened_on_call").data["satisfied"] is False


@pytest.mark.parametrize(
    "who",
    ["water", "resident", "other-desk", "both"],
)
def test_call_when_entered_by_who_is_not_of_the_desk_or_had_a_part_then_refused(world: World, who: str) -> None:
    with frozen_at(MORNING):
        give_role("both", "desk", world.district)
        give_role("both", "handler", world.district, world.water)
        row = drawn(world)
        before = traces()
        viewer = world.viewer(who, "own") if who == "both" else world.viewer(who)
        for said in (REACHED, UNREACHED, NOT_SOLVED):
            with pytest.raises(NotAllowed):
                enter_call_back(by=viewer, call_back_id=row.id, said=said)
        assert traces() == before
        assert call_backs(viewer, CallFilters()).rows == []
        with pytest.raises(NotFound):
            call_back_for(viewer, row.id)


def test_call_when_the_case_is_about_the_callers_unit_then_there_is_none(world: World) -> None:
    with frozen_at(MORNING):
        give_role("insider", "desk", world.district)
        give_role("insider", "handler", world.district, world.lights)
        row = drawn(world)
        insider = world.viewer("insider", "own")
        assert len(call_backs(insider, CallFilters()).rows) == 1, "it could be shown"
        name_accused(by=world.viewer("desk"), case_id=row.case_id, unit_ids=[world.lights.id])

        assert call_backs(insider, CallFilters()).rows == []
        for said in (REACHED, NOT_SOLVED):
            with pytest.raises(NotFound):
                enter_call_back(by=insider, call_back_id=row.id, said=said)


def test_call_back_when_overtaken_or_too_late_then_lapses_and_a_new_closing_has_its_own(world: World) -> None:
    with frozen_at(MORNING):
        overtaken, late = drawn(world), drawn(world)
        reopen_case(by=world.viewer("resident"), case_id=overtaken.case_id, text="还在漏水")
        with pytest.raises(CallRefused):
            enter_call_back(by=world.viewer("desk"), call_back_id=overtaken.id, said=REACHED)
        assert lapse_call_backs(by=SETUP) == 1
        assert lapse_call_backs(by=SETUP) == 0
    with frozen_at(MORNING + timedelta(days=31)):
        with pytest.raises(CallRefused):
            enter_call_back(by=world.viewer("desk"), call_back_id=late.id, said=REACHED)
        assert lapse_call_backs(by=SETUP) == 1

    assert set(CallBack.objects.values_list("result", flat=True)) == {"lapsed"}


def test_list_when_narrowed_paged_and_counted_then_as_it_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liuchi.engines.cases.calling.queries.PAGE", 2)
    with frozen_at(MORNING):
        rows = [drawn(world) for _ in range(3)]
        enter_call_back(by=world.viewer("desk"), call_back_id=rows[0].id, said=REACHED)
        enter_call_back(by=world.viewer("desk"), call_back_id=rows[1].id, said=UNREACHED)
        desk = world.viewer("desk")
        town = Area.objects.get(code="990803002")

        first = call_backs(desk, CallFilters(shown=""))
        second = call_backs(desk, CallFilters(shown="", after=first.next_key))
        assert [each.id for each in (*first.rows, *second.rows)] == [each.id for each in rows]
        assert second.next_key is None
        assert len(list(every_call_back(desk, CallFilters(shown="")))) == 3
        assert {each.id for each in call_backs(desk, CallFilters()).rows} == {rows[1].id, rows[2].id}
        assert [each.id for each in call_backs(desk, CallFilters(shown="solved")).rows] == [rows[0].id]
        assert call_backs(desk, CallFilters(shown="", town_id=town.id)).rows == []
        figures = call_figures(desk, CallFilters())
        assert (figures.drawn, figures.called, figures.reached, figures.solved, figures.satisfied) == (3, 2, 1, 1, 1)


def test_call_back_when_it_could_be_broken_in_the_database_then_refused(world: World) -> None:
    with frozen_at(MORNING):
        row = drawn(world)
    wrong: dict[str, dict[str, Any]] = {
        "call_back_ended_has_a_result": {"ended_at": MORNING},
        "call_back_calls_within_the_rule": {"calls": 3},
        "call_back_satisfied_was_reached": {"is_satisfied": True},
    }
    for constraint, values in wrong.items():
        with (
            guard.scope("maintenance", "tests"),
            pytest.raises(IntegrityError, match=constraint),
            transaction.atomic(),
        ):
            CallBack.objects.filter(id=row.id).update(**values)
    other = CaseMove.objects.get(name="file")
    with (
        guard.scope("maintenance", "tests"),
        pytest.raises(IntegrityError, match="case_has_one_call_back"),
        transaction.atomic(),
    ):
        CallBack.objects.create(case=row.case, closing=other, percent=1, most_calls=1, drawn_at=MORNING)
    for constraint, values in (
        ("call_back_share_is_a_percentage", {"percent": 101}),
        ("call_back_calls_are_few", {"most_calls": 0}),
    ):
        with (
            guard.scope("maintenance", "tests"),
            pytest.raises(IntegrityError, match=constraint),
            transaction.atomic(),
        ):
            CallBackRule.objects.filter(area=world.district).update(**values)
