"""What of this room stands in areas and follows them (see `territory.standing`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from liuchi.ground.people.actions.head_following import settle_head
from liuchi.ground.people.models import HouseholdStay, Residence, UnitHead
from liuchi.ground.territory.standing import MOST, Asked, Otherwise, Place, Standing, places_of

_HOUSE = ("dwelling__building__longitude", "dwelling__building__latitude")


def _homes(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(Residence.objects.filter(area_id__in=areas, valid_to=None), point=_HOUSE)


def _households(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(HouseholdStay.objects.filter(area_id__in=areas, valid_to=None), point=_HOUSE)


def _heads(areas: Sequence[UUID]) -> Iterable[Place]:
    rows = UnitHead.objects.filter(area_id__in=areas, ended_on=None)
    return places_of(rows, point=("building__longitude", "building__latitude"))


def _asked_heads(day: date) -> Iterable[Asked]:
    """Give the units and grids whose head stands in an area that ended; who that is stays with the room."""
    rows = UnitHead.objects.filter(ended_on=None, area__valid_to__lte=day).select_related("building__estate")
    for head in rows.order_by("area__valid_to", "id")[:MOST]:
        house = f"{head.building.estate.name}{head.building.number}" if head.building is not None else ""
        yield Asked(
            head.id, head.area_id, " · ".join(part for part in (head.get_kind_display(), house, head.place) if part)
        )


STANDING: Final = (
    Standing("people.residences", _("Residents"), _homes, Otherwise.ABOVE),
    Standing("people.households", _("Households"), _households, Otherwise.ABOVE),
    Standing("people.heads", _("Heads of units"), _heads, Otherwise.ASKED, _asked_heads, settle_head),
)
