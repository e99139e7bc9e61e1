from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import declare
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import guard
from liuchi.ground.kernel.actions import ActionMisbuilt, action, again_on
from liuchi.ground.kernel.actors import Actor, System
from liuchi.ground.territory.models import Edition

BY = System("kernel tests")
KIND = declare("kernel_test.done")


def _line(by: Actor) -> UUID:
    return record(kind=KIND, by=by, subject_type="test", subject_id=uuid4()).id


@action
def write_once(*, by: Actor, lines: int) -> None:
    """Write a row and as many lines as asked for."""
    Edition.objects.create(number=1)
    for _ in range(lines):
        _line(by)


@pytest.mark.django_db
def test_action_when_it_leaves_one_line_then_row_and_line_stand() -> None:
    write_once(by=BY, lines=1)

    assert (Edition.objects.count(), Line.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [0, 2])
def test_action_when_it_does_not_leave_exactly_one_line_then_nothing_of_it_stands(lines: int) -> None:
    with pytest.raises(ActionMisbuilt, match=f"left {lines} journal lines"):
        write_once(by=BY, lines=lines)

    assert (Edition.objects.count(), Line.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_action_when_it_fails_after_writing_then_nothing_of_it_stands() -> None:
    @action
    def fail(*, by: Actor) -> None:
        Edition.objects.create(number=1)
        _line(by)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail(by=BY)

    assert (Edition.objects.count(), Line.objects.count()) == (0, 0)
    assert guard.current_scope() is None


@pytest.mark.django_db
def test_action_when_it_calls_another_then_refused() -> None:
    @action
    def outer(*, by: Actor) -> None:
        write_once(by=by, lines=1)

    with pytest.raises(ActionMisbuilt, match="calls no other"):
        outer(by=BY)

    assert Edition.objects.count() == 0


@pytest.mark.django_db
def test_action_when_run_inside_a_reaction_then_its_writes_count_for_the_reaction() -> None:
    with guard.scope("reaction", "test") as reaction:
        write_once(by=BY, lines=1)

    assert reaction.writes == 2
    assert Edition.objects.count() == 1


def test_action_when_it_takes_positional_arguments_then_it_cannot_be_defined() -> None:
    def positional(by: Actor, *, other: int) -> None: ...

    def without_actor(*, other: int) -> None: ...

    for misbuilt in (positional, without_actor):
        with pytest.raises(TypeError, match="keyword-only"):
            action(misbuilt)


def _losing(times: int, constraint: str) -> tuple[Callable[..., int], list[int]]:
    calls: list[int] = []

    @again_on("token_once")
    def run(*, by: Actor) -> int:
        calls.append(len(calls))
        if len(calls) <= times:
            raise IntegrityError(f'duplicate key value violates unique constraint "{constraint}"')
        return len(calls)

    return run, calls


def test_again_on_when_the_race_was_lost_once_then_the_second_run_counts() -> None:
    run, calls = _losing(1, "token_once")

    assert run(by=BY) == 2
    assert len(calls) == 2


@pytest.mark.parametrize(("times", "constraint", "runs"), [(2, "token_once", 2), (1, "other", 1)])
def test_again_on_when_lost_twice_or_on_another_constraint_then_the_error_rises(
    times: int, constraint: str, runs: int
) -> None:
    run, calls = _losing(times, constraint)

    with pytest.raises(IntegrityError):
        run(by=BY)

    assert len(calls) == runs


def test_again_on_when_inside_a_scope_then_the_error_rises_at_once() -> None:
    run, calls = _losing(1, "token_once")

    with guard.scope("reaction", "test"), pytest.raises(IntegrityError):
        run(by=BY)

    assert len(calls) == 1


@pytest.mark.django_db(transaction=False)
def test_action_when_nothing_is_written_then_it_leaves_no_line() -> None:
    @action
    def look(*, by: Actor) -> int:
        return Edition.objects.count()

    assert look(by=BY) == 0
    assert Line.objects.count() == 0
    assert not connection.needs_rollback
