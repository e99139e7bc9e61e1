"""What is sent in one attempt, and how the attempt went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

#: Answers after which the receiver is left alone for a while, whatever the event was: moved, too many, or out of order.
_OF_THE_RECEIVER = frozenset({408, 425, 429})
GONE = 410


@dataclass(frozen=True)
class Parcel:
    """One attempt: where to, signed with which secrets, and what."""

    delivery_id: UUID
    subscription_id: UUID
    address: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    content: Mapping[str, object]

    @property
    def message_id(self) -> str:
        """Return the id that the receiver sees, the same at every attempt."""
        return f"msg_{self.delivery_id.hex}"


@dataclass(frozen=True)
class Outcome:
    """How an attempt went. Neither status nor error: it was not made."""

    delivery_id: UUID
    subscription_id: UUID
    status: int | None = None
    error: str = ""
    took_ms: int | None = None
    wish: timedelta | None = None

    @property
    def is_tried(self) -> bool:
        """Tell whether the attempt was made."""
        return self.status is not None or bool(self.error)

    @property
    def is_sent(self) -> bool:
        """Tell whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_out_of_reach(self) -> bool:
        """Tell whether the receiver itself is what failed, so that nothing else would arrive either."""
        if self.status is None:
            return bool(self.error)
        return 300 <= self.status < 400 or self.status >= 500 or self.status in _OF_THE_RECEIVER
