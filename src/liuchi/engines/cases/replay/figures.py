"""What the cases of each jurisdiction beside the district add up to, counted from the rows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Max, Min, Q

from liuchi.engines.cases.models import Jurisdiction, State


@dataclass(frozen=True)
class Told:
    """A jurisdiction's cases: how many, how many of them closed, from when to when they were reported."""

    code: str
    name: str
    source: str
    collected: int
    closed: int
    first: datetime | None
    last: datetime | None

    @property
    def rate(self) -> Decimal | None:
        """Return the share closed in percent: half up, two decimals, as rates are shown; None without cases."""
        if not self.collected:
            return None
        return (Decimal(100 * self.closed) / self.collected).quantize(Decimal("0.01"), ROUND_HALF_UP)


def told() -> list[Told]:
    """Return the figures of every jurisdiction, by code (one query). What is told of other places is public."""
    rows = Jurisdiction.objects.annotate(
        collected=Count("origins"),
        closed=Count("origins", filter=Q(origins__case__state=State.CLOSED)),
        first=Min("origins__case__reported_at"),
        last=Max("origins__case__reported_at"),
    )
    names = ("code", "name", "source", "collected", "closed", "first", "last")
    return [Told(*row) for row in rows.order_by("code").values_list(*names)]
