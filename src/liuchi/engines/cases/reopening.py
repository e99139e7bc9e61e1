"""Taking up again a case that was closed."""

from datetime import timedelta

from liuchi.engines.cases.models import Assignment
from liuchi.engines.cases.turning import Turn
from liuchi.ground.territory.queries import heir

#: How long after closing a case may be reopened by its reporter; later, a new report is the honest way.
REOPEN_WITHIN = timedelta(days=30)


def take_up_again(turn: Turn) -> None:
    """End what the units had of a closed case and put it before the dispatcher as one that is open."""
    for part in Assignment.objects.select_for_update().filter(case=turn.case, ended_at=None).order_by("id"):
        part.ended_at, part.outcome = turn.at, "reopened"
        part.save(update_fields=["ended_at", "outcome"])
    # Closed cases stay where they were; one that is taken up again belongs where its place is today.
    place_id = heir(turn.case.place_id, turn.case.longitude, turn.case.latitude) or turn.case.place_id
    turn.set(unit=None, ended_at=None, rating=None, rated_at=None, place_id=place_id)
