"""One move with many cases: each for itself, once, and resumable."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from liuchi.engines.cases import bulk
from liuchi.engines.cases.actions.bulk import MOST, BulkRefused, begin_bulk, note_bulk
from liuchi.engines.cases.actions.dispatch import dispatch_case, take_back_dispatch
from liuchi.engines.cases.actions.handle import hand_in_result
from liuchi.engines.cases.actions.opening import note_opening
from liuchi.engines.cases.allowances import NoLongerAllowed
from liuchi.engines.cases.bulk import ACTS, go_on, left_of
from liuchi.engines.cases.kinds import BULK_BEGUN, BULK_NOTED, CASE_OPENED
from liuchi.engines.cases.models import Assignment, BulkOutcome, BulkRun, Case, CaseClock, CaseMove, State
from liuchi.engines.cases.queries_bulk import cases_of_run, own_run
from liuchi.engines.cases.testing import MORNING, World, case_of, dispatched, filed, report
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.errors import NotAllowed, NotFound
from liuchi.ground.kernel.ids import new_id


def asked(world: World, cases: list[Case], move: str = "dispatch", by: str = "dispatcher", **given: str) -> BulkRun:
    chosen = [(case.id, case.version) for case in cases]
    inputs = {"unit": str(world.water.id), **given} if move == "dispatch" else given
    return begin_bulk(by=world.viewer(by), token=new_id(), move=move, cases=chosen, given=inputs)


def became(world: World, run: BulkRun, by: str = "dispatcher") -> dict[UUID, bool]:
    return {each.id: each.is_done for each in cases_of_run(world.viewer(by), run)}


def test_run_when_made_then_each_case_has_its_own_move_and_line_and_the_list_of_duties_says_why(world: World) -> None:
    cases = [filed(world), filed(world)]
    run = asked(world, cases, text="请尽快")

    progress = go_on(by=world.viewer("dispatcher"), run=run)

    assert (progress.done, progress.refused, progress.left) == (2, 0, 0)
    assert [case_of(case.id).state for case in cases] == [State.HANDLING] * 2
    moves = CaseMove.objects.filter(name="dispatch").order_by("id")
    assert [move.internal_text for move in moves] == ["请尽快"] * 2
    lines = Line.objects.filter(kind="case.dispatched")
    assert set(BulkOutcome.objects.values_list("line_id", flat=True)) == set(lines.values_list("id", flat=True))
    assert all("权责清单" in part.reason for part in Assignment.objects.all())
    row = BulkRun.objects.get()
    assert (row.ended_at is not None, row.given) == (True, {})
    assert [Line.objects.filter(kind=kind.name).count() for kind in (BULK_BEGUN, BULK_NOTED)] == [1, 1]
    assert "请尽快" not in str(list(Line.objects.values_list("data", flat=True)))


def test_run_when_some_cases_changed_or_stand_elsewhere_then_those_say_why_and_the_others_are_done(
    world: World,
) -> None:
    good, moved, new = filed(world), filed(world), case_of(report(world).case_id)
    run = asked(world, [good, moved, new])
    dispatch_case(by=world.viewer("dispatcher"), case_id=moved.id, unit_id=world.lights.id, reason="电话约定")

    go_on(by=world.viewer("dispatcher"), run=run)

    assert became(world, run) == {good.id: True, moved.id: False, new.id: False}
    assert set(run.outcomes.exclude(code="").values_list("code", flat=True)) == {"stale", "move_refused"}
    assert case_of(moved.id).unit_id == world.lights.id
    assert not run.outcomes.filter(why="", line_id=None).exists()


def test_run_when_asked_with_the_same_token_again_then_it_is_one_run_and_every_case_moves_once(world: World) -> None:
    cases, token, by = [filed(world), filed(world)], new_id(), world.viewer("dispatcher")
    chosen = [(case.id, case.version) for case in cases]

    for _ in range(2):
        run = begin_bulk(by=by, token=token, move="dispatch", cases=chosen, given={"unit": str(world.water.id)})
        go_on(by=by, run=run)

    assert CaseMove.objects.filter(name="dispatch").count() == 2
    assert set(became(world, run).values()) == {True}


def test_run_when_the_connection_breaks_between_cases_then_it_goes_on_with_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, by = [filed(world) for _ in range(3)], world.viewer("dispatcher")
    run = asked(world, cases)
    make, calls = ACTS["dispatch"], list[UUID]()

    def break_at_the_second(*given: object) -> object:
        calls.append(given[1])  # type: ignore[arg-type]
        if len(calls) == 2:
            raise ConnectionError
        return make(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "ACTS", {"dispatch": break_at_the_second})
    with pytest.raises(ConnectionError):
        go_on(by=by, run=run)
    assert [case_id for case_id, _version in left_of(run)] == [cases[1].id, cases[2].id]

    go_on(by=by, run=run)

    assert calls == [cases[0].id, cases[1].id, cases[1].id, cases[2].id]
    assert CaseMove.objects.filter(name="dispatch").count() == 3


def test_run_when_time_is_up_then_says_how_far_it_is_and_goes_on_later(world: World) -> None:
    run, by = asked(world, [filed(world) for _ in range(3)]), world.viewer("dispatcher")

    assert [go_on(by=by, run=run, seconds=-1).left for _ in range(3)] == [2, 1, 0]


def test_run_when_another_request_made_the_move_meanwhile_then_it_stays_done(world: World) -> None:
    case, by = filed(world), world.viewer("dispatcher")
    run = asked(world, [case])
    go_on(by=by, run=run)

    counts = note_bulk(by=by, run_id=run.id, refused={case.id: ("stale", "x")})

    assert counts == (1, 0, 0)
    assert became(world, run) == {case.id: True}


def test_run_when_not_allowed_too_large_or_empty_then_refused_before_anything_is_done(world: World) -> None:
    case, far = filed(world), filed(world, grid=7)

    for by in ("desk", "water", "resident"):
        with pytest.raises(NotAllowed):
            asked(world, [case], by=by)
    with pytest.raises(NotAllowed):
        asked(world, [far, case], "return_to_desk", "other-desk")
    for name in ("file", "hand_in", "verify", "pass_check", "x"):
        with pytest.raises(BulkRefused):
            asked(world, [case], name)
    with pytest.raises(BulkRefused):
        asked(world, [])
    many = [(new_id(), 1) for _ in range(MOST + 1)]
    with pytest.raises(BulkRefused):
        begin_bulk(by=world.viewer("dispatcher"), token=new_id(), move="dispatch", cases=many, given={})
    assert not BulkRun.objects.exists()


def test_run_when_somebody_else_looks_or_goes_on_then_there_is_none(world: World) -> None:
    run = asked(world, [filed(world)])

    with pytest.raises(NotFound):
        own_run(world.viewer("desk"), run.id)
    with pytest.raises(NotFound):
        note_bulk(by=world.viewer("desk"), run_id=run.id, refused={})


def test_table_when_a_move_is_made_with_many_or_undone_then_there_is_a_way_to_do_it() -> None:
    assert ACTS.keys() == {move.name for move in MOVES.values() if move.in_bulk}
    for move in MOVES.values():
        if move.undone_by:
            undo = MOVES[move.undone_by]
            assert (undo.sources, undo.target) == (frozenset({move.target}), next(iter(move.sources)))
            assert undo.bounds is not None


def test_dispatch_when_taken_back_in_time_then_it_waits_as_before_and_the_unit_s_clock_stands(world: World) -> None:
    with frozen_at(MORNING):
        case = dispatched(world)
    with frozen_at(MORNING + timedelta(minutes=14)):
        take_back_dispatch(by=world.viewer("dispatcher"), case_id=case.id, version=case.version)

    row = case_of(case.id)
    assert (row.state, row.unit_id) == (State.FILED, None)
    part = Assignment.objects.get()
    assert (part.outcome, part.ended_at is not None) == ("taken_back", True)
    running = CaseClock.objects.filter(case=row, stopped_at=None).order_by("step")
    assert [clock.step for clock in running] == ["case", "filed"]


def test_dispatch_when_the_unit_opened_it_or_worked_or_it_is_late_then_it_is_not_taken_back(world: World) -> None:
    with frozen_at(MORNING):
        opened, worked, late, twice = (dispatched(world) for _ in range(4))
        by, water = world.viewer("dispatcher"), world.viewer("water")
        assert not note_opening(by=world.viewer("lights"), case_id=opened.id)
        assert [note_opening(by=water, case_id=opened.id) for _ in range(2)] == [True, False]
        assert Line.objects.filter(kind=CASE_OPENED.name).count() == 1
        hand_in_result(by=water, case_id=worked.id, text="已修")
        take_back_dispatch(by=by, case_id=twice.id)
        dispatch_case(by=by, case_id=twice.id, unit_id=world.water.id, reason="权责清单")
        with pytest.raises(NotAllowed):
            take_back_dispatch(by=by, case_id=opened.id)
        with pytest.raises(NoLongerAllowed):
            take_back_dispatch(by=by, case_id=twice.id)
    with frozen_at(MORNING + timedelta(minutes=16)), pytest.raises(NoLongerAllowed):
        take_back_dispatch(by=world.viewer("dispatcher"), case_id=late.id)


def test_outcome_when_it_breaks_a_constraint_then_the_database_refuses(world: World) -> None:
    case = filed(world)
    run = asked(world, [case])
    with guard.scope("maintenance", "tests"):
        BulkOutcome.objects.create(run=run, case=case, code="x", why="y")
        for name, values in (
            ("bulk_outcome_once", {"case": case, "code": "x"}),
            ("bulk_outcome_is_done_or_says_why", {"case": filed_elsewhere(case), "code": ""}),
        ):
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                BulkOutcome.objects.create(run=run, **values)


def filed_elsewhere(case: Case) -> Case:
    return Case.objects.exclude(id=case.id).first() or case
