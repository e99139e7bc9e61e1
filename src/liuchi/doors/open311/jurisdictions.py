"""Which jurisdictions this endpoint serves: the district, and the recorded ones beside it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.doors.open311.errors import Refused
from liuchi.engines.cases.models import Jurisdiction
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True)
class Served:
    """A jurisdiction: its id in requests, its name and its area."""

    code: str
    name: str
    area_id: UUID


def served() -> list[Served]:
    """Return the jurisdictions served, the district first."""
    districts = territory().of_kind(AreaKind.DISTRICT)
    aside = {each.area_id: each for each in Jurisdiction.objects.order_by("code")}
    own = [Served(area.code, area.name, area.id) for area in districts if area.id not in aside]
    return own[:1] + [Served(each.code, each.name, each.area_id) for each in aside.values()]


def jurisdiction(code: str) -> Served:
    """Return the jurisdiction of a request.

    Raises:
        Refused: 404 for one that is unknown, 400 where several are served and none is named.
    """
    known = served()
    if not code:
        if len(known) != 1:
            raise Refused(
                400, _("Say which jurisdiction_id: %(codes)s.") % {"codes": ", ".join(each.code for each in known)}
            )
        return known[0]
    found = next((each for each in known if each.code == code), None)
    if found is None:
        raise Refused(404, _("There is no jurisdiction of this id."))
    return found
