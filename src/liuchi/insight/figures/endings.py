"""How cases ended, with everything that a rate leaves out named beside it: no ending is dropped silently."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from liuchi.insight.figures.queries import totals

_FIGURES = (
    *("case.reported", "case.split_off", "case.closed", "case.refused", "case.dismissed"),
    *("case.reopened", "case.reopened_on_call"),
    *("case.merged", "case.unmerged", "case.unmerged_filed", "case.withdrawn"),
    *(f"case.rated.{grade}" for grade in range(1, 6)),
)


@dataclass(frozen=True)
class Rate:
    """A share as counts: `left_out` names what is in neither, by how it ended."""

    numerator: int
    denominator: int
    left_out: Mapping[str, int]

    @property
    def percent(self) -> Decimal | None:
        """Return the share in per cent, two decimals, half up; None without a denominator: no data is not 0."""
        if not self.denominator:
            return None
        return (Decimal(100 * self.numerator) / self.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Endings:
    """All cases by where they are: open, or ended in one of five ways. A reopened case is open again."""

    cases: int
    closed: int
    refused: int
    dismissed: int
    merged: int
    withdrawn: int
    satisfied: int
    rated: int

    @property
    def open(self) -> int:
        """Return how many are open."""
        return self.cases - self.closed - sum(self.left_out.values())

    @property
    def left_out(self) -> Mapping[str, int]:
        """Return what no rate of solving counts: ended otherwise than by closing."""
        return {
            "refused": self.refused,
            "dismissed": self.dismissed,
            "merged": self.merged,
            "withdrawn": self.withdrawn,
        }

    @property
    def left_out_total(self) -> int:
        """Return how many ended otherwise."""
        return sum(self.left_out.values())

    @property
    def closed_rate(self) -> Rate:
        """Return the closed among those to be closed (结案率 = 结案/应结案)."""
        return Rate(self.closed, self.closed + self.open, self.left_out)

    @property
    def satisfied_rate(self) -> Rate:
        """Return the satisfied or very satisfied among the ratings (满意率); formally ended cases cannot be rated."""
        return Rate(self.satisfied, self.rated, self.left_out)


def endings(*, since: date | None = None) -> Endings:
    """Return how the district's cases ended, by the days on which it happened (one query)."""
    found = totals(_FIGURES, since=since)
    grades = [found[f"case.rated.{grade}"] for grade in range(1, 6)]
    return Endings(
        cases=found["case.reported"] + found["case.split_off"],
        closed=found["case.closed"] - found["case.reopened"] - found["case.reopened_on_call"],
        refused=found["case.refused"],
        dismissed=found["case.dismissed"],
        merged=found["case.merged"] - found["case.unmerged"] - found["case.unmerged_filed"],
        withdrawn=found["case.withdrawn"],
        satisfied=grades[3] + grades[4],
        rated=sum(grades),
    )
