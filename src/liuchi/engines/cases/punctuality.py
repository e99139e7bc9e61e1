"""How many of the units' limits were kept: the one place that says which clocks count, and for whom.

按期处置率 = 按期处置 / 应处置 (GB/T 30428.4). What was overdue stays overdue; a time-out whose appeal was upheld is
left out of the rate, above and below the line, and shown beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from liuchi.engines.cases.models import NOT_OURS, Assignment, AssignmentRole, CaseClock, ClockKind, State
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel.conditions import is_one_of

_PER_CENT = Decimal("0.1")
#: A clock of handling counts once it has stopped, unless the case was not the unit's own, or its time-out was excused.
COUNTED = Q(stopped_at__isnull=False, excused=False) & ~Q(outcome=NOT_OURS)


@dataclass(frozen=True)
class Punctuality:
    """How many limits counted, how many of them were kept, and how many time-outs were excused beside them."""

    counted: int
    in_time: int
    excused: int

    @property
    def rate(self) -> Decimal | None:
        """Return the share kept, in per cent with one decimal; None where nothing counted: no rate, not 0 or 100."""
        if not self.counted:
            return None
        return (Decimal(100) * self.in_time / self.counted).quantize(_PER_CENT)


def handling_clocks() -> QuerySet[Any]:
    """Return the clocks of handling, each with whose it is (`of_unit`) and how that unit's part ended (`outcome`)."""
    lead = Assignment.objects.filter(
        case=OuterRef("case"), role=AssignmentRole.LEAD, assigned_at__lte=OuterRef("started_at")
    ).order_by("-assigned_at", "-id")
    return (
        CaseClock.objects.filter(kind=ClockKind.STEP, step=State.HANDLING)
        .annotate(
            of_unit=Coalesce("assignment__unit_id", Subquery(lead.values("unit_id")[:1]), output_field=UUIDField()),
            outcome=Coalesce("assignment__outcome", Subquery(lead.values("outcome")[:1])),
        )
        .order_by("started_at", "id")
    )


def unit_of(clock: CaseClock) -> UUID | None:
    """Return the unit whose time a clock of handling measured; None for any other clock."""
    found: UUID | None = handling_clocks().filter(id=clock.id).values_list("of_unit", flat=True).first()
    return found


def punctuality(viewer: Viewer, *, since: datetime, until: datetime, unit_id: UUID | None = None) -> Punctuality:
    """Return how many limits of handling that ended in [`since`, `until`) were kept, of cases in the viewer's areas.

    A unit's own people see its figures wherever its cases lie.
    """
    seen = is_one_of("case__place_id", viewer.areas("cases.see")) | Q(of_unit__in=viewer.organisations("cases.handle"))
    rows = handling_clocks().filter(seen, stopped_at__gte=since, stopped_at__lt=until)
    if unit_id is not None:
        rows = rows.filter(of_unit=unit_id)
    found = rows.order_by().aggregate(
        counted=Count("id", filter=COUNTED),
        in_time=Count("id", filter=COUNTED & Q(is_overdue=False)),
        excused=Count("id", filter=Q(excused=True)),
    )
    return Punctuality(**found)
