from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest

from liuchi.demo.cases import SAY_NOT_OURS, _Walk
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.calendars.actions import ensure_base_calendar
from liuchi.ground.calendars.queries import current_version, work_calendar
from liuchi.ground.kernel.actors import System

#: Friday, ten minutes before the offices close.
LATE = datetime(2024, 10, 18, 9, 50, tzinfo=UTC)


@pytest.mark.django_db
def test_step_when_a_weekend_lies_between_then_it_comes_within_the_span_it_may_take() -> None:
    ensure_base_calendar(by=System("test"))
    calendar = work_calendar(current_version())

    def walk() -> _Walk:
        return _Walk(uuid4(), LATE, calendar, Random(1), LATE + timedelta(days=30))

    assert walk().later(0.3, 2) > LATE + SAY_NOT_OURS
    assert walk().later(0.3, 2, within=SAY_NOT_OURS) == LATE + SAY_NOT_OURS


def test_span_for_not_ours_when_held_against_the_table_of_moves_then_is_shorter() -> None:
    bounds = MOVES["decline"].bounds

    assert bounds is not None
    assert bounds.within is not None
    assert timedelta(hours=float(bounds.within.value)) > SAY_NOT_OURS
