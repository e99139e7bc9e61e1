"""What the registers say of each record type: who gets it, and whether its handling was weighed."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Q

from liuchi.ground.records.entries import today
from liuchi.ground.records.models import Assessment, Outcome, Sharing


def recipients() -> Mapping[str, list[str]]:
    """Return who gets which records at present: names by record type, in the order of the names."""
    found: dict[str, list[str]] = defaultdict(list)
    now = today()
    in_force = Q(ended_on=None, since__lte=now) & (Q(until=None) | Q(until__gte=now))
    for sharing in Sharing.objects.filter(in_force).order_by("name", "id"):
        for name in sharing.types:
            found[name].append(sharing.name)
    return found


def assessed() -> frozenset[str]:
    """Return the record types for whose handling an impact assessment counts at present (PIPL art. 55)."""
    counting = Assessment.objects.filter(ended_on=None).exclude(outcome=Outcome.NOT_DONE).order_by("id")
    return frozenset(name for row in counting for name in row.types)
