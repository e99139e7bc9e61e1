"""Units for a case that waits for dispatch: candidates by duty and by practice, without any that must not be named."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, ExpressionWrapper, F, FloatField, Func, Q, QuerySet, Sum, Value

from liuchi.engines.cases.models import NOT_OURS, Assignment, AssignmentRole, Case, CaseClass, State
from liuchi.engines.cases.suggesting.units import (
    HALF_AFTER,
    MOST,
    WITHIN,
    Candidate,
    Practice,
    Ranked,
    is_sure,
    nested,
    rank,
)
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.kernel import clock
from liuchi.ground.kernel.conditions import is_one_of
from liuchi.ground.organisations.models import Organisation, ServedArea
from liuchi.ground.organisations.queries import DutiesAt, DutyHolder, units
from liuchi.ground.territory.models import AreaKind
from liuchi.ground.territory.queries import in_force, territory, today

#: How a part ends whose work stands: the case was closed, whether or not it was taken up again later.
WORKED: Final = ("", "reopened")
#: Who is given a case is seen by who sees cases there, or dispatches them.
_POWERS: Final = ("cases.see", "cases.dispatch")
_RINGS: Final = (AreaKind.DISTRICT, AreaKind.TOWN, AreaKind.COMMUNITY, AreaKind.GRID)


@dataclass(frozen=True)
class SuggestedUnit:
    """A unit for a case, the duty that speaks for it, if any, and what it did around. `is_sure`: chosen already."""

    unit: Organisation
    duty: DutyHolder | None
    ranked: Ranked
    is_sure: bool = False


def suggested_units(
    viewer: Viewer, case: Case, duties: DutiesAt, *, left_out: Collection[UUID] = ()
) -> list[SuggestedUnit]:
    """Return up to three units for a filed case, likeliest first; three queries whatever the numbers.

    None of `left_out` (whom the report is about with everything under it, whoever said that the case is not its own),
    none that has ended, none outside whose area and served areas the place lies. Counted is what `viewer` may see, and
    nothing secret.
    """
    if case.condition is None:
        return []
    holders = {holder.organisation.id: holder for holder in duties.holders}
    around = nested(_counted(viewer, case, case.condition.case_class), rings_around(case.place_id))
    wanted = {*holders, *around} - set(left_out)
    bodies = {body.id: body for body in units_at(case.place_id, wanted)}
    ranked = rank(
        Candidate(each, holders[each].role if each in holders else "", around.get(each, {})) for each in bodies
    )
    sure = is_sure(ranked)
    return [
        SuggestedUnit(bodies[unit_id], holders.get(unit_id), each, sure and place == 0)
        for place, each in enumerate(ranked[:MOST])
        for unit_id in (each.candidate.unit_id,)
    ]


def rings_around(place_id: UUID) -> list[frozenset[UUID]]:
    """Return the areas of the district, town, community and grid that hold a place, as far as it lies in any."""
    known = territory()
    holding = (known.ancestor(place_id, kind) for kind in _RINGS)
    return [known.with_descendants(area.id) if area is not None else frozenset() for area in holding]


def units_at(place_id: UUID, wanted: Collection[UUID]) -> Iterator[Organisation]:
    """Yield those of `wanted` that are in force and serve a place: by their own area, or by one that they serve."""
    above = territory().with_ancestors(place_id)
    bodies = list(units().filter(id__in=wanted)) if wanted else []
    served = ServedArea.objects.filter(in_force(today()), organisation_id__in=wanted, area_id__in=above)
    serving = set(served.order_by("id").values_list("organisation_id", flat=True)) if wanted else set()
    yield from (body for body in bodies if body.area_id in above or body.id in serving)


def parts_that_ended(since: datetime, until: datetime) -> QuerySet[Assignment]:
    """Return the leading parts of a span that were worked off or found not the unit's own; none of a secret case."""
    ended = Q(outcome__in=WORKED, case__state=State.CLOSED) | Q(outcome=NOT_OURS)
    return Assignment.objects.filter(
        ended, role=AssignmentRole.LEAD, assigned_at__gte=since, assigned_at__lte=until, case__is_secret=False
    )


def _counted(viewer: Viewer, case: Case, case_class: CaseClass) -> Iterable[tuple[UUID, UUID, Practice]]:
    now = clock.now()
    seen = frozenset[UUID]().union(*(viewer.areas(power) for power in _POWERS))
    rows = (
        parts_that_ended(now - WITHIN, now)
        .filter(is_one_of("case__place_id", seen))
        .filter(case__condition__case_class__kind=case_class.kind, case__condition__case_class__code=case_class.code)
        .exclude(case_id=case.id)
        .order_by()
        .values_list("unit_id", "case__place_id")
    )
    returned = Q(outcome=NOT_OURS)
    weight = _weight(now)
    counted = rows.annotate(
        done=Count("id", filter=~returned),
        back=Count("id", filter=returned),
        done_weight=Sum(weight, filter=~returned, default=0.0),
        back_weight=Sum(weight, filter=returned, default=0.0),
    )
    return [(unit, place, Practice(done, back, fresh, stale)) for unit, place, done, back, fresh, stale in counted]


def _weight(now: datetime) -> Func:
    """Return half to the power of a part's age in `HALF_AFTER`."""
    age = ExpressionWrapper(
        Func(Value(now) - F("assigned_at"), function="extract", template="extract(epoch from %(expressions)s)"),
        output_field=FloatField(),
    )
    return Func(Value(0.5), age / HALF_AFTER.total_seconds(), function="power", output_field=FloatField())
