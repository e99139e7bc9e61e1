"""What follows here from a dispatch: a case given to the unit that stands for another city is given on to it.

Dispatch is where the district decides whose a case is; before it nobody has said that it goes elsewhere, after it the
unit's clock runs.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from liuchi.engines.cases.kinds import MOVED
from liuchi.engines.cases.models import Case
from liuchi.engines.forwarding.models import Endpoint, Forwarded
from liuchi.engines.forwarding.telling import route_for
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.jobs import defer

SEND: Final = "forwarding.send"
DISPATCHED: Final = frozenset({MOVED["dispatch"].name})
#: What was dispatched longer ago is given on by nobody: a new reaction reads the whole history.
STALE: Final = timedelta(days=2)


def forward_line(line: Line) -> None:
    """Queue a case that was dispatched to a unit which stands for another city; secret ones stay here."""
    if clock.now() - line.recorded_at > STALE or not line.data["unit"]:
        return
    endpoints = list(Endpoint.objects.filter(unit=UUID(line.data["unit"]), is_active=True).order_by("code"))
    if not endpoints:
        return
    case = Case.objects.select_related("condition__case_class").get(id=line.subject_id)
    routes = [(each, route) for each in endpoints if (route := route_for(each, case)) is not None]
    if case.is_secret or not routes:
        return
    endpoint, route = routes[0]
    now = clock.now()
    row = Forwarded(endpoint=endpoint, case=case, service=route["service"], next_at=now, created_at=now, changed_at=now)
    Forwarded.objects.bulk_create([row], ignore_conflicts=True)
    defer(SEND)
