"""What people may know about reads of their own data: when, what, what for and by which unit; not by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from liuchi.ground.access.models import Role
from liuchi.ground.journal.kinds import read_kinds
from liuchi.ground.journal.models import SAYS_WHAT_FOR, Line
from liuchi.ground.organisations.models import Organisation, Post

#: Reads told at most, the newest.
MOST: Final = 200


@dataclass(frozen=True)
class OwnRead:
    """One read of somebody's data: the unit that read it ("" when it was the house itself or the person)."""

    at: datetime
    kind: str
    field: str
    purpose: str
    unit: str


def reads_of(person_ids: Sequence[UUID], *, but_by: Sequence[UUID] = ()) -> list[OwnRead]:
    """Return the reads of a person's protected data, newest first, without those by the accounts `but_by`.

    Four queries; the person's own reads are left out by whoever asks for them (PIPL art. 44, 45, 50).
    """
    lines = Line.objects.filter(
        SAYS_WHAT_FOR, kind__in=sorted(read_kinds()), data__person__in=[str(each) for each in person_ids]
    ).exclude(actor_id__in=list(but_by))
    rows = list(lines.order_by("-seq")[:MOST])
    units = _units({row.on_behalf_of for row in rows if row.on_behalf_of is not None})
    return [
        OwnRead(
            row.recorded_at,
            row.kind,
            str(row.data.get("field", "")),
            str(row.data["purpose"]),
            units.get(row.on_behalf_of, "") if row.on_behalf_of is not None else "",
        )
        for row in rows
    ]


def _units(hats: set[UUID]) -> dict[UUID, str]:
    """Return which unit stands behind each hat: an organisation, that of a post, or a role by name."""
    found = dict(Organisation.objects.filter(id__in=hats).order_by("id").values_list("id", "name"))
    found |= dict(Post.objects.filter(id__in=hats).order_by("id").values_list("id", "organisation__name"))
    return found | dict(Role.objects.filter(id__in=hats).order_by("id").values_list("id", "name"))
