"""What of this room stands in areas and follows them (see `territory.standing`)."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases.models import Case
from liuchi.ground.territory.standing import Otherwise, Place, Standing, places_of


def _open_cases(areas: Sequence[UUID]) -> Iterable[Place]:
    rows = Case.objects.filter(place_id__in=areas, ended_at=None)
    return places_of(rows, area="place_id", point=("longitude", "latitude"))


STANDING: Final = (Standing("cases.open", _("Open cases"), _open_cases, Otherwise.ABOVE),)
