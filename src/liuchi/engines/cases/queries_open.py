"""Cases as anybody may know them, for other cities' apps: what, roughly where, how far; nobody's words or address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from liuchi.engines.cases.models import Case, Report
from liuchi.ground.kernel.compiled import A_MOMENT, ANOTHER_MOMENT, Compiled
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.territory.queries import territory
from liuchi.ground.territory.snapshot import Territory


@dataclass(frozen=True)
class OpenFilters:
    """What is asked for: `numbers` (then nothing else counts), or classes, a span of reporting, open or ended ones.

    Matters are named as duties name them ("component-0101"); UNCLASSIFIED stands for what has no class yet.
    """

    area_id: UUID
    numbers: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    is_open: bool | None = None
    skip: int = 0
    limit: int = 50


#: What stands for the class of a case that has none yet.
UNCLASSIFIED: Final = "unclassified"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """What anybody may know of a case; `asked` is the class that the reporter chose, "" for none."""

    number: str
    state: str
    place_id: UUID
    kind: str | None
    code: str | None
    class_name: str | None
    unit_name: str | None
    reported_at: datetime
    changed_at: datetime
    asked: str | None
    due_at: datetime | None
    ended_at: datetime | None


_SHOWN: Final = (
    "number",
    "state",
    "place_id",
    "condition__case_class__kind",
    "condition__case_class__code",
    "condition__case_class__name",
    "unit__name",
    "reported_at",
    "changed_at",
    "asked",
    "due_at",
    "ended_at",
)


def open_cases(filters: OpenFilters) -> Sequence[OpenCase]:
    """Return cases that are not secret, the newest first (one query)."""
    since, until = filters.since and A_MOMENT, filters.until and ANOTHER_MOMENT
    asked = _asked(replace(filters, since=since, until=until), territory())
    return [OpenCase(*row) for row in asked.rows(since=filters.since, until=filters.until)]


@lru_cache(maxsize=256)
def _asked(filters: OpenFilters, within: Territory) -> Compiled:
    """Return the question; other cities' apps ask the same again and again, from another moment on."""
    rows = Case.objects.filter(is_one_of("place_id", within.with_descendants(filters.area_id)), is_secret=False)
    rows = rows.annotate(asked=_asked_for()) if filters.matters else rows
    rows = rows.filter(number__in=filters.numbers) if filters.numbers else rows.filter(_fits(filters))
    # Chosen first and read afterwards: what is left out by `skip` is not looked at any further.
    chosen = rows.order_by("-reported_at", "-id").values("id")[filters.skip : filters.skip + filters.limit]
    shown = Case.objects.filter(id__in=chosen).order_by("-reported_at", "-id")
    changed = Coalesce("ended_at", Greatest("reported_at", "filed_at"))
    shown = shown.annotate(asked=_asked_for(), changed_at=changed)
    dated = {"since": filters.since, "until": filters.until}
    return Compiled(shown.values_list(*_SHOWN), {name: moment for name, moment in dated.items() if moment is not None})


def _asked_for() -> Subquery:
    return Subquery(Report.objects.filter(case=OuterRef("pk")).order_by("received_at", "id").values("matter")[:1])


def _fits(filters: OpenFilters) -> Q:
    fits = Q()
    if filters.since is not None:
        fits &= Q(reported_at__gte=filters.since)
    if filters.until is not None:
        fits &= Q(reported_at__lte=filters.until)
    if filters.is_open is not None:
        fits &= Q(ended_at__isnull=filters.is_open)
    if filters.matters:
        named = ["" if each == UNCLASSIFIED else each for each in filters.matters]
        any_of = Q(condition=None, asked__in=named)
        for matter in filters.matters:
            kind, _dash, code = matter.partition("-")
            any_of |= Q(condition__case_class__kind=kind, condition__case_class__code=code)
        fits &= any_of
    return fits
