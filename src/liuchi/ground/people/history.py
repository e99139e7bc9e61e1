"""What records said before: keeping it, telling it, and putting it back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from liuchi.ground.kernel.actors import Actor
from liuchi.ground.people import values
from liuchi.ground.people.models import ChangeKind, Person, PersonChange, Residence
from liuchi.ground.people.personal import CHANGE
from liuchi.ground.people.residing import RESETTLED
from liuchi.ground.records import protected


def change_of(
    person: Person,
    before: Mapping[str, object],
    *,
    kind: ChangeKind,
    line_id: UUID,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> PersonChange:
    """Return a change row of `person` that holds, sealed, what the facts in `before` said; not written yet."""
    change = PersonChange(
        person_id=person.id, kind=kind, fields=sorted(before), reason=reason, actor_id=by.id, line_id=line_id, at=at
    )
    change.before_sealed = protected.seal(json.dumps(before), CHANGE, change.id)
    return change


def before_of(change: PersonChange) -> dict[str, Any]:
    """Return what the facts of a change said before it, in clear; empty once erased."""
    text = protected.unseal(change.before_sealed, CHANGE, change.id)
    return dict(json.loads(text)) if text else {}


def facts_at(person: Person, moment: datetime) -> dict[str, str]:
    """Return what a record said at a moment, in clear."""
    facts = values.facts_of(person)
    for change in PersonChange.objects.filter(person=person, at__gt=moment).order_by("-at", "-id"):
        said = before_of(change)
        facts.update({fact: str(said[fact]) for fact in values.FACTS if fact in said})
    return facts


@dataclass
class Reverted:
    """What putting a record back means: columns set, what they said until now, and what was left alone."""

    columns: list[str] = field(default_factory=list)
    before: dict[str, object] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


def revert(person: Person, change: PersonChange) -> Reverted:
    """Put back what a change changed; facts that something later changed again stay, and are named.

    Residences are written here, the record is not.
    """
    done, said, now = Reverted(), before_of(change), values.facts_of(person)
    later = PersonChange.objects.filter(person_id=person.id, id__gt=change.id).order_by("id")
    after = _after(change, list(later))
    is_home_put_back = "residence" not in said or _revert_home(person, said["residence"], done)
    for fact in values.FACTS:
        if fact not in said or (fact == "home" and not is_home_put_back):
            continue
        if after.get(fact, now[fact]) != now[fact]:
            done.kept.append(fact)
            continue
        done.columns += values.put_facts(person, {fact: str(said[fact])})
        done.before[fact] = now[fact]
    return done


def _after(change: PersonChange, later: Sequence[PersonChange]) -> dict[str, str]:
    """Return what the facts of a change said right after it, where something later changed them."""
    found: dict[str, str] = {}
    for each in later:
        said = before_of(each)
        for fact in set(change.fields) & set(each.fields):
            found.setdefault(fact, str(said.get(fact, "")))
    return found


def _revert_home(person: Person, said: Mapping[str, str], done: Reverted) -> bool:
    """Put the home back, unless the person moved again since; tell whether it did."""
    present = Residence.objects.select_for_update().filter(person_id=person.id, valid_to=None).first()
    if "residence" in said:
        if present is None or str(present.id) != said["residence"]:
            done.kept.append("home")
            return False
        text = protected.unseal(present.address_sealed, protected.ADDRESS, present.id)
        done.before["residence"] = {
            "residence": str(present.id),
            "area": str(present.area_id),
            "address": text,
            "dwelling": str(present.dwelling_id or ""),
        }
        present.area_id = UUID(said["area"])
        present.dwelling_id = UUID(said["dwelling"]) if said["dwelling"] else None
        present.address_sealed = protected.seal(said["address"], protected.ADDRESS, present.id)
        present.save(update_fields=RESETTLED)
        return True
    if (str(present.id) if present else "") != said["begun"]:
        done.kept.append("home")
        return False
    if present is not None:
        present.delete()
    if said["ended"]:
        Residence.objects.filter(id=said["ended"]).update(valid_to=None)
    return True
