"""Which kind of area may stand under which."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from liuchi.ground.territory.changing import ChangeRefused
from liuchi.ground.territory.models import Area, AreaKind

#: The kinds that may stand above each kind. All grids belong to a community or village, none to a town (DB6101/T 3185).
ABOVE: Final[Mapping[str, tuple[str, ...]]] = {
    AreaKind.PROVINCE: (),
    AreaKind.CITY: (AreaKind.PROVINCE,),
    AreaKind.DISTRICT: (AreaKind.CITY, AreaKind.PROVINCE),
    AreaKind.TOWN: (AreaKind.DISTRICT, AreaKind.CITY),
    AreaKind.COMMUNITY: (AreaKind.TOWN, AreaKind.DISTRICT),
    AreaKind.GRID: (AreaKind.COMMUNITY,),
    AreaKind.MICRO: (AreaKind.GRID, AreaKind.COMMUNITY),
    AreaKind.GROUP: (AreaKind.MICRO, AreaKind.GRID, AreaKind.COMMUNITY),
    AreaKind.SPECIAL: (AreaKind.COMMUNITY,),
}


def refuse_below(area: Area, parent: Area | None) -> None:
    """Refuse a parent that an area cannot stand under.

    Raises:
        ChangeRefused: there is none in force, or its kind does not fit.
    """
    if parent is None:
        raise ChangeRefused(_("The area above is not in force on that day; choose another."), field="manager")
    if parent.kind not in ABOVE[area.kind]:
        allowed = _(" or ").join(str(AreaKind(kind).label) for kind in ABOVE[area.kind])
        raise ChangeRefused(
            _("%(kind)s: this has to stand under a %(above)s, not under a %(given)s.")
            % {"kind": AreaKind(area.kind).label, "above": allowed, "given": AreaKind(parent.kind).label},
            field="manager",
        )
