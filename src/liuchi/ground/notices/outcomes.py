"""How an attempt to send went."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Result(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    UNTRIED = "untried"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Outcome:
    """One message's result. `error` is a code; NOTHING means that there was nothing left to tell."""

    delivery_id: UUID
    result: Result
    error: str = ""
