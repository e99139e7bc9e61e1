"""What an import waits for, done, until it waits for a person or has ended. Killed at any point, it goes on there."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.utils import translation

from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.running import Tell, actor_of, check_rows, note, read_file, run_rows, said
from liuchi.ground.exchange.undoing import CannotTakeBack, undo_import
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken

#: How many rows that stand in the way of taking back are kept to be shown.
MOST_SHOWN: Final = 200


def advance(import_id: UUID, *, by: Actor | None = None, tell: Tell = lambda _: None) -> Import:
    """Do what an import waits for until it waits for a person or has ended; `tell` hears how far it got.

    Rows are run in the name of whoever began it, with the powers of this moment, unless `by` is at hand.
    """
    while True:
        one = Import.objects.get(id=import_id)
        step = STEPS.get(State(one.state))
        if step is None or one.key_sealed is None:
            return one
        with translation.override(one.language):
            step(one, by, tell)


def _take_back(one: Import, by: Actor | None, tell: Tell) -> None:
    """Take everything back, or note what stands in the way."""
    ended = State.DONE if one.done == one.total else State.STOPPED
    try:
        undo_import(by=by or actor_of(one), import_id=one.id)
    except CannotTakeBack as error:
        rows = [[row, problem.message] for row, problem in error.conflicts[:MOST_SHOWN]]
        note(one, state=ended, trouble={**said(error), "rows": rows})
    except RuleBroken as error:
        note(one, state=ended, trouble=said(error))
    one.refresh_from_db()
    tell(one)


STEPS: Final[dict[State, Callable[[Import, Actor | None, Tell], None]]] = {
    State.RECEIVED: read_file,
    State.CHECKING: check_rows,
    State.RUNNING: run_rows,
    State.UNDOING: _take_back,
}
