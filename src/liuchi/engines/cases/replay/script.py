"""A script: every move of one case, when and by whom. It knows no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One move: its name in the table of moves ("report" begins), when, in which part's name, with which inputs.

    `by` is a key that the interpreter turns into an actor; `given` holds the action's own arguments.
    """

    move: str
    at: datetime
    by: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """The moves of one case in order; `token` is that of its report, so that telling it twice tells it once."""

    token: UUID
    steps: tuple[Step, ...]
