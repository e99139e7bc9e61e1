"""Taking an import back: everything it wrote, or nothing."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.exchange.access import require_import, require_own
from liuchi.ground.exchange.actions.ending import note_taken_back, put_rows_back
from liuchi.ground.exchange.actions.importing import WrongMoment
from liuchi.ground.exchange.checkpoints import committed_together
from liuchi.ground.exchange.keeping import key_of
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.registers import Outcome, Problem, Register, Source, Written, register_of
from liuchi.ground.exchange.results import open_results
from liuchi.ground.exchange.running import reader_of, source_of
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import RuleBroken


class CannotTakeBack(RuleBroken):
    """Rows have been changed since, or are needed elsewhere; `conflicts` holds (row of the file, problem) for each."""

    code = "cannot_take_back"

    def __init__(self, conflicts: Sequence[tuple[int, Problem]]) -> None:
        said = _("%(count)d rows cannot be taken back, so nothing was. The first: row %(row)d: %(why)s")
        first = conflicts[0]
        super().__init__(said % {"count": len(conflicts), "row": first[0], "why": first[1].message})
        self.conflicts = tuple(conflicts)


def undo_import(*, by: Actor, import_id: UUID) -> Import:
    """Take back what an import wrote, newest first: new rows go, changed ones stand as before; all of it or nothing.

    Raises:
        NotFound: there is no such import of this actor.
        NotAllowed: the actor lacks exchange.import or the register's own power.
        WrongMoment: it has not ended, or what would be needed has been deleted.
        CannotTakeBack: with the list of the rows that stand in the way.
    """
    with committed_together():
        one = require_own(by, Import.objects.select_for_update().filter(id=import_id).first())
        register = register_of(one.register)
        require_import(by, register)
        if one.state not in {State.DONE, State.STOPPED, State.UNDOING} or one.key_sealed is None or not one.done:
            state = State(one.state).label
            raise WrongMoment(_("This cannot be done now: the import is “%(state)s”.") % {"state": state})
        found, rows, key = list[tuple[int, Problem]](), 0, key_of(one)
        source = source_of(one, reader_of(one, register))
        for batch in one.batches.order_by("-number").iterator(chunk_size=10):
            done, marks = open_results(one, key, batch)
            wrote = [each for each in done if each[1].outcome in {Outcome.CREATED, Outcome.CHANGED}]
            found += _undone(by, one, register, source, Written(wrote, marks))
            rows += len(wrote)
        if found:
            raise CannotTakeBack(sorted(found, key=lambda each: each[0]))
        return note_taken_back(by=by, import_id=one.id, rows=rows)


def _undone(
    by: Actor, one: Import, register: Register, source: Source, written: Written
) -> Sequence[tuple[int, Problem]]:
    if register.undo is not None:
        return register.undo(by, written, source)
    return put_rows_back(by=by, import_id=one.id, register=register.code, written=written)
