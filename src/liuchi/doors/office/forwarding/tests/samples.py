"""A case given to another city from here, and one from there, for the access matrix."""

from liuchi.doors.ui.samples import Samples, both
from liuchi.engines.cases.testing import World, dispatched
from liuchi.engines.forwarding.models import Forwarded
from liuchi.engines.forwarding.testing import endpoint_at, react


def samples(world: World) -> Samples:
    """Return the page that sends either of them once more."""
    endpoint_at("https://city.example/v2/")
    given = []
    for grid in (0, 7):
        case = dispatched(world, grid=grid)
        react(case.id)
        given.append({"forwarded": Forwarded.objects.get(case_id=case.id).id})
    return Samples(pages=(both("forwarded-retry", given),))
