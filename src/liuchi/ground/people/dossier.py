"""What the page of one person shows beside the facts: where they lived, what changed, which records were joined."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.kernel.actors import Reader
from liuchi.ground.kernel.errors import NotFound
from liuchi.ground.people import access
from liuchi.ground.people.entries import community_of
from liuchi.ground.people.history import facts_at
from liuchi.ground.people.models import Merge, Person, PersonChange, PostHolding, Residence
from liuchi.ground.people.showing import Card, card_of, person_for
from liuchi.ground.people.values import put_facts
from liuchi.ground.records import protected
from liuchi.ground.territory.dwellings import address_of
from liuchi.ground.territory.models import Dwelling

#: Changes shown at most, the newest.
MOST = 50


@dataclass(frozen=True)
class Lived:
    """A residence as shown: the area, the address masked or in clear, and when."""

    area_id: UUID
    address: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Changed:
    """A change as shown: what kind, of which facts, by whose account, when. What was said before is not shown."""

    id: UUID
    kind: str
    label: str
    facts: tuple[str, ...]
    actor_id: UUID | None
    reason: str
    at: datetime


@dataclass(frozen=True)
class Joined:
    """A merge as shown: the other record by its name, and whether it can be undone now."""

    id: UUID
    name: str
    is_kept_here: bool
    at: datetime
    undone_at: datetime | None
    reason: str
    can_separate: bool


def residences_of(viewer: Reader, card: Card, *, plain: bool = False) -> list[Lived]:
    """Return where somebody lives and lived, as far as the viewer sees people there; newest first (two questions).

    With `plain` addresses stand in clear, for somebody who may look; the door leaves the read line first.

    Raises:
        NotFound: `plain`, and the person is not within the viewer's reach for people.reveal.
    """
    if plain:
        person_for(viewer, card.id, power=access.REVEAL)
    rows = Residence.objects.filter(person_id__in=card.records).select_related("dwelling__building__estate")
    seen = viewer.areas(access.SEE)
    return [
        Lived(
            row.area_id,
            _address(row, plain=plain) if row.area_id in seen else "",
            row.valid_from,
            row.valid_to,
        )
        for row in rows.order_by("-valid_from", "-id")
    ]


def changes_of(viewer: Reader, card: Card) -> list[Changed]:
    """Return the newest changes of a person's records to whoever manages them."""
    if not access.may(viewer, access.MANAGE, card.home_id):
        return []
    rows = PersonChange.objects.filter(person_id__in=card.records).order_by("-id")[:MOST]
    return [
        Changed(row.id, row.kind, str(row.get_kind_display()), tuple(row.fields), row.actor_id, row.reason, row.at)
        for row in rows
    ]


def newest_change(person_id: UUID) -> UUID | None:
    """Return the newest change of a record, by which a form notices that somebody was faster."""
    rows = PersonChange.objects.filter(person_id=person_id).order_by("-id")
    return rows.values_list("id", flat=True).first()


def merges_of(viewer: Reader, card: Card) -> list[Joined]:
    """Return which records were joined with this one, newest first, to whoever manages it; undone ones too."""
    if not access.may(viewer, access.MANAGE, card.home_id):
        return []
    rows = Merge.objects.filter(kept_id__in=card.records) | Merge.objects.filter(absorbed_id__in=card.records)
    found = list(rows.select_related("kept", "absorbed").order_by("-id"))
    newest = next((row.id for row in found if row.undone_at is None), None)
    return [
        Joined(
            row.id,
            (row.absorbed if row.kept_id == card.id else row.kept).name,
            row.kept_id == card.id,
            row.at,
            row.undone_at,
            row.reason,
            row.id == newest and row.kept_id == card.id,
        )
        for row in found
    ]


def carers_near(viewer: Reader, card: Card) -> list[tuple[UUID, str]]:
    """Return who holds a post for the grid or community of somebody's home: to answer for a visit plan."""
    if card.home_id is None or not access.may(viewer, access.CARE, card.home_id):
        return []
    areas = {card.home_id, community_of(card.home_id)}
    rows = PostHolding.objects.filter(valid_to=None, post__area_id__in=areas, person__erased_at=None)
    found = rows.select_related("person", "post").order_by("post__title", "person__name_order", "id")
    return list({row.person_id: f"{row.person.name} · {row.post.title}" for row in found}.items())


def card_on(viewer: Reader, person_id: UUID, moment: datetime) -> Card:
    """Return what the record said at a moment, masked as ever; whoever manages it today may look back.

    Raises:
        NotFound: not within the viewer's reach for people.manage, or the record is younger than that.
    """
    card = person_for(viewer, person_id, power=access.MANAGE)
    person = Person.objects.get(id=card.id)
    if person.created_at > moment:
        raise NotFound(_("There was no record of this person yet."))
    put_facts(person, facts_at(person, moment))
    joined = Merge.objects.filter(kept=person, at__lte=moment).exclude(undone_at__lte=moment)
    records = (person.id, *joined.order_by("id").values_list("absorbed_id", flat=True))
    return card_of(person, records=records)


def _address(row: Residence, *, plain: bool) -> str:
    dwelling: Dwelling | None = row.dwelling
    text = (
        address_of(dwelling)
        if dwelling is not None
        else protected.unseal(row.address_sealed, protected.ADDRESS, row.id)
    )
    return text if plain else protected.mask_address(text)
