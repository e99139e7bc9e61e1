"""Taking in figures that documents state."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from liuchi.ground.exchange.registers import Outcome, Result
from liuchi.ground.exchange.tables import keep_rows
from liuchi.ground.journal.actions import record
from liuchi.ground.kernel.actions import action
from liuchi.ground.kernel.actors import Actor
from liuchi.ground.kernel.errors import NotAllowed
from liuchi.insight.figures.kinds import FIGURES_STATED
from liuchi.insight.figures.models import StatedFigure

POWER: Final = "figures.manage"
KEY: Final = ("item", "source", "area", "period")


@action
def state_figures(*, by: Actor, figures: Sequence[Mapping[str, Any]]) -> list[Result]:
    """Keep figures as a document states them, known by source, area, item and period; return what became of each.

    Journal: `figures.stated`.

    Raises:
        NotAllowed: the actor lacks the power figures.manage.
    """
    if not by.allows(POWER):
        raise NotAllowed(_("You may not keep figures."))
    results = keep_rows(StatedFigure, figures, key=KEY)
    written = [result for result in results if result.outcome != Outcome.UNCHANGED]
    if written:
        subject = UUID(written[0].touched[0].pk)
        record(
            kind=FIGURES_STATED,
            by=by,
            subject_type="figures.stated_figure",
            subject_id=subject,
            data={"rows": len(written)},
        )
    return results
