"""Whose wishes count: those of the record in force, else of one joined with it; rows stay with their record."""

from collections.abc import Iterable
from uuid import UUID

from liuchi.ground.notices.models import Preferences
from liuchi.ground.people.queries import ids_of, joined_records


def wishes_of(people: Iterable[UUID | None]) -> dict[UUID, Preferences]:
    """Return the wishes that count for each of `people` who has any, whichever record is named (two queries)."""
    asked = {person for person in people if person is not None}
    if not asked:
        return {}
    records = joined_records(asked)
    everybody = {each for ids in records.values() for each in ids}
    rows = {row.person_id: row for row in Preferences.objects.filter(person__in=everybody).order_by("person_id")}
    chosen = {person: next((rows[each] for each in records[person] if each in rows), None) for person in asked}
    return {person: row for person, row in chosen.items() if row is not None}


def own_wishes(person_id: UUID, *, for_update: bool = False) -> Preferences | None:
    """Return the wishes that count for one person, locked for a change when asked; None where nothing was chosen."""
    rows = Preferences.objects.select_for_update(of=("self",)) if for_update else Preferences.objects.all()
    found = {row.person_id: row for row in rows.filter(person__in=ids_of(person_id)).order_by("person_id")}
    if len(found) < 2:
        return next(iter(found.values()), None)
    return next(found[each] for each in joined_records({person_id})[person_id] if each in found)
