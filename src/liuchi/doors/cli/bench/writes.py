"""The lanes that write: a report taken in, a case moved on."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.db import connection

from liuchi.doors.cli.bench.bare import open_bare, ready, rehearse
from liuchi.doors.cli.bench.measuring import Call
from liuchi.doors.cli.bench.spots import spots
from liuchi.engines.cases.actions.desk import file_case
from liuchi.engines.cases.actions.intake import report_case
from liuchi.engines.cases.models import Case, Channel, FilingCondition, State
from liuchi.ground.access.viewers import PUBLIC, Viewer
from liuchi.ground.kernel.ids import new_id

SLICE = 25
_TEXT = "路边井盖松动，车辆经过时响声很大，晚上影响休息，请尽快处理。"


class Writing:
    """A lane of one action: `actions` gives ever new calls of it, product and bare take them in turns."""

    size = SLICE

    def __init__(self, name: str, actions: Iterator[Call]) -> None:
        self.name = name
        self._actions = actions
        self._connection = open_bare()
        connection.ensure_connection()
        self.backend: int | None = connection.connection.info.backend_pid

    def product(self) -> Sequence[Call]:
        """Return the next calls of the action."""
        return [action for action, _ in zip(self._actions, range(self.size), strict=False)]

    def bare(self) -> Sequence[Call]:
        """Rehearse the next calls and return the statements that write what they would have written."""
        return [ready(self._connection, rehearse(action)) for action in self.product()]

    def close(self) -> None:
        """Close the bare connection."""
        self._connection.close()


def reports() -> Iterator[Call]:
    """Yield reports by visitors from all over the district, each with a point, a name and a phone."""
    for number, (longitude, latitude) in enumerate(spots("reports")):
        yield partial(
            report_case,
            by=PUBLIC,
            token=new_id(),
            text=_TEXT,
            channel=Channel.WEB,
            longitude=longitude,
            latitude=latitude,
            name="测试居民",
            phone=f"199{number % 10**8:08d}",
        )


def filings(desk: Viewer) -> Iterator[Call]:
    """Yield the filing, by `desk`, of one case after the other of those that wait to be accepted."""
    conditions = list(FilingCondition.objects.order_by("case_class__code", "number").values_list("id", flat=True))
    waiting = Case.objects.filter(state=State.RECEIVED).order_by("-id").values_list("id", flat=True)
    for number, case in enumerate(waiting):
        yield partial(file_case, by=desk, case_id=case, condition_id=conditions[number * 17 % len(conditions)])
