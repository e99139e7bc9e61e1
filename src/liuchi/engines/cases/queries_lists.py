"""The work-lists somebody keeps, and those that colleagues share with their unit."""

from collections.abc import Sequence

from django.db.models import Q

from liuchi.engines.cases.access import units_worked_in
from liuchi.engines.cases.models import SavedList
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.organisations.models import Organisation

#: Of lists that colleagues share so many are shown at most.
MOST_SHOWN = 60


def lists_for(viewer: Viewer) -> Sequence[SavedList]:
    """Return the lists a viewer keeps and those shared with their units, own ones first, by name (one query)."""
    rows = SavedList.objects.filter(Q(account_id=viewer.id) | Q(unit_id__in=units_worked_in(viewer)))
    found = list(rows.select_related("unit").order_by("name", "id")[:MOST_SHOWN])
    return sorted(found, key=lambda each: each.account_id != viewer.id)


def units_shared_with(viewer: Viewer) -> Sequence[Organisation]:
    """Return the units a viewer may share a list with, by name."""
    return list(Organisation.objects.filter(id__in=units_worked_in(viewer), valid_to=None).order_by("name"))
