"""Cases as anybody may know them, for other cities' apps: what, roughly where, how far; nobody's words or address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from liuchi.engines.cases.models import Case, Report
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.territory.queries import territory


@dataclass(frozen=True)
class OpenFilters:
    """What is asked for: `numbers` (then nothing else counts), or classes, a span of reporting, open or ended ones.

    Matters are named as duties name them ("component-0101"); UNCLASSIFIED stands for what has no class yet.
    """

    area_id: UUID
    numbers: Collection[str] = ()
    matters: Collection[str] = ()
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
    rows = Case.objects.filter(is_secret=False).filter(
        is_one_of("place_id", territory().with_descendants(filters.area_id))
    )
    named = Report.objects.filter(case=OuterRef("pk")).order_by("received_at", "id").values("matter")[:1]
    rows = rows.annotate(asked=Subquery(named), changed_at=Coalesce("ended_at", Greatest("reported_at", "filed_at")))
    rows = rows.filter(number__in=filters.numbers) if filters.numbers else rows.filter(_fits(filters))
    rows = rows.order_by("-reported_at", "-id")
    return [OpenCase(*row) for row in rows.values_list(*_SHOWN)[filters.skip : filters.skip + filters.limit]]


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
