"""What the pages of this section share: who may open them, its tabs, the day that is looked at."""

from datetime import date
from typing import Final

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.territory.changing import POWER
from liuchi.ground.territory.queries import today

#: Areas are public by law; these pages are for whoever works with them.
READ_POWERS: Final = (POWER, "organisations.manage", "dwellings.see", "assets.see", "cases.see")
_TABS: Final[tuple[tuple[str, Promise], ...]] = (
    ("territory", _("Areas")),
    ("territory-history", _("Changes")),
    ("territory-boundaries", _("Boundaries")),
    ("territory-sizes", _("Size of grids")),
    ("territory-questions", _("Open questions")),
    ("territory-editions", _("Take over an edition")),
)
#: The tabs for whoever only reads.
_OPEN: Final = ("territory", "territory-history")


def tabs_for(viewer: Viewer) -> list[tuple[str, Promise]]:
    """Return the pages of this section open to a viewer: URL name and label."""
    return [each for each in _TABS if each[0] in _OPEN or viewer.allows(POWER)]


def day_in(request: HttpRequest) -> date | None:
    """Return the day that an address looks at; None for today, and for what is no day."""
    try:
        day = parse_date(request.GET.get("on", ""))
    except ValueError:
        return None
    return None if day == today() else day
