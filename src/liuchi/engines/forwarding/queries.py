"""Reading what was given to other cities, and how that goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from liuchi.engines.forwarding.actions.endpoints import POWER
from liuchi.engines.forwarding.models import Endpoint, Forwarded, ForwardState
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of

PAGE: Final = 50
#: What waits for somebody of ours.
OPEN_QUESTIONS: Final = (ForwardState.UNSURE, ForwardState.REFUSED)


@dataclass(frozen=True)
class Log:
    """One page of what was given on, newest first, and the id after which the next begins."""

    rows: Sequence[Forwarded]
    next_key: UUID | None


def forwarded_for(viewer: Viewer, *, state: str = "", endpoint: UUID | None = None, after: UUID | None = None) -> Log:
    """Return a page of cases given to other cities: those of the viewer's dispatch, all for who looks after endpoints.

    What became secret since is left out (one query).
    """
    seen = Q() if viewer.allows(POWER) else is_one_of("case__place_id", viewer.areas("cases.dispatch"))
    rows = Forwarded.objects.filter(seen, case__is_secret=False).select_related("endpoint", "case")
    if state:
        rows = rows.filter(state=state)
    if endpoint is not None:
        rows = rows.filter(endpoint=endpoint)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = list(rows.order_by("-id")[: PAGE + 1])
    return Log(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def endpoints(viewer: Viewer) -> QuerySet[Endpoint]:
    """Return the endpoints of other cities, to who dispatches or looks after them; no key is among it."""
    if not viewer.allows(POWER) and not viewer.allows("cases.dispatch"):
        return Endpoint.objects.none()
    return Endpoint.objects.select_related("unit").defer("key_sealed").order_by("code")
