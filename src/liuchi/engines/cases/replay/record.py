"""A case as another place recorded it: what is told of it, what is odd about it, and the moves that follow."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from liuchi.engines.cases.models import Flaw
from liuchi.engines.cases.replay.script import Script, Step

#: Tokens of replayed reports derive from this, the jurisdiction and the number there.
NAMESPACE: Final = UUID("0b0c5ad5-35b0-4ff5-8f2c-0f6f2a9d6c51")
#: What stands where a unit's answer was not recorded.
NO_ANSWER: Final = "（原记录没有处置说明）"
#: In whose name everything is told.
TELLER: Final = "teller"
RECEIVED, HANDLING, CLOSED = "received", "handling", "closed"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a file, read: moments are aware, texts empty where nothing was recorded."""

    jurisdiction: str
    number: str
    text: str
    matter: str
    channel: str
    status: str
    made_at: datetime
    handled_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    unit: str
    place: str
    part: str
    address: str
    point: tuple[float, float] | None
    result: str
    is_otherwise: bool

    @property
    def token(self) -> UUID:
        """Return the token of the report: the same record is told once."""
        return uuid5(NAMESPACE, f"{self.jurisdiction}|{self.number}")

    @property
    def is_closed(self) -> bool:
        """Tell whether it is told as closed: its status says so, and when, and who did it."""
        return self.status == CLOSED and self.closed_at is not None and bool(self.unit)

    def flaws(self) -> tuple[Flaw, ...]:
        """Return what is odd about the record, in the order of `Flaw`."""
        return tuple(flaw for flaw, is_so in FLAWED.items() if is_so(self))

    def script(self, *, place_id: UUID, condition_id: UUID, unit_id: UUID | None) -> Script:
        """Return the moves: reported, filed and dispatched when it was made, handed in, checked and closed as told.

        What is recorded as earlier than what must come before it, is told at that moment.
        """
        return Script(self.token, tuple(self._steps(place_id, condition_id, unit_id)))

    def _steps(self, place_id: UUID, condition_id: UUID, unit_id: UUID | None) -> Iterator[Step]:
        made = self.made_at
        longitude, latitude = self.point or (None, None)
        given = {"text": self.text, "channel": self.channel, "area_id": place_id, "address": self.address}
        yield Step("report", made, TELLER, {**given, "longitude": longitude, "latitude": latitude})
        if self.status == RECEIVED:
            return
        yield Step("file", made, TELLER, {"condition_id": condition_id})
        if unit_id is None:
            return
        yield Step("dispatch", made, TELLER, {"unit_id": unit_id})
        if not self.is_closed or self.closed_at is None:
            return
        closed = max(made, self.closed_at)
        handled = min(max(made, self.handled_at or closed), closed)
        yield Step("hand_in", handled, TELLER, {"text": self.result or NO_ANSWER})
        yield Step("pass_check", closed, TELLER)
        yield Step("close", closed, TELLER)


#: When a record has which flaw. Whether a due date is another than the standard's shows only once it is filed.
FLAWED: Final[Mapping[Flaw, Callable[[Told], bool]]] = {
    Flaw.CLOSED_BEFORE_MADE: lambda told: told.closed_at is not None and told.closed_at < told.made_at,
    Flaw.HANDLED_BEFORE_MADE: lambda told: told.handled_at is not None and told.handled_at < told.made_at,
    Flaw.HANDLED_AFTER_CLOSED: lambda told: bool(
        told.handled_at and told.closed_at and told.handled_at > told.closed_at >= told.made_at
    ),
    Flaw.NOT_CLOSED: lambda told: told.status == CLOSED and told.closed_at is None,
    Flaw.STILL_OPEN: lambda told: told.status != CLOSED and told.closed_at is not None,
    Flaw.NO_DUE: lambda told: told.due_at is None,
    Flaw.NO_PLACE: lambda told: not told.place,
    Flaw.NO_POINT: lambda told: told.point is None,
    Flaw.NO_ADDRESS: lambda told: not told.address,
    Flaw.NO_UNIT: lambda told: not told.unit,
    Flaw.NO_RESULT: lambda told: told.is_closed and not told.result,
    Flaw.NO_MATTER: lambda told: told.is_otherwise,
}
