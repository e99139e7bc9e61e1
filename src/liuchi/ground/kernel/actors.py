"""Who acts. Lower rooms ask an actor what it allows without knowing where grants are kept."""

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

ActorKind = Literal["person", "system", "visitor"]


class Actor(Protocol):
    """Somebody or something in whose name a write is made."""

    @property
    def id(self) -> UUID | None:
        """Return the account's id; None for the system and for visitors."""

    @property
    def kind(self) -> ActorKind:
        """Return which sort of actor this is."""

    @property
    def on_behalf_of(self) -> UUID | None:
        """Return the person for whom the actor acts, when it is not the actor."""

    def allows(self, power: str, area: UUID | None = None) -> bool:
        """Tell whether the actor holds `power`; with `area`, whether it holds it there (or above)."""


class Reader(Actor, Protocol):
    """An actor with a reach: what queries of the lower rooms take as their viewer."""

    def areas(self, power: str) -> frozenset[UUID]:
        """Return every area in which the reader holds `power`, subareas included."""


@dataclass(frozen=True)
class System:
    """The house itself: set-up, imports from the command line, the worker. It may do everything and is named."""

    name: str
    kind: ActorKind = "system"
    id: UUID | None = None
    on_behalf_of: UUID | None = None

    def allows(self, power: str, area: UUID | None = None) -> bool:  # noqa: ARG002 - the protocol's shape
        """Allow everything."""
        return True


@dataclass(frozen=True)
class Historian(System):
    """The house telling what others have recorded before: it speaks for everybody who had a part in it."""

    def allows_in(self, power: str, organisation_id: UUID | None) -> bool:  # noqa: ARG002 - the shape of a viewer's
        """Allow everything in every organisation."""
        return True


@dataclass(frozen=True)
class Visitor:
    """Somebody who has not signed in; holds only the powers that are public."""

    powers: frozenset[str]
    kind: ActorKind = "visitor"
    id: UUID | None = None
    on_behalf_of: UUID | None = None

    def allows(self, power: str, area: UUID | None = None) -> bool:  # noqa: ARG002 - public powers hold everywhere
        """Allow the public powers, everywhere."""
        return power in self.powers
