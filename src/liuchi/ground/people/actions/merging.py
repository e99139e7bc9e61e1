"""Joining double records of one person, and separating them again, without losing anything."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from liuchi.ground.journal.actions import draft, write
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotFound, RuleBroken
from liuchi.ground.people import access, values
from liuchi.ground.people.history import Reverted, change_of, revert
from liuchi.ground.people.kinds import PEOPLE_MERGED, PEOPLE_SEPARATED
from liuchi.ground.people.models import ChangeKind, Merge, Person, PersonChange
from liuchi.ground.records import protected

KEPT, ABSORBED = "kept", "absorbed"


class MergeRefused(RuleBroken):
    """These two records cannot be joined."""

    code = "merge_refused"


class SeparationRefused(RuleBroken):
    """The merge cannot be undone now; the message says what to do first."""

    code = "separation_refused"


@action
def merge_people(
    *, by: Actor, keep: UUID, absorb: UUID, choices: Mapping[str, str] | None = None, reason: str = ""
) -> UUID:
    """Join two records of one person and return the merge's id, by which it is undone.

    The record `absorb` keeps all it says and all that points at it; from now on it is found through `keep`.
    `choices` says for a fact (of `values.FACTS`) whose value the record in force shows: "kept" or "absorbed". Without a
    choice a fact stays, and what the kept record leaves open comes from the other.

    Raises:
        NotFound: one of the records is not in force: unknown, erased, or absorbed already.
        NotAllowed: the actor manages people only where one of the two lives.
        MergeRefused: the same record twice, a choice of something unknown, or two administrators would be one person.
    """
    wanted = dict(choices or {})
    if keep == absorb or not wanted.keys() <= set(values.FACTS) or not set(wanted.values()) <= {KEPT, ABSORBED}:
        raise MergeRefused(_("Choose two different records, and for each fact one of the two."))
    protected.hold_unique()
    kept, absorbed = _both(by, keep, absorb)
    said, other = values.facts_of(kept), values.facts_of(absorbed)
    changed = {
        fact: other[fact]
        for fact in values.FACTS
        if wanted.get(fact, ABSORBED if not said[fact] else KEPT) == ABSORBED and other[fact] != said[fact]
    }
    merge = Merge(kept=kept, absorbed=absorbed, choices=wanted, reason=reason[:200], actor_id=by.id)
    line = draft(
        kind=PEOPLE_MERGED,
        by=by,
        subject_type="people.person",
        subject_id=kept.id,
        place_id=kept.home_id,
        data={"kept": kept.id, "absorbed": absorbed.id, "merge": merge.id},
    )
    merge.at = line.recorded_at
    merge.followers = list(Person.objects.filter(merged_into=absorbed).order_by("id").values_list("id", flat=True))
    # The absorbed record first: a number stands once among the records in force.
    _point_at(kept, [absorbed.id, *merge.followers])
    rows: list[models.Model] = [merge]
    if changed:
        kept.save(update_fields=values.put_facts(kept, changed))
        before = {fact: said[fact] for fact in changed}
        merge.change = change_of(kept, before, kind=ChangeKind.MERGE, line_id=line.id, by=by, at=line.recorded_at)
        rows.append(merge.change)
    write(line, *rows)
    return merge.id


@action
def separate_people(*, by: Actor, merge_id: UUID, reason: str = "") -> tuple[str, ...]:
    """Undo a merge: both records stand as they did before it; return the facts corrected since, which stay.

    What was written to either record meanwhile stays with it. Merges of one record are undone newest first.

    Raises:
        NotFound: there is no such merge, or it is undone already, or a record was erased.
        NotAllowed: the actor manages people only where one of the two lives.
        SeparationRefused: a later merge is to be undone first, or a number meanwhile belongs to another record.
    """
    protected.hold_unique()
    merge = Merge.objects.select_for_update(of=("self",)).filter(id=merge_id, undone_at=None).first()
    if merge is None:
        raise NotFound(_("There is no such merge, or it is undone already."))
    kept, absorbed = _both(by, merge.kept_id, merge.absorbed_id, is_merged=True)
    later = Merge.objects.filter(undone_at=None, id__gt=merge.id)
    if later.filter(kept=kept).exists() or later.filter(absorbed=kept).exists():
        raise SeparationRefused(_("The record was joined with another one after that. Separate the newer one first."))
    line = draft(
        kind=PEOPLE_SEPARATED,
        by=by,
        subject_type="people.person",
        subject_id=kept.id,
        place_id=kept.home_id,
        data={"kept": kept.id, "absorbed": absorbed.id, "merge": merge.id},
    )
    done = revert(kept, merge.change) if merge.change is not None else Reverted()
    changes: list[PersonChange] = []
    if done.columns:
        kept.save(update_fields=done.columns)
        changes.append(
            change_of(kept, done.before, kind=ChangeKind.UNMERGE, line_id=line.id, by=by, at=line.recorded_at)
        )
    _refuse_taken(absorbed)
    Person.objects.filter(id=absorbed.id).update(merged_into=None)
    Person.objects.filter(id__in=merge.followers).update(merged_into=absorbed)
    merge.undone_at, merge.undone_by_id, merge.undone_reason = line.recorded_at, by.id, reason[:200]
    merge.save(update_fields=["undone_at", "undone_by_id", "undone_reason"])
    write(line, *changes)
    return tuple(done.kept)


def _both(by: Actor, keep: UUID, absorb: UUID, *, is_merged: bool = False) -> tuple[Person, Person]:
    """Return the two records, locked in the order of their ids."""
    rows = Person.objects.select_for_update(of=("self",)).filter(id__in=[keep, absorb], erased_at=None)
    found = {row.id: row for row in rows.order_by("id")}
    kept, absorbed = found.get(keep), found.get(absorb)
    if kept is None or absorbed is None:
        raise NotFound(_("There is no such person here."))
    if is_merged and kept.merged_into_id is not None:
        raise SeparationRefused(_("The record was joined with another one after that. Separate the newer one first."))
    if kept.merged_into_id is not None or (absorbed.merged_into_id is not None and not is_merged):
        raise NotFound(_("One of these records was joined with another already. Look at that one."))
    access.require(by, access.MANAGE, kept)
    access.require(by, access.MANAGE, absorbed)
    return kept, absorbed


def _point_at(kept: Person, ids: list[UUID]) -> None:
    """Let records point at the one kept; rooms above may hold what cannot be one person's (their database rules)."""
    try:
        with transaction.atomic():
            Person.objects.filter(id__in=ids).update(merged_into=kept)
    except IntegrityError as error:
        raise MergeRefused(
            _("One person cannot hold what both may do: nobody is two administrators. End one of the grants first.")
        ) from error


def _refuse_taken(absorbed: Person) -> None:
    """Refuse to bring back a record whose number meanwhile belongs to another one."""
    if absorbed.identity_index is None:
        return
    number = protected.unseal(absorbed.identity_sealed, protected.IDENTITY, absorbed.id)
    found = values.identity_in(f"{absorbed.identity_kind}:{number}")
    keys = protected.blinds(found.number if found else "", protected.IDENTITY)
    rows = Person.objects.filter(identity_index__in=keys, merged_into=None)
    if rows.exclude(id=absorbed.id).exists():
        raise SeparationRefused(
            _("Another record has the identity number of the one to be brought back. Correct that one first.")
        )
