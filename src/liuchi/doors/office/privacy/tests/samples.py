"""A request and a trial run for the access matrix."""

from datetime import date

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.records.actions.requests import file_request, prove_request
from liuchi.ground.records.actions.retention import make_trial

WORDS = "金丝雀要求删除"
_WHOLE = "the officer answers for the whole district"


def samples(world: World) -> Samples:
    """Return a request for deletion that is being worked on, and what was written in it."""
    new = NewPerson("陶请求", "19900007770", home=world.communities[0])
    (person,) = import_people(by=SETUP, people=[new], valid_from=date(2024, 1, 1))
    request = file_request(by=SETUP, person_id=person.id, kind="delete", way="counter", words=WORDS)
    prove_request(by=SETUP, request_id=request.id, proof="document")
    one, run = {"request_id": request.id}, make_trial(by=SETUP)
    return Samples(
        pages=(
            Sample("privacy-request", one, no_area=_WHOLE),
            Sample("privacy-request-move", {**one, "name": "answer"}, no_area=_WHOLE, valid={"answer": "已删除"}),
            Sample("privacy-package", one, no_area=_WHOLE),
            Sample("privacy-erase", one, no_area=_WHOLE),
            Sample("privacy-run", {"run_id": run.id}, no_area=_WHOLE),
            Sample("privacy-retention-act", {"name": "trial"}, no_area=_WHOLE),
        ),
        canaries=(Canary(WORDS, lambda viewer: viewer.allows("records.requests")),),
    )
