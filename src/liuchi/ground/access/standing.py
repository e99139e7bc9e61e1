"""What of this room stands in areas and follows them (see `territory.standing`)."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.models import ApiKey, Grant
from liuchi.ground.kernel import clock
from liuchi.ground.territory.standing import Otherwise, Place, Standing, places_of


def _grants(areas: Sequence[UUID]) -> Iterable[Place]:
    return places_of(Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=clock.now()), area_id__in=areas))


def _keys(areas: Sequence[UUID]) -> Iterable[Place]:
    rows = ApiKey.objects.filter(areas__overlap=list(areas), revoked_at=None, expires_at__gt=clock.now())
    for opened in rows.order_by("id").values_list("areas", flat=True):
        yield next(each for each in opened if each in areas), None, None


STANDING: Final = (
    Standing("access.grants", _("Grants"), _grants, Otherwise.EACH),
    Standing("access.keys", _("Keys of other systems"), _keys, Otherwise.EACH),
)
