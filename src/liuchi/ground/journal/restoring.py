"""Going on after an older copy was put back: of the database (a backup) or of the files outside it."""

from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import record
from liuchi.ground.journal.chain import live_seals
from liuchi.ground.journal.folder import Folder
from liuchi.ground.journal.kinds import declare
from liuchi.ground.journal.merkle import EMPTY
from liuchi.ground.journal.models import Batch
from liuchi.ground.journal.sealing import file_again, sealing
from liuchi.ground.journal.seals import JournalBroken, Seal, seal_of
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed, RuleBroken
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.kernel.keyring import keyring

RESTORED = declare("journal.restored", epoch=int, kept=int, next_position=int)


class NothingToResume(RuleBroken):
    """Database and files agree: there is no gap to bridge."""

    code = "nothing_to_resume"


class ReasonMissing(RuleBroken):
    """Going on after a restore needs a reason."""

    code = "reason_missing"


def resume_after_restore(*, by: Actor, reason: str) -> Seal:
    """Open a new epoch after a restore and return the signed note that says so.

    What the database still holds must be what the files say up to some batch; later batches are recorded as lost, and
    numbering goes on after the highest position ever used. When the files are the older copy, what they lack is
    checked and filed again first. `reason` (one or two sentences, no personal data) stands in the note for good.

    Raises:
        NotAllowed: when the actor lacks the power `operate_journal`.
        ReasonMissing: when `reason` is empty.
        NothingToResume: when database and files agree.
        JournalBroken: when the database is no older copy of what the files describe.
    """
    if not by.allows("operate_journal"):
        raise NotAllowed(_("Only an operator of the journal may do this."))
    if not reason.strip():
        raise ReasonMissing(_("Say why the journal goes on after a restore."), field="reason")
    with sealing() as folder:
        filed = folder.repair()
        kept = _match_up(folder)
        last = folder.last()
        if last is None or (kept == filed == last):
            raise NothingToResume(_("Database and journal files agree; there is nothing to resume."))
        note = _note(last, kept, reason.strip())
        _open_epoch(by=by, note=note)
        folder.append(note, b"")
    return note


def _match_up(folder: Folder) -> Seal | None:
    """Return the last seal of the database once all it holds is known to be filed; file again what the files lack."""
    live, kept = live_seals(folder, folder.size()), None
    for batch in Batch.objects.order_by("number").iterator():
        held, filed = seal_of(batch), next(live, None)
        if filed is None:
            file_again(folder, folder.last(), held)
        elif filed != held:
            raise JournalBroken(
                _("batch %(number)s in the database is not the one in %(file)s: this is no older copy of this house")
                % {"number": held.number, "file": folder.roots}
            )
        kept = held
    return kept


def _note(last: Seal, kept: Seal | None, reason: str) -> Seal:
    return Seal(
        kind="restored",
        number=last.number + 1,
        epoch=last.epoch + 1,
        first=last.next_position,
        count=0,
        root=EMPTY,
        previous=last.digest(),
        sealed_at=clock.now(),
        kept=kept.number if kept else 0,
        reason=reason,
        key="",
    ).signed(keyring(), last)


@action
def _open_epoch(*, by: Actor, note: Seal) -> None:
    facts = {"epoch": note.epoch, "kept": note.kept, "next_position": note.first}
    record(kind=RESTORED, by=by, subject_type="journal", subject_id=new_id(), data=facts, rows=[note.row()])
