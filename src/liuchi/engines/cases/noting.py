"""What is noted of a move: what the journal states and the row of history, before anybody makes rows of them."""

from typing import Any, NamedTuple

from liuchi.engines.cases.models import CaseMove
from liuchi.ground.journal.actions import Statement, draft
from liuchi.ground.journal.models import Line
from liuchi.ground.kernel.writes import build


class Noted(NamedTuple):
    """What the line states, and the columns of the history row but for its id and what it takes from the line."""

    said: Statement
    columns: dict[str, Any]

    def rows(self) -> tuple[Line, CaseMove]:
        """Return line and history row, unsaved."""
        line = draft(**self.said._asdict())
        return line, build(CaseMove, line_id=line.id, recorded_at=line.recorded_at, **self.columns)
