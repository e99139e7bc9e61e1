"""What stands near an incident: components of the public asset book that a case may be about, and whose they are."""

from dataclasses import dataclass
from typing import Final

from liuchi.engines.cases.access import works_on
from liuchi.engines.cases.models import Case
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.asset_book import SEE
from liuchi.ground.organisations.assets import assets_around
from liuchi.ground.organisations.models import Asset, Organisation

#: Telephones are right to some ten metres, and people report from where they stand.
METRES: Final = 50.0
MOST: Final = 5


@dataclass(frozen=True)
class Component:
    """A component near an incident: whose it is, how far, whether of the class the case is filed under."""

    asset: Asset
    metres: float
    unit: Organisation | None
    is_of_the_class: bool
    may_open: bool


def components_near(viewer: Viewer, case: Case) -> list[Component]:
    """Return the components near an open case for whoever works on it, those of its class first, then the nearest.

    One query; none for a case that ended or has no point, nor for somebody who does not work on it. `unit` is the
    owning body, else the competent one, else who maintains it.
    """
    if case.ended_at is not None or case.longitude is None or case.latitude is None or not works_on(viewer, case):
        return []
    wanted = case.condition.case_class.code if case.condition is not None else ""
    found = [
        Component(
            each.asset,
            each.metres,
            each.asset.owner or each.asset.competent or each.asset.maintainer,
            bool(wanted) and each.asset.asset_class.code == wanted,
            viewer.allows(SEE, each.asset.area_id),
        )
        for each in assets_around(viewer, case.longitude, case.latitude, METRES, 4 * MOST)
    ]
    return sorted(found, key=lambda each: not each.is_of_the_class)[:MOST]
