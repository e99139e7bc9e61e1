"""Taking an import of people back."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from liuchi.ground.journal.actions import record
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.ids import new_id
from liuchi.ground.people import access
from liuchi.ground.people.history import change_of, revert
from liuchi.ground.people.kinds import IMPORT_TAKEN_BACK
from liuchi.ground.people.models import ChangeKind, Person, PersonChange, Residence


@dataclass(frozen=True)
class TakenBack:
    """What taking back did: records removed, records put back, and those that something else holds on to."""

    removed: tuple[UUID, ...]
    restored: tuple[UUID, ...]
    kept: tuple[UUID, ...]


@action
def take_back_people(*, by: Actor, new: Iterable[UUID] = (), changes: Iterable[UUID] = ()) -> TakenBack:
    """Undo what `take_in_people` did: `new` are the people it added, `changes` the change ids it gave.

    Added people are removed, unless something was written about them since. Changed facts are put back, unless
    something changed them since. What stays is told; so is what lies outside the actor's reach.
    """
    wanted = list(new)
    rows = Person.objects.select_for_update(of=("self",)).filter(id__in=wanted, erased_at=None).order_by("id")
    removed = _remove([each.id for each in rows if access.may(by, access.MANAGE, each.home_id)])
    restored: list[UUID] = []
    kept = sorted(set(wanted) - set(removed))
    undoing: list[PersonChange] = []
    moment, line_id = clock.now(), new_id()
    # The newest first, so that two imports of the same fact go back one after the other.
    for change in PersonChange.objects.filter(id__in=list(changes)).order_by("-id"):
        person = Person.objects.select_for_update(of=("self",)).filter(id=change.person_id, erased_at=None).first()
        if person is None or not access.may(by, access.MANAGE, person.home_id):
            kept.append(change.person_id)
            continue
        done = revert(person, change)
        kept += [person.id] if done.kept else []
        if done.before:
            person.save(update_fields=done.columns)
            restored.append(person.id)
            undo = change_of(person, done.before, kind=ChangeKind.UNDO, line_id=line_id, by=by, at=moment)
            undo.save(force_insert=True)
            undoing.append(undo)
    if removed or restored:
        _write(by, removed, restored, kept, undoing)
    return TakenBack(tuple(removed), tuple(restored), tuple(kept))


def _write(by: Actor, removed: list[UUID], restored: list[UUID], kept: list[UUID], undoing: list[PersonChange]) -> None:
    line = record(
        kind=IMPORT_TAKEN_BACK,
        by=by,
        subject_type="people.person",
        subject_id=(removed or restored)[0],
        data={"removed": len(removed), "restored": len(restored), "kept": len(kept)},
    )
    PersonChange.objects.filter(id__in=[each.id for each in undoing]).update(line_id=line.id)


def _remove(ids: list[UUID]) -> list[UUID]:
    """Remove records and their residences, all at once where nothing points at them; return which are gone."""
    try:
        with transaction.atomic():
            _delete(ids)
    except ProtectedError:
        return [person_id for person_id in ids if _removed(person_id)]
    return ids


def _removed(person_id: UUID) -> bool:
    try:
        with transaction.atomic():
            _delete([person_id])
    except ProtectedError:
        return False
    return True


def _delete(ids: list[UUID]) -> None:
    Residence.objects.filter(person_id__in=ids).delete()
    Person.objects.filter(id__in=ids).delete()
