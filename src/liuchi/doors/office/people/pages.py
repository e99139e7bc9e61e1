"""The pages of this section, each for whoever holds its power."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.people import access

PAGES: Final[tuple[tuple[str, Promise, str], ...]] = (
    ("people", _("People"), access.SEE),
    ("people-look-up", _("Look somebody up"), access.LOOK_UP),
    ("people-care", _("Care register"), access.CARE),
    ("people-households", _("Households without a head"), access.SEE),
    ("people-consent-texts", _("Consent texts"), access.SEE),
    ("people-doubles", _("Double records"), access.MANAGE),
)


def pages_for(viewer: Viewer) -> list[tuple[str, Promise, str]]:
    """Return name, label and power of the pages open to a viewer."""
    return [page for page in PAGES if viewer.allows(page[2])]
