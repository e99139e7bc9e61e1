"""A resident's request about their own data, for the access matrix."""

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.records.actions.requests import file_request, prove_request

WORDS = "金丝雀要看自己的信息"
_OWN = "people's own requests"


def samples(world: World) -> Samples:
    """Return the request of the resident of town 1, which is being worked on."""
    person_id = world.viewer("resident-here").person_id
    request = file_request(by=SETUP, person_id=person_id, kind="view", way="counter", words=WORDS)
    prove_request(by=SETUP, request_id=request.id, proof="document")
    mine = {"request_id": request.id}
    return Samples(
        pages=tuple(
            Sample(page, mine, no_area=_OWN, may=_may_read, owner="resident-here")
            for page in ("me-request", "me-package", "me-request-withdraw")
        ),
        canaries=(Canary(WORDS, _may_read),),
    )


def _may_read(viewer: Viewer) -> bool:
    return viewer.username == "resident-here" or viewer.allows("records.requests")
