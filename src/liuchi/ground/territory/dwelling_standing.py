"""What of this room stands in areas and follows them: buildings and estates (see `standing`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from liuchi.ground.territory.actions.standing import settle_estate
from liuchi.ground.territory.models import Building, Estate
from liuchi.ground.territory.standing import MOST, Asked, Otherwise, Place, Standing, places_of


def _buildings(areas: Sequence[UUID]) -> Iterable[Place]:
    rows = Building.objects.filter(area_id__in=areas, valid_to=None)
    return places_of(rows, point=("longitude", "latitude"))


def _estates(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(Estate.objects.filter(community_id__in=areas, valid_to=None), area="community_id")


def _asked_estates(day: date) -> Iterable[Asked]:
    rows = Estate.objects.filter(valid_to=None, community__valid_to__lte=day).order_by("community__valid_to", "id")
    return [Asked(each.id, each.community_id, each.name) for each in rows[:MOST]]


STANDING: Final = (
    Standing("territory.buildings", _("Buildings"), _buildings, Otherwise.ABOVE),
    Standing("territory.estates", _("Estates"), _estates, Otherwise.ASKED, _asked_estates, settle_estate),
)
