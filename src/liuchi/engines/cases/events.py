"""What other systems may be told of cases: that something happened to one, and its number; no words, nobody's name."""

from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liuchi.engines.cases import kinds
from liuchi.engines.cases.access import meets
from liuchi.engines.cases.models import Case
from liuchi.engines.cases.workflow import MOVES
from liuchi.ground.access.viewers import Viewer
from liuchi.ground.hooks.events import Events, Subject

_BESIDE_MOVES: Final[dict[str, Promise]] = {
    kinds.CASE_REPORTED.name: _("Reported"),
    kinds.CASE_JOINED.name: _("Reported by somebody else too"),
    kinds.CASE_SPLIT_OFF.name: _("Split off from another case"),
    kinds.CASE_RELOCATED.name: _("Moved to another area"),
    kinds.CASE_OPENED.name: _("Opened by the unit"),
}


def find_case(viewer: Viewer, case_id: UUID) -> Subject | None:
    """Return number and address of a case that `viewer` meets in office now; secret ones not to whom they are about."""
    number = Case.objects.filter(meets(viewer), id=case_id).values_list("number", flat=True).first()
    return Subject(number, f"/api/v1/cases/{number}") if number else None


EVENTS: Final = Events(
    "case",
    {**_BESIDE_MOVES, **{kind.name: MOVES[move].label for move, kind in kinds.MOVED.items()}},
    find_case,
)
