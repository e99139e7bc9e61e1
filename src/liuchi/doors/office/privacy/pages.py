"""The pages of this section, each for whoever holds its power."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.ground.access.viewers import Viewer
from liuchi.ground.records.entries import POWER as REGISTERS
from liuchi.ground.records.queries import INVENTORY, REQUESTS, RETENTION

PAGES: Final[tuple[tuple[str, Promise, str], ...]] = (
    ("privacy-requests", _("Requests"), REQUESTS),
    ("privacy-retention", _("Retention"), RETENTION),
    ("privacy-inventory", _("Inventory"), INVENTORY),
    ("privacy-sharing", _("Who gets data"), REGISTERS),
    ("privacy-breaches", _("Breaches"), REGISTERS),
    ("privacy-assessments", _("Assessments"), REGISTERS),
)


def pages_for(viewer: Viewer) -> list[tuple[str, Promise, str]]:
    """Return name, label and power of the pages open to a viewer."""
    return [page for page in PAGES if viewer.allows(page[2])]
