"""What a list shows when it is taken out of the house: its columns, and which of them are personal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise

from liuchi.ground.journal.kinds import CODE

#: What a cell may hold. Numbers are written as numbers, days and moments as such; everything else is text.
Cell = str | int | float | Decimal | bool | date | datetime | Promise | None

#: The titles of all listings that were declared, by code.
_TITLES: Final[dict[str, str | Promise]] = {}


@dataclass(frozen=True)
class ListColumn:
    """One column: a stable code, the heading people read, and how a row gives its cell.

    `is_personal` marks what tells who somebody is or where they live: such a list leaves the house only for a purpose.
    """

    code: str
    label: str | Promise
    value: Callable[[Any], Cell]
    is_personal: bool = False


@dataclass(frozen=True)
class Listing:
    """A list as it may be exported: the code the journal names, the title people read, its columns in order.

    Raises:
        ValueError: a code that the journal would not take, no column, or a column twice.
    """

    code: str
    title: str | Promise
    columns: tuple[ListColumn, ...]

    def __post_init__(self) -> None:
        codes = [column.code for column in self.columns]
        if not CODE.fullmatch(self.code) or not codes or len(set(codes)) < len(codes):
            raise ValueError(f"{self.code!r}: a listing has a code and columns, each once")
        _TITLES[self.code] = self.title

    @property
    def is_personal(self) -> bool:
        """Tell whether any column is personal."""
        return any(column.is_personal for column in self.columns)


def listing_titles() -> Mapping[str, str | Promise]:
    """Return the title of every listing that rooms and pages have declared, by code."""
    return _TITLES
