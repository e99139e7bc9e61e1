"""Lines to play with, written by a real action."""

from uuid import UUID, uuid4

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.kinds import declare
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor, System

NOTED = declare("test.noted", unit=UUID, rating=int)
OTHER = declare("test.other")
HOUSE = System("journal tests")


@action
def note(*, by: Actor = HOUSE, rating: int = 3, times: int = 1) -> Line:
    for _ in range(times):
        line = record(
            kind=NOTED, by=by, subject_type="test", subject_id=uuid4(), data={"unit": uuid4(), "rating": rating}
        )
    return line


@action
def note_other(*, by: Actor = HOUSE) -> Line:
    return record(kind=OTHER, by=by, subject_type="test", subject_id=uuid4())


def notes(count: int) -> list[Line]:
    return [note(rating=number) for number in range(count)]
