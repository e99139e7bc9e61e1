"""The seven stages, from end to end, through the actions."""

from datetime import UTC, datetime, timedelta

from liuchi.engines.cases.actions.dispatch import dispatch_case
from liuchi.engines.cases.actions.reporter import rate_case, reopen_case
from liuchi.engines.cases.models import ClockKind, State
from liuchi.engines.cases.testing import MORNING, World, case_of, closed, report, reworked
from liuchi.ground.access.viewers import PUBLIC
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.clock import frozen_at
from liuchi.ground.kernel.ids import new_id


def test_case_when_walked_through_every_stage_then_is_closed_in_time(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world)

    assert case.state == State.CLOSED
    assert case.due_at == datetime(2024, 9, 12, 7, 0, tzinfo=UTC)
    assert list(case.moves.order_by("id").values_list("name", flat=True)) == [
        "report",
        "file",
        "dispatch",
        "hand_in",
        "pass_check",
        "close",
    ]
    assert list(case.clocks.filter(kind=ClockKind.CASE).values_list("is_overdue", flat=True)) == [False]
    assert not case.clocks.filter(stopped_at=None).exists()


def test_every_move_when_made_then_leaves_one_journal_line_with_its_id(world: World) -> None:
    with frozen_at(MORNING):
        case = closed(world)

    lines = Line.objects.filter(subject_id=case.id).order_by("seq").values_list("id", flat=True)
    assert list(lines) == list(case.moves.order_by("id").values_list("line_id", flat=True))


def test_case_when_rated_and_reopened_with_receipt_then_goes_to_the_dispatcher(world: World) -> None:
    token = new_id()
    with frozen_at(MORNING):
        case = closed(world, token=token)
        code = report(world, token=token).code
        rate_case(by=PUBLIC, case_id=case.id, rating=2, receipt=code)

    with frozen_at(MORNING + timedelta(days=1)):
        reopen_case(by=PUBLIC, case_id=case.id, text="又松了", receipt=code)
        dispatch_case(by=world.viewer("dispatcher"), case_id=case.id, unit_id=world.lights.id)

    case = case_of(case.id)
    assert (case.state, case.unit_id, case.rating, case.ended_at) == (State.HANDLING, world.lights.id, None, None)
    assert case.due_at == datetime(2024, 9, 13, 7, 0, tzinfo=UTC)


def test_case_when_reworked_then_the_unit_has_only_what_was_left(world: World) -> None:
    with frozen_at(MORNING):
        case = reworked(world)

    assert case.state == State.HANDLING
    assert case.step_due_at == datetime(2024, 9, 12, 7, 0, tzinfo=UTC)


def test_report_when_it_was_said_on_an_earlier_day_then_its_number_carries_that_day(world: World) -> None:
    with frozen_at(MORNING + timedelta(days=3)):
        receipt = report(world, at=MORNING)

    assert receipt.number.startswith("20240912-")
