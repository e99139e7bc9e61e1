"""Reading figures; the district's totals are public."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from liuchi.insight.figures.models import Tally


def totals(figures: Iterable[str], *, since: date | None = None) -> dict[str, int]:
    """Return the total of each figure (0 where nothing happened), optionally from a day on (one query)."""
    wanted = list(figures)
    rows = Tally.objects.filter(figure__in=wanted)
    if since is not None:
        rows = rows.filter(on__gte=since)
    found = dict(rows.values_list("figure").annotate(total=Sum("count")).order_by("figure"))
    return {figure: int(found.get(figure, 0)) for figure in wanted}
