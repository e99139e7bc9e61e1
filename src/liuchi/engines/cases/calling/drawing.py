"""The draw: a keyed hash of the case and its closing. Nobody chooses or foresees it; who has the key verifies it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from liuchi.engines.cases.models import CallBackRule, Case, CaseMove
from liuchi.ground.kernel.keyring import keyring
from liuchi.ground.territory.queries import territory

#: Until a district says otherwise: one closing in five. No source names a share (济南 2018 calls everybody back).
DEFAULT_PERCENT: Final = 20
#: And three calls at most, for nobody is to be pestered; no source names a figure.
DEFAULT_CALLS: Final = 3
MOST_CALLS: Final = 5
_CONTEXT: Final = "cases.call_back"
_PARTS: Final = 2**64


@dataclass(frozen=True)
class Rule:
    """The share in per cent and the most calls that hold at a place; `area_id`: whose rule, None for the default."""

    percent: int
    most_calls: int
    area_id: UUID | None = None


def lot_of(case_id: UUID, closing_id: UUID) -> float:
    """Return the lot of a closing, from 0 up to 100: always the same, evenly spread, unknown without the key."""
    digest = keyring().digest(f"{case_id} {closing_id}", _CONTEXT)
    return int.from_bytes(digest[:8], "big") / _PARTS * 100


def is_drawn(case_id: UUID, closing_id: UUID, percent: int) -> bool:
    """Tell whether a closing is drawn where `percent` of them are."""
    return lot_of(case_id, closing_id) < percent


def rule_at(place_id: UUID, at: datetime) -> Rule:
    """Return the rule of the nearest area at or above a place that had one at a moment, else the default."""
    known = territory()
    above = known.with_ancestors(place_id)
    found = CallBackRule.objects.filter(area_id__in=above, since__lte=at).order_by("since", "id")
    newest = {row.area_id: row for row in found}
    if not newest:
        return Rule(DEFAULT_PERCENT, DEFAULT_CALLS)
    nearest = max(newest.values(), key=lambda row: len(known.with_ancestors(row.area_id)))
    return Rule(nearest.percent, nearest.most_calls, nearest.area_id)


@dataclass(frozen=True)
class Verified:
    """One closing of a case looked at again: its lot, the share that held, whether it is drawn, whether it was."""

    closed_at: datetime
    lot: float
    percent: int
    is_drawn: bool
    was_drawn: bool


def verify_draws(case: Case) -> list[Verified]:
    """Draw every closing of a case again, oldest first, and say whether it was drawn then."""
    found = []
    closings = CaseMove.objects.filter(case=case, name="close").order_by("id")
    drawn = set(case.call_backs.order_by("id").values_list("closing_id", flat=True))
    for closing in closings:
        rule = rule_at(case.place_id, closing.recorded_at)
        lot = lot_of(case.id, closing.id)
        found.append(Verified(closing.happened_at, lot, rule.percent, lot < rule.percent, closing.id in drawn))
    return found
