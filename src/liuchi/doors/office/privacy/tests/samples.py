"""A request and a trial run for the access matrix."""

from datetime import date, timedelta
from uuid import UUID

from liuchi.doors.ui.samples import Canary, Sample, Samples
from liuchi.engines.cases.testing import SETUP, World
from liuchi.ground.kernel import clock
from liuchi.ground.people.actions import NewPerson, import_people
from liuchi.ground.records.actions.breaches import NewBreach, note_breach
from liuchi.ground.records.actions.registers import NewAssessment, NewSharing, add_assessment, add_sharing
from liuchi.ground.records.actions.requests import file_request, prove_request
from liuchi.ground.records.actions.retention import make_trial

WORDS = "金丝雀要求删除"
SHARED, BROKEN, WEIGHED = "金丝雀印务公司", "金丝雀失窃电脑", "金丝雀评估事项"
_WHOLE = "the officer answers for the whole district"


def samples(world: World) -> Samples:
    """Return a request for deletion that is being worked on, and what was written in it."""
    new = NewPerson("陶请求", "19900007770", home=world.communities[0])
    (person,) = import_people(by=SETUP, people=[new], valid_from=date(2024, 1, 1))
    request = file_request(by=SETUP, person_id=person.id, kind="delete", way="counter", words=WORDS)
    prove_request(by=SETUP, request_id=request.id, proof="document")
    one, run = {"request_id": request.id}, make_trial(by=SETUP)
    entries = _entries()
    return Samples(
        pages=(
            Sample("privacy-request", one, no_area=_WHOLE),
            Sample("privacy-request-move", {**one, "name": "answer"}, no_area=_WHOLE, valid={"answer": "已删除"}),
            Sample("privacy-package", one, no_area=_WHOLE),
            Sample("privacy-erase", one, no_area=_WHOLE),
            Sample("privacy-run", {"run_id": run.id}, no_area=_WHOLE),
            Sample("privacy-retention-act", {"name": "trial"}, no_area=_WHOLE),
            *(Sample(f"privacy-{name}-entry", {"row_id": row_id}, no_area=_WHOLE) for name, row_id in entries.items()),
            *(
                Sample(f"privacy-{name}-move", {"row_id": row_id, "name": move}, no_area=_WHOLE, valid=valid)
                for (name, row_id), (move, valid) in zip(entries.items(), _MOVES, strict=True)
            ),
        ),
        canaries=(
            Canary(WORDS, lambda viewer: viewer.allows("records.requests")),
            Canary(SHARED, lambda _viewer: True),
            Canary(BROKEN, lambda viewer: viewer.allows("records.registers")),
            Canary(WEIGHED, lambda viewer: viewer.allows("records.registers")),
        ),
    )


_END = ("end", {"ended_on": "2024-09-12", "ended_how": "已删除"})
_MOVES = (_END, ("weigh", {"records": "3", "people": "2", "harm": "骚扰", "measures": "已停用"}), _END)


def _entries() -> dict[str, UUID]:
    types, today = ["people.person"], date(2024, 9, 1)
    sharing = NewSharing(
        "processor", SHARED, "0556-0000000", types, "印通知书", "contract", "合同一号", today, None, "用后删除"
    )
    breach = NewBreach(BROKEN, "leak", types, "门卫室电脑失窃", clock.now())
    weighed = NewAssessment(
        WEIGHED, "sensitive", types, "必要", "可控", "加密", "as_planned", today, today + timedelta(days=365)
    )
    return {
        "sharing": add_sharing(by=SETUP, entry=sharing).id,
        "breaches": note_breach(by=SETUP, entry=breach).id,
        "assessments": add_assessment(by=SETUP, entry=weighed).id,
    }
