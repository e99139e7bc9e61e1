"""The lanes that write: a report taken in, a case moved on."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from liuchi.doors.cli.bench.bare import Limit, rehearse
from liuchi.doors.cli.bench.measuring import Call
from liuchi.doors.cli.bench.processors import these
from liuchi.doors.cli.bench.spots import spots
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.models import Case, Channel, FilingCondition, State
from liuchi.ground.access.viewers import PUBLIC, Viewer
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.ids import new_id

SLICE = 25
_TEXT = "路边井盖松动，车辆经过时响声很大，晚上影响休息，请尽快处理。"


class Writing:
    """A lane of one action: `actions` gives ever new calls of it, product and bare take them in turns."""

    size, clients = SLICE, 1

    def __init__(self, name: str, actions: Iterator[Call]) -> None:
        self.name = name
        self._actions, self._limit = actions, Limit()
        self.processes = these()

    def product(self) -> Sequence[Call]:
        """Return the next calls of the action."""
        return list(islice(self._actions, self.size))

    def bare(self) -> Sequence[Call]:
        """Rehearse the next calls and return the statements that write what they would have written."""
        return [self._limit.ready([rehearse(action)]) for action in self.product()]

    def close(self) -> None:
        """Close the bare connection."""
        self._limit.close()


def reports(by: Actor = PUBLIC, channel: Channel = Channel.WEB) -> Iterator[Call]:
    """Yield reports from all over the district, each with a point, a name and a phone."""
    for said in sayings():
        yield partial(report_case, by=by, token=new_id(), channel=channel, **said)


def sayings() -> Iterator[dict[str, Any]]:
    """Yield what is said in such reports, without end."""
    for number, (longitude, latitude) in enumerate(spots("reports")):
        phone = f"199{number % 10**8:08d}"
        yield {"text": _TEXT, "longitude": longitude, "latitude": latitude, "name": "测试居民", "phone": phone}


def filings(desk: Viewer) -> Iterator[Call]:
    """Yield the filing, by `desk`, of one case after the other of those that wait to be accepted."""
    for case, condition in waiting():
        yield partial(file_case, by=desk, case_id=case.id, condition_id=condition)


def waiting() -> Iterator[tuple[Case, UUID]]:
    """Yield the cases that wait to be accepted, the newest first, and a condition for each."""
    conditions = list(FilingCondition.objects.order_by("case_class__code", "number").values_list("id", flat=True))
    cases = Case.objects.filter(state=State.RECEIVED).order_by("-id").only("id", "number", "version")
    for number, case in enumerate(cases):
        yield case, conditions[number * 17 % len(conditions)]
