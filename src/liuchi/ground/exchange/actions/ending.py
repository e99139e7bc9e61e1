"""How imports end: done, or taken back."""

from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.exchange import kinds
from liuchi.ground.exchange.models import Import, State
from liuchi.ground.exchange.registers import Problem, Written, register_of
from liuchi.ground.exchange.restoring import conflicts, put_back
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed


@action
def end_import(*, by: Actor, import_id: UUID) -> Import:
    """Note that all rows of an import have been run. Journal: `exchange.import_ended`, with the counts."""
    one = Import.objects.select_for_update().get(id=import_id, state=State.RUNNING)
    one.state, one.ended_at = State.DONE, clock.now()
    one.save(update_fields=["state", "ended_at"])
    counts = {name: getattr(one, name) for name in ("created", "changed", "unchanged", "refused")}
    record(
        kind=kinds.IMPORT_ENDED,
        by=by,
        subject_type="exchange.import",
        subject_id=one.id,
        data={"register": one.register, **counts},
    )
    return one


@action
def put_rows_back(*, by: Actor, import_id: UUID, register: str, written: Written) -> list[tuple[int, Problem]]:
    """Put the stored rows of a batch back as they stood before an import; return the rows where that cannot be.

    Nothing is put back where anything cannot be. Journal: `exchange.rows_put_back`.

    Raises:
        NotAllowed: the actor lacks the register's power.
    """
    if not by.allows(register_of(register).power):
        raise NotAllowed(_("You may not change this register."))
    found = conflicts(written)
    if found or not any(result.touched for _number, result in written.done):
        return found
    rows = put_back(written)
    record(
        kind=kinds.ROWS_PUT_BACK,
        by=by,
        subject_type="exchange.import",
        subject_id=import_id,
        data={"register": register, "rows": rows},
    )
    return []


@action
def note_taken_back(*, by: Actor, import_id: UUID, rows: int) -> Import:
    """Note that what an import brought in has been taken back. Journal: `exchange.import_taken_back`."""
    one = Import.objects.select_for_update().get(id=import_id)
    one.state, one.ended_at = State.UNDONE, clock.now()
    one.save(update_fields=["state", "ended_at"])
    record(
        kind=kinds.IMPORT_TAKEN_BACK,
        by=by,
        subject_type="exchange.import",
        subject_id=one.id,
        data={"register": one.register, "rows": rows},
    )
    return one
